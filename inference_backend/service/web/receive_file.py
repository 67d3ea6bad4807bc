# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes a file that a client sends: within its quota, at its pace but not for ever, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import fastapi
from fastapi.concurrency import run_in_threadpool

from inference_backend.errors import OutputError
from inference_backend.service.uploads import Upload, is_file_name
from inference_backend.service.web.answers import Answer, Request
from inference_backend.service.web.api_errors import (
    BadFileNameError,
    IncompleteBodyError,
    QuotaError,
    TooSlowError,
    WrongContentError,
)
from inference_backend.service.web.files_api import FilesApi

STALL_S = 30.0
"""No byte for so long counts as a client that is gone, s."""
WRITE_BYTES = 2**20


async def receive_file(request: fastapi.Request, asked: Request, files: FilesApi) -> Answer:
    """Store the body under the name of the address; 201 where it is new, 200 where it replaces a file.

    Raises:
        BadFileNameError, QuotaError, TooSlowError, IncompleteBodyError, WrongContentError: see each.
        OutputError: the disk is full.
    """
    name = request.path_params["name"]
    if not is_file_name(name):
        raise BadFileNameError()
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise WrongContentError(expected="application/octet-stream")
    uploads, account = files.uploads, asked.account
    room = min(uploads.room_bytes(account, name), uploads.free_bytes())
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > room:
        raise QuotaError(room_bytes=room)
    is_new = uploads.find(account, name) is None
    try:
        with uploads.writing(account, name) as upload:
            await _fill(request, upload, room)
            if announced.isdigit() and upload.size_bytes != int(announced):
                raise IncompleteBodyError(expected=int(announced), received=upload.size_bytes)
            # Others may have arrived meanwhile: several at once must not fill more than one after the other.
            room = uploads.room_bytes(account, name)
            if upload.size_bytes > room:
                raise QuotaError(room_bytes=room)
    except OSError as error:
        raise OutputError(path=name, reason=error.strerror or type(error).__name__) from error
    stored = uploads.find(account, name)
    described = files.describe(asked, stored) if stored else {}
    location = {"Location": described["links"][0]["href"]} if described and is_new else {}
    return Answer({**described, "sha256": upload.sha256}, 201 if is_new else 200, location)


async def _fill(request: fastapi.Request, upload: Upload, room: int) -> None:
    buffer = bytearray()
    async for chunk in _chunks(request):
        buffer += chunk
        if upload.size_bytes + len(buffer) > room:
            raise QuotaError(room_bytes=room)
        if len(buffer) >= WRITE_BYTES:
            await run_in_threadpool(upload.add, bytes(buffer))
            buffer.clear()
    await run_in_threadpool(upload.add, bytes(buffer))


async def _chunks(request: fastapi.Request) -> AsyncIterator[bytes]:
    stream = request.stream()
    while True:
        try:
            yield await asyncio.wait_for(anext(stream), STALL_S)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise TooSlowError() from error
