# SPDX-License-Identifier: GPL-2.0-or-later
"""A click cuts out the segment of the prediction or of the image under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from qgis.core import QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.adapters.live_segments import LiveSegments
from ocsge_pi_review.adapters.segment_source import PredictionSource
from ocsge_pi_review.adapters.segments import Segment, SegmentGrid
from ocsge_pi_review.domain.errors import NoSegmentError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.permissions import require_free
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.domain.segment_mask import Mask
from ocsge_pi_review.map_tools.desk import ToolDesk
from ocsge_pi_review.map_tools.plan_tool import PlanTool


@dataclass(frozen=True)
class _Lit:
    """The segment under the mouse and where it holds."""

    grid: SegmentGrid
    within: str | None
    mask: Mask
    segment: Segment

    def holds(self, grid: SegmentGrid, within: str | None, point: Point) -> bool:
        """Whether a point is in the same segment."""
        at = grid.pixel(point)
        return grid is self.grid and within == self.within and at is not None and bool(self.mask[at])


class SegmentTool(PlanTool):
    """Lights up the segment under the mouse; a click gives it its own polygon.

    It stays within the polygon under the mouse; with Shift it takes all free ground and joins what it
    continues. Its cover is that of the prediction unless one is in hand, its use that of the polygon.

    Args:
        canvas: the map.
        desk: what it works with.
        prediction: of the lot, None where it has none.
        image: superpixels of what the map shows.
    """

    uses_codes = has_size = True

    def __init__(
        self,
        canvas: QgsMapCanvas,
        desk: ToolDesk,
        prediction: PredictionSource | None,
        image: LiveSegments,
    ) -> None:
        super().__init__(canvas, desk)
        self._prediction, self._image = prediction, image
        self.source = prediction or image
        self._lit: _Lit | None = None
        self._last: tuple[Point, bool] | None = None
        self._under = Codes("", "")
        image.changed.connect(self._on_segments)
        image.failed.connect(self._on_failed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def change_source(self) -> None:
        """From the prediction to the image and back, as far as there is one."""
        if self._prediction is not None:
            self.source = self._image if self.source is self._prediction else self._prediction
        self._lit = None
        self.sized.emit()
        self._on_segments()

    def codes(self) -> Codes:
        """What a click would give."""
        return self.desk.codes.over(self._under)

    def size_text(self) -> str:
        """Which segments, and how fine they are."""
        if self.source is self._prediction:
            return tr("of the prediction")
        return tr("of the image, size {} of {}").format(self._image.scale + 1, self._image.step_count)

    def step(self, steps: int) -> bool:
        """Coarser or finer, where the source has several sizes."""
        is_done = self.source.step(steps)
        if is_done:
            self.sized.emit()
        return is_done

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Light up the segment that a click would take."""
        self._last = self.lot_point(event), _is_free(event)
        self.think(partial(self._draft, *self._last))

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Take the segment clicked; the right button gives up."""
        if event.button() == Qt.MouseButton.RightButton:
            self.finished.emit()
            return
        self.make(partial(self._draft, self.lot_point(event), _is_free(event)))

    def give_up(self) -> None:
        """Put everything out."""
        self._lit = self._last = None
        super().give_up()

    def remove(self) -> None:
        """Leave nothing on the map; safe to call again."""
        for source in (self._image, self._prediction):
            if source is not None:
                source.stop()
        super().remove()

    def _draft(self, point: Point, everywhere: bool) -> Plan:
        row = self.review.store.row_at(point)
        if row is None:
            raise NoSegmentError(reason_en="no polygon lies there", reason_fr="aucun polygone n'y est")
        require_free(row)
        segment, grid = self._segment_at(point, row, None if everywhere else row)
        runner_up = str(row.attributes.get("runner_up_cs") or row.cs)
        self._see(Codes(grid.cover_of(segment.value) or runner_up, row.us))
        codes = self.codes()
        if segment.is_whole:
            return self.gestures.set_codes((row.id,), {"cs": codes.cs, "us": codes.us})
        return self.gestures.segment(segment.shape, codes, None if everywhere else row.id)

    def _see(self, codes: Codes) -> None:
        """Other codes are under the mouse: the palette shows them."""
        if codes != self._under:
            self._under = codes
            self.desk.codes.changed.emit()

    def _segment_at(
        self, point: Point, row: PolygonRow, within: PolygonRow | None
    ) -> tuple[Segment, SegmentGrid]:
        grid = self.source.grid(self._box(point, within))
        if grid is None:
            raise self._missing()
        name = None if within is None else within.id
        if self._lit is None or not self._lit.holds(grid, name, point):
            smallest_m2 = self.review.minimum_m2(row)
            found = grid.segment_at(point, None if within is None else within.polygon, smallest_m2)
            if found is None:
                raise NoSegmentError(reason_en="outside the image", reason_fr="hors de l'image")
            self._lit = _Lit(grid, name, found[1], found[0])
        return self._lit.segment, grid

    def _box(self, point: Point, within: PolygonRow | None) -> QgsRectangle:
        """What must be known of the pixels: the polygon, or what the map shows."""
        if within is not None:
            return geometry_of(within).boundingBox()
        extent = self.canvas().extent()
        corners = [self.to_lot(corner) for corner in _corners(extent)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return QgsRectangle(min(xs), min(ys), max(xs), max(ys))

    def _missing(self) -> NoSegmentError:
        if self.source is self._prediction:
            return NoSegmentError(
                reason_en="the prediction does not reach here", reason_fr="la prédiction ne va pas jusqu'ici"
            )
        if self._image.is_waiting:
            return NoSegmentError(
                reason_en="the backend is cutting the image up; wait a moment",
                reason_fr="le moteur découpe l'image ; patientez un instant",
            )
        return NoSegmentError(
            reason_en="show an image, and set up the backend, which cuts it up",
            reason_fr="affichez une image, et installez le moteur, qui la découpe",
        )

    @guarded
    def _on_segments(self) -> None:
        """Other segments: what is lit is out of date."""
        self._lit = None
        if self._last is not None and self.canvas().mapTool() is self:
            self.think(partial(self._draft, *self._last))

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        """Why the backend gives no segments: told once, not at each move of the mouse."""
        raise error


def _is_free(event: QgsMapMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _corners(extent: QgsRectangle) -> list[QgsPointXY]:
    xs, ys = (extent.xMinimum(), extent.xMaximum()), (extent.yMinimum(), extent.yMaximum())
    return [QgsPointXY(x, y) for x in xs for y in ys]
