# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls to the backend, local or remote.

The calls block; inside the desktop they belong into a task (`BackendJobTask`). Headers are built anew at
each call.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qgis.core import QgsFeedback

from inference_backend.contracts.service import (
    PATH_EXECUTION,
    PATH_FILE,
    PATH_FILES,
    PATH_JOB,
    PATH_LANDING,
    PATH_PROCESS,
    PATH_PROCESSES,
    PATH_RESULTS,
    JobDocument,
)

from ..errors import BackendRefusedError, NotABackendError, WrongTokenError
from ..translation import tr, user_language
from .transport import Reply, send


class BackendClient:
    """One backend, local or remote.

    Args:
        url: address without trailing slash, for instance `http://127.0.0.1:4711`.
        token: bearer token of a local backend; empty where `authcfg` brings the credentials.
        authcfg: id in QGIS's authentication database.

    `feedback.cancel()` ends a call that goes through QGIS's network.

    Every call raises `BackendUnreachableError` when nobody answers, `BackendRefusedError` on an error answer.
    """

    def __init__(self, url: str, token: str = "", authcfg: str = "") -> None:
        self.url = url.rstrip("/")
        self.feedback = QgsFeedback()
        self._token = token
        self._authcfg = authcfg

    @property
    def token(self) -> str:
        """Bearer token of a local backend, else empty."""
        return self._token

    @property
    def authcfg(self) -> str:
        """Id in QGIS's authentication database, else empty."""
        return self._authcfg

    def landing(self) -> dict[str, Any]:
        """Title, version and links of the service.

        Raises:
            NotABackendError: something else answers.
        """
        document = self._call("GET", PATH_LANDING)
        if "api" not in document or "version" not in document:
            raise NotABackendError(url=self.url, detail=document.get("title") or tr("no OCS GE landing page"))
        return document

    def processes(self) -> list[dict[str, Any]]:
        """Summaries of the processes offered."""
        return list(self._call("GET", PATH_PROCESSES).get("processes", []))

    def process(self, process_id: str) -> dict[str, Any]:
        """Description of a process, with its inputs and outputs by name."""
        return self._call("GET", PATH_PROCESS.format(process_id=process_id))

    def files(self) -> dict[str, int]:
        """The files sent there before: name to size, bytes."""
        return {file["name"]: int(file["sizeBytes"]) for file in self._call("GET", PATH_FILES)["files"]}

    def upload(self, file: Path, name: str) -> dict[str, Any]:
        """Send a file, to be kept there under `name`, whole or not at all; its size and SHA-256."""
        path = PATH_FILE.format(name=quote(name))
        headers = {**self._headers(), "Content-Type": "application/octet-stream"}
        return self._document(send("PUT", self.url + path, headers, file, self._authcfg, self.feedback))

    def part(self, address: str, first: int, last: int) -> tuple[bytes, int]:
        """Bytes `first` to `last` of a file that results name, and how many it has.

        A service that knows no parts gives the whole.
        """
        headers = {**self._headers(), "Accept": "*/*", "Range": f"bytes={first}-{last}"}
        reply = send("GET", address, headers, None, self._authcfg, self.feedback)
        self._document(reply)
        total = reply.content_range.rpartition("/")[2]
        return reply.content, int(total) if total.isdigit() else len(reply.content)

    def submit(self, process_id: str, inputs: dict[str, Any]) -> JobDocument:
        """Start a process as a job."""
        path = PATH_EXECUTION.format(process_id=process_id)
        return JobDocument.from_dict(self._call("POST", path, {"inputs": inputs}))

    def status(self, job_id: str) -> JobDocument:
        """State of a job."""
        return JobDocument.from_dict(self._call("GET", PATH_JOB.format(job_id=job_id)))

    def dismiss(self, job_id: str) -> JobDocument:
        """Stop a job; its processor is free when this returns."""
        return JobDocument.from_dict(self._call("DELETE", PATH_JOB.format(job_id=job_id)))

    def results(self, job_id: str) -> dict[str, Any]:
        """Outputs of a successful job: name to file path or value."""
        return self._call("GET", PATH_RESULTS.format(job_id=job_id))

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        reply = send(method, self.url + path, self._headers(), content, self._authcfg, self.feedback)
        return self._document(reply)

    def _document(self, reply: Reply) -> dict[str, Any]:
        """The JSON of an answer, empty for another kind of content; raises what an error answer says."""
        document = _decode(reply.content) if reply.status >= 400 or reply.content[:1] == b"{" else {}
        if reply.status >= 400:
            detail = document.get("detail") or document.get("title") or reply.reason
            kind = WrongTokenError if _refuses_token(reply.status, document) else BackendRefusedError
            raise kind(url=self.url, status=reply.status, detail=detail)
        return document

    def _headers(self) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "Accept-Language": user_language(),
            "Content-Type": "application/json",
            "Prefer": "respond-async",
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers


def _refuses_token(status: int, document: dict[str, Any]) -> bool:
    """Whether the token is what is refused.

    A 403 of the backend says in its document what is out of reach; one of a proxy before it says nothing.
    """
    return status == 401 or (status == 403 and "detail" not in document)


def _decode(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
