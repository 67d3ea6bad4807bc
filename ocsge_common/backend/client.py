# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls to the backend through QGIS's network manager, for its proxies, certificates and authentication.

The calls block; inside the desktop they belong into a task (`BackendJobTask`). Headers are built anew at
each call.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from qgis.core import QgsBlockingNetworkRequest, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from inference_backend.contracts.service import (
    PATH_EXECUTION,
    PATH_JOB,
    PATH_LANDING,
    PATH_PROCESSES,
    PATH_RESULTS,
    JobDocument,
)

from ..errors import BackendRefusedError, BackendUnreachableError
from ..translation import user_language

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BackendClient:
    """One backend, local or remote.

    Args:
        url: address without trailing slash, for instance `http://127.0.0.1:4711`.
        token: bearer token of a local backend; empty where `authcfg` brings the credentials.
        authcfg: id in QGIS's authentication database.

    Every call raises `BackendUnreachableError` when nobody answers, `BackendRefusedError` on an error answer.
    """

    def __init__(self, url: str, token: str = "", authcfg: str = "") -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._authcfg = authcfg

    def landing(self) -> dict[str, Any]:
        """Title, version and links of the service."""
        return self._call("GET", PATH_LANDING)

    def processes(self) -> list[dict[str, Any]]:
        """Summaries of the processes offered."""
        return list(self._call("GET", PATH_PROCESSES).get("processes", []))

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
        self._avoid_proxy_on_loopback()
        blocking = QgsBlockingNetworkRequest()
        if self._authcfg:
            blocking.setAuthCfg(self._authcfg)
        request = self._request(path)
        if method == "GET":
            blocking.get(request, forceRefresh=True)
        elif method == "POST":
            blocking.post(request, QByteArray(json.dumps(body).encode()), forceRefresh=True)
        else:
            blocking.deleteResource(request)
        return self._answer(blocking)

    def _request(self, path: str) -> QNetworkRequest:
        request = QNetworkRequest(QUrl(self.url + path))
        headers = {
            "Accept": "application/json",
            "Accept-Language": user_language(),
            "Content-Type": "application/json",
            "Prefer": "respond-async",
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        for name, value in headers.items():
            request.setRawHeader(name.encode(), value.encode())
        return request

    def _answer(self, blocking: QgsBlockingNetworkRequest) -> dict[str, Any]:
        reply = blocking.reply()
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if status is None:
            raise BackendUnreachableError(url=self.url, detail=blocking.errorMessage())
        document = _decode(bytes(reply.content()))
        if int(status) >= 400:
            detail = document.get("detail") or document.get("title") or blocking.errorMessage()
            raise BackendRefusedError(url=self.url, status=int(status), detail=detail)
        return document

    def _avoid_proxy_on_loopback(self) -> None:
        if urlsplit(self.url).hostname not in LOOPBACK:
            return
        manager = QgsNetworkAccessManager.instance()
        if self.url not in manager.noProxyList():
            manager.setFallbackProxyAndExcludes(
                manager.fallbackProxy(), manager.excludeList(), [*manager.noProxyList(), self.url]
            )


def _decode(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
