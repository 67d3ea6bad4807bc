# SPDX-License-Identifier: GPL-2.0-or-later
"""The addresses of the live service: bodies read within their limits, work in threads, answers of arrays.

What is computed runs beside the event loop in threads of its own, so that jobs and models are answered
meanwhile. A client that hangs up, or asks something newer of the same patch, frees its thread at the next
step of the work.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import fastapi
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from inference_backend.contracts.live import (
    DEFAULT_COUNTS,
    NPZ_TYPE,
    PATH_LIVE_EMBEDDING,
    PATH_LIVE_MASK,
    PATH_LIVE_MEMORY,
    PATH_LIVE_MODELS,
    PATH_LIVE_PATCH,
    PATH_LIVE_PROPOSAL,
    PATH_LIVE_ROWS,
    PATH_LIVE_SEGMENTS,
)
from inference_backend.runtime.threads import usable_threads
from inference_backend.service.live.live_service import MEMORY, MOST_BODY_BYTES, PATCH, LiveService
from inference_backend.service.live.turns import Turn, Turns
from inference_backend.service.live.warm_up import warm_up
from inference_backend.service.web.api_errors import (
    BadParameterError,
    NotKeptError,
    PatchTooLargeError,
    TooMuchWaitingError,
    TooSlowError,
    WrongContentError,
)

MOST_WAITING = 32
MOST_WAITING_BYTES = 4 * MOST_BODY_BYTES
BODY_TIMEOUT_S = 60.0
LOOK_S = 0.1
"""How often a waiting request is asked whether its client is still there, s."""
_KEY = re.compile(r"[0-9a-f]{64}")
_COUNTS = re.compile(r"\d{1,5}(,\d{1,5}){0,7}")
_BODY_TYPES = (NPZ_TYPE, "application/octet-stream")
Work = Callable[[Turn], bytes]


class LiveApi:
    """Routes over one live service.

    Args:
        service: what answers.
        workers: answers computed at the same time.
    """

    def __init__(self, service: LiveService, workers: int | None = None) -> None:
        self._service = service
        self._turns = Turns()
        self._threads = ThreadPoolExecutor(workers or usable_threads(), thread_name_prefix="live")
        self._waiting, self._waiting_bytes = 0, 0
        self._is_warm = False

    def router(self) -> APIRouter:
        """Routes to mount."""
        router = APIRouter(tags=["live"])
        routes: list[tuple[str, tuple[str, ...], Any]] = [
            (PATH_LIVE_PATCH, ("PUT", "HEAD"), self.patch),
            (PATH_LIVE_MEMORY, ("PUT", "HEAD"), self.memory),
            (PATH_LIVE_SEGMENTS, ("POST",), self.segments),
            (PATH_LIVE_PROPOSAL, ("POST",), self.proposal),
            (PATH_LIVE_ROWS, ("POST",), self.rows),
            (PATH_LIVE_EMBEDDING, ("POST", "PUT"), self.embedding),
            (PATH_LIVE_MASK, ("POST",), self.mask),
            (PATH_LIVE_MODELS, ("GET",), self.models),
        ]
        for path, methods, endpoint in routes:
            # One route an address, so that a refused method is told all that are taken; the OpenAPI document
            # describes them by itself.
            router.add_api_route(
                path, endpoint, methods=list(methods), response_model=None, include_in_schema=False
            )
        return router

    def close(self) -> None:
        """Let what is being computed end."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def patch(self, request: fastapi.Request, key: str) -> Response:
        """Keep a patch, or say whether it is kept."""
        return await self._keep(request, key, PATCH, self._service.keep_patch)

    async def memory(self, request: fastapi.Request, key: str) -> Response:
        """Keep what other patches teach, or say whether it is kept."""
        return await self._keep(request, key, MEMORY, self._service.keep_memory)

    async def segments(self, request: fastapi.Request, key: str) -> Response:
        """Nested segments of a patch."""
        counts = _counts(request.query_params.get("counts", ""))
        work = partial(self._service.segments, _owner(request), _checked(key), counts)
        return await self._answer(request, ("segments", key, counts), 0, work)

    async def proposal(self, request: fastapi.Request, key: str) -> Response:
        """The learner's proposal for the strokes in the body."""
        memory = request.query_params.get("memory", "")
        if memory:
            _checked(memory)
        return await self._answer_body(
            request,
            "proposal",
            key,
            lambda body: partial(self._service.proposal, _owner(request), key, memory, body),
        )

    async def rows(self, request: fastapi.Request, key: str) -> Response:
        """What a finished patch teaches."""
        return await self._answer_body(
            request, "rows", key, lambda body: partial(self._service.rows, _owner(request), key, body)
        )

    async def embedding(self, request: fastapi.Request, key: str) -> Response:
        """Compute an embedding, or take back one that was computed before."""
        model, owner = _model(request), _owner(request)
        _checked(key)
        if request.method == "POST":
            work = partial(self._service.embedding, owner, key, model)
            return await self._answer(request, ("embedding", key, model), 0, work)
        body = await self._body(request)
        await self._in_thread(partial(self._service.keep_embedding, owner, key, model, body), len(body))
        return JSONResponse({"key": key, "model": model})

    async def mask(self, request: fastapi.Request, key: str) -> Response:
        """Masks for points and boxes."""
        model = _model(request)
        return await self._answer_body(
            request, "mask", key, lambda body: partial(self._service.mask, _owner(request), key, model, body)
        )

    async def models(self, request: fastapi.Request) -> Response:
        """The interactive models."""
        self._warm_up()
        return JSONResponse({"models": await self._in_thread(self._service.models.describe, 0)})

    def _warm_up(self) -> None:
        """Import and compile at the first sign of an annotator, before the first question."""
        if not self._is_warm:
            self._is_warm = True
            self._threads.submit(warm_up)

    async def _keep(
        self, request: fastapi.Request, key: str, kind: str, keep: Callable[[str, str, bytes], None]
    ) -> Response:
        self._warm_up()
        owner = _owner(request)
        is_kept = self._service.has(owner, kind, _checked(key))
        if request.method == "HEAD":
            if not is_kept:
                raise NotKeptError(key=key)
            return Response(status_code=200)
        body = await self._body(request)
        await self._in_thread(partial(keep, owner, key, body), len(body))
        return JSONResponse({"key": key}, 200 if is_kept else 201)

    async def _answer_body(
        self, request: fastapi.Request, kind: str, key: str, work_of: Callable[[bytes], Work]
    ) -> Response:
        _checked(key)
        body = await self._body(request)
        return await self._answer(request, (kind, key), len(body), work_of(body))

    async def _answer(
        self, request: fastapi.Request, subject: tuple[Any, ...], size: int, work: Work
    ) -> Response:
        """Have the work done; given up where the client is gone."""
        turn = self._turns.take((_owner(request), *subject))
        try:
            content = await self._in_thread(partial(work, turn), size, request, turn)
        finally:
            self._turns.end(turn)
        return Response(content, media_type=NPZ_TYPE)

    async def _in_thread(
        self,
        work: Callable[[], Any],
        size: int,
        request: fastapi.Request | None = None,
        turn: Turn | None = None,
    ) -> Any:
        if self._waiting >= MOST_WAITING or self._waiting_bytes + size > MOST_WAITING_BYTES:
            raise TooMuchWaitingError(wait_s=1)
        self._waiting, self._waiting_bytes = self._waiting + 1, self._waiting_bytes + size
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            while request is not None and turn is not None:
                done, _ = await asyncio.wait({future}, timeout=LOOK_S)
                if done:
                    break
                if await request.is_disconnected():
                    turn.give_up()
            return await future
        finally:
            self._waiting, self._waiting_bytes = self._waiting - 1, self._waiting_bytes - size

    async def _body(self, request: fastapi.Request) -> bytes:
        """The body, never more of it than is taken.

        Raises:
            WrongContentError, PatchTooLargeError, TooSlowError, TooMuchWaitingError: see each.
        """
        kind = request.headers.get("content-type", NPZ_TYPE).split(";")[0].strip().lower()
        if (
            kind not in _BODY_TYPES
            or request.headers.get("content-encoding", "identity").lower() != "identity"
        ):
            raise WrongContentError(expected=NPZ_TYPE)
        announced = request.headers.get("content-length", "")
        size = int(announced) if announced.isdigit() and len(announced) < 19 else MOST_BODY_BYTES
        if size > MOST_BODY_BYTES:
            raise PatchTooLargeError(limit_bytes=MOST_BODY_BYTES)
        if self._waiting_bytes + size > MOST_WAITING_BYTES:
            raise TooMuchWaitingError(wait_s=1)
        self._waiting_bytes += size
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                return await _read(request)
        except TimeoutError as error:
            raise TooSlowError() from error
        finally:
            self._waiting_bytes -= size


async def _read(request: fastapi.Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY_BYTES:
            raise PatchTooLargeError(limit_bytes=MOST_BODY_BYTES)
    return bytes(body)


def _owner(request: fastapi.Request) -> str:
    return str(request.scope["state"]["account"].name)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise BadParameterError(
            name="key", expected_en="64 hexadecimal digits", expected_fr="64 chiffres hexadécimaux"
        )
    return key


def _counts(text: str) -> tuple[int, ...]:
    if not text:
        return DEFAULT_COUNTS
    counts = tuple(int(part) for part in text.split(",")) if _COUNTS.fullmatch(text) else ()
    if not counts or min(counts) < 1 or list(counts) != sorted(counts, reverse=True):
        raise BadParameterError(
            name="counts",
            expected_en="one to eight falling numbers, separated by commas",
            expected_fr="un à huit nombres décroissants, séparés par des virgules",
        )
    return counts


def _model(request: fastapi.Request) -> str:
    name = request.query_params.get("model", "")
    if not name:
        raise BadParameterError(
            name="model",
            expected_en="the name of an interactive model",
            expected_fr="le nom d'un modèle interactif",
        )
    return name
