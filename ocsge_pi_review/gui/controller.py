# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lot is open: opening, closing, and what QGIS does to the project meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_common.messages import MessageLog
from ocsge_common.settings import SettingsStore
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.control_opening import is_control_file
from ocsge_pi_review.adapters.open_lot import OpenLot, open_lot
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.gui.control_door import ControlDoor
from ocsge_pi_review.gui.lot_view import LotView
from ocsge_pi_review.gui.panel import ReviewPanel


class ReviewController(QObject):
    """Opens one lot at a time and keeps it safe.

    Signals:
        lot_leaves(bool): the lot is about to close; True while the project removes its layers by itself.

    Args:
        panel: the dock's content.
        canvas: the map.
        project: where layers go.
        store: the operator's settings.
        messages: where to speak.
        ask_path: lets the user choose a lot; empty text for none.
        control: opens control files; a lot and a control file are never open together.
    """

    lot_leaves = pyqtSignal(bool)

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        project: QgsProject,
        store: SettingsStore[ReviewSettings],
        messages: MessageLog,
        ask_path: Callable[[], str],
        control: ControlDoor | None = None,
    ) -> None:
        super().__init__(panel)
        self.messages = messages
        self._panel, self._canvas, self._project, self._store = panel, canvas, project, store
        self._ask_path, self.control = ask_path, control
        if control is not None:
            control.on_choose = self.choose
        self.lot: OpenLot | None = None
        self.view: LotView | None = None
        panel.open_button.clicked.connect(self.choose)
        self._project_links = [
            (project.aboutToBeCleared, self.close),
            (project.layersWillBeRemoved, self._on_layers_leave),
        ]
        for signal, slot in self._project_links:
            signal.connect(slot)

    @guarded
    def choose(self) -> None:
        """Let the user choose a lot and open it."""
        path = self._ask_path()
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> None:
        """Open a lot or a control file in a GeoPackage in place of what is open.

        Raises:
            LotError, ProfileError: it cannot be opened; nothing is open then.
        """
        self._close()
        if self.control is not None and is_control_file(path):
            self.control.open(path)
            return
        self.show(open_lot(path, self._store.load().operator_name, self._project))

    def show(self, lot: OpenLot) -> None:
        """Put a lot that was opened, wherever it is kept, in place of the present one."""
        self._close()
        self.lot = lot
        if not self._canvas.mapSettings().destinationCrs().isValid() or self._is_alone(lot):
            self._project.setCrs(lot.layers.occupation.crs())
        self.view = LotView(self._panel, self._canvas, lot, self._store.load(), self.messages, self)
        self.view.start()
        for text in lot.warnings:
            self.messages.warning(text)

    def _is_alone(self, lot: OpenLot) -> bool:
        return len(self._project.mapLayers()) == len(lot.layers.from_store) + 1

    @guarded
    def close(self) -> None:
        """Close; nothing happens without a lot."""
        self._close()

    def _close(self) -> None:
        if self.control is not None:
            self.control.close()
        if self.lot is None:
            return
        self._leave_view()
        lot, self.lot = self.lot, None
        # A picture under way keeps the file open, and the file could not become one again.
        self._canvas.stopRendering()
        if not lot.close(self._project):
            self.messages.info(
                tr("{} is still in use; copy it together with its -wal file.").format(lot.store.label)
            )

    def remove(self) -> None:
        """Close for good; safe to call again."""
        self.close()
        for signal, slot in self._project_links:
            signal.disconnect(slot)
        self._project_links.clear()

    @guarded
    def reload_settings(self) -> None:
        """Open the lot again with changed settings."""
        if self.lot is not None and self.lot.path is not None:
            self.open(self.lot.path)

    def _leave_view(self, *, layers_are_leaving: bool = False) -> None:
        self.lot_leaves.emit(layers_are_leaving)
        if self.view is not None:
            self.view.close(layers_are_leaving=layers_are_leaving)
            self.view.deleteLater()
            self.view = None
        self._panel.lot_label.setText(tr("No lot is open"))

    @guarded
    def _on_layers_leave(self, layer_ids: list[str]) -> None:
        if self.lot is not None and self.lot.layers.occupation.id() in layer_ids:
            self._leave_view(layers_are_leaving=True)
            lot, self.lot = self.lot, None
            self._canvas.stopRendering()
            lot.release()
