# SPDX-License-Identifier: GPL-2.0-or-later
"""Second look at all edits of the open lot: on the map and in a list, one taken back where it can be."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QModelIndex, QObject, QTimer

from inference_backend.contracts.lot import EDIT_JOURNAL, Reason
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.edits_style import ColourBy, colours, style_edits
from ocsge_pi_review.adapters.edits_undo import gesture_back
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.domain.journal import JournalRow
from ocsge_pi_review.gui.edits_bands import EditBands
from ocsge_pi_review.gui.edits_model import EditsModel
from ocsge_pi_review.gui.edits_panel import EditsPanel
from ocsge_pi_review.gui.texts import number_text, operation_text, reason_text
from ocsge_pi_review.map_tools.edit_pick_tool import EditPickTool

REST_MS = 250
"""Time without a gesture after which the list is read again, ms."""


class EditsDesk(QObject):
    """Looks at one lot's edits; `close` it before the lot.

    Args:
        panel: the widgets.
        canvas: the map.
        project: where the layer of edits goes.
        lot: the open lot.
        messages: where to speak.
    """

    def __init__(
        self,
        panel: EditsPanel,
        canvas: QgsMapCanvas,
        project: QgsProject,
        lot: OpenLot,
        messages: MessageLog,
    ) -> None:
        super().__init__(panel)
        self.messages = messages
        self._panel, self._canvas, self._project, self._lot = panel, canvas, project, lot
        self.layer: QgsVectorLayer = lot.store.layer(EDIT_JOURNAL.name, tr("Edits"))
        self.log = EditLog(lot.store.layer(EDIT_JOURNAL.name, EDIT_JOURNAL.name), self.layer)
        self.model = EditsModel(self.log, self)
        self.bands = EditBands(canvas, lot.store.crs, lot.profile.nomenclature)
        self.tool = EditPickTool(canvas, self._pick)
        self.row: JournalRow | None = None
        self._zooms = True
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(REST_MS)
        self._later.timeout.connect(self.refresh)
        self._project.addMapLayer(self.layer, False)
        lot.layers.group.insertLayer(0, self.layer)
        panel.list.setModel(self.model)
        panel.set_widths()
        self._links = [
            (panel.filter.changed, self.refresh),
            (panel.filter.colour_changed, self._colour),
            (panel.refresh.clicked, self.refresh),
            (panel.pick.toggled, self._set_picking),
            (panel.details.moments.buttonClicked, self._draw),
            (panel.details.take_back.clicked, self.take_back),
            (panel.list.selectionModel().currentRowChanged, self._on_row),
            (lot.review.performed, self._on_performed),
            (canvas.mapToolSet, self._on_tool),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.refresh()

    def close(self, *, layers_are_leaving: bool = False) -> None:
        """Leave map, panel and journal; safe to call again.

        Args:
            layers_are_leaving: whether the project is removing layers at this moment, perhaps ours too.
        """
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._later.stop()
        self.bands.clear()
        if self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)
        self._panel.list.setModel(None)
        self._panel.details.clear()
        if layers_are_leaving:
            QTimer.singleShot(0, self._remove_layer)
        else:
            self._remove_layer()
        self.log.close()
        self.row = None

    @guarded
    def refresh(self) -> None:
        """Read the journal again under the filter chosen."""
        if sip.isdeleted(self.layer):
            return
        self._panel.filter.show_people(self.log.operators())
        self.log.choose(self._panel.filter.wanted)
        self.model.reload()
        self._panel.count.setText(tr("{} edits").format(number_text(self.model.rowCount())))
        self._colour()
        self._show(None)

    def show_edit(self, seq: int, *, zoom: bool) -> None:
        """Put one edit in front; nothing happens where the filter leaves it out."""
        place = self.model.row_of(seq)
        if place is None:
            return
        self._zooms = zoom
        try:
            self._panel.list.selectRow(place)
        finally:
            self._zooms = True

    @guarded
    def take_back(self) -> None:
        """Take the edit in front back.

        Raises:
            EditTakenBackError, EditTouchedSinceError: it cannot be.
        """
        if self.row is None:
            return
        seq = self.row.seq
        self._lot.review.take_back(gesture_back(self._lot.store, self.log, seq))
        self.messages.success(tr("Edit {} is taken back. Redo makes it again.").format(seq))

    def _remove_layer(self) -> None:
        if not sip.isdeleted(self.layer):
            self._project.removeMapLayer(self.layer.id())

    @guarded
    def _on_row(self, current: QModelIndex) -> None:
        if current.isValid():
            self._show(self.log.row(self.model.seq(current.row())))
            if self._zooms and self.row is not None:
                self.bands.zoom(self.row)

    @guarded
    def _on_performed(self) -> None:
        # Once the hand rests: a long journal is not listed again at each of many gestures.
        self._later.start()

    @guarded
    def _colour(self) -> None:
        by = self._panel.filter.colour_by
        labels = self._labels(by)
        style_edits(self.layer, by, labels, tr("other"))
        self.model.set_colours(by, colours(labels))

    @guarded
    def _draw(self) -> None:
        if self.row is not None:
            self.bands.show(self.row, self._panel.details.moment)

    @guarded
    def _set_picking(self, is_on: bool) -> None:
        if is_on:
            self._canvas.setMapTool(self.tool)
        elif self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)

    @guarded
    def _on_tool(self) -> None:
        self._panel.pick.setChecked(self._canvas.mapTool() is self.tool)

    def _pick(self, point: QgsPointXY) -> None:
        """The newest edit under a point; the one below it where that is in front already."""
        source = self._canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(source, self._lot.store.crs, self._project)
        found = self.log.numbers_at(transform.transform(point))
        if not found:
            return
        here = found.index(self.row.seq) if self.row is not None and self.row.seq in found else -1
        self.show_edit(found[(here + 1) % len(found)], zoom=False)

    def _show(self, row: JournalRow | None) -> None:
        self.row = row
        if row is None:
            self.bands.clear()
            self._panel.details.clear()
            return
        self._panel.details.show_edit(row, self._lot.profile.nomenclature)
        self._draw()

    def _labels(self, by: ColourBy) -> dict[str, str]:
        if by is ColourBy.PERSON:
            return {name: name for name in self.log.operators()}
        if by is ColourBy.REASON:
            return {reason.value: reason_text(reason.value) for reason in Reason}
        return {operation.value: operation_text(operation) for operation in self.log.operations()}
