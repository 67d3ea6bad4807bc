# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): opens the lot, reviews without a plan until killed.

The folder of the log receives `log.jsonl`: which gesture began, and which were confirmed, each as soon as the
store returned.
"""

import json
import os
import random
import sys
import traceback
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface, plugins

FOLDER = Path(os.environ["OCSGE_KILL_FOLDER"])
LOT = Path(os.environ["OCSGE_KILL_LOT"])
ROUND = int(os.environ["OCSGE_KILL_ROUND"])
START_MS = 500
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def write(name, text):
    """Whole or not at all."""
    temporary = FOLDER / f"{name}.part"
    temporary.write_text(text)
    temporary.replace(FOLDER / name)


def log(**row):
    with (FOLDER / "log.jsonl").open("a") as file:
        file.write(json.dumps({"round": ROUND, **row}) + "\n")


class Interpreter:
    """Somebody who works without a plan but with every gesture."""

    def __init__(self, review, seed):
        from ocsge_pi_review.adapters.review_gestures import ReviewGestures

        self.review, self.random = review, random.Random(seed)
        self.plans = ReviewGestures(review)
        self.gestures = {
            "accept": lambda: self.key(Qt.Key.Key_Space),
            "cover": lambda: self.key(self.random.choice([Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3])),
            "use": lambda: [self.key(key) for key in (Qt.Key.Key_U, Qt.Key.Key_2)],
            "runner up": lambda: self.key(Qt.Key.Key_R),
            "absorb": lambda: self.key(Qt.Key.Key_X),
            "merge": self.merge,
            "split": self.split,
            "reshape": self.reshape,
            "insert": self.insert,
            "road": self.road,
            "many": self.many,
            "postpone": lambda: review.postpone("à revoir", ask=self.random.random() < 0.5),
            "undo": lambda: self.key(Qt.Key.Key_Z, CONTROL),
            "redo": lambda: self.key(Qt.Key.Key_Z, CONTROL | SHIFT),
            "next": lambda: self.key(Qt.Key.Key_D),
            "previous": lambda: self.key(Qt.Key.Key_A),
        }
        review.performed.connect(self.confirm)

    def confirm(self, gesture):
        """Called once the store has returned: from now on this may not get lost."""
        log(confirmed=gesture.gesture_id, operation=gesture.operation.value, seq=self.review.store.last_seq())

    def act(self):
        """One gesture; one that is refused says why and writes nothing."""
        from inference_backend_errors import OcsgeError

        name = self.random.choice(["accept"] * 3 + ["split", "undo"] * 2 + list(self.gestures))
        log(begin=name)
        for _ in range(2):  # what goes under a minimum is refused once, then written
            try:
                self.gestures[name]()
                break
            except OcsgeError as error:
                log(refused=name, why=error.text("en"))
        log(end=name)

    def key(self, key, modifiers=NONE):
        iface.mapCanvas().setFocus()
        QTest.keyClick(iface.mapCanvas(), key, modifiers)
        QgsApplication.processEvents()

    def merge(self):
        around = [row for row in self.review.around(self.review.row()) if not row.is_locked]
        self.plans.make(self.plans.merge(self.random.choice(around).id))

    def split(self):
        self.plans.make(self.plans.split(self.line(1.3), 1.0))

    def reshape(self):
        self.plans.make(self.plans.reshape(self.line(0.9)))

    def insert(self):
        x, y = self.middle()
        size = self.random.uniform(2, 25)
        ring = [(x, y), (x + size, y + 1), (x + size - 1, y + size), (x + 1, y + size), (x, y)]
        self.plans.make(self.plans.insert(ring, self.codes()))

    def road(self):
        self.plans.make(self.plans.road(self.line(1.5), self.random.uniform(3, 8), self.codes()))

    def many(self):
        items = self.review.store.page(self.review.filter, self.random.randrange(300), 5)
        ids = [i.polygon_id for i in items if i.state.value == "todo"]
        if ids:
            self.plans.make(self.plans.set_codes(ids, {"cs": "CS1.2.3"}))

    def codes(self):
        from ocsge_pi_review.domain.gestures import Codes

        return Codes("CS1.1.1.1", "US5")

    def middle(self):
        box = self.box()
        return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2

    def box(self):
        xs, ys = zip(*self.review.row().polygon[0], strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def line(self, reach):
        xmin, ymin, xmax, ymax = self.box()
        x, y = self.middle()
        dx, dy = reach * (xmax - xmin) / 2 + 1, self.random.uniform(-1, 1) * (ymax - ymin) / 2
        return [(x - dx, y - dy), (x + dx, y + dy)]


def find_errors():
    """The plugin's own copy of the errors, under one name."""
    import importlib

    for name in (
        "ocsge_pi_review._vendor.inference_backend.contracts.errors",
        "inference_backend.contracts.errors",
    ):
        try:
            sys.modules["inference_backend_errors"] = importlib.import_module(name)
            return
        except ImportError:
            continue


def work():
    find_errors()
    plugin = plugins["ocsge_pi_review"]
    plugin.controller.open(LOT)
    plugin._dock.show()
    QTest.qWait(200)
    lot = plugin.controller.lot
    write(f"found_{ROUND}.json", json.dumps({"warnings": lot.warnings, "rows": lot.store.last_seq()}))
    interpreter = Interpreter(lot.review, ROUND)
    write(f"ready_{ROUND}", str(os.getpid()))
    while True:
        interpreter.act()
        QgsApplication.processEvents()


def main():
    try:
        work()
    except BaseException:
        write(f"failed_{ROUND}", traceback.format_exc())
    sys.stdout.flush()
    os._exit(0)


QTimer.singleShot(START_MS, main)
