# SPDX-License-Identifier: GPL-2.0-or-later
"""One request to the collaborative service through QGIS's network manager, with its proxies and credentials.

`QgsBlockingNetworkRequest` knows no PATCH, and signs the request anew for whatever address a redirection
names. Here redirections are not followed, so that credentials reach the address of the settings and no other.
Call it from a task: it waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from qgis.core import QgsApplication, QgsFeedback, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QEventLoop, QIODevice, QTimer, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ocsge_common.errors import TaskCancelledError
from ocsge_pi_review.domain.signalement_errors import NoAnswerError, NotSignedInError, UnsafeAddressError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT_S = 30.0
"""Longest wait for an answer, s."""
RENEWAL_S = 1.0
"""Time that QGIS has to renew a token that the service no longer knows, s."""
_NOT_SIGNED_IN = 401
LARGEST_ANSWER = 64 * 2**20
"""Bytes; a page of reports is a thousand times smaller."""


@dataclass(frozen=True)
class Answer:
    """Status and body of an answer, and how long the service asks to wait, s."""

    status: int
    content: bytes
    reason: str
    retry_after_s: int = 0


def require_safe(url: str) -> None:
    """Accept an address to which credentials may be sent.

    Raises:
        UnsafeAddressError: not https, and not this computer.
    """
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or parts.username or not (parts.scheme == "https" or is_here):
        raise UnsafeAddressError(url=url)


def ask(
    verb: str,
    url: str,
    body: bytes | None = None,
    authcfg: str = "",
    feedback: QgsFeedback | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Answer:
    """Send one request and wait for its answer.

    Args:
        verb: GET, POST or PATCH.
        url: complete address.
        body: JSON.
        authcfg: id in QGIS's authentication database.
        feedback: its `cancel` ends the request.
        timeout_s: longest wait, s.

    Raises:
        UnsafeAddressError: credentials would travel readable.
        NotSignedInError: QGIS has no credentials of that id, or could not get a token with them.
        NoAnswerError: no answer, or not a whole one.
        TaskCancelledError: `feedback` was cancelled.
    """
    require_safe(url)
    request = _request(url, authcfg)
    upload = _Once(body or b"")
    request.setHeader(QNetworkRequest.KnownHeaders.ContentLengthHeader, upload.length)
    reply = QgsNetworkAccessManager.instance().sendCustomRequest(request, QByteArray(verb.encode()), upload)
    if authcfg:
        QgsApplication.authManager().updateNetworkReply(reply, authcfg)
    _wait(reply, feedback, timeout_s)
    try:
        answer = _answer(reply, url, feedback)
        if answer.status == _NOT_SIGNED_IN and authcfg:
            # QGIS renews a token on its main thread, where it looks at this very reply.
            _pause(RENEWAL_S)
        return answer
    finally:
        reply.deleteLater()


def _pause(seconds: float) -> None:
    """Wait without stopping what else runs in this thread."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


class _Once(QIODevice):
    """A body that cannot be read again.

    Qt sends a request a second time, unasked, when the connection closes before an answer; it cannot where
    there is nothing to rewind. A reply must not be written twice.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._rest, self.length = content, len(content)
        self.open(QIODevice.OpenModeFlag.ReadOnly | QIODevice.OpenModeFlag.Unbuffered)

    def isSequential(self) -> bool:
        """As Qt calls what has no way back."""
        return True

    def bytesAvailable(self) -> int:
        """What is left."""
        return len(self._rest) + super().bytesAvailable()

    def atEnd(self) -> bool:
        """Whether nothing is left."""
        return not self._rest

    def readData(self, most: int) -> bytes:
        """The next bytes."""
        part, self._rest = self._rest[:most], self._rest[most:]
        return part


def _request(url: str, authcfg: str) -> QNetworkRequest:
    request = QNetworkRequest(QUrl(url))
    request.setAttribute(
        QNetworkRequest.Attribute.RedirectPolicyAttribute,
        QNetworkRequest.RedirectPolicy.ManualRedirectPolicy,
    )
    request.setAttribute(
        QNetworkRequest.Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
    )
    request.setAttribute(QNetworkRequest.Attribute.CacheSaveControlAttribute, False)
    request.setAttribute(QNetworkRequest.Attribute.DoNotBufferUploadDataAttribute, True)
    # A connection that the service let go meanwhile would end the next request without answer.
    request.setRawHeader(b"Connection", b"close")
    request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
    request.setRawHeader(b"Accept", b"application/json")
    if authcfg:
        is_signed, request = QgsApplication.authManager().updateNetworkRequest(request, authcfg)
        if not is_signed:
            raise NotSignedInError(url=url, detail=authcfg)
    return request


def _wait(reply: QNetworkReply, feedback: QgsFeedback | None, timeout_s: float) -> None:
    loop = QEventLoop()
    reply.finished.connect(loop.quit)
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(reply.abort)
    timer.start(round(1000 * timeout_s))
    if feedback is not None:
        feedback.canceled.connect(reply.abort)
    if not reply.isFinished() and not (feedback is not None and feedback.isCanceled()):
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    timer.stop()
    if feedback is not None:
        feedback.canceled.disconnect(reply.abort)
    if not reply.isFinished():
        reply.abort()


def _answer(reply: QNetworkReply, url: str, feedback: QgsFeedback | None) -> Answer:
    if feedback is not None and feedback.isCanceled():
        raise TaskCancelledError()
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    broken = reply.error() in (
        QNetworkReply.NetworkError.RemoteHostClosedError,
        QNetworkReply.NetworkError.OperationCanceledError,
        QNetworkReply.NetworkError.TimeoutError,
    )
    if status is None or broken:
        # A body that was cut off is no answer, be its status what it may.
        raise NoAnswerError(url=url, detail=reply.errorString())
    content = bytes(reply.read(LARGEST_ANSWER) or b"")
    waiting = bytes(reply.rawHeader(b"Retry-After")).decode("latin-1").strip()
    seconds = int(waiting) if waiting.isdigit() else 0
    return Answer(int(status), content, reply.errorString(), seconds)
