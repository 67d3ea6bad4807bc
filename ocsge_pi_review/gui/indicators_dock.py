# SPDX-License-Identifier: GPL-2.0-or-later
"""The dashboard of a production in QGIS: read from its last report, reckoned anew by the backend."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QObject, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog, QWidget

from inference_backend.contracts.indicators import PAGE_FILE
from ocsge_common.messages import MessageLog
from ocsge_common.settings import SettingsStore
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.production import (
    last_indicators,
    progress_layer,
    report_folder,
    show_on_map,
)
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.gui.backend_run import BackendRun, Job, RunTexts
from ocsge_pi_review.gui.indicators_panel import IndicatorsPanel
from ocsge_pi_review.gui.panel import scrolling

PROCESS = "report"


class IndicatorsDock(QObject):
    """One production at a time; its lots are read by the backend, never by QGIS.

    Args:
        window: parent of the dock.
        store: the user's settings, which remember the production.
        messages: where to speak.
        ask_file: lets the user choose a production file; empty text for none.
        open_page: shows a page; the browser by default.

    Attributes:
        dock: to be put into the window.
    """

    def __init__(
        self,
        window: QWidget,
        store: SettingsStore[ReviewSettings],
        messages: MessageLog,
        ask_file: Callable[[], str] | None = None,
        open_page: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(window)
        self.messages = messages
        self._store, self._open_page = store, open_page
        self._ask_file = ask_file or self._choose_file
        self._window = window
        self._layer_id: str | None = None
        self.production: Path | None = None
        self.panel = IndicatorsPanel()
        self.dock = QgsDockWidget(tr("OCS GE production"), window)
        self.dock.setObjectName("OcsgeIndicatorsDock")
        self.dock.setWidget(scrolling(self.panel))
        self.dock.opened.connect(self._on_opened)
        self.runner = BackendRun(
            messages,
            RunTexts(
                busy=tr("The figures are being reckoned already."),
                done=tr("The dashboard is up to date."),
                cancelled=tr("Stopped; the figures of last time stay."),
            ),
            self,
        )
        self.runner.succeeded.connect(self._on_made)
        self.runner.ended.connect(self._on_ended)
        for button, slot in (
            (self.panel.choose_button, self.choose),
            (self.panel.refresh_button, self.refresh),
            (self.panel.cancel_button, self.runner.cancel),
            (self.panel.map_button, self.show_map),
            (self.panel.page_button, self.show_page),
        ):
            button.clicked.connect(slot)
        self.panel.show_running(False)

    def show(self, production: Path) -> None:
        """Show the last figures of a production.

        Raises:
            IndicatorsError: they cannot be read; it can be reckoned anew all the same.
        """
        self.production = production
        self._store.save(dataclasses.replace(self._store.load(), last_production=str(production)))
        self.panel.show_nothing(production.name)
        found = last_indicators(production)
        if found is not None:
            self.panel.show_figures(found)

    @guarded
    def choose(self, _checked: bool = False) -> None:
        """Let the user choose a production."""
        path = self._ask_file()
        if path:
            self.show(Path(path))

    @guarded
    def refresh(self, _checked: bool = False) -> None:
        """Read the lots and reckon anew, in the backend."""
        if self.production is None:
            self.messages.info(tr("Choose a production file first."))
            return
        inputs = {
            "production": str(self.production),
            "output": str(report_folder(self.production)),
            "language": "fr" if user_language() == "fr" else "en",
        }
        self.runner.run(Job(tr("Dashboard of {}").format(self.production.name), PROCESS, inputs, {}))
        self.panel.show_running(self.runner.is_running)

    @guarded
    def show_map(self, _checked: bool = False) -> None:
        """Put the lots on the map."""
        layer = progress_layer(self.production) if self.production is not None else None
        if layer is None:
            self.messages.info(tr("There is no map of this production yet: press Refresh."))
            return
        show_on_map(layer, QgsProject.instance(), self._layer_id)
        self._layer_id = layer.id()

    @guarded
    def show_page(self, _checked: bool = False) -> None:
        """Open the whole page in the browser."""
        if self.production is not None:
            page = report_folder(self.production) / PAGE_FILE
            self._open_page(QUrl.fromLocalFile(str(page)))

    def stop(self) -> None:
        """End what is under way; safe to call again."""
        self.runner.stop()

    @guarded
    def _on_opened(self) -> None:
        last = self._store.load().last_production
        if self.production is None and last and Path(last).is_file():
            self.show(Path(last))

    @guarded
    def _on_made(self, results: dict[str, Any]) -> None:
        if self.production is not None:
            self.show(self.production)

    @guarded
    def _on_ended(self) -> None:
        self.panel.show_running(False)

    def _choose_file(self) -> str:
        start = str(self.production.parent) if self.production else self._store.load().last_folder
        kinds = tr("Production files (*.json)")
        return QFileDialog.getOpenFileName(self._window, tr("Choose a production"), start, kinds)[0]
