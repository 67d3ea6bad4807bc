# SPDX-License-Identifier: GPL-2.0-or-later
"""Every gesture that has a key and a button, with its default key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.PyQt.QtGui import QKeySequence

from ocsge_common.translation import tr


@dataclass(frozen=True)
class Gesture:
    """One gesture.

    Attributes:
        name: in code and settings.
        key: as `QKeySequence` writes it.
        label: translated, short.
        hint: translated, for the tooltip.
    """

    name: str
    key: str
    label: str
    hint: str


def gestures(changes: Mapping[str, str]) -> dict[str, Gesture]:
    """All gestures by name, with the user's keys.

    Args:
        changes: key by gesture name, where it is not the default.
    """
    rows = [
        ("brush", "B", tr("Brush"), tr("Paint the class where you drag. Ctrl + wheel: size")),
        ("eraser", "E", tr("Eraser"), tr("Take labels away where you drag")),
        ("polygon", "P", tr("Polygon"), tr("Click the corners, right click or Return to close")),
        ("fill", "F", tr("Fill"), tr("Give the class to the connected area under the mouse")),
        ("undo", "Ctrl+Z", tr("Undo"), tr("Take the last gesture back")),
        ("redo", "Ctrl+Shift+Z", tr("Redo"), tr("Do the gesture again")),
        ("labels", "Tab", tr("Labels"), tr("Show or hide the labels")),
        ("hole", "N", tr("Next hole"), tr("Go to the next area without label")),
        ("view", "Home", tr("Whole patch"), tr("Fit the view to the patch")),
        ("previous", "A", tr("Previous"), tr("Previous patch of the queue")),
        ("next", "D", tr("Next"), tr("Next patch of the queue")),
        ("next_open", "Ctrl+Right", tr("Next undone"), tr("Next patch that is still to be done")),
        ("submit", "Ctrl+Return", tr("Submit"), tr("Hand the patch in and take the next undone one")),
    ]
    return {name: Gesture(name, changes.get(name) or key, label, hint) for name, key, label, hint in rows}


def tooltip(gesture: Gesture) -> str:
    """Hint with the key."""
    return f"{gesture.hint} ({shown_key(gesture)})"


def shown_key(gesture: Gesture) -> str:
    """Key as the user's keyboard names it."""
    return QKeySequence(gesture.key).toString(QKeySequence.SequenceFormat.NativeText)
