# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): a lot is received, decided with every gesture, and delivered.

Environment: OCSGE_STORY_LOT (a GeoPackage, or SCHEMA of the saved connection « atelier »), OCSGE_STORY_OUT
(folder of report and pictures), OCSGE_STORY_HERE (folder of this file), OCSGE_STORY_DECIDE (number of items),
OCSGE_STORY_GESTURES (1: every gesture first), OCSGE_STORY_PICTURES (1: photograph), OCSGE_STORY_START (a
file: go on once it is there, so that several people begin together).
"""

import json
import math
import os
import sys
import time
import traceback
from itertools import pairwise
from pathlib import Path

from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QDockWidget
from qgis.utils import iface, plugins

OUT = Path(os.environ["OCSGE_STORY_OUT"])
sys.path.append(str(Path(os.environ["OCSGE_STORY_HERE"]).parent))
KEY = Qt.Key
LONGEST_S = 900
MOST_TRIES = 60
"""Items that are tried for one gesture before the story gives up."""


class RefusedError(Exception):
    """A gesture does not fit the polygon in front; the next one is tried."""


class Story:
    """One person at one window."""

    def __init__(self):
        from hands import CTRL, LEFT, RIGHT, SHIFT, Hands, geometry, inner

        self.CTRL, self.LEFT, self.RIGHT, self.SHIFT = CTRL, LEFT, RIGHT, SHIFT
        self.geometry, self.inner = geometry, inner
        self.plugin = plugins["ocsge_pi_review"]
        self.canvas = iface.mapCanvas()
        self.hands = Hands(self.canvas)
        self.pictures = os.environ.get("OCSGE_STORY_PICTURES") == "1"
        self.made: dict[str, int] = {}
        self.times_ms: list[float] = []

    @property
    def review(self):
        return self.plugin.controller.lot.review

    @property
    def bench(self):
        return self.plugin.controller.view.bench

    @property
    def row(self):
        return self.review.row()

    # The window

    def open(self):
        window = iface.mainWindow()
        window.showMaximized()
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers", "OcsgeReviewDock"):
                dock.hide()
        self.plugin._action.trigger()
        lot = os.environ["OCSGE_STORY_LOT"]
        if lot.endswith(".gpkg"):
            self.plugin.controller.open(Path(lot))
        else:
            self.plugin.panel.setFocus()
            QTimer.singleShot(300, lambda: self.choose_shared(lot))
            self.plugin.shared.choose()
        self.settle(400)
        layers = window.findChild(QDockWidget, "Layers")
        window.resizeDocks([layers, self.plugin._dock], [300, 520], Qt.Orientation.Horizontal)
        self.settle(600)

    def choose_shared(self, schema):
        dialog = QApplication.activeModalWidget()
        table = dialog.table
        rows = [r for r in range(table.rowCount()) if table.item(r, table.columnCount() - 1).text() == schema]
        table.selectRow(rows[0])
        self.picture("choose-shared", dialog)
        QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Open), self.LEFT)

    def settle(self, milliseconds=30):
        self.canvas.waitWhileRendering()
        QTest.qWait(milliseconds)

    def picture(self, name, widget=None):
        if self.pictures:
            self.settle(500)
            target = widget or iface.mainWindow()
            assert target.grab().save(str(OUT / f"review-{name}.png"))

    # One gesture

    def seq(self):
        return self.review.store.last_seq()

    def operation_after(self, seq):
        rows = list(self.review.store.journal(seq))
        return [row.gesture.operation.value for row in rows if row.operator == self.review.store.operator]

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.canvas.setFocus()
        self.hands.press(key, modifiers)
        self.settle()

    def look_at(self, box, margin=1.6):
        box.scale(margin)
        self.canvas.setExtent(box)
        self.settle()

    def try_on_items(self, name, act, wanted=None):
        """Make a gesture on the first item where it fits; the others are accepted on the way."""
        for _ in range(MOST_TRIES):
            assert self.review.item is not None, f"no item left for {name}"
            if self.row.is_locked or self.row.attributes.get("margin_of") is not None:
                self.press(KEY.Key_Space)
                continue
            before = self.seq()
            try:
                act()
            except RefusedError:
                self.bench.cancel()
            done = self.operation_after(before)
            if done[:1] == [wanted or name]:
                self.made[name] = self.made.get(name, 0) + 1
                self.heal(before)
                return
            assert done == [], (name, done)
            self.press(KEY.Key_Escape)
            self.press(KEY.Key_Escape)
            self.press(KEY.Key_Space)
        raise AssertionError(f"{name} fitted none of {MOST_TRIES} items")

    def heal(self, before):
        """Let neighbours absorb what the gesture left under its minimum area, as the warning asks for."""
        for _ in range(4):
            small = self.small_after(before)
            if not small:
                return
            self.look_at(self.geometry(small[0]).boundingBox(), 3.0)
            self.hands.click(self.inner(small[0]))
            self.settle()
            self.need(self.review.polygon_id == small[0].id)
            self.press(KEY.Key_X)
            self.made["healed"] = self.made.get("healed", 0) + 1
        raise AssertionError("small polygons stay")

    def small_after(self, before):
        touched = {key for row in self.review.store.journal(before) for key in row.gesture.patch.ids}
        rows = self.review.store.rows(touched).values()
        return [
            row
            for row in rows
            if not row.is_locked
            and row.attributes.get("excuse") is None
            and self.geometry(row).area() < self.review.minimum_m2(row)
        ]

    def shape(self):
        return self.geometry(self.row)

    def need(self, holds):
        if not holds:
            raise RefusedError

    def draw(self, points, name):
        for point in points:
            self.hands.click(point)
        self.finish(points[-1], name)

    def finish(self, point, name):
        """End a drawing; what is refused for a minimum area is finished again, and healed later."""
        before = self.seq()
        self.hands.move(point)
        self.picture(name)
        self.hands.click(point, self.RIGHT)
        self.settle()
        if self.seq() == before:
            self.picture(f"{name}-refused")
            self.hands.click(point, self.RIGHT)
            self.settle()

    # The gestures

    def accept(self):
        self.press(KEY.Key_Space)

    def code(self):
        self.press(KEY.Key_2)

    def use(self):
        self.press(KEY.Key_U)
        self.picture("use")
        self.press(KEY.Key_2)

    def runner_up(self):
        self.need(self.row.attributes.get("runner_up_cs"))
        self.press(KEY.Key_R)

    def search(self):
        line = self.plugin.panel.palette_grid.search_line
        for word in ("prai", "feuillu"):
            self.press(KEY.Key_F)
            QTest.keyClicks(line, word)
            first = next(iter(self.plugin.panel.palette_grid.buttons), self.row.cs)
            if first != self.row.cs:
                break
            QTest.keyClick(line, KEY.Key_Escape)
        else:
            raise RefusedError
        self.picture("search")
        QTest.keyClick(line, KEY.Key_Return)
        self.settle()

    def neighbour(self):
        from ocsge_pi_review.domain.merge import common_border

        row = self.row
        around = [
            (common_border(row.polygon, other.polygon), other)
            for other in self.review.around(row)
            if not other.is_locked and other.attributes.get("margin_of") is None
        ]
        longest, other = max(around, key=lambda pair: pair[0], default=(0.0, None))
        self.need(longest > 5)
        return other

    def merge(self):
        other = self.neighbour()
        box = self.shape().boundingBox()
        box.combineExtentWith(self.geometry(other).boundingBox())
        self.need(max(box.width(), box.height()) < 700)
        self.look_at(box, 1.2)
        self.press(KEY.Key_M)
        point = self.inner(other)
        self.hands.move(point)
        self.picture("merge")
        self.hands.click(point)
        self.settle()

    def split(self):
        shape = self.shape()
        self.need(shape.area() > 6000)
        box, (_, y) = shape.boundingBox(), self.inner(self.row)
        self.look_at(shape.boundingBox(), 1.4)
        self.press(KEY.Key_S)
        middle = (box.center().x(), y + 3)
        self.draw([(box.xMinimum() - 4, y - 2), middle, (box.xMaximum() + 4, y + 2)], "split")

    def reshape(self):
        other = self.neighbour()
        shared = self.shape().intersection(self.geometry(other))
        lines = shared.mergeLines() if shared.isMultipart() else shared
        parts = lines.asMultiPolyline() if lines.isMultipart() else [lines.asPolyline()]
        parts = [part for part in parts if len(part) > 1]
        self.need(parts)
        part = max(parts, key=lambda points: QgsGeometry.fromPolylineXY(points).length())
        self.need(QgsGeometry.fromPolylineXY(part).length() > 25)
        first, last = part[0], part[-1]
        tip = self.inner(other)
        middle = ((first.x() + last.x()) / 2, (first.y() + last.y()) / 2)
        bulge = (middle[0] + 0.15 * (tip[0] - middle[0]), middle[1] + 0.15 * (tip[1] - middle[1]))
        self.look_at(shared.boundingBox(), 2.0)
        self.press(KEY.Key_B)
        self.draw([(first.x(), first.y()), bulge, (last.x(), last.y())], "reshape")

    def spot(self, radius_m):
        """A place of the polygon in front with room around."""
        centre, distance = self.shape().poleOfInaccessibility(1.0)
        self.need(distance > radius_m)
        point = centre.asPoint()
        self.look_at(self.shape().boundingBox(), 1.3)
        return point.x(), point.y()

    def insert(self):
        x, y = self.spot(32)
        self.press(KEY.Key_I)
        ring = [(x - 22, y - 18), (x + 24, y - 19), (x + 23, y + 20), (x - 20, y + 17)]
        for point in ring:
            self.hands.click(point)
        self.press(KEY.Key_3)
        self.finish(ring[-1], "insert")

    def road(self):
        x, y = self.spot(34)
        self.press(KEY.Key_W)
        self.hands.wheel(2)
        self.draw([(x - 30, y - 4), (x, y + 3), (x + 30, y + 1)], "road")

    def segment(self):
        self.look_at(self.shape().boundingBox(), 1.3)
        self.press(KEY.Key_G)
        for dx, dy in ((0, 0), (0.25, 0), (-0.25, 0), (0, 0.25), (0, -0.25)):
            box = self.shape().boundingBox()
            point = (box.center().x() + dx * box.width(), box.center().y() + dy * box.height())
            if not self.shape().contains(QgsPointXY(*point)):
                continue
            self.hands.move(point)
            if "m²" in self.bench.effects.label.text():
                before = self.seq()
                self.picture("segment")
                for _ in range(2):
                    self.hands.click(point)
                    self.settle()
                    if self.seq() > before:
                        return
        raise RefusedError

    def align(self):
        """A line measured on the ground, two metres beside the longest side that no skeleton holds."""
        other = self.neighbour()
        held = {(a, b) for ring in other.polygon for a, b in pairwise(ring)}
        sides = [(a, b) for ring in self.row.polygon for a, b in pairwise(ring) if (b, a) in held]
        self.need(sides)
        (ax, ay), (bx, by) = max(sides, key=lambda side: math.dist(*side))
        length = math.dist((ax, ay), (bx, by))
        self.need(length > 12)
        dx, dy = (bx - ax) / length, (by - ay) / length
        start = QgsPointXY(ax - 1.5 * dy - 5 * dx, ay + 1.5 * dx - 5 * dy)
        end = QgsPointXY(bx - 1.5 * dy + 5 * dx, by + 1.5 * dx + 5 * dy)
        layer = QgsVectorLayer(f"LineString?crs={self.review.store.crs.authid()}", "Levé", "memory")
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromPolylineXY([start, end]))
        layer.dataProvider().addFeature(feature)
        QgsProject.instance().addMapLayer(layer)
        try:
            self.look_at(feature.geometry().boundingBox().buffered(30), 1.2)
            self.press(KEY.Key_L)
            QTest.qWait(200)
            middle = ((start.x() + end.x()) / 2, (start.y() + end.y()) / 2)
            self.hands.move(middle)
            self.picture("align")
            self.hands.click(middle)
            self.settle()
        finally:
            QgsProject.instance().removeMapLayer(layer.id())

    def alike(self):
        self.press(KEY.Key_E)
        self.need(len(self.bench.tools.selection.ids) > 1)
        self.picture("alike")
        self.press(KEY.Key_Space)

    def box(self):
        shape = self.shape().boundingBox()
        self.look_at(shape, 2.5)
        x, y = self.inner(self.row)
        reach = 0.7 * max(shape.width(), shape.height())
        self.hands.drag([(x - reach, y - reach), (x, y), (x + reach, y + reach)], self.SHIFT)
        self.need(len(self.bench.tools.selection.ids) > 1)
        self.press(KEY.Key_Space)

    def ask(self):
        self.hands.send(KEY.Key_Question, "?")
        self.settle(100)
        dialog = self.plugin.controller.view.queue.comments.dialog
        dialog.editor.setPlainText("Serre ou hangar ?")
        QTest.mouseClick(dialog.draw_button, self.LEFT)
        x, y = self.inner(self.row)
        self.hands.drag([(x - 8, y - 5), (x, y + 6), (x + 8, y - 5), (x - 8, y - 5)])
        self.picture("comment")
        QTest.mouseClick(dialog.ask_button, self.LEFT)
        self.settle(100)

    def undo_and_redo(self):
        store = self.review.store
        before = self.seq()
        for _ in range(3):
            self.press(KEY.Key_Z, self.CTRL)
        for _ in range(3):
            self.press(KEY.Key_Z, self.CTRL | self.SHIFT)
        done = self.operation_after(before)
        assert done == ["undo"] * 3 + ["redo"] * 3, done
        assert store.last_done() is not None
        self.made["undo"], self.made["redo"] = 3, 3
        self.press(KEY.Key_Right, self.CTRL)

    def views(self):
        for key in (KEY.Key_K, KEY.Key_V, KEY.Key_N):
            self.press(key)
        self.settle(1500)
        self.picture("views")
        for key in (KEY.Key_K, KEY.Key_V, KEY.Key_N):
            self.press(key)

    def every_gesture(self):
        self.try_on_items("accept", self.accept)
        self.try_on_items("set_cover", self.code)
        self.try_on_items("set_use", self.use)
        self.try_on_items("runner_up", self.runner_up, "set_cover")
        self.try_on_items("search", self.search, "set_cover")
        for name in ("split", "reshape", "insert", "road", "merge", "align"):
            self.try_on_items(name, getattr(self, name))
            self.press(KEY.Key_Right, self.CTRL)
        self.try_on_items("absorb", lambda: self.press(KEY.Key_X))
        if any(row_of_prediction(self.review)):
            self.try_on_items("segment", self.segment)
        self.try_on_items("alike", self.alike, "accept")
        self.try_on_items("box", self.box, "accept")
        self.try_on_items("ask", self.ask)
        self.undo_and_redo()

    # The queue

    def decided_by_me(self):
        mine, store = set(), self.review.store
        for row in store.journal():
            if row.operator == store.operator:
                mine.update(
                    int(decision["item_id"])
                    for decision in row.gesture.items_after
                    if decision["state"] == "done"
                )
        return mine

    def decide(self, wanted):
        started = time.monotonic()
        while len(self.decided_by_me()) < wanted and self.review.item is not None:
            assert time.monotonic() - started < LONGEST_S
            item = self.review.item_id
            began = time.perf_counter()
            self.canvas.setFocus()
            self.hands.press(KEY.Key_2 if item % 9 == 0 and not self.row.is_locked else KEY.Key_Space)
            self.times_ms.append(1000 * (time.perf_counter() - began))
            if self.review.item_id == item:
                self.hands.press(KEY.Key_Right, self.CTRL)
            if self.review.item_id == item:
                break
            QTest.qWait(5)

    def deliver(self):
        menu = self.plugin.states
        menu.fill()
        names = {action.objectName(): action for action in menu.menu.actions()}
        self.picture("deliver")
        names["lotState_delivered"].trigger()
        self.settle(300)
        assert self.review.store.metadata["state"] == "delivered"


def row_of_prediction(review):
    """Whether the lot brings a prediction."""
    layer = review.store.layer("imagery", "imagery")
    return [feature for feature in layer.getFeatures() if feature["role"] == "prediction"]


def tell():
    story = Story()
    report = {"ok": False}
    start = os.environ.get("OCSGE_STORY_START")
    try:
        story.open()
        (OUT / "ready").touch()
        while start and not Path(start).exists():
            QTest.qWait(20)
        story.picture("received")
        if os.environ.get("OCSGE_STORY_GESTURES") == "1":
            story.views()
            story.every_gesture()
        story.decide(int(os.environ["OCSGE_STORY_DECIDE"]))
        QTest.mouseMove(story.canvas.viewport(), QPoint(5, 5))
        story.picture("decided")
        report = {
            "decided": len(story.decided_by_me()),
            "gestures": story.made,
            "operator": story.review.store.operator,
            "next_ms": sorted(story.times_ms)[len(story.times_ms) // 2] if story.times_ms else None,
        }
        if not story.review.store.is_shared:
            story.deliver()
        story.plugin.controller.close()
        report["ok"] = True
    except BaseException:  # border: QGIS would swallow it
        report["error"] = traceback.format_exc()
        iface.mainWindow().grab().save(str(OUT / "error.png"))
    (OUT / "report.json").write_text(json.dumps(report), encoding="utf-8")
    sys.stdout.flush()
    # QGIS would ask about unsaved projects on the way out.
    os._exit(0 if report["ok"] else 1)


if __name__ == "__main__":
    QTimer.singleShot(1500, tell)
