# SPDX-License-Identifier: GPL-2.0-or-later
"""Which control file is open: opening, handing back, closing, and the panel that the dock shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import QMessageBox, QStackedWidget

from ocsge_common.messages import MessageLog
from ocsge_common.settings import SettingsStore
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.open_control import OpenControl, open_control
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.domain.control_keys import gesture_keys
from ocsge_pi_review.gui.control_help import control_help_html
from ocsge_pi_review.gui.control_panel import ControlPanel
from ocsge_pi_review.gui.control_view import ControlView
from ocsge_pi_review.gui.control_words import left_text
from ocsge_pi_review.gui.help_dialog import HelpDialog
from ocsge_pi_review.gui.panel import PanelPage
from ocsge_pi_review.gui.swatch import plain_tip


class ControlDoor(QObject):
    """Opens one control file at a time.

    Args:
        pages: the dock's content: the review's page, to which this adds its own.
        canvas: the map.
        project: where images go.
        store: the operator's settings.
        messages: where to speak.

    Attributes:
        panel: the blind panel.
        control: what is open, None without.
        view: what shows it.
        on_choose: lets the user choose another file.
    """

    def __init__(
        self,
        pages: QStackedWidget,
        canvas: QgsMapCanvas,
        project: QgsProject,
        store: SettingsStore[ReviewSettings],
        messages: MessageLog,
    ) -> None:
        super().__init__(pages)
        self.messages = messages
        self._pages, self._canvas, self._project, self._store = pages, canvas, project, store
        self.panel = ControlPanel()
        self._page = PanelPage(self.panel)
        pages.addWidget(self._page)
        self.control: OpenControl | None = None
        self.view: ControlView | None = None
        self.on_choose: Callable[[], object] | None = None
        self.panel.open_button.clicked.connect(self._choose)
        for text, slot in (
            (tr("Hand back the file…"), self.hand_back),
            (tr("Close the file"), self.close),
            (tr("Help"), self._show_help),
        ):
            self.panel.menu.addAction(text).triggered.connect(slot)
        self.question: QMessageBox | None = None

    def open(self, path: Path) -> None:
        """Open a control file; nothing else is open.

        Raises:
            ControlFileError, LotError, ProfileError: it cannot be opened; nothing is open then.
        """
        self.close()
        settings = self._store.load()
        is_alone = not self._project.mapLayers()
        self.control = control = open_control(path, settings.operator_name, self._project)
        if is_alone or not self._canvas.mapSettings().destinationCrs().isValid():
            self._project.setCrs(control.store.crs)
        self._pages.setCurrentWidget(self._page)
        self.view = ControlView(self.panel, self._canvas, control, settings, self.messages, self)
        self.view.start()
        for text in control.warnings:
            self.messages.warning(text)

    @guarded
    def close(self) -> None:
        """Close; nothing happens without a control file."""
        if self.control is None:
            return
        if self.question is not None:
            self.question.close()
        if self.view is not None:
            self.view.close()
            self.view.deleteLater()
            self.view = None
        control, self.control = self.control, None
        self._canvas.stopRendering()
        control.close(self._project)
        self._pages.setCurrentIndex(0)

    @guarded
    def hand_back(self) -> None:
        """Say what is left, and close the file so that it can be sent."""
        if self.control is None:
            return
        session = self.control.session
        left = left_text(session.progress(), session.unconfirmed)
        self.question = box = QMessageBox(self.panel)
        box.setWindowTitle(tr("Hand back the file"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(left)
        where = tr("The file is closed and holds every answer: send {} back.")
        box.setInformativeText(plain_tip(where.format(self.control.store.path.name)))
        box.setDetailedText(self.control.store.label)
        box.setStandardButtons(QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel)
        box.finished.connect(self._on_asked)
        box.open()

    @guarded
    def _on_asked(self) -> None:
        box, self.question = self.question, None
        if box is None:
            return
        is_meant = box.standardButton(box.clickedButton()) == QMessageBox.StandardButton.Ok
        box.deleteLater()
        if is_meant and self.control is not None:
            label = self.control.store.label
            self.close()
            self.messages.success(tr("Ready to be sent: {}").format(label))

    @guarded
    def _show_help(self) -> None:
        keys = gesture_keys(self._store.load().keys)
        HelpDialog(keys, self.panel, control_help_html(keys)).exec()

    @guarded
    def _choose(self) -> None:
        if self.on_choose is not None:
            self.on_choose()
