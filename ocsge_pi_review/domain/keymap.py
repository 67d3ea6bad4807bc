# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of the gestures and the keys they have until somebody changes them."""

from __future__ import annotations

DEFAULT_KEYS = {
    "accept": "Space",
    "runner_up": "R",
    "use": "U",
    "merge": "M",
    "split": "S",
    "comment": "?",
    "next": "D",
    "previous": "A",
    "next_todo": "Ctrl+Right",
    "undo": "Ctrl+Z",
    "redo": "Ctrl+Shift+Z",
    "colours": "T",
    "hide": "H",
    "cancel": "Esc",
}
ALWAYS = {"Return": "accept", "Enter": "accept", "Right": "next", "Left": "previous"}
"""Second keys of the most common gestures; a key given to another gesture is not taken from it."""


def bindings(chosen: dict[str, str]) -> dict[str, str]:
    """Key to gesture.

    Args:
        chosen: gesture to key, for those that were changed; an empty key leaves the default.
    """
    keys = {gesture: chosen.get(gesture) or key for gesture, key in DEFAULT_KEYS.items()}
    taken = {key: gesture for gesture, key in keys.items()}
    return {**{key: gesture for key, gesture in ALWAYS.items() if key not in taken}, **taken}
