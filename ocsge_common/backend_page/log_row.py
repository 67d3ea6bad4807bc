# SPDX-License-Identifier: GPL-2.0-or-later
"""What to send to who helps: a report without secrets, copied with one button."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inference_backend.contracts.backend_home import read_current
from inference_backend.contracts.service import API_VERSION

from ..backend.setup_state import log_path
from ..slots import guarded
from ..translation import tr
from .status_light import Status

LOG_LINES = 200


def report(home: Path, status: Status, backend_lines: list[str]) -> str:
    """Versions, state and the end of the logs, as text; set-up logs hold no password.

    Args:
        home: of the environments.
        status: on show.
        backend_lines: last lines of the backend that was tried.
    """
    current = read_current(home)
    lines = [
        f"QGIS {Qgis.version()} · {platform.platform()} · Python {platform.python_version()}",
        f"interface {API_VERSION} · backend {current.version if current else '-'}"
        f" · {current.source if current else ''}",
        f"home {home}",
        f"{status.level.name}: {status.text} {status.detail}",
    ]
    try:
        written = log_path(home).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        written = []
    return "\n".join([*lines, "-- setup", *written[-LOG_LINES:], "-- backend", *backend_lines]) + "\n"


class LogRow(QWidget):
    """Two buttons.

    Args:
        home: of the environments.
        make_report: text to copy.
    """

    def __init__(self, home: Path, make_report: Callable[[], str]) -> None:
        super().__init__()
        self._home, self._make_report = home, make_report
        self.copy = QPushButton(tr("Copy the log"))
        self.copy.setToolTip(tr("Versions, state and last lines, without password, to send to who helps."))
        self.folder = QPushButton(tr("Open the log folder"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.copy, self.folder):
            row.addWidget(button)
        row.addStretch(1)
        self.copy.clicked.connect(self._on_copy)
        self.folder.clicked.connect(self._on_folder)

    @guarded
    def _on_copy(self) -> None:
        QgsApplication.clipboard().setText(self._make_report())

    @guarded
    def _on_folder(self) -> None:
        folder = log_path(self._home).parent
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
