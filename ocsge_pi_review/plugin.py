# SPDX-License-Identifier: GPL-2.0-or-later
"""Wiring of the plugin: `initGui` builds and connects, `unload` undoes the same list backwards."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QTranslator
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QFileDialog, QStackedWidget

from ocsge_common.messages import MessageLog, use_log
from ocsge_common.slots import guarded
from ocsge_common.translation import install_translator, remove_translator, tr
from ocsge_pi_review.adapters.host import Host
from ocsge_pi_review.adapters.settings import review_settings
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS
from ocsge_pi_review.gui.conformity import ConformityCheck
from ocsge_pi_review.gui.control_door import ControlDoor
from ocsge_pi_review.gui.controller import ReviewController
from ocsge_pi_review.gui.edits_dock import EditsDock
from ocsge_pi_review.gui.help_dialog import HelpDialog
from ocsge_pi_review.gui.indicators_dock import IndicatorsDock
from ocsge_pi_review.gui.lot_state import LotStateMenu
from ocsge_pi_review.gui.options import options_factory
from ocsge_pi_review.gui.panel import ReviewPanel, scrolling
from ocsge_pi_review.gui.report_dialog import ReportDialog
from ocsge_pi_review.gui.shared_lot import SharedLotDoor
from ocsge_pi_review.gui.signalement_bench import SignalementBench
from ocsge_pi_review.gui.signalement_menu import SignalementMenu
from ocsge_pi_review.processing.provider import ReviewProvider

FOLDER = Path(__file__).resolve().parent
ICON = FOLDER / "resources" / "icons" / "plugin.svg"
PRODUCTION_ICON = FOLDER / "resources" / "icons" / "production.svg"


class ReviewPlugin:
    """What QGIS loads.

    Args:
        interface: QGIS's interface.
    """

    def __init__(self, interface: Any) -> None:
        self._iface = interface
        self._translator: QTranslator | None = None
        self._provider: ReviewProvider | None = None
        self._dock: QgsDockWidget | None = None
        self.controller: ReviewController | None = None

    def initProcessing(self) -> None:
        """Register the algorithms; QGIS calls this alone in `qgis_process`."""
        if self._translator is None:
            self._translator = install_translator(FOLDER)
        self._provider = ReviewProvider(ICON)
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Build everything."""
        self.initProcessing()
        self._store = review_settings()
        self._host = Host(self._iface, tr("OCS GE review"))
        self.messages = MessageLog(tr("OCS GE review"), self._host.message_bar)
        use_log(self.messages)
        self.panel = ReviewPanel()
        self._dock = QgsDockWidget(tr("OCS GE review"), self._host.window)
        self._dock.setObjectName("OcsgeReviewDock")
        pages = QStackedWidget()
        pages.addWidget(scrolling(self.panel))
        self._dock.setWidget(pages)
        self._host.add_dock(self._dock)
        self._dock.hide()
        self.control = ControlDoor(
            pages, self._host.canvas, QgsProject.instance(), self._store, self.messages
        )
        self.controller = ReviewController(
            self.panel,
            self._host.canvas,
            QgsProject.instance(),
            self._store,
            self.messages,
            self._ask_path,
            self.control,
        )
        self.shared = SharedLotDoor(
            self._host.canvas,
            QgsProject.instance(),
            self._store,
            self.messages,
            self.controller.close,
            self.controller.show,
            self.panel,
        )
        self.edits = EditsDock(self._host.window, self._host.canvas, self.messages)
        self._host.add_dock(self.edits.dock, below=True)
        self.edits.dock.hide()
        self.controller.lot_leaves.connect(self.edits.forget)
        self._check = ConformityCheck(self.messages, self._show_report, self.panel)
        self._fill_menu()
        self._action = self._toggle(ICON, "ocsgeReviewAction", self._dock)
        self.indicators = IndicatorsDock(self._host.window, self._store, self.messages)
        self._host.add_dock(self.indicators.dock)
        self.indicators.dock.hide()
        self._production_action = self._toggle(PRODUCTION_ICON, "ocsgeProductionAction", self.indicators.dock)
        self._options = options_factory(ICON, self._store, self.controller.reload_settings)
        self._host.add_options(self._options)

    def unload(self) -> None:
        """Undo everything, in reverse; safe to call again."""
        if self._dock is not None:
            self._host.remove_options(self._options)
            for action in (self._production_action, self._action):
                self._host.remove_action(action)
                action.deleteLater()
            self.indicators.stop()
            self._host.remove_dock(self.indicators.dock)
            self.indicators.dock.deleteLater()
            self._check.stop()
            self.controller.remove()
            self.controller = None
            self._host.remove_dock(self.edits.dock)
            self.edits.dock.deleteLater()
            self._host.remove_dock(self._dock)
            self._dock.deleteLater()
            self._dock = None
            use_log(None)
        remove_translator(self._translator)
        self._translator = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None

    def _toggle(self, icon: Path, name: str, dock: QgsDockWidget) -> QAction:
        """An action in toolbar and menu that shows and hides a dock."""
        action = QAction(QIcon(str(icon)), dock.windowTitle(), self._host.window)
        action.setObjectName(name)
        action.setCheckable(True)
        dock.setToggleVisibilityAction(action)
        self._host.add_action(action)
        return action

    def _fill_menu(self) -> None:
        menu = self.panel.menu
        for text, slot in (
            (tr("Open a lot of a database…"), self.shared.choose),
            (tr("Second look at the edits…"), self._show_edits),
            (tr("Check conformity…"), self._check_conformity),
            (tr("Close the lot"), self.controller.close),
            (tr("Help"), self._show_help),
        ):
            menu.addAction(text).triggered.connect(slot)
        self.states = LotStateMenu(menu, lambda: self.controller.lot, self.messages, self.panel)
        self.remarks = SignalementMenu(
            menu, lambda: self.controller.lot, self._find_remarks, self.messages, self.panel
        )

    def _find_remarks(self) -> SignalementBench | None:
        return None if self.controller.view is None else self.controller.view.remarks

    def _ask_path(self) -> str:
        settings = self._store.load()
        title, kinds = tr("Open a lot or a control file"), tr("Lots and control files (*.gpkg)")
        path, _ = QFileDialog.getOpenFileName(self._host.window, title, settings.last_folder, kinds)
        if path:
            self._store.save(dataclasses.replace(settings, last_folder=str(Path(path).parent)))
        return path

    @guarded
    def _check_conformity(self) -> None:
        if self.controller.lot is None or self.controller.lot.path is None:
            self.messages.info(tr("Open a lot in a GeoPackage first."))
            return
        self._check.check(self.controller.lot.path)

    @guarded
    def _show_edits(self) -> None:
        if self.controller.lot is None:
            self.messages.info(tr("Open a lot first."))
            return
        self.edits.show(self.controller.lot)

    def _show_report(self, results: dict[str, Any]) -> None:
        ReportDialog(results, self._host.window).exec()

    @guarded
    def _show_help(self) -> None:
        HelpDialog({**DEFAULT_KEYS, **self._store.load().keys}, self._host.window).exec()
