# SPDX-License-Identifier: GPL-2.0-or-later
"""Every gesture in words: for buttons, tooltips, help and the page of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.PyQt.QtGui import QKeySequence

from ocsge_common.translation import tr


@dataclass(frozen=True)
class GestureWords:
    """Words of one gesture.

    Attributes:
        label: translated, short: on its button and in the page of keys.
        tip: translated, one sentence: what it does and how.
    """

    label: str
    tip: str


DRAWN = ("merge", "split", "reshape", "insert", "absorb", "align", "road", "segment")
"""Gestures on the borders, in the order of their buttons."""


def gesture_words() -> dict[str, GestureWords]:
    """All gestures by name, in the order in which they are shown."""
    return {**_deciding(), **_drawing(), **_moving()}


def _deciding() -> dict[str, GestureWords]:
    return {
        "accept": GestureWords(tr("Accept and next"), tr("Accept the proposal and go to the next item")),
        "runner_up": GestureWords(tr("2nd choice"), tr("Take the second choice of the model")),
        "use": GestureWords(tr("Use"), tr("Choose a use instead of a cover: its key follows")),
        "search": GestureWords(tr("Search a code"), tr("Find a cover or a use by a word or a code")),
        "alike": GestureWords(
            tr("Select alike"),
            tr("Select the items in view with the same proposal: one key then decides them all"),
        ),
        "comment": GestureWords(tr("Comment"), tr("Comment, postpone or ask the controller")),
        "undo": GestureWords(tr("Undo"), tr("Take the last gesture back, over sessions")),
        "redo": GestureWords(tr("Redo"), tr("Do the gesture taken back last again")),
    }


def _drawing() -> dict[str, GestureWords]:
    return {
        "merge": GestureWords(tr("Merge"), tr("Merge into the neighbour that you click")),
        "split": GestureWords(
            tr("Split"), tr("Split by a line: drag it, or click its vertices and right-click")
        ),
        "reshape": GestureWords(
            tr("Reshape"), tr("Move shared borders: draw the new border from border to border")
        ),
        "insert": GestureWords(
            tr("Insert"), tr("Draw a new polygon: what lies underneath is cut, its code comes from the keys")
        ),
        "absorb": GestureWords(tr("Absorb"), tr("Give the polygon to the neighbour that suits it best")),
        "align": GestureWords(
            tr("Align"),
            tr("Click a line of a reference layer: nearby borders move onto it; Ctrl + wheel: reach"),
        ),
        "road": GestureWords(tr("Road"), tr("Draw the axis of a road; Ctrl + wheel: its width")),
        "segment": GestureWords(
            tr("Segment"),
            tr("Click a segment of the prediction or of the image to cut it out; Ctrl + wheel: size"),
        ),
        "finer": GestureWords(tr("Finer"), tr("Finer segments, a narrower road, a shorter reach")),
        "coarser": GestureWords(tr("Coarser"), tr("Coarser segments, a wider road, a longer reach")),
        "cancel": GestureWords(tr("Give up"), tr("Give up the gesture begun, or the selection")),
    }


def _moving() -> dict[str, GestureWords]:
    return {
        "next": GestureWords(tr("Next"), tr("Next item")),
        "previous": GestureWords(tr("Previous"), tr("Previous item")),
        "next_todo": GestureWords(tr("Next undone"), tr("Next item that nobody has decided")),
        "colours": GestureWords(tr("Colours"), tr("Colour polygons by cover or by use")),
        "hide": GestureWords(tr("Hide"), tr("Hide or show the colours over the image")),
        "references": GestureWords(tr("References"), tr("Show or hide the reference vectors")),
        "neighbour_codes": GestureWords(
            tr("Codes around"), tr("Show or hide the codes of the neighbours on the map")
        ),
        "other_date": GestureWords(tr("Other date"), tr("Show the image of the other date beside the map")),
        "infrared": GestureWords(tr("Infrared"), tr("Show the infrared image")),
        "height": GestureWords(tr("Height"), tr("Show the shaded heights")),
        "prediction": GestureWords(tr("Prediction"), tr("Show the prediction of the model")),
        "swipe": GestureWords(tr("Swipe"), tr("Sweep between two images in the map")),
    }


def spoken_key(key: str) -> str:
    """A key as it is written on the keyboard."""
    names = {
        "Space": tr("Space"),
        "Ctrl+Right": "Ctrl+→",
        "Ctrl+Shift+Z": tr("Ctrl+Shift+Z"),
        "Esc": tr("Esc"),
        "-": "−",
    }
    return names.get(key) or QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def tooltip(name: str, keys: Mapping[str, str]) -> str:
    """What a gesture does, and its key."""
    key = keys.get(name, "")
    tip = gesture_words()[name].tip
    return f"{tip}  [{spoken_key(key)}]" if key else tip
