# SPDX-License-Identifier: GPL-2.0-or-later
"""Every gesture that has a key and a button, with its default key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qgis.PyQt.QtGui import QKeySequence

from ocsge_common.translation import tr

TOOL = "tool"
"""Group of the gestures that take a tool in hand: the dock gives each a button among the tools."""


@dataclass(frozen=True)
class Gesture:
    """One gesture.

    Attributes:
        name: in code and settings; its button is called `<name>_button`, its icon `<name>.svg`.
        key: as `QKeySequence` writes it.
        label: translated, short.
        hint: translated, for the tooltip.
        group: `TOOL`, or empty.
    """

    name: str
    key: str
    label: str
    hint: str
    group: str = ""


Rows = Callable[[], Sequence[Gesture]]
"""Gives rows in the language now in force."""


class GestureTable:
    """The gestures of the annotator; whoever brings a tool adds the rows of its own."""

    def __init__(self) -> None:
        self._sources: list[Rows] = [own_gestures]

    def add(self, rows: Rows) -> None:
        """More gestures."""
        self._sources.append(rows)

    def load(self, changes: Mapping[str, str]) -> dict[str, Gesture]:
        """All gestures by name, with the user's keys.

        Args:
            changes: key by gesture name, where it is not the default.
        """
        rows = [row for source in self._sources for row in source()]
        return {
            row.name: Gesture(row.name, changes.get(row.name) or row.key, row.label, row.hint, row.group)
            for row in rows
        }


def own_gestures() -> list[Gesture]:
    """Gestures of the manual tools and of the queue."""
    return [
        Gesture("brush", "B", tr("Brush"), tr("Paint the class where you drag. Ctrl + wheel: size"), TOOL),
        Gesture("eraser", "E", tr("Eraser"), tr("Take labels away where you drag"), TOOL),
        Gesture("polygon", "P", tr("Polygon"), tr("Click the corners, right click or Return to close"), TOOL),
        Gesture(
            "building",
            "Shift+P",
            tr("Building"),
            tr("Corners with right angles: two edges make a rectangle, Shift sets a corner free"),
            TOOL,
        ),
        Gesture(
            "line", "Shift+L", tr("Road"), tr("Click along the middle of a road. Ctrl + wheel: width"), TOOL
        ),
        Gesture("fill", "F", tr("Fill"), tr("Give the class to the connected area under the mouse"), TOOL),
        Gesture(
            "wand",
            "W",
            tr("Magic wand"),
            tr("Area of one colour: press, drag right for more, left for less. Shift: the whole patch"),
            TOOL,
        ),
        Gesture("undo", "Ctrl+Z", tr("Undo"), tr("Take the last gesture back")),
        Gesture("redo", "Ctrl+Shift+Z", tr("Redo"), tr("Do the gesture again")),
        Gesture("swap", "Shift+B", tr("Previous class"), tr("Take the class used before this one")),
        Gesture("labels", "Tab", tr("Labels"), tr("Show or hide the labels")),
        Gesture("outlines", "Shift+O", tr("Outlines"), tr("Show the labels as outlines, or filled")),
        Gesture("keep", "Shift+K", tr("Unlabelled only"), tr("What has a class stays as it is")),
        Gesture("stay", "Shift+G", tr("This segment only"), tr("Paint only the segment where you begin")),
        Gesture("same", "Shift+C", tr("Same class only"), tr("Paint only over the class where you begin")),
        Gesture("over", "Shift+X", tr("Over one class"), tr("Paint only over the class under the mouse")),
        Gesture("smooth", "Shift+S", tr("Smooth"), tr("Smooth the borders of the classes")),
        Gesture("gaps", "Shift+H", tr("Close gaps"), tr("Fill small areas without label from around them")),
        Gesture("specks", "Shift+D", tr("Remove specks"), tr("Give small areas to what is around them")),
        Gesture("copy", "Shift+V", tr("Copy from a layer…"), tr("Take labels over from another layer")),
        Gesture("hole", "N", tr("Next hole"), tr("Go to the next area without label")),
        Gesture("view", "Home", tr("Whole patch"), tr("Fit the view to the patch")),
        Gesture("previous", "A", tr("Previous"), tr("Previous patch of the queue")),
        Gesture("next", "D", tr("Next"), tr("Next patch of the queue")),
        Gesture("next_open", "Ctrl+Right", tr("Next undone"), tr("Next patch that is still to be done")),
        Gesture("submit", "Ctrl+Return", tr("Submit"), tr("Hand the patch in and take the next undone one")),
    ]


def tooltip(gesture: Gesture) -> str:
    """Hint with the key."""
    return f"{gesture.hint} ({shown_key(gesture)})" if gesture.key else gesture.hint


def shown_key(gesture: Gesture) -> str:
    """Key as the user's keyboard names it."""
    return QKeySequence(gesture.key).toString(QKeySequence.SequenceFormat.NativeText)
