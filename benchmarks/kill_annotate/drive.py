# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): compares what it finds with the log, annotates until killed.

The folder of the log holds, for each patch, its labels after the last gesture that was known to be over
(`<patch>.npy`) and `log.jsonl`: which gesture began, which ended.
"""

import json
import os
import random
import sys
import traceback
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest

sys.path[:0] = [os.environ["OCSGE_KILL_STAGE"]]  # no packages for the Python of QGIS
FOLDER = Path(os.environ["OCSGE_KILL_FOLDER"])
CAMPAIGN = Path(os.environ["OCSGE_KILL_CAMPAIGN"])
ROUND = int(os.environ["OCSGE_KILL_ROUND"])
START_MS = 300
AUTOSAVE_S = 1
"""Often, so that some kills fall into saving."""
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
UNLABELLED = 255


def write(name, text):
    """Whole or not at all."""
    temporary = FOLDER / f"{name}.part"
    temporary.write_text(text)
    temporary.replace(FOLDER / name)


def log(**row):
    with (FOLDER / "log.jsonl").open("a") as file:
        file.write(json.dumps({"round": ROUND, **row}) + "\n")


def remember(session):
    """The labels of the patch in hand, after a gesture that is over."""
    name, editor = session.patch.patch_id, session.opened.editor
    temporary = FOLDER / f"{name}.part"
    with temporary.open("wb") as file:
        np.save(file, editor.labels)
    temporary.replace(FOLDER / f"{name}.npy")


def one_ahead(campaign, patch, labels):
    """The labels with the last record of the journal, which may have got there while the log did not."""
    from ocsge_annotator.domain.journal import Journal
    from ocsge_annotator.domain.pixels import Shape

    records = Journal(campaign.journal_file(patch), patch.patch_id, Shape(*labels.shape)).read()
    ahead = labels.copy()
    if records:
        records[-1].change.apply(ahead)
    return ahead


def known_labels(campaign, patch):
    """What the log says of a patch."""
    kept = FOLDER / f"{patch.patch_id}.npy"
    side = campaign.patch_size_px
    return np.load(kept) if kept.exists() else np.full((side, side), UNLABELLED, dtype=np.uint8)


def compare(session, ahead):
    """What became of each patch: the same, one gesture more, or something lost."""
    found = {}
    for index, patch in enumerate(session.patches):
        session.go_to(index)
        labels, known = session.opened.editor.labels, known_labels(session.campaign, patch)
        if np.array_equal(labels, known):
            found[patch.patch_id] = "same"
        elif np.array_equal(labels, ahead[patch.patch_id]):
            found[patch.patch_id] = "one more"
        else:
            found[patch.patch_id] = f"{int((labels != known).sum())} px differ"
        remember(session)
    return found


class Annotator:
    """Somebody who works without a plan but with every tool."""

    def __init__(self, stage, seed):
        self.stage, self.random = stage, random.Random(seed)
        self.side = stage.session.opened.editor.labels.shape[0]
        self.gestures = {
            "brush": lambda: self.drag(Qt.Key.Key_B),
            "eraser": lambda: self.drag(Qt.Key.Key_E),
            "polygon": lambda: self.corners(Qt.Key.Key_P),
            "building": lambda: self.corners(Qt.Key.Key_P, SHIFT),
            "line": lambda: self.corners(Qt.Key.Key_L, SHIFT),
            "fill": self.fill,
            "wand": lambda: self.drag(Qt.Key.Key_W, 4),
            "smooth": lambda: self.key(Qt.Key.Key_S, SHIFT),
            "gaps": lambda: self.key(Qt.Key.Key_H, SHIFT),
            "specks": lambda: self.key(Qt.Key.Key_D, SHIFT),
            "undo": lambda: self.key(Qt.Key.Key_Z, CONTROL),
            "redo": lambda: self.key(Qt.Key.Key_Z, CONTROL | SHIFT),
            "next": lambda: self.key(Qt.Key.Key_D),
            "previous": lambda: self.key(Qt.Key.Key_A),
            "submit": lambda: [self.key(Qt.Key.Key_Return, CONTROL) for _ in range(2)],
        }

    def act(self):
        """One gesture."""
        name = self.random.choice(["brush"] * 6 + ["undo"] * 2 + ["polygon"] * 2 + list(self.gestures))
        self.key(self.random.choice([Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_7]))
        log(begin=name, patch=self.stage.session.patch.patch_id)
        self.gestures[name]()
        remember(self.stage.session)  # at once: a save would hide the last gesture from the journal
        log(end=name, patch=self.stage.session.patch.patch_id)

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.stage.key(key, modifiers)

    def place(self):
        return self.random.uniform(2, self.side - 2), self.random.uniform(2, self.side - 2)

    def drag(self, key, moves=25):
        self.key(key)
        (x0, y0), (x1, y1) = self.place(), self.place()
        self.stage.press(x0, y0)
        for step in range(1, moves):
            t = step / moves
            self.stage.move(x0 + t * (x1 - x0), y0 + t * (y1 - y0), pressed=True)
            QgsApplication.processEvents()
        self.stage.release(x1, y1)

    def corners(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.key(key, modifiers)
        for _ in range(4):
            self.click()
        self.key(Qt.Key.Key_Return)

    def fill(self):
        self.key(Qt.Key.Key_F)
        self.click()

    def click(self):
        x, y = self.place()
        self.stage.move(x, y)
        self.stage.press(x, y)
        QgsApplication.processEvents()
        self.stage.release(x, y)


def work():
    from dataclasses import replace

    from stage import Stage

    stage = Stage()
    session = stage.session
    session.use_settings(replace(session.settings, autosave_s=AUTOSAVE_S))
    from ocsge_annotator.adapters.campaign_file import read_campaign

    campaign = read_campaign(CAMPAIGN)
    ahead = {p.patch_id: one_ahead(campaign, p, known_labels(campaign, p)) for p in campaign.patches}
    stage.plugin.controller.open_campaign(CAMPAIGN)
    recovered = session.opened.editor.recovered
    write(f"found_{ROUND}.json", json.dumps({"patches": compare(session, ahead), "recovered": recovered}))
    session.go_to(0)
    stage.settle(100)
    annotator = Annotator(stage, ROUND)
    write(f"ready_{ROUND}", str(os.getpid()))
    while not os.environ.get("OCSGE_KILL_ONLY_LOOK"):
        annotator.act()
        QTest.qWait(20)


def main():
    try:
        work()
    except BaseException:
        write(f"failed_{ROUND}", traceback.format_exc())
    sys.stdout.flush()
    os._exit(0)


QTimer.singleShot(START_MS, main)
