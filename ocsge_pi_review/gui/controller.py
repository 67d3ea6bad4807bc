# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lot is open: opening, saving in time, closing, and what QGIS does to the project meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from ocsge_common.messages import MessageLog
from ocsge_common.settings import SettingsStore
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.open_lot import OpenLot, open_lot
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.gui.lot_view import LotView
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.texts import operation_text


class ReviewController(QObject):
    """Opens one lot at a time and keeps it safe.

    Args:
        panel: the dock's content.
        canvas: the map.
        project: where layers go.
        store: the operator's settings.
        messages: where to speak.
        ask_path: lets the user choose a lot; empty text for none.
    """

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        project: QgsProject,
        store: SettingsStore[ReviewSettings],
        messages: MessageLog,
        ask_path: Callable[[], str],
    ) -> None:
        super().__init__(panel)
        self.messages = messages
        self._panel, self._canvas, self._project, self._store = panel, canvas, project, store
        self._ask_path = ask_path
        self.lot: OpenLot | None = None
        self.view: LotView | None = None
        self._autosave = QTimer(self)
        self._autosave.timeout.connect(self.save)
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
        """Open a lot in place of the present one.

        Raises:
            LotError, ProfileError: it cannot be opened; nothing is open then.
            SaveError: the present one cannot be saved; it stays open.
        """
        self._close()
        settings = self._store.load()
        self.lot = open_lot(path, settings.operator_name, _describe, self._project)
        self.lot.journal.journalled.connect(self._on_journalled)
        self.lot.journal.foreign_edit_refused.connect(self._on_foreign_edit)
        if not self._canvas.mapSettings().destinationCrs().isValid() or len(self._project.mapLayers()) == 3:
            self._project.setCrs(self.lot.layers.occupation.crs())
        self.view = LotView(self._panel, self._canvas, self.lot, settings, self.messages, self)
        self.view.start()
        self._autosave.start(1000 * max(settings.autosave_s, 1))
        if self.lot.replayed:
            text = tr("{} gestures of an interrupted session were found in the journal and applied.")
            self.messages.success(text.format(self.lot.replayed))

    @guarded
    def save(self) -> None:
        """Write the layer to disk."""
        if self.lot is not None:
            self.lot.journal.save()

    @guarded
    def close(self) -> None:
        """Save and close; nothing happens without a lot, and one that cannot be saved stays open."""
        self._close()

    def _close(self) -> None:
        if self.lot is None:
            return
        self.lot.journal.save()
        self._leave_view()
        lot, self.lot = self.lot, None
        if not lot.close(self._project):
            self.messages.info(
                tr("{} is still in use; copy it together with its -wal file.").format(lot.path.name)
            )

    def remove(self) -> None:
        """Close for good, saved or not; safe to call again."""
        self.close()
        if self.lot is not None:
            self._leave_view()
            lot, self.lot = self.lot, None
            lot.abandon(self._project)
        for signal, slot in self._project_links:
            signal.disconnect(slot)
        self._project_links.clear()

    @guarded
    def reload_settings(self) -> None:
        """Open the lot again with changed settings."""
        if self.lot is not None:
            self.open(self.lot.path)

    def _leave_view(self) -> None:
        self._autosave.stop()
        if self.view is not None:
            self.view.close()
            self.view.deleteLater()
            self.view = None
        self._panel.lot_label.setText(tr("No lot is open"))

    @guarded
    def _on_journalled(self, _gesture: Gesture) -> None:
        if self.lot is not None and self.lot.journal.unsaved >= self._store.load().autosave_gestures:
            # After the gesture's own slots, which still look at the edit buffer.
            QTimer.singleShot(0, self.save)

    @guarded
    def _on_foreign_edit(self) -> None:
        self.messages.warning(
            tr(
                "An edit made with another tool was taken back: it would not be in the journal and could "
                "break the coverage. Use the gestures of the review panel."
            )
        )

    @guarded
    def _on_layers_leave(self, layer_ids: list[str]) -> None:
        if self.lot is not None and self.lot.layers.occupation.id() in layer_ids:
            self._leave_view()
            lot, self.lot = self.lot, None
            try:
                lot.journal.save()
            finally:
                lot.release()


def _describe(gesture: Gesture) -> str:
    return operation_text(gesture.operation)
