# SPDX-License-Identifier: GPL-2.0-or-later
"""The results of a job in the form that was asked for: raw or as a document, by value or by reference."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from inference_backend.contracts.service import JobStatus
from inference_backend.service.jobs.job_row import Job
from inference_backend.service.process_types import Process
from inference_backend.service.web.answers import JSON, Answer, Request
from inference_backend.service.web.api_errors import (
    GoneError,
    JobFailedError,
    LostFileError,
    NoSuchOutputError,
    OutOfReachError,
    ResultNotReadyError,
    ValueTooLargeError,
)
from inference_backend.service.web.execute_request import PLACE, RAW, REFERENCE, default_request
from inference_backend.service.web.links import PATH_RESULT

MOST_VALUE_BYTES = 64 * 2**20
"""Files sent as a value; larger ones are fetched by their address, in parts where need be."""
Wishes = dict[str, dict[str, str]]


class ResultAnswers:
    """Answers with the results of jobs.

    Args:
        may_read: whether a file may leave the service for the owner of a job.
        job_folder: where a job keeps its files here.
    """

    def __init__(self, may_read: Callable[[Job, str], bool], job_folder: Callable[[str], Path]) -> None:
        self._may_read = may_read
        self._job_folder = job_folder

    def all(self, request: Request, job: Job, process: Process) -> Answer:
        """What the job was asked for.

        Raises:
            GoneError, JobFailedError, ResultNotReadyError, NoSuchOutputError: there are no results.
            LostFileError, OutOfReachError, ValueTooLargeError: a file that cannot be given.
        """
        require_success(job)
        asked = job.asked or default_request(process)
        wishes: Wishes = {name: wish for name, wish in asked["outputs"].items() if name in job.results}
        if not wishes:  # only outputs that this job's inputs did not ask for
            raise NoSuchOutputError(output_id=", ".join(asked["outputs"]), known=", ".join(job.results))
        if asked["response"] == RAW and not self._wants_document(request, wishes):
            return self._raw(request, job, process, wishes)
        members = {name: self._member(request, job, process, name, wish) for name, wish in wishes.items()}
        return Answer(members)

    def one(self, request: Request, job: Job, process: Process, output_id: str) -> Answer:
        """One output: a file as it is, another value as JSON."""
        if output_id not in process.outputs:
            raise NoSuchOutputError(output_id=output_id, known=", ".join(process.outputs))
        require_success(job)
        if output_id not in job.results:
            raise NoSuchOutputError(output_id=output_id, known=", ".join(job.results))
        kind = process.outputs[output_id].file_type
        if not kind:
            return Answer(_json(job.results[output_id]), media_type=JSON)
        path = self._file(job, output_id)
        return Answer(path, headers={"Content-Disposition": _attachment(path.name)}, media_type=kind)

    def _wants_document(self, request: Request, wishes: Wishes) -> bool:
        """Whether the client takes JSON and not the raw form; who names no type gets the raw one."""
        accept = request.accept.lower()
        raw = (
            "multipart/" if len(wishes) > 1 else next((w["type"].split("/")[0] for w in wishes.values()), "")
        )
        takes_all = "*/*" in accept or not accept or raw + "/" in accept or raw in accept
        return (JSON in accept and not takes_all) or request.wants_html

    def _raw(self, request: Request, job: Job, process: Process, wishes: Wishes) -> Answer:
        references = [name for name, wish in wishes.items() if wish["mode"] == REFERENCE]
        if references and len(references) == len(wishes):
            addresses = [
                f'<{self._address(request, job, name)}>; rel="related"; title="{name}"' for name in references
            ]
            return Answer(None, 204, {"Link": ", ".join(addresses)})
        if len(wishes) == 1:
            ((name, wish),) = wishes.items()
            if process.outputs[name].file_type and wish["type"] != PLACE:
                return self.one(request, job, process, name)
            return Answer(self._content(request, job, name, wish), media_type=_with_charset(wish["type"]))
        return self._multipart(request, job, wishes)

    def _multipart(self, request: Request, job: Job, wishes: Wishes) -> Answer:
        boundary = uuid.uuid4().hex
        parts = b""
        for name, wish in wishes.items():
            head = f"--{boundary}\r\nContent-ID: <{name}>\r\nContent-Type: {_with_charset(wish['type'])}\r\n"
            content = b""
            if wish["mode"] == REFERENCE:
                head += f"Content-Location: {self._address(request, job, name)}\r\n"
            else:
                content = self._content(request, job, name, wish)
            parts += head.encode() + b"\r\n" + content + b"\r\n"
        first = next(iter(wishes.values()))["type"].split(";")[0]
        kind = f'multipart/related; boundary={boundary}; type="{first}"'
        return Answer(parts + f"--{boundary}--\r\n".encode(), media_type=kind)

    def _member(self, request: Request, job: Job, process: Process, name: str, wish: dict[str, str]) -> Any:
        if wish["mode"] == REFERENCE:
            kind = process.outputs[name].file_type or JSON
            return {"href": self._address(request, job, name), "type": kind, "title": name}
        if process.outputs[name].file_type and wish["type"] == PLACE:
            return self._place(request, job, name)
        if process.outputs[name].file_type:
            content = base64.b64encode(self._content(request, job, name, wish)).decode()
            return {"value": content, "encoding": "base64", "mediaType": wish["type"]}
        return job.results[name]

    def _content(self, request: Request, job: Job, name: str, wish: dict[str, str]) -> bytes:
        if wish["type"] == JSON:
            return _json(job.results[name])
        if wish["type"] == PLACE:
            return self._place(request, job, name).encode()
        path = self._file(job, name)
        if path.stat().st_size > MOST_VALUE_BYTES:
            raise ValueTooLargeError(output_id=name, limit_bytes=MOST_VALUE_BYTES)
        return path.read_bytes()

    def _place(self, request: Request, job: Job, name: str) -> str:
        """Where a file is: the path that the client gave, or the address of what is kept here."""
        path = Path(job.results[name])
        return self._address(request, job, name) if self._is_ours(job, path) else str(path)

    def _is_ours(self, job: Job, path: Path) -> bool:
        return path.is_relative_to(self._job_folder(job.job_id))

    def _address(self, request: Request, job: Job, name: str) -> str:
        return request.base_url + PATH_RESULT.format(job_id=job.job_id, output_id=name)

    def _file(self, job: Job, output_id: str) -> Path:
        path = Path(job.results[output_id])
        if not self._may_read(job, str(path)):
            raise OutOfReachError(name=output_id, value=path.name)
        if not path.is_file():
            raise LostFileError(output_id=output_id)
        return path


def require_success(job: Job) -> None:
    """Raise what stands in the way of a job's results."""
    if job.status is JobStatus.FAILED:
        english = job.error.get("en", "")
        raise JobFailedError(
            message_en=english,
            message_fr=job.error.get("fr", english),
            job_status=job.error.get("status", "500"),
        )
    if job.status is JobStatus.DISMISSED:
        raise GoneError(job_id=job.job_id)
    if job.status is not JobStatus.SUCCESSFUL:
        raise ResultNotReadyError(job_id=job.job_id, status_text=job.status.value)


def _attachment(name: str) -> str:
    """The header that names a file; other letters than a header holds go escaped (RFC 6266)."""
    escaped = quote(name, safe="")
    return f'attachment; filename="{name}"' if escaped == name else f"attachment; filename*=UTF-8''{escaped}"


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind == PLACE else kind
