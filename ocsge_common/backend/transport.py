# SPDX-License-Identifier: GPL-2.0-or-later
"""How a request travels: straight to this computer, or through QGIS's network manager to anywhere else.

QGIS would send even loopback addresses to the user's proxy, unless each is excluded by hand in the options; a
remote service on the other hand needs QGIS's proxies, certificates and authentication.
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from qgis.core import QgsBlockingNetworkRequest, QgsFeedback, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QFile, QIODevice, Qt, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..errors import (
    BackendUnreachableError,
    HostNotFoundError,
    ProxyFaultError,
    TaskCancelledError,
    UntrustedError,
)
from .token_store import kept_headers

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Reply:
    """HTTP status, body, a text for errors without a body of ours, and which part of a file the body is."""

    status: int
    content: bytes
    reason: str
    content_range: str = ""


def send(
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | Path | None = None,
    authcfg: str = "",
    feedback: QgsFeedback | None = None,
) -> Reply:
    """Send one request and wait for its answer.

    Args:
        method: GET, POST, PUT or DELETE.
        url: complete address.
        headers: without credentials of QGIS's authentication database.
        body: of a POST; of a PUT, the file to send.
        authcfg: id in that database, for an address elsewhere or behind a tunnel.
        feedback: its `cancel` ends a request through QGIS's network manager.

    Raises:
        BackendUnreachableError: no answer; its subclasses say why.
        TaskCancelledError: `feedback` was cancelled.
    """
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        kept = kept_headers(authcfg)
        if not authcfg or kept:
            return _send_straight(method, url, {**headers, **kept}, body)
    return _ThroughQgis(method, url, authcfg).send(headers, body, feedback)


def _send_straight(method: str, url: str, headers: dict[str, str], body: bytes | Path | None) -> Reply:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=TIMEOUT_S)
    try:
        if isinstance(body, Path):
            with body.open("rb") as file:
                length = {"Content-Length": str(body.stat().st_size)}
                connection.request(method, parts.path, file, {**headers, **length})
        else:
            connection.request(method, parts.path, body, headers)
        response = connection.getresponse()
        part = response.getheader("Content-Range", "")
        return Reply(response.status, response.read(), response.reason, part)
    except (OSError, http.client.HTTPException) as error:
        raise BackendUnreachableError(url=url, detail=error) from error
    finally:
        connection.close()


class _ThroughQgis:
    """One request through QGIS's network manager."""

    def __init__(self, method: str, url: str, authcfg: str) -> None:
        self._method, self._url, self._authcfg = method, url, authcfg
        self._distrust: list[str] = []

    def send(self, headers: dict[str, str], body: bytes | Path | None, feedback: QgsFeedback | None) -> Reply:
        manager = QgsNetworkAccessManager.instance()
        manager.requestEncounteredSslErrors.connect(self._on_distrust, Qt.ConnectionType.DirectConnection)
        try:
            blocking = self._perform(headers, body, feedback)
        finally:
            manager.requestEncounteredSslErrors.disconnect(self._on_distrust)
        reply = blocking.reply()
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if status is not None and int(status) != 407:
            part = bytes(reply.rawHeader(b"Content-Range")).decode("latin-1")
            return Reply(int(status), bytes(reply.content()), blocking.errorMessage(), part)
        if feedback is not None and feedback.isCanceled():
            raise TaskCancelledError()
        raise self._fault(reply.error(), blocking.errorMessage())

    def _perform(
        self, headers: dict[str, str], body: bytes | Path | None, feedback: QgsFeedback | None
    ) -> QgsBlockingNetworkRequest:
        blocking = QgsBlockingNetworkRequest()
        if self._authcfg:
            blocking.setAuthCfg(self._authcfg)
        request = QNetworkRequest(QUrl(self._url))
        for name, value in headers.items():
            request.setRawHeader(name.encode(), value.encode())
        if self._method == "GET":
            blocking.get(request, forceRefresh=True, feedback=feedback)
        elif isinstance(body, Path):
            file = QFile(str(body))
            if not file.open(QIODevice.OpenModeFlag.ReadOnly):
                raise BackendUnreachableError(url=self._url, detail=f"{body}: {file.errorString()}")
            blocking.put(request, file, feedback=feedback)
        elif self._method == "POST":
            blocking.post(request, QByteArray(body or b""), forceRefresh=True, feedback=feedback)
        else:
            blocking.deleteResource(request, feedback=feedback)
        return blocking

    def _on_distrust(self, request_id: int, errors: list[object]) -> None:
        self._distrust.extend(error.errorString() for error in errors)

    def _fault(self, error: QNetworkReply.NetworkError, message: str) -> BackendUnreachableError:
        kinds = QNetworkReply.NetworkError
        if self._distrust or error == kinds.SslHandshakeFailedError:
            return UntrustedError(url=self._url, detail="; ".join(dict.fromkeys(self._distrust)) or message)
        if error == kinds.HostNotFoundError:
            return HostNotFoundError(url=self._url, host=urlsplit(self._url).hostname or self._url)
        if kinds.ProxyConnectionRefusedError <= error <= kinds.UnknownProxyError:
            return ProxyFaultError(url=self._url, detail=message)
        return BackendUnreachableError(url=self._url, detail=message)
