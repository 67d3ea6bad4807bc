# SPDX-License-Identifier: GPL-2.0-or-later
"""One question to the live service, from its first request to its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from inference_backend.contracts.service import API_VERSION

from ..errors import (
    BackendError,
    BackendRefusedError,
    BackendTooOldError,
    BackendUnreachableError,
    NotABackendError,
    WrongTokenError,
)
from ..slots import guarded
from .client import BackendClient
from .live_arrays import LiveObject
from .live_link import LiveLink

MISSING, SUPERSEDED, BUSY = 404, 409, (429, 503)
NO_ADDRESS = "NoSuchPath"
"""Title of a 404 for an address that the backend does not know at all."""
MOST_TRIES = 4
BUSY_MS = 400


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        method: GET, POST or PUT.
        path: with its query.
        decode: makes the answer of its bytes; raises ValueError for bytes of something else.
        body: of the request.
        needs: where each thing that the service may have forgotten is sent to.
    """

    method: str
    path: str
    decode: Callable[[bytes], Any]
    body: bytes | None = None
    needs: tuple[tuple[str, LiveObject], ...] = ()


class LiveReply(QObject):
    """The answer to come. Exactly one of the signals is emitted, unless it is cancelled first.

    Signals:
        done(object): the answer.
        failed(BackendError): there is none.
        over(): answered, failed or cancelled.

    Args:
        link: to the service.
        question: what is asked.
        parent: owner.
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(object)
    over = pyqtSignal()

    def __init__(self, link: LiveLink, question: Question, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._question = link, question
        self._client: BackendClient | None = None
        self._reply: QNetworkReply | None = None
        self._on_finished: Callable[[int, bytes], None] = lambda status, content: None
        self._to_send: list[tuple[str, LiveObject]] = []
        self._tries = 0
        self.is_over = False

    def start(self) -> None:
        """Ask, once the caller has connected the signals."""
        QTimer.singleShot(0, self._begin)

    def cancel(self) -> None:
        """Ask no more; nothing is emitted but `over`."""
        if not self.is_over:
            self._end()

    @guarded
    def _begin(self) -> None:
        if not self.is_over:
            self._link.use(self._ask, self._fail)

    def _ask(self, client: BackendClient) -> None:
        if self.is_over:
            return
        self._client = client
        self._tries += 1
        self._send(self._question.method, self._question.path, self._question.body, self._answered)

    def _answered(self, status: int, content: bytes) -> None:
        if status == MISSING and self._question.needs and self._tries < MOST_TRIES:
            self._to_send = list(self._question.needs)
            self._send_next()
        elif status in BUSY and self._tries < MOST_TRIES:
            QTimer.singleShot(BUSY_MS * self._tries, self._begin)
        elif status == SUPERSEDED:
            self._end()
        elif status >= 400:
            self._fail(self._refusal(status, content))
        else:
            self._deliver(content)

    def _send_next(self) -> None:
        if not self._to_send:
            self._ask(self._client)
            return
        path, thing = self._to_send.pop(0)
        self._send("PUT", path.format(key=thing.key), thing.body, self._sent)

    def _sent(self, status: int, content: bytes) -> None:
        if status >= 400:
            self._fail(self._refusal(status, content))
        else:
            self._send_next()

    def _send(self, method: str, path: str, body: bytes | None, then: Callable[[int, bytes], None]) -> None:
        self._on_finished = then
        self._reply = self._link.request(self._client, method, path, body)
        self._reply.finished.connect(self._on_reply)

    @guarded
    def _on_reply(self) -> None:
        reply, self._reply = self._reply, None
        if reply is None:
            return
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        content, reason = bytes(reply.readAll()), reply.errorString()
        reply.deleteLater()
        if self.is_over:
            return
        if status is None:
            self._link.lost()
            self._fail(BackendUnreachableError(url=self._client.url, detail=reason))
        else:
            self._on_finished(int(status), content)

    def _deliver(self, content: bytes) -> None:
        try:
            answer = self._question.decode(content)
        except ValueError as error:
            self._fail(NotABackendError(url=self._client.url, detail=error))
            return
        self.is_over = True
        self.done.emit(answer)
        self._leave()

    def _refusal(self, status: int, content: bytes) -> BackendError:
        try:
            document = json.loads(content or b"{}")
        except ValueError:
            document = {}
        document = document if isinstance(document, dict) else {}
        if status == MISSING and document.get("title") == NO_ADDRESS:
            return BackendTooOldError(version="?", api=API_VERSION, wanted=f"{API_VERSION}, /live")
        detail = document.get("detail") or document.get("title") or f"HTTP {status}"
        kind = WrongTokenError if status == 401 else BackendRefusedError
        return kind(url=self._client.url, status=status, detail=detail)

    def _fail(self, error: BackendError) -> None:
        if self.is_over:
            return
        self.is_over = True
        self.failed.emit(error)
        self._leave()

    def _end(self) -> None:
        self.is_over = True
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.finished.disconnect(self._on_reply)
            reply.abort()
            reply.deleteLater()
        self._leave()

    def _leave(self) -> None:
        self.over.emit()
        self.deleteLater()
