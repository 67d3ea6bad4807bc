# SPDX-License-Identifier: GPL-2.0-or-later
"""How a request travels: straight to this computer, or through QGIS's network manager to anywhere else.

QGIS would send even loopback addresses to the user's proxy, unless each is excluded by hand in the options; a
remote service on the other hand needs QGIS's proxies, certificates and authentication.
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from qgis.core import QgsBlockingNetworkRequest
from qgis.PyQt.QtCore import QByteArray, QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from ..errors import BackendUnreachableError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Reply:
    """HTTP status, body, and a text for errors without a body of ours."""

    status: int
    content: bytes
    reason: str


def send(
    method: str, url: str, headers: dict[str, str], body: bytes | None = None, authcfg: str = ""
) -> Reply:
    """Send one request and wait for its answer.

    Args:
        method: GET, POST or DELETE.
        url: complete address.
        headers: without credentials of QGIS's authentication database.
        body: of a POST.
        authcfg: id in that database, for an address elsewhere.

    Raises:
        BackendUnreachableError: no answer.
    """
    if urlsplit(url).hostname in LOOPBACK:
        return _send_straight(method, url, headers, body)
    return _send_through_qgis(method, url, headers, body, authcfg)


def _send_straight(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Reply:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=TIMEOUT_S)
    try:
        connection.request(method, parts.path, body, headers)
        response = connection.getresponse()
        return Reply(response.status, response.read(), response.reason)
    except (OSError, http.client.HTTPException) as error:
        raise BackendUnreachableError(url=url, detail=error) from error
    finally:
        connection.close()


def _send_through_qgis(
    method: str, url: str, headers: dict[str, str], body: bytes | None, authcfg: str
) -> Reply:
    blocking = QgsBlockingNetworkRequest()
    if authcfg:
        blocking.setAuthCfg(authcfg)
    request = QNetworkRequest(QUrl(url))
    for name, value in headers.items():
        request.setRawHeader(name.encode(), value.encode())
    if method == "GET":
        blocking.get(request, forceRefresh=True)
    elif method == "POST":
        blocking.post(request, QByteArray(body or b""), forceRefresh=True)
    else:
        blocking.deleteResource(request)
    reply = blocking.reply()
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    if status is None:
        raise BackendUnreachableError(url=url, detail=blocking.errorMessage())
    return Reply(int(status), bytes(reply.content()), blocking.errorMessage())
