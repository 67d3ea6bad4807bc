# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of the gestures and the keys they have until somebody changes them."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_KEYS = {
    "accept": "Space",
    "runner_up": "R",
    "use": "U",
    "search": "F",
    "merge": "M",
    "split": "S",
    "reshape": "B",
    "insert": "I",
    "absorb": "X",
    "align": "L",
    "road": "W",
    "segment": "G",
    "alike": "E",
    "finer": "-",
    "coarser": "+",
    "comment": "?",
    "next": "D",
    "previous": "A",
    "next_todo": "Ctrl+Right",
    "undo": "Ctrl+Z",
    "redo": "Ctrl+Shift+Z",
    "colours": "T",
    "hide": "H",
    "references": "V",
    "neighbour_codes": "N",
    "other_date": "O",
    "infrared": "K",
    "height": "Z",
    "prediction": "P",
    "swipe": "Shift+O",
    "cancel": "Esc",
}
ALWAYS = {"Return": "accept", "Enter": "accept", "Right": "next", "Left": "previous"}
"""Second keys of the most common gestures; a key given to another gesture is not taken from it."""


def bindings(chosen: Mapping[str, str]) -> dict[str, str]:
    """Key to gesture.

    Args:
        chosen: gesture to key, for those that were changed; an empty key leaves the default.
    """
    changed = changes(chosen)
    keys = {**DEFAULT_KEYS, **changed}
    taken = {key: gesture for gesture, key in keys.items()}
    # A key that somebody chose wins over the default of another gesture.
    taken |= {key: gesture for gesture, key in changed.items()}
    return {**{key: gesture for key, gesture in ALWAYS.items() if key not in taken}, **taken}


def changes(keys: Mapping[str, str]) -> dict[str, str]:
    """Those of the keys that differ from the default."""
    return {name: keys[name] for name in DEFAULT_KEYS if keys.get(name) and keys[name] != DEFAULT_KEYS[name]}


def doubles(keys: Mapping[str, str]) -> dict[str, list[str]]:
    """By key, the gestures that would share it."""
    by_key: dict[str, list[str]] = {}
    for name, key in keys.items():
        if key:
            by_key.setdefault(key, []).append(name)
    return {key: names for key, names in by_key.items() if len(names) > 1}
