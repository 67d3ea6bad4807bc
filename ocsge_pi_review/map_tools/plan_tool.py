# SPDX-License-Identifier: GPL-2.0-or-later
"""What tools that change the coverage share: a preview while the mouse moves, one writing at the end."""

from __future__ import annotations

import math
from collections.abc import Callable

from qgis.core import QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import QPoint, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QWheelEvent

from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.domain.errors import BelowMinimumError, ReviewError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.nearest import snapped
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.domain.wkb import ring_arrays
from ocsge_pi_review.map_tools.desk import Preview, ToolDesk
from ocsge_pi_review.map_tools.plan_bands import PlanBands

REACH_PX = 12
"""A border this near to the pointer attracts it, px of the screen."""
NOTCH = 120
"""What Qt counts for one notch of a wheel."""
THINK_MS = 30
"""A preview is made once the mouse rested that long, ms."""


class PlanTool(QgsMapTool):
    """Base of the tools.

    Signals:
        previewed(object): a `Preview`, or None.
        finished(): done or given up.
        sized(): `step` changed the size.
        made(object): a `Plan` was written; the tool is at rest already.

    Args:
        canvas: the map.
        desk: what it works with.
    """

    previewed = pyqtSignal(object)
    finished = pyqtSignal()
    sized = pyqtSignal()
    made = pyqtSignal(object)
    uses_codes = False
    """Whether the codes in hand say what is drawn."""
    has_size = False
    """Whether `step` changes a width, a reach or a fineness."""

    def __init__(self, canvas: QgsMapCanvas, desk: ToolDesk) -> None:
        super().__init__(canvas)
        self.desk, self.review, self.gestures = desk, desk.review, desk.gestures
        self.bands = PlanBands(canvas, self.review.store.crs, self.review.profile.nomenclature)
        self._thought: Callable[[], Plan] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(THINK_MS)
        self._timer.timeout.connect(self._think_now)
        self.setCursor(Qt.CursorShape.CrossCursor)

    # What a subclass gives

    def finish(self) -> bool:
        """Make what is drawn; False where nothing is."""
        return False

    def step(self, steps: int) -> bool:
        """Wheel or keys: wider, coarser (positive) or narrower, finer; False where that means nothing."""
        return False

    def codes(self) -> Codes:
        """Codes of what is drawn, where `uses_codes`."""
        raise NotImplementedError

    def size_text(self) -> str:
        """The size for people, where `has_size`."""
        return ""

    def give_up(self) -> None:
        """Forget what is drawn."""
        self.think(None)

    # What it may use

    def think(self, plan: Callable[[], Plan] | None) -> None:
        """Preview what a click would do; nothing for None."""
        self._thought = plan
        if plan is None:
            self._timer.stop()
            self._show(None)
        elif not self._timer.isActive():
            self._timer.start()

    def make(self, plan: Callable[[], Plan]) -> None:
        """Do it, then begin anew; what was refused for a minimum area stays drawn, to be finished again.

        Raises:
            ReviewError: it was refused; nothing is written.
        """
        is_kept = False
        try:
            made = plan()
            self.gestures.make(made)
        except BelowMinimumError:
            is_kept = True
            raise
        finally:
            if not is_kept:
                self.give_up()
        self.finished.emit()
        self.made.emit(made)

    def lot_point(self, event: QgsMapMouseEvent) -> Point:
        """Where an event is, in the lot's CRS."""
        return self.to_lot(event.mapPoint())

    def pixel_m(self, pos: QPoint) -> float:
        """Size of a pixel of the screen at a position, in units of the lot's CRS."""
        here = QgsPointXY(*self.to_lot(self.toMapCoordinates(pos)))
        beside = QgsPointXY(*self.to_lot(self.toMapCoordinates(pos + QPoint(1, 0))))
        return here.distance(beside)

    def snap(self, event: QgsMapMouseEvent) -> Point | None:
        """The border that attracts the pointer, None where none does or Alt holds it free."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        return self.near(self.lot_point(event), REACH_PX * self.pixel_m(event.pos()))

    def near(self, point: Point, reach_m: float) -> Point | None:
        """The border nearest to a point, None where none is within reach."""
        x, y = point
        box = QgsRectangle(x - reach_m, y - reach_m, x + reach_m, y + reach_m)
        rows = self.review.store.rows_in(box)
        return snapped(point, (ring for row in rows for ring in ring_arrays(row.wkb)), reach_m)

    def to_map(self, point: Point) -> QgsPointXY:
        """A point of the lot on the map."""
        way = self._way()
        return way.transform(QgsPointXY(*point), QgsCoordinateTransform.TransformDirection.ReverseTransform)

    def to_lot(self, point: QgsPointXY) -> Point:
        """A point of the map in the lot's CRS."""
        there = self._way().transform(point)
        return there.x(), there.y()

    # Qt

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the size; without it the map zooms as ever."""
        notches = event.angleDelta().y() / NOTCH
        wanted = self.has_size and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        steps = math.ceil(notches) if notches > 0 else math.floor(notches)
        event.setAccepted(bool(wanted and steps and self.step(steps)))

    def deactivate(self) -> None:
        """Forget what is drawn."""
        self.give_up()
        super().deactivate()

    def remove(self) -> None:
        """Leave nothing on the map; safe to call again."""
        self._timer.stop()
        self.bands.remove()

    def _way(self) -> QgsCoordinateTransform:
        """From the map to the lot."""
        crs = self.canvas().mapSettings().destinationCrs()
        return QgsCoordinateTransform(crs, self.review.store.crs, QgsProject.instance())

    @guarded
    def _think_now(self) -> None:
        if self._thought is None:
            return
        try:
            plan = self._thought()
            self._show(Preview(plan, self.gestures.effects(plan)))
        except ReviewError as error:
            self._show(Preview(refusal=error))

    def _show(self, preview: Preview | None) -> None:
        self.bands.show(preview)
        self.previewed.emit(preview)


def metres(length_m: float) -> str:
    """A length for people, in whole metres where it is one."""
    return tr("{} m").format(f"{length_m:g}")
