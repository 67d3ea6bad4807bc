# SPDX-License-Identifier: GPL-2.0-or-later
"""What the machine proposes, in its colours where nobody has decided yet, hatched where it is not sure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QImage, QPainter, QPolygonF, QTransform
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ocsge_annotator.adapters.machine import Machine
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.map_tools.patch_item import PatchItem, argb, image_of
from ocsge_common.slots import guarded

OPACITY = 0.38
"""Less than that of labels: what is proposed is not there yet."""
UNSURE = QColor(0, 0, 0, 200)
OPAQUE = np.uint32(0xFF000000)
Z_PROPOSAL = 55


class ProposalOverlay(PatchItem):
    """The proposal on the table.

    Args:
        canvas: the map.
        place: gives the place of the patch in hand, None without patch.
        machine: gives the proposal.
        is_shown: whether labels are shown at all.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        place: Callable[[], PatchPlace | None],
        machine: Machine,
        is_shown: Callable[[], bool],
    ) -> None:
        super().__init__(canvas, place)
        self._machine, self._is_shown = machine, is_shown
        self._colours: np.ndarray | None = None
        self._unsure: np.ndarray | None = None
        self._table: np.ndarray | None = None
        self.setZValue(Z_PROPOSAL)
        machine.proposals.changed.connect(self._on_proposal)
        machine.session.labels_changed.connect(self._on_labels)

    def remove(self) -> None:
        """Take the drawing off the canvas for good."""
        self._machine.proposals.changed.disconnect(self._on_proposal)
        self._machine.session.labels_changed.disconnect(self._on_labels)
        super().remove()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Draw; called by Qt."""
        transform = self.transform_to_canvas()
        if transform is None or not self._is_shown() or not self._prepare():
            return
        painter.save()
        painter.setTransform(transform, True)
        painter.drawImage(QPointF(0, 0), image_of(self._colours))
        painter.restore()
        self._hatch(painter, transform, self.boundingRect() if option is None else option.exposedRect)

    def _prepare(self) -> bool:
        """Make the two pictures, unless they are still good; whether there is anything to draw."""
        mask = self._machine.proposals.open_mask
        if mask is None:
            self._colours = None
        elif self._colours is None:
            self._table = np.array(
                [argb(*self._machine.rgb(value), OPACITY) for value in range(256)], dtype=np.uint32
            )
            self._colours, self._unsure = (np.zeros(mask.shape, dtype=np.uint32) for _ in range(2))
            self._draw(PixelWindow(0, 0, *mask.shape))
        return self._colours is not None

    def _draw(self, window: PixelWindow) -> None:
        desk, part = self._machine.proposals, window.slices
        mask = desk.open_mask[part]
        self._colours[part] = np.where(mask, self._table[desk.proposal.value[part]], np.uint32(0))
        unsure = mask & (desk.proposal.confidence[part] < desk.floor_value)
        self._unsure[part] = np.where(unsure, OPAQUE, np.uint32(0))

    def _hatch(self, painter: QPainter, transform: QTransform, exposed: QRectF) -> None:
        """Hatch the exposed part at the screen's scale, cut to the pixels that are not sure."""
        height, width = self._unsure.shape
        outline = transform.map(QPolygonF(QRectF(0, 0, width, height)))
        area = outline.boundingRect().intersected(exposed).toAlignedRect()
        if area.isEmpty():
            return
        layer = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        layer.fill(Qt.GlobalColor.transparent)
        inner = QPainter(layer)
        inner.translate(-area.topLeft())
        inner.fillRect(area, QBrush(UNSURE, Qt.BrushStyle.FDiagPattern))
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        inner.setTransform(transform, True)
        inner.drawImage(QPointF(0, 0), image_of(self._unsure))
        inner.end()
        painter.drawImage(area.topLeft(), layer)

    @guarded
    def _on_proposal(self) -> None:
        self._colours = None
        self.update()

    @guarded
    def _on_labels(self, window: PixelWindow) -> None:
        if self._colours is not None and self._machine.proposals.open_mask is not None:
            self._draw(window)
            self.update(self.canvas_rectangle(window))
