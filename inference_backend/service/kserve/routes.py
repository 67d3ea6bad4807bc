# SPDX-License-Identifier: GPL-2.0-or-later
"""KServe V2 (Open Inference Protocol) over HTTP: the thin adapter between FastAPI and the models.

Inference runs in threads of its own, so that health and jobs are answered meanwhile; what waits is bounded by
number and by bytes, and every size is checked before the body is read.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import fastapi
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from inference_backend.contracts.errors import OcsgeError
from inference_backend.runtime.kserve.errors import MalformedMessageError
from inference_backend.runtime.kserve.wire import LENGTH_HEADER
from inference_backend.runtime.threads import usable_threads
from inference_backend.service.kserve.documents import INFER_OPENAPI, model_document, server_document
from inference_backend.service.kserve.errors import (
    BadInferenceError,
    BusyError,
    EncodedBodyError,
    SlowBodyError,
    TensorTooLargeError,
)
from inference_backend.service.kserve.infer import answer_inference
from inference_backend.service.kserve.models import ModelPool
from inference_backend.service.web.answers import error_answer, language_of

MAX_BODY_BYTES = int(os.environ.get("OCSGE_V2_MAX_BODY_BYTES", str(96 * 2**20)))
MAX_JSON_BYTES = int(os.environ.get("OCSGE_V2_MAX_JSON_BYTES", str(32 * 2**20)))
MAX_WAITING = int(os.environ.get("OCSGE_V2_MAX_WAITING", "16"))
MAX_WAITING_BYTES = 4 * MAX_BODY_BYTES
BODY_TIMEOUT_S = 60
_RETRY_S = 1
_PREFIX = "/v2"
_VERSIONED = "/models/{name}/versions/{version}"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"description": meaning, "content": {"application/json": {"schema": {"type": "object"}}}}
    for status, meaning in (
        (400, "Malformed, or does not fit the model"),
        (401, "The token is missing or wrong"),
        (404, "No such model"),
        (408, "The body came too slowly"),
        (413, "Too large"),
        (415, "Compressed"),
        (503, "Too many requests are waiting"),
    )
}
T = TypeVar("T")
Endpoint = Callable[..., Awaitable[Response]]


class KserveService:
    """The interface over one pool of models.

    Args:
        pool: of the models.
        workers: inferences at the same time.
    """

    def __init__(self, pool: ModelPool, workers: int | None = None) -> None:
        self._pool = pool
        self._workers = workers or usable_threads()
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="kserve")
        self._waiting, self._waiting_bytes = 0, 0

    def router(self) -> APIRouter:
        """Routes to mount."""
        router = APIRouter(prefix=_PREFIX, tags=["KServe V2"])
        unversioned = "/models/{name}"
        routes: list[tuple[str, str, Endpoint]] = [
            ("GET", "", self.server),
            ("GET", "/health/live", self.live),
            ("GET", "/health/ready", self.ready),
            ("POST", "/repository/index", self.index),
        ]
        for path in (unversioned, _VERSIONED):
            routes += [
                ("GET", path, self.metadata),
                ("GET", path + "/ready", self.model_ready),
                ("POST", path + "/infer", self.infer),
            ]
        for method, path, endpoint in routes:
            router.add_api_route(
                path,
                _with_error_documents(endpoint),
                methods=[method],
                name=endpoint.__name__,
                response_model=None,
                responses=_ANSWERS,
                openapi_extra=INFER_OPENAPI if path.endswith("/infer") else None,
            )
        return router

    def close(self) -> None:
        """Unload the models; what is being computed is finished first."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._pool.close()

    async def server(self, request: fastapi.Request) -> Response:
        """Name, version and extensions."""
        return JSONResponse(server_document())

    async def live(self, request: fastapi.Request) -> Response:
        """The server answers."""
        return JSONResponse({"live": True})

    async def ready(self, request: fastapi.Request) -> Response:
        """Inference can be asked for; models are loaded when they are."""
        return JSONResponse({"ready": True, "live": True})

    async def index(self, request: fastapi.Request) -> Response:
        """Names of the models, as Triton's repository index gives them."""
        names = await self._in_thread(self._pool.names)
        loaded = [self._pool.loaded_engine(name) is not None for name in names]
        return JSONResponse(
            [
                {
                    "name": name,
                    "state": "READY" if is_loaded else "UNAVAILABLE",
                    "reason": "" if is_loaded else "unloaded",
                }
                for name, is_loaded in zip(names, loaded, strict=True)
            ]
        )

    async def metadata(self, request: fastapi.Request, name: str, version: str | None = None) -> Response:
        """Inputs, outputs and card of a model."""
        model = await self._in_thread(partial(self._pool.model, name, version))
        engine = self._pool.loaded_engine(name)
        return JSONResponse(model_document(name, model, engine, self._workers))

    async def model_ready(self, request: fastapi.Request, name: str, version: str | None = None) -> Response:
        """Load a model where it is not; it can infer then."""

        def load() -> None:
            with self._pool.use(name, version):
                pass

        await self._in_thread(load)
        return JSONResponse({"name": name, "ready": True})

    async def infer(self, request: fastapi.Request, name: str, version: str | None = None) -> Response:
        """Scores and prediction planes of tiles."""
        size = _announced_bytes(request)
        if self._waiting >= MAX_WAITING or self._waiting_bytes + size > MAX_WAITING_BYTES:
            raise BusyError(retry_s=_RETRY_S)
        self._waiting, self._waiting_bytes = self._waiting + 1, self._waiting_bytes + size
        try:
            json_length = _json_length(request)
            body = await _read_body(request, MAX_JSON_BYTES if json_length is None else MAX_BODY_BYTES)
            work = partial(answer_inference, self._pool, name, version, body, json_length)
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting, self._waiting_bytes = self._waiting - 1, self._waiting_bytes - size
        return Response(answer.body, headers=answer.headers)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise BusyError(retry_s=_RETRY_S)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _with_error_documents(endpoint: Endpoint) -> Endpoint:
    """The endpoint with the protocol's error form, `{"error": …}`."""

    async def answered(request: fastapi.Request) -> Response:
        try:
            return await endpoint(request, **request.path_params)
        except OcsgeError as error:
            language = language_of(request.headers.get("accept-language", ""))
            fault = BadInferenceError(**error.values) if isinstance(error, MalformedMessageError) else error
            answer = error_answer(fault, language)
            headers = dict(answer.headers)
            if isinstance(error, BusyError):
                headers["Retry-After"] = str(error.values["retry_s"])
            # Escaped to ASCII: half a character in a name would not be UTF-8.
            text = json.dumps({"error": error.text(language)})
            return Response(text, answer.status, headers, "application/json")
        except ClientDisconnect:
            return Response(status_code=400)

    return answered


