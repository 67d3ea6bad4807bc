# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): a controller judges a control file blind, by keys alone.

Environment: OCSGE_STORY_CONTROL (a control file, answered by the run, or a lot, looked at alone),
OCSGE_STORY_TRUTH (JSON: by unit, the cover and use to answer), OCSGE_STORY_OUT (folder of report and
pictures), OCSGE_STORY_HERE (folder of this file), OCSGE_STORY_PICTURES (prefix of the pictures, empty for
none).
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QMessageBox
from qgis.utils import iface, plugins

OUT = Path(os.environ["OCSGE_STORY_OUT"])
sys.path.append(str(Path(os.environ["OCSGE_STORY_HERE"]).parent))
KEY = Qt.Key
FUNCTION_KEYS = {"F1": KEY.Key_F1, "F2": KEY.Key_F2, "F3": KEY.Key_F3, "F4": KEY.Key_F4}
FUNCTION_KEYS |= {"F6": KEY.Key_F6, "F7": KEY.Key_F7}


class BlindStory:
    """One controller at one window."""

    def __init__(self):
        from hands import Hands

        self.plugin = plugins["ocsge_pi_review"]
        self.canvas = iface.mapCanvas()
        self.hands = Hands(self.canvas)
        self.pictures = os.environ.get("OCSGE_STORY_PICTURES", "")
        self.truth = json.loads(Path(os.environ["OCSGE_STORY_TRUTH"]).read_text(encoding="utf-8"))
        self.presses = 0
        self.times_ms = []

    @property
    def door(self):
        return self.plugin.control

    @property
    def session(self):
        return self.door.control.session

    def open(self):
        window = iface.mainWindow()
        window.showMaximized()
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers", "OcsgeReviewDock"):
                dock.hide()
        self.plugin._action.trigger()
        self.plugin.controller.open(Path(os.environ["OCSGE_STORY_CONTROL"]))
        self.settle(400)
        layers = window.findChild(QDockWidget, "Layers")
        window.resizeDocks([layers, self.plugin._dock], [220, 520], Qt.Orientation.Horizontal)
        self.settle(600)

    def settle(self, milliseconds=30):
        self.canvas.waitWhileRendering()
        if self.door.view is not None:
            for view in self.door.view.views.views.values():
                view.canvas.waitWhileRendering()
        QTest.qWait(milliseconds)

    def picture(self, name):
        if self.pictures:
            self.settle(600)
            # Of the screen: a question is a window of its own.
            shot = QApplication.primaryScreen().grabWindow(0)
            assert shot.save(str(OUT / f"{self.pictures}-{name}.png"))

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.canvas.setFocus()
        self.presses += 1
        began = time.perf_counter()
        self.hands.press(key, modifiers)
        return 1000 * (time.perf_counter() - began)

    def answer(self):
        """Say what the truth says of the unit in front, by the fewest keys, and confirm."""
        self.say(*self.truth[str(self.session.unit.sample_id)])
        self.times_ms.append(self.press(KEY.Key_Space))

    def say(self, cover, use):
        """Give a cover and a use by the fewest keys; an empty code cannot be said."""
        said = self.door.view.said
        strip = self.door.panel.favourites
        offered = [offer and tuple(offer.couple) for offer in strip.offers]
        if (cover, use) in offered:
            name = strip.buttons[offered.index((cover, use))].objectName().removeprefix("favourite_")
            self.press(FUNCTION_KEYS[name])
        else:
            for dimension, code in (("cs", cover), ("us", use)):
                assert said.active == dimension
                keys = {known: key for key, known in said.codes[dimension].items()}
                self.press(getattr(KEY, f"Key_{keys[code]}" if code else "Key_N"))
        assert (self.session.judgement.cs, self.session.judgement.us) == (cover, use)

    def answer_all(self):
        while self.session.progress().left_ids:
            before = self.session.unit.sample_id
            self.answer()
            assert self.session.answer_of(before) is not None

    def tell_redo(self):
        """What the interpreter of a rejected lot finds in front."""
        self.open()
        item = self.plugin.controller.lot.review.item
        self.picture("redo")
        return {"state": item.state.value, "reasons": item.reasons, "answer": item.answer}

    def tell(self):
        self.open()
        assert self.session.unit == self.session.store.units[0]
        self.picture("unit")
        if self.pictures == "control":
            self.look_around()
        self.answer_all()
        self.picture("finished")
        QTimer.singleShot(300, self.agree)
        self.door.hand_back()
        QTest.qWait(800)
        assert self.door.control is None, "the file was handed back"
        return {
            "units": len(self.truth),
            "presses": self.presses,
            "confirm_ms": sorted(self.times_ms),
        }

    def look_around(self):
        """Every view and every remark, for the pictures."""
        self.press(KEY.Key_1)
        self.press(KEY.Key_9)
        self.press(KEY.Key_M)
        self.press(KEY.Key_Question)
        QTest.keyClicks(self.door.panel.comment_line, "Hangar absent au nord")
        QTest.keyClick(self.door.panel.comment_line, KEY.Key_Return)
        self.press(KEY.Key_X)
        box = self.session.outline(self.session.unit.sample_id).boundingBox()
        side = box.height() / 5
        x, y = box.center().x(), box.yMaximum() - side
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        self.hands.drag([(x + dx * side / 2, y + dy * side / 2) for dx, dy in corners])
        self.picture("omission")
        self.press(KEY.Key_Escape)
        self.press(KEY.Key_Space)
        for _ in range(12):
            self.answer()
        for key in (KEY.Key_O, KEY.Key_K, KEY.Key_Z):
            self.press(key)
            self.settle(300)
        self.picture("views")
        for key in (KEY.Key_O, KEY.Key_K, KEY.Key_Z):
            self.press(key)
        self.press(KEY.Key_F)
        QTest.keyClicks(self.door.panel.palettes["cs"].search_line, "prai")
        self.picture("search")
        QTest.keyClick(self.door.panel.palettes["cs"].search_line, KEY.Key_Escape)
        self.answer()

    def agree(self):
        self.picture("hand-back")
        box = self.door.question
        assert isinstance(box, QMessageBox)
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def run():
    try:
        story = BlindStory()
        is_control = os.environ["OCSGE_STORY_CONTROL"].endswith(".control.gpkg")
        report = story.tell() if is_control else story.tell_redo()
    except Exception:  # border: the reader of the report is another process
        report = {"error": traceback.format_exc()}
    (OUT / "report.json").write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)


if __name__ == "__main__":
    QTimer.singleShot(1500, run)
