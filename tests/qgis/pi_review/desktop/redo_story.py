# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): a rejected lot is decided again, first what came back.

Environment: as `story.py`, and OCSGE_STORY_TRUTH (JSON: by polygon id, its cover and use).
"""

import json
import os
import sys
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

sys.path.append(os.environ["OCSGE_STORY_HERE"])
from story import KEY, OUT, Story

MOST_TIMES = 3
"""Times that one item may come up before the story gives up."""


class RedoStory(Story):
    """Anne, who sees what is on the ground."""

    def __init__(self):
        super().__init__()
        self.truth = json.loads(Path(os.environ["OCSGE_STORY_TRUTH"]).read_text(encoding="utf-8"))
        self.came_up = {}

    def tell(self):
        self.open()
        assert self.review.store.metadata["state"] == "rejected"
        self.read_the_card()
        sent_back, words = [], []
        while self.review.item is not None and self.review.item.state.value == "redo":
            sent_back.append(self.row.id)
            words.append(self.read_the_card())
            self.decide_by_truth()
        while self.review.item is not None and self.review.item.is_open:
            assert self.review.item.state.value != "redo", "items to redo come before all others"
            self.decide_by_truth()
        self.picture("redone")
        self.deliver()
        return {"sent_back": sent_back, "words": words, "items": len(self.came_up), "codes": self.made}

    def read_the_card(self):
        """The controller's words as the card shows them."""
        item, panel = self.review.item, self.plugin.panel
        assert item.state.value == "redo", "what came back is in front"
        assert item.reasons[0] == "control_error", item.reasons
        assert item.answer
        assert item.answer in panel.remark_label.text()
        assert panel.title_label.text().startswith("Contrôle"), panel.title_label.text()
        assert panel.remark_label.textFormat() == Qt.TextFormat.PlainText
        if "<b>" in item.answer:
            self.picture("redo")
        return item.answer

    def decide_by_truth(self):
        """Accept what is right; else give cover and use by keys, or let a neighbour take it."""
        item, row = self.review.item_id, self.row
        self.came_up[item] = self.came_up.get(item, 0) + 1
        assert self.came_up[item] <= MOST_TIMES, (item, row.id, row.cs, row.us)
        cover, use = self.truth.get(row.id, (row.cs, row.us))
        is_fixed = row.is_locked or row.attributes.get("margin_of") is not None
        if is_fixed or (row.cs, row.us) == (cover, use):
            self.press(KEY.Key_Space)
            return
        if self.is_too_small(row, cover):
            self.press(KEY.Key_X)
            self.made["absorbed"] = self.made.get("absorbed", 0) + 1
            assert row.id not in self.review.store.rows([row.id])
            return
        for dimension, is_wrong, code in (("cs", row.cs != cover, cover), ("us", row.us != use, use)):
            if is_wrong:
                self.come_back(item)
                self.choose(dimension, code)
        if self.review.item_id == item:
            self.press(KEY.Key_Space)
        assert self.review.store.row(row.id).attributes["code_cs"] == cover
        assert self.review.store.row(row.id).attributes["code_us"] == use
        self.made["coded"] = self.made.get("coded", 0) + 1

    def is_too_small(self, row, cover):
        """Whether a polygon is below the minimum area of what it really is: then a neighbour takes it."""
        from ocsge_pi_review.domain.patch import PolygonRow

        real = PolygonRow(row.id, {**row.attributes, "code_cs": cover}, row.wkb)
        is_excused = row.attributes.get("excuse") is not None
        return not is_excused and self.geometry(row).area() < self.review.minimum_m2(real)

    def come_back(self, item):
        """To an item that its first code sent to the done ones."""
        if self.review.item_id != item:
            self.press(KEY.Key_A)
        assert self.review.item_id == item

    def choose(self, dimension, code):
        """By its key, else by the search."""
        palette = self.bench.palette
        if palette.dimension != dimension:
            self.press(KEY.Key_U)
        keys = {known: key for key, known in palette.codes.items()}
        if code in keys:
            self.press(KEY(ord(keys[code])))
            return
        line = self.plugin.panel.palette_grid.search_line
        self.press(KEY.Key_F)
        QTest.keyClicks(line, code)
        QTest.keyClick(line, KEY.Key_Return)
        self.settle()

    def picture(self, name, widget=None):
        if self.pictures and name in ("redo", "redone"):
            self.settle(500)
            assert iface.mainWindow().grab().save(str(OUT / f"control-story-{name}.png"))


def run():
    try:
        report = RedoStory().tell()
    except BaseException:  # border: the reader of the report is another process
        report = {"error": traceback.format_exc()}
        iface.mainWindow().grab().save(str(OUT / "error.png"))
    (OUT / "report.json").write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)


if __name__ == "__main__":
    QTimer.singleShot(1500, run)