def _announced_bytes(request: fastapi.Request) -> int:
    """Bytes of the body as its header says, the limit where it says nothing.

    Raises:
        EncodedBodyError: compressed, so that its size would say nothing.
        TensorTooLargeError: more than is taken.
    """
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise EncodedBodyError(encoding=encoding[:20])
    announced = request.headers.get("content-length", "")
    if not announced.isdigit():
        return MAX_BODY_BYTES
    limit = MAX_BODY_BYTES if LENGTH_HEADER in request.headers else MAX_JSON_BYTES
    if len(announced) > 18 or int(announced) > limit:
        raise TensorTooLargeError(what_en="request", what_fr="La requête", limit=limit)
    return int(announced)


def _json_length(request: fastapi.Request) -> int | None:
    text = request.headers.get(LENGTH_HEADER)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadInferenceError(
            problem_en=f"{LENGTH_HEADER} is not a number of bytes",
            problem_fr=f"{LENGTH_HEADER} n'est pas un nombre d'octets",
        )
    if int(text) > MAX_JSON_BYTES:
        raise TensorTooLargeError(what_en="JSON part", what_fr="La partie JSON", limit=MAX_JSON_BYTES)
    return int(text)


async def _read_body(request: fastapi.Request, limit: int) -> bytearray:
    """The body, never more than `limit` bytes of it; writable, as some engines need their input.

    Raises:
        TensorTooLargeError: it has more.
        SlowBodyError: it does not come.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise TensorTooLargeError(what_en="request", what_fr="La requête", limit=limit)
    except TimeoutError as error:
        raise SlowBodyError(limit_s=BODY_TIMEOUT_S) from error
    return body
