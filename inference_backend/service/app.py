# SPDX-License-Identifier: GPL-2.0-or-later
"""The thin adapter between FastAPI and the handlers: token, language, error documents, log."""

from __future__ import annotations

import hmac
import json
import logging
import os
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import fastapi
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from inference_backend import __version__
from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.service import (
    PATH_EXECUTION,
    PATH_JOB,
    PATH_JOBS,
    PATH_LANDING,
    PATH_PROCESSES,
    PATH_RESULTS,
)
from inference_backend.service.answers import (
    Answer,
    BadBodyError,
    BodyTooLargeError,
    FaultError,
    NoSuchPathError,
    NotAllowedError,
    Request,
    WrongTokenError,
    error_answer,
    language_of,
)
from inference_backend.service.api import Api
from inference_backend.service.kserve_routes import KserveService

MAX_BODY_BYTES = int(os.environ.get("OCSGE_MAX_BODY_BYTES", str(2**20)))
_log = logging.getLogger("ocsge.service")
Handler = Callable[..., Answer]
Next = Callable[[fastapi.Request], Awaitable[Response]]


def make_app(api: Api, token: str, models: KserveService | None = None) -> FastAPI:
    """The ASGI application.

    Args:
        api: handlers.
        token: what a client must send as bearer token.
        models: the KServe V2 interface, where models are offered.
    """
    app = FastAPI(
        title="OCS GE backend", version=__version__, openapi_url="/api", docs_url=None, redoc_url=None
    )
    _add_routes(app, api)
    if models is not None:
        app.include_router(models.router())
    _add_error_answers(app)

    @app.middleware("http")
    async def guard(request: fastapi.Request, call_next: Next) -> Response:
        started = time.monotonic()
        response = await _answered(request, call_next) if _has_token(request, token) else _refusal(request)
        _log.info(
            "request",
            extra={
                "method": request.method,
                "path": request.url.path,
                "status": response.status_code,
                "ms": round(1000 * (time.monotonic() - started)),
            },
        )
        return response

    return app


def _add_routes(app: FastAPI, api: Api) -> None:
    routes: list[tuple[str, str, Handler]] = [
        ("GET", PATH_LANDING, api.landing),
        ("GET", "/conformance", api.conformance),
        ("GET", PATH_PROCESSES, api.processes),
        ("GET", PATH_PROCESSES + "/{process_id}", api.process),
        ("POST", PATH_EXECUTION, api.execute),
        ("GET", PATH_JOBS, api.jobs),
        ("GET", PATH_JOB, api.job),
        ("DELETE", PATH_JOB, api.dismiss),
        ("GET", PATH_RESULTS, api.results),
    ]
    for method, path, handler in routes:
        app.add_api_route(
            path, _endpoint(handler), methods=[method], name=handler.__name__, response_model=None
        )


def _endpoint(handler: Handler) -> Callable[[fastapi.Request], Awaitable[Response]]:
    async def endpoint(request: fastapi.Request) -> Response:
        body = await _read_body(request) if request.method == "POST" else None
        # In a thread: dismissing waits for the worker's end, and SQLite blocks.
        answer = await run_in_threadpool(handler, _request(request, body), **request.path_params)
        return _response(answer)

    return endpoint


async def _read_body(request: fastapi.Request) -> Any:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            raise BodyTooLargeError(limit_bytes=MAX_BODY_BYTES)
    try:
        return json.loads(bytes(content))
    except ValueError as error:
        raise BadBodyError() from error


def _add_error_answers(app: FastAPI) -> None:
    @app.exception_handler(OcsgeError)
    async def known(request: fastapi.Request, error: OcsgeError) -> Response:
        return _response(error_answer(error, _language(request)))

    @app.exception_handler(HTTPException)
    async def routing(request: fastapi.Request, error: HTTPException) -> Response:
        reason = NotAllowedError() if error.status_code == 405 else NoSuchPathError()
        return _response(error_answer(reason, _language(request)))


async def _answered(request: fastapi.Request, call_next: Next) -> Response:
    try:
        return await call_next(request)
    except Exception:  # border: no internals go out
        log_id = uuid.uuid4().hex[:12]
        _log.exception("fault", extra={"log_id": log_id})
        return _response(error_answer(FaultError(log_id=log_id), _language(request)))


def _has_token(request: fastapi.Request, token: str) -> bool:
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    # Both are compared whatever their lengths: the answer's time tells nothing of the token.
    return hmac.compare_digest(sent.strip().encode(), token.encode()) and scheme.lower() == "bearer"


def _refusal(request: fastapi.Request) -> Response:
    return _response(error_answer(WrongTokenError(), _language(request)))


def _request(request: fastapi.Request, body: Any) -> Request:
    accept = request.headers.get("accept", "")
    return Request(
        language=_language(request),
        base_url=str(request.base_url).rstrip("/"),
        wants_html="text/html" in accept,
        prefers_async="respond-async" in request.headers.get("prefer", ""),
        body=body,
    )


def _language(request: fastapi.Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


def _response(answer: Answer) -> Response:
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, answer.headers, answer.media_type)
    return JSONResponse(answer.body, answer.status, answer.headers, answer.media_type)
