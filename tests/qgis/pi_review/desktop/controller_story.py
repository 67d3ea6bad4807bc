# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): a controller looks for codes on the screen, then judges.

Environment: as `blind_story.py`, where OCSGE_STORY_TRUTH gives by unit `cs`, `us` (empty: cannot be said),
`kinds` and `comment`.
"""

import json
import os
import re
import sys
import traceback
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractItemView, QApplication, QWidget

sys.path.append(os.environ["OCSGE_STORY_HERE"])
from blind_story import KEY, OUT, BlindStory

CODE = re.compile(r"\b(?:CS|US)\d")
LOOKED_AT = 4
"""Units that are looked at before the first answer."""
KIND_KEYS = {"omission": KEY.Key_M, "geometry": KEY.Key_G, "threshold": KEY.Key_S}
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)


class ControllerStory(BlindStory):
    """Claire or Didier."""

    def tell(self):
        self.open()
        self.see_nothing()
        self.picture("blind")
        self.answer_all()
        self.picture("finished")
        QTimer.singleShot(300, self.agree)
        self.door.hand_back()
        QTest.qWait(800)
        assert self.door.control is None, "the file was handed back"
        return {"units": len(self.truth), "presses": self.presses, "seen_on_screen": self.seen}

    def answer(self):
        wanted = self.truth[str(self.session.unit.sample_id)]
        for kind in wanted["kinds"]:
            self.press(KIND_KEYS[kind])
        if wanted["comment"]:
            self.press(KEY.Key_Question)
            QTest.keyClicks(self.door.panel.comment_line, wanted["comment"])
            QTest.keyClick(self.door.panel.comment_line, KEY.Key_Return)
        self.say(wanted["cs"], wanted["us"])
        if wanted["comment"]:
            self.picture("remark")
        unit = self.session.unit.sample_id
        self.times_ms.append(self.press(KEY.Key_Space))
        said = self.session.answer_of(unit).judgement
        assert said.comment == wanted["comment"]
        assert sorted(kind.value for kind in said.kinds) == sorted(wanted["kinds"])

    # What the screen tells before the first answer

    def see_nothing(self):
        """No code but in the value lists, and those the same for every unit."""
        lists, self.seen = [], 0
        for _ in range(LOOKED_AT):
            self.settle(300)
            names = self.names_of_codes()
            for widget, text in self.texts():
                self.seen += 1
                assert not CODE.search(text), (widget.objectName(), text)
                assert text not in names, (widget.objectName(), text)
            lists.append(self.value_lists())
            self.press(KEY.Key_D)
        for _ in range(LOOKED_AT):
            self.press(KEY.Key_A)
        assert self.session.unit == self.session.store.units[0]
        assert all(found == lists[0] for found in lists), "value lists tell of the unit"
        assert not any(is_checked for _, _, is_checked, *_ in lists[0]), "a code is chosen already"
        for layer in QgsProject.instance().mapLayers().values():
            if isinstance(layer, QgsVectorLayer):
                told = [name for name in layer.fields().names() if name.startswith(("code_", "map_"))]
                assert not told, (layer.name(), told)

    def names_of_codes(self):
        nomenclature = self.session.profile.nomenclature
        leaves = [code for dimension in ("cs", "us") for code in nomenclature.leaves(dimension)]
        return {code.label() for code in leaves}

    def lists(self):
        panel = self.door.panel
        return [*panel.palettes.values(), panel.favourites]

    def value_lists(self):
        """Everything that the value lists show, in their order."""
        found = []
        for grid in self.lists():
            for widget in grid.findChildren(QWidget):
                is_checked = getattr(widget, "isChecked", bool)()
                marks = [str(widget.property(name)) for name in ("flagged", "first")]
                found += [(text, widget.toolTip(), is_checked, *marks) for text in texts_of(widget)]
        return found

    def texts(self):
        """Every text of every widget that can be seen, the value lists apart."""
        apart = {child for grid in self.lists() for child in [grid, *grid.findChildren(QWidget)]}
        for window in QApplication.topLevelWidgets():
            for widget in [window, *window.findChildren(QWidget)]:
                if widget.isVisible() and widget not in apart:
                    yield from ((widget, text) for text in [*texts_of(widget), widget.toolTip()] if text)


def texts_of(widget):
    """What a widget says, tables and trees included."""
    named = ("text", "toPlainText", "windowTitle", "placeholderText", "currentText")
    said = [getattr(widget, name)() for name in named if callable(getattr(widget, name, None))]
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        said += cells_of(widget.model(), widget.rootIndex())
    return [text for text in said if isinstance(text, str) and text]


def cells_of(model, parent, depth=0):
    """Texts of rows, and of rows below them."""
    found = []
    for row in range(min(model.rowCount(parent), 200)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            found += [str(model.data(index, role) or "") for role in ROLES]
            if column == 0 and depth < 4:
                found += cells_of(model, index, depth + 1)
    return found


def run():
    try:
        report = ControllerStory().tell()
    except BaseException:  # border: the reader of the report is another process
        report = {"error": traceback.format_exc()}
        QApplication.primaryScreen().grabWindow(0).save(str(OUT / "error.png"))
    Path(OUT / "report.json").write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)


if __name__ == "__main__":
    QTimer.singleShot(1500, run)
