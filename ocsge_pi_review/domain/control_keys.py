# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys of a control: those of the review where the gesture is the same, and codes that never change place.

In a review the likeliest code comes first. In a control that order would tell the delivered code, and a hand
that judges three hundred units a day finds a key that stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from inference_backend.contracts.control import ErrorKind
from inference_backend.contracts.nomenclature import Dimension, Nomenclature

SHARED = (
    "accept",
    "use",
    "search",
    "comment",
    "next",
    "previous",
    "next_todo",
    "undo",
    "redo",
    "hide",
    "references",
    "other_date",
    "infrared",
    "height",
    "swipe",
    "cancel",
)
"""Gestures that a control has in common with the review, under the keys that the operator chose."""
OWN_KEYS = {
    "cannot_say": "N",
    "broader": "Backspace",
    "omission": "M",
    "geometry": "G",
    "threshold": "S",
    "draw": "X",
}
KIND_OF_GESTURE = {kind.value: kind for kind in (ErrorKind.OMISSION, ErrorKind.GEOMETRY, ErrorKind.THRESHOLD)}
ALWAYS = {"Return": "accept", "Enter": "accept", "Right": "next", "Left": "previous"}
FAVOURITE_KEYS = ("F1", "F2", "F3", "F4", "F6", "F7")
"""F5 draws the map again in QGIS."""
CODE_KEYS = (*"1234567890", *"ERTY", *"BCIJLWQPKVZOHDAUFX")
"""Digits, then letters that lie side by side on French and English keyboards alike, then what is free."""


def gesture_keys(chosen: Mapping[str, str]) -> dict[str, str]:
    """Gesture to key.

    Args:
        chosen: the review's gestures with their keys.
    """
    shared = {name: chosen[name] for name in SHARED if chosen.get(name)}
    taken = set(shared.values())
    return {**shared, **{name: key for name, key in OWN_KEYS.items() if key not in taken}}


def key_bindings(keys: Mapping[str, str]) -> dict[str, str]:
    """Key to gesture, second keys included where they are free."""
    own = {key: name for name, key in keys.items()}
    return {**ALWAYS, **own}


def code_keys(nomenclature: Nomenclature, dimension: Dimension, taken: Collection[str]) -> dict[str, str]:
    """Key to leaf, in the official order: the same for every unit, every day.

    Args:
        nomenclature: the codes.
        dimension: cover or use.
        taken: keys of gestures.
    """
    free = [key for key in CODE_KEYS if key not in taken]
    return dict(zip(free, (code.code for code in nomenclature.leaves(dimension))))
