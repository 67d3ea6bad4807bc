# SPDX-License-Identifier: GPL-2.0-or-later
"""An interpreter who knows the truth and works the real plugin by keys and mouse; every act is counted twice.

Once as it is done here, once as QGIS alone would need it. A gesture is a key, a click, or a line drawn.
"""

import math
import sys
from itertools import pairwise
from pathlib import Path

from judge import TOUCHES_M, inner_line, outline
from plain_qgis import VERTEX_PX, PlainQgis
from qgis.core import QgsGeometry
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from stage import LEFT, PLAIN, RIGHT

sys.path.append(str(Path(__file__).resolve().parents[1] / "annotator"))
from klm import Tally

PANEL_PX, BUTTON_PX = 700, 26
MOST_GESTURES = 30


class Interpreter:
    """Decides item after item.

    Args:
        stage: the window.
        judge: the truth.
    """

    def __init__(self, stage, judge):
        self.stage, self.judge = stage, judge
        self.ours, self.plain, self.prepared = Tally(), Tally(), Tally()
        self._others = (
            PlainQgis(self.plain, is_prepared=False),
            PlainQgis(self.prepared, is_prepared=True),
        )
        self.gestures = self.refused = 0
        self._mouse = QPoint(0, 0)

    @property
    def review(self):
        return self.stage.review

    def decide(self):
        """Decide the item in front; what was done."""
        row, verdict = self.review.row(), None
        if not row.is_locked and row.attributes.get("margin_of") is None:
            verdict = self.judge.verdict(row)
        self._also("next_item")
        is_right = verdict is None or (row.cs, row.us) == (verdict.cs, verdict.us)
        if is_right and (verdict is None or verdict.wrong is None):
            self.accept()
            return "accept"
        kind = self._mend(row, verdict.wrong) if verdict.wrong is not None else None
        if kind == "split":
            return kind
        if is_right:
            self.accept()
            return kind or "left"
        self._recode(self.review.row(), verdict.cs, verdict.us)
        return kind or "codes"

    def accept(self):
        self.command(Qt.Key.Key_Space)
        self._also("mark_done")

    def _also(self, act, *arguments):
        """The same with QGIS alone."""
        for other in self._others:
            getattr(other, act)(*arguments)

    # Codes

    def _recode(self, row, cs, us):
        """Cover, use or both; after the first the plugin goes on unless the couple is unlikely."""
        item_id = self.review.item_id
        changed = [new for old, new in ((row.cs, cs), (row.us, us)) if old != new]
        self._also("set_codes", changed, self._size_px(row))
        self._also("mark_done")
        if row.cs != cs:
            self.choose(cs)
            if row.us == us:
                self._leave(item_id)
                return
            if self.review.item_id != item_id:
                self.command(Qt.Key.Key_A)
        self._give_use(us)
        self._leave(item_id)

    def _give_use(self, us):
        """By its own key where it is among the most probable, else from the list of all."""
        direct = next((key for key, code in self.stage.palette.direct.items() if code == us), None)
        if direct is not None:
            self.command(Qt.Key(ord(direct[-1])), Qt.KeyboardModifier.AltModifier)
            return
        if self.stage.palette.dimension != "us":
            self.command(Qt.Key.Key_U)
        self.choose(us)

    def _leave(self, item_id):
        """Go on where the plugin still asks whether the couple is right."""
        if self.review.item_id == item_id:
            self.command(Qt.Key.Key_Space)

    def choose(self, code):
        """Give a code by its key, else by its button."""
        key = next((key for key, known in self.stage.palette.codes.items() if known == code), None)
        if key is not None:
            self.command(Qt.Key(ord(key)))
            return
        self.ours.think()
        self.ours.point(PANEL_PX, BUTTON_PX)
        self.gestures += 1
        QTest.mouseClick(self.stage.plugin.panel.palette_grid.buttons[code], LEFT, PLAIN)
        self.stage.settle(20)

    # Borders

    def _mend(self, row, wrong):
        """Give a wrong part its border; the name of the gesture, None where it was refused."""
        shape = _geometry(row)
        tolerance_m = max(1.0, 2 * self.stage.canvas.mapUnitsPerPixel())
        line = inner_line(wrong.shape, shape, tolerance_m)
        if line is None:
            return self._insert(wrong, outline(wrong.shape, tolerance_m), row)
        if self._has_twin(row, wrong) and self._draw(Qt.Key.Key_B, line):
            self._also("reshape", self._sides_px(line))
            return "reshape"
        if not self._draw(Qt.Key.Key_S, line):
            return None
        self._also("split", self._sides_px(line))
        spot = wrong.shape.pointOnSurface().asPoint()
        self._click((spot.x(), spot.y()))
        part = self.review.row()
        if part.id == row.id:
            return "split"
        self._recode(part, wrong.cs, wrong.us)
        return "split"

    def _has_twin(self, row, wrong):
        """Whether a neighbour that already has the part's codes touches it."""
        for other in self.review.around(row):
            if other.is_locked or (other.cs, other.us) != (wrong.cs, wrong.us):
                continue
            common = _geometry(other).buffer(0.3, 4).intersection(QgsGeometry(wrong.shape))
            if common.length() > 2 * TOUCHES_M:
                return True
        return False

    def _insert(self, wrong, ring, row):
        before = self._last()
        self.command(Qt.Key.Key_I)
        self.choose(wrong.cs)
        asks_use = row.us != wrong.us
        if asks_use:
            self._give_use(wrong.us)
        self._vertices(ring)
        if self._last() == before and not self._insist(ring[-1], before):
            return None
        codes = [wrong.cs, wrong.us] if asks_use else [wrong.cs]
        self._also("insert", self._sides_px([*ring, ring[0]]), codes)
        return "insert"

    def _draw(self, key, line):
        """A line by clicks; False where the plugin refused it."""
        before = self._last()
        self.command(key)
        self._vertices(line)
        return self._last() != before or self._insist(line[-1], before)

    def _insist(self, point, before):
        """Finish again what was refused for a minimum area; False where it stays refused."""
        self.gestures += 1
        self.ours.think()
        self._point(point, VERTEX_PX)
        self.stage.click(point, RIGHT)
        self.stage.settle(20)
        if self._last() == before:
            self._give_up()
            return False
        return True

    def _vertices(self, points):
        self.gestures += 1
        for point in points:
            self._point(point, VERTEX_PX)
            self.stage.move(point)
            self.stage.click(point)
        self.ours.point(0, VERTEX_PX)
        self.stage.click(points[-1], RIGHT)
        self.stage.settle(20)

    def _give_up(self):
        self.refused += 1
        self.press(Qt.Key.Key_Escape)

    # Hands

    def command(self, key, modifiers=PLAIN):
        """A key that needs a thought first."""
        self.ours.think()
        self.press(key, modifiers)

    def press(self, key, modifiers=PLAIN):
        self.stage.key(key, modifiers)
        self.ours.key()
        self.gestures += 1
        self.stage.settle(20)

    def _click(self, point):
        self.gestures += 1
        self.ours.think()
        self._point(point, VERTEX_PX)
        self.stage.click(point)
        self.stage.settle(20)

    def _point(self, point, target_px):
        there = self.stage.at(point)
        gone, self._mouse = there - self._mouse, there
        self.ours.point(math.hypot(gone.x(), gone.y()), target_px)

    def _sides_px(self, points):
        pixels = [self.stage.at(point) for point in points]
        return [math.hypot((b - a).x(), (b - a).y()) for a, b in pairwise(pixels)]

    def _size_px(self, row):
        box = _geometry(row).boundingBox()
        return max(6.0, min(box.width(), box.height()) / self.stage.canvas.mapUnitsPerPixel())

    def _last(self):
        done = self.review.store.last_done()
        return None if done is None else done.gesture_id


def _geometry(row):
    geometry = QgsGeometry()
    geometry.fromWkb(row.wkb)
    return geometry
