# SPDX-License-Identifier: GPL-2.0-or-later
"""Time of a person's gestures, from the literature.

Keystroke-level model of Card, Moran and Newell (1980): a key K of an average typist, a mental act M before
each command and none before its arguments (their rules 0 and 1). A class, a tool and to accept are commands;
vertices and segments are arguments; the key that closes an outline follows by itself. Mouse by the law of
Fitts, with what MacKenzie, Sellen and Buxton (1991) measured for pointing and for dragging with
a mouse. The left hand rests on the keys, the right one on the mouse: nothing is counted for changing between
them. A click's press and release are part of the law's time.
"""

import math
from dataclasses import dataclass, field

KEY_S = 0.28
MENTAL_S = 1.35
POINT_A_S, POINT_B_S = -0.107, 0.223
DRAG_A_S, DRAG_B_S = 0.135, 0.249
LEAST_S = 0.1
"""A move of no length still takes a press."""


@dataclass
class Tally:
    """What was done, and how long a person takes for it."""

    seconds: float = 0.0
    counts: dict = field(default_factory=dict)
    travel_px: float = 0.0

    def key(self):
        """One key, with or without modifier."""
        self._add("keys", KEY_S)

    def think(self):
        """What comes before a command."""
        self._add("commands", MENTAL_S)

    def point(self, distance_px, target_px):
        """Move to a target and press."""
        self._add("clicks", max(LEAST_S, POINT_A_S + POINT_B_S * _difficulty(distance_px, target_px)))
        self.travel_px += distance_px

    def drag(self, distance_px, target_px):
        """One straight piece with the button down."""
        self._add("drags", max(LEAST_S, DRAG_A_S + DRAG_B_S * _difficulty(distance_px, target_px)))
        self.travel_px += distance_px

    def _add(self, what, seconds):
        self.seconds += seconds
        self.counts[what] = self.counts.get(what, 0) + 1


def _difficulty(distance_px, target_px):
    """Index of difficulty, bits (Shannon's form)."""
    return math.log2(distance_px / max(target_px, 1.0) + 1.0)
