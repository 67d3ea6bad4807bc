# SPDX-License-Identifier: GPL-2.0-or-later
"""The way to the live service: the backend of the settings, started here where it is a local one."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QObject, QUrl, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkAccessManager, QNetworkProxy, QNetworkReply, QNetworkRequest

from inference_backend.contracts.live import NPZ_TYPE

from ..errors import BackendError, BackendNotFoundError, TokenNotKeptError
from ..settings import BackendSettings, backend_settings
from ..slots import guarded
from ..translation import user_language
from .client import BackendClient
from .files import sees_our_files
from .local import LocalBackend
from .token_store import kept_headers, unlock

TIMEOUT_MS = 120_000
Ready = Callable[[BackendClient], None]
Failed = Callable[[BackendError], None]


class LiveLink(QObject):
    """Reaches one backend.

    Signals:
        changed(bool): the backend answers, or does no more.

    Args:
        settings: which backend; those of the user where None.
        parent: owner.
    """

    changed = pyqtSignal(bool)

    def __init__(self, settings: BackendSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._local: LocalBackend | None = None
        self._client: BackendClient | None = None
        self._straight: QNetworkAccessManager | None = None
        self._waiting: list[tuple[Ready, Failed]] = []

    @property
    def is_ready(self) -> bool:
        """Whether the backend's address is known and it was up when last heard of."""
        return self._client is not None

    def use(self, ready: Ready, failed: Failed) -> None:
        """Call `ready` with the backend, at once where it is up; `failed` where there is none."""
        if self._client is not None:
            ready(self._client)
            return
        settings = self._settings or backend_settings().load()
        if settings.url:
            self._use_remote(settings, ready, failed)
            return
        self._waiting.append((ready, failed))
        if self._local is None or not self._local.is_running:
            self._start(settings)

    def request(
        self, client: BackendClient, method: str, path: str, body: bytes | None, kind: str = NPZ_TYPE
    ) -> QNetworkReply:
        """Send one request; the reply's `finished` follows.

        A local backend is reached without the proxies of QGIS, a remote one through its network manager.
        """
        request = QNetworkRequest(QUrl(client.url + path))
        headers = {"Content-Type": kind, "Accept": "*/*", "Accept-Language": user_language()}
        headers.update(kept_headers(client.authcfg))
        if client.token:
            headers["Authorization"] = f"Bearer {client.token}"
        for name, value in headers.items():
            request.setRawHeader(name.encode(), value.encode())
        request.setTransferTimeout(TIMEOUT_MS)
        if client.authcfg and "Authorization" not in headers:
            QgsApplication.authManager().updateNetworkRequest(request, client.authcfg)
        # Nothing of a patch is worth keeping in QGIS's cache on disk.
        request.setAttribute(QNetworkRequest.Attribute.CacheSaveControlAttribute, False)
        manager = self._manager(client)
        if method == "GET":
            return manager.get(request)
        content = QByteArray(body or b"")
        return manager.put(request, content) if method == "PUT" else manager.post(request, content)

    def lost(self) -> None:
        """Nobody answered: find the backend anew next time."""
        if self._client is not None:
            self._client = None
            self.changed.emit(False)

    def stop(self, *, wait: bool = False) -> None:
        """Let the backend that was started here end; a window does not wait for it."""
        local, self._local = self._local, None
        self._client = None
        self._waiting.clear()
        if local is not None:
            if wait:
                local.stop()
            else:
                local.stop_soon()
            local.deleteLater()

    def _use_remote(self, settings: BackendSettings, ready: Ready, failed: Failed) -> None:
        try:
            if settings.authcfg:
                unlock()
        except TokenNotKeptError as error:
            failed(error)
            return
        self._set(BackendClient(settings.url, authcfg=settings.authcfg))
        ready(self._client)

    def _start(self, settings: BackendSettings) -> None:
        if self._local is not None:
            self._local.deleteLater()
        self._local = LocalBackend(settings, self)
        self._local.ready.connect(self._on_ready)
        self._local.failed.connect(self._on_failed)
        try:
            self._local.start()
        except BackendNotFoundError as error:
            self._on_failed(error)

    @guarded
    def _on_ready(self, client: BackendClient) -> None:
        waiting, self._waiting = self._waiting, []
        self._set(client)
        for ready, _ in waiting:
            ready(client)

    @guarded
    def _on_failed(self, error: BackendError) -> None:
        waiting, self._waiting = self._waiting, []
        self.lost()
        for _, failed in waiting:
            failed(error)

    def _set(self, client: BackendClient) -> None:
        self._client = client
        self.changed.emit(True)

    def _manager(self, client: BackendClient) -> QNetworkAccessManager:
        if client.url.startswith("http://") and sees_our_files(client.url):
            if self._straight is None:
                self._straight = QNetworkAccessManager(self)
                self._straight.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
            return self._straight
        return QgsNetworkAccessManager.instance()
