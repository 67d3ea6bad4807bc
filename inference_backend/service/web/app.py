# SPDX-License-Identifier: GPL-2.0-or-later
"""The thin adapter between FastAPI and the handlers: routes, bodies, waiting, forms of an answer."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import fastapi
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

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
from inference_backend.service.kserve.routes import KserveService
from inference_backend.service.web.answers import (
    HTML,
    JSON,
    Answer,
    Request,
    Waiting,
    error_answer,
    language_of,
)
from inference_backend.service.web.api import OPENAPI, PATH_API, PATH_CONFORMANCE, Api
from inference_backend.service.web.api_errors import (
    BodyTooLargeError,
    NoSuchPathError,
    NotAllowedError,
    TooSlowError,
    WrongContentError,
)
from inference_backend.service.web.files_api import FilesApi
from inference_backend.service.web.html_view import document_page
from inference_backend.service.web.jobs_api import JobsApi
from inference_backend.service.web.json_body import parse_json
from inference_backend.service.web.links import PATH_FILE, PATH_FILES, PATH_RESULT
from inference_backend.service.web.live_api import LiveApi
from inference_backend.service.web.openapi import openapi_document
from inference_backend.service.web.receive_file import receive_file

MAX_BODY_BYTES = int(os.environ.get("OCSGE_MAX_BODY_BYTES", str(2**20)))
BODY_TIMEOUT_S = 20.0
POLL_S = 0.1
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})")
Handler = Callable[..., Answer | Waiting]


def make_app(
    api: Api,
    jobs: JobsApi,
    files: FilesApi,
    models: KserveService | None = None,
    url: str = "",
    live: LiveApi | None = None,
) -> FastAPI:
    """The ASGI application; a `Guard` stands before it.

    Args:
        api: what the service says of itself.
        jobs: handlers of execution and jobs.
        files: handlers of files sent here.
        models: the KServe V2 interface, where models are offered.
        url: address under which clients know the service; from the Host header where empty.
        live: what annotators ask, where it is offered.
    """
    app = FastAPI(
        title="OCS GE backend", version=__version__, openapi_url=None, docs_url=None, redoc_url=None
    )
    adapter = _Adapter(jobs, files, url)
    document: dict[str, Any] = {}

    def definition(request: Request) -> Answer:
        kind = JSON if request.wants_html else OPENAPI
        return Answer({**document, "servers": [{"url": request.base_url or "/"}]}, media_type=kind)

    routes: dict[str, dict[str, Handler]] = {
        PATH_LANDING: {"GET": api.landing},
        PATH_API: {"GET": definition},
        PATH_CONFORMANCE: {"GET": api.conformance},
        PATH_PROCESSES: {"GET": api.processes},
        PATH_PROCESSES + "/{process_id}": {"GET": api.process},
        PATH_EXECUTION: {"POST": jobs.execute},
        PATH_JOBS: {"GET": jobs.jobs},
        PATH_JOB: {"GET": jobs.job, "DELETE": jobs.dismiss},
        PATH_RESULTS: {"GET": jobs.results},
        PATH_RESULT: {"GET": jobs.result},
        PATH_FILES: {"GET": files.files},
    }
    for path, handlers in routes.items():
        _add(app, path, adapter.endpoint(handlers), handlers)
    file_handlers: dict[str, Handler] = {"GET": files.file, "DELETE": files.remove}
    _add(app, PATH_FILE, adapter.file_endpoint(file_handlers), [*file_handlers, "PUT"])
    if models is not None:
        app.include_router(models.router())
    if live is not None:
        app.include_router(live.router())
    _add_error_answers(app)
    document.update(openapi_document(app))
    return app


def _add(app: FastAPI, path: str, endpoint: Callable[..., Awaitable[Response]], methods: Any) -> None:
    # One route an address, so that a refused method is told all that are taken.
    with_head = [*methods, *(["HEAD"] if "GET" in methods else [])]
    app.add_api_route(path, endpoint, methods=with_head, response_model=None, include_in_schema=False)


class _Adapter:
    def __init__(self, jobs: JobsApi, files: FilesApi, url: str) -> None:
        self._jobs, self._files, self._url = jobs, files, url.rstrip("/")

    def endpoint(self, handlers: dict[str, Handler]) -> Callable[[fastapi.Request], Awaitable[Response]]:
        async def endpoint(request: fastapi.Request) -> Response:
            body = await _json_body(request) if request.method == "POST" else None
            asked = self._request(request, body)
            handler = handlers["GET" if request.method == "HEAD" else request.method]
            # In a thread: dismissing waits for the worker's end, and SQLite blocks.
            answer = await run_in_threadpool(handler, asked, **request.path_params)
            if isinstance(answer, Waiting):
                answer = await self._wait(request, asked, answer)
            return _response(answer, asked)

        return endpoint

    def file_endpoint(self, handlers: dict[str, Handler]) -> Callable[[fastapi.Request], Awaitable[Response]]:
        plain = self.endpoint(handlers)

        async def endpoint(request: fastapi.Request) -> Response:
            if request.method != "PUT":
                return await plain(request)
            asked = self._request(request, None)
            return _response(await receive_file(request, asked, self._files), asked)

        return endpoint

    async def _wait(self, request: fastapi.Request, asked: Request, waiting: Waiting) -> Answer:
        """Wait for a job without holding a thread; a client that hangs up dismisses it."""
        runner = self._jobs.runner
        limit = asyncio.get_running_loop().time() + (waiting.wait_s or float("inf"))
        while asyncio.get_running_loop().time() < limit:
            job = await run_in_threadpool(runner.store.get, waiting.job_id)
            if job is None or job.status.is_final:
                break
            if waiting.wait_s is None and await request.is_disconnected():
                await run_in_threadpool(runner.dismiss, waiting.job_id)
                break
            await asyncio.sleep(POLL_S)
        return await run_in_threadpool(self._jobs.waited, asked, waiting.job_id)

    def _request(self, request: fastapi.Request, body: Any) -> Request:
        headers = request.headers
        prefer = ",".join(headers.getlist("prefer")).lower()
        wait = _WAIT.search(prefer)
        query: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            query.setdefault(name, []).append(value)
        return Request(
            account=request.scope["state"]["account"],
            language=_language(request),
            base_url=self._url or str(request.base_url).rstrip("/"),
            path=request.url.path,
            accept=headers.get("accept", ""),
            wants_html=prefers_html(headers.get("accept", "")),
            prefers_async="respond-async" in prefer,
            wait_s=float(wait[1]) if wait else None,
            query=query,
            body=body,
        )


def prefers_html(accept: str) -> bool:
    """Whether a page is wanted rather than JSON: what a browser sends, or what asks for nothing else."""
    names = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    pages = [
        position for position, name in enumerate(names) if name in ("text/html", "application/xhtml+xml")
    ]
    documents = [position for position, name in enumerate(names) if name == JSON]
    return bool(pages) and (not documents or pages[0] < documents[0])


async def _json_body(request: fastapi.Request) -> Any:
    kind = request.headers.get("content-type", JSON).split(";")[0].strip().lower()
    if kind != JSON and not kind.endswith("+json"):
        raise WrongContentError(expected=JSON)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise WrongContentError(expected=JSON)
    try:
        content = await asyncio.wait_for(_bytes(request), BODY_TIMEOUT_S)
    except TimeoutError as error:
        raise TooSlowError() from error
    # In a thread: a megabyte of JSON must not stop the others.
    return await run_in_threadpool(parse_json, content)


async def _bytes(request: fastapi.Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            raise BodyTooLargeError(limit_bytes=MAX_BODY_BYTES)
    return bytes(content)


def _add_error_answers(app: FastAPI) -> None:
    @app.exception_handler(OcsgeError)
    async def known(request: fastapi.Request, error: OcsgeError) -> Response:
        return _refusal(error_answer(error, _language(request)))

    @app.exception_handler(HTTPException)
    async def routing(request: fastapi.Request, error: HTTPException) -> Response:
        reason = NotAllowedError() if error.status_code == 405 else NoSuchPathError()
        answer = error_answer(reason, _language(request))
        return _refusal(
            Answer(answer.body, answer.status, {**answer.headers, **(error.headers or {})}, answer.media_type)
        )

    @app.exception_handler(ClientDisconnect)
    async def gone(request: fastapi.Request, error: ClientDisconnect) -> Response:
        return Response(status_code=400)  # nobody reads it


def _language(request: fastapi.Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


def _response(answer: Answer, asked: Request) -> Response:
    body, headers = answer.body, {**answer.headers, "Content-Language": asked.language, "Vary": "Accept"}
    if isinstance(body, Path):
        return FileResponse(body, answer.status, headers, answer.media_type)
    if isinstance(body, dict):
        if asked.wants_html and answer.status == 200:
            page = document_page(asked.path, body, asked.language, asked.base_url)
            return Response(page, 200, headers, HTML)
        return JSONResponse(body, answer.status, headers, answer.media_type)
    if body is None:
        return Response(status_code=answer.status, headers=headers)
    return Response(body, answer.status, headers, answer.media_type)


def _refusal(answer: Answer) -> Response:
    return JSONResponse(answer.body, answer.status, answer.headers, answer.media_type)
