# SPDX-License-Identifier: GPL-2.0-or-later
"""A remote backend: address, token, and other credentials of QGIS."""

from __future__ import annotations

from urllib.parse import urlsplit

from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ..backend.token_store import save_token
from ..backend.transport import LOOPBACK
from ..errors import TokenNotKeptError
from ..settings import BackendSettings
from ..slots import guarded
from ..translation import tr, user_language


class RemoteBox(QWidget):
    """Edits the remote part of the settings.

    Signals:
        saved(): a token was saved; its entry is chosen.
        address_changed(): the address was edited.

    Args:
        settings: to begin with.
    """

    saved = pyqtSignal()
    address_changed = pyqtSignal()

    def __init__(self, settings: BackendSettings) -> None:
        super().__init__()
        self.url = QLineEdit(settings.url)
        self.url.setPlaceholderText("https://")
        self.url.setToolTip(tr("Address of the backend, as given by who runs it."))
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setToolTip(tr("The token given by who runs the backend; shown to nobody once saved."))
        self.save_token = QPushButton(tr("Save the token"))
        self.save_token.setEnabled(False)
        self.authcfg = QgsAuthConfigSelect()
        self.authcfg.setConfigId(settings.authcfg)
        self.warning = QLabel()
        self.warning.setWordWrap(True)
        self.warning.setStyleSheet("color: #b3261e")
        self._lay_out()
        self.url.textChanged.connect(self._on_edited)
        self.token.textChanged.connect(self._on_edited)
        self.save_token.clicked.connect(self._on_save)
        self._on_edited()

    def _lay_out(self) -> None:
        token = QHBoxLayout()
        token.addWidget(self.token)
        token.addWidget(self.save_token)
        note = QLabel(
            tr(
                "The token goes, encrypted, into QGIS's authentication database. QGIS asks for the master "
                "password of that database once a session, unless the system's wallet keeps it."
            )
        )
        note.setWordWrap(True)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("Address"), self.url)
        form.addRow(tr("Token"), token)
        form.addRow(note)
        form.addRow(tr("Credentials"), self.authcfg)
        form.addRow(self.warning)

    @property
    def address(self) -> str:
        """The address, without spaces and trailing slash."""
        return self.url.text().strip().rstrip("/")

    @guarded
    def _on_edited(self) -> None:
        parts = urlsplit(self.address)
        is_open = parts.scheme == "http" and parts.hostname not in LOOPBACK
        self.warning.setText(
            tr("With http:// the token and the data travel in clear: prefer https://.") if is_open else ""
        )
        self.warning.setVisible(is_open)
        self.save_token.setEnabled(bool(self.address and self.token.text().strip()))
        if self.sender() is self.url:
            self.address_changed.emit()

    @guarded
    def _on_save(self) -> None:
        try:
            entry = save_token(self.address, self.token.text().strip(), self.authcfg.configId())
        except TokenNotKeptError as error:
            self.warning.setText(error.text(user_language()))
            self.warning.setVisible(True)
            return
        self.token.clear()
        self.authcfg.setConfigId(entry)
        self.saved.emit()
