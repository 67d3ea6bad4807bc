# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person may do next, what it gains and what it costs: what an experienced one sees at a glance."""

from dataclasses import dataclass

import numpy as np
from hand import VERTEX_PX, inner_point, outer_vertices, wrong_areas
from klm import KEY_S, MENTAL_S
from qgis.PyQt.QtCore import Qt

AREAS = 5
"""Wrong areas that are looked at: the largest."""
VERTEX_S = 0.45
POINT_S = 0.9
LEAST_GAIN_PX = 4
NEAR = 8
"""Segments that are looked at as the next of a drag."""
DRAG_GAIN = 0.15
"""Part of the first segment's gain that a further one must bring."""


@dataclass
class Outline:
    """Outline an area."""

    value: int
    mask: np.ndarray

    def do(self, hand):
        """Do it."""
        hand.outline(self.mask, self.value)


@dataclass
class Segments:
    """Click a segment, or drag over several."""

    value: int
    scale: int
    path: list
    reach_px: float

    def do(self, hand):
        """Do it."""
        segments = hand.machine.segments.segments
        hand.take("segment", Qt.Key.Key_S)
        while segments.scale != self.scale:
            hand.press(Qt.Key.Key_Minus if segments.scale > self.scale else Qt.Key.Key_Plus)
        hand.choose(self.value)
        target_px = hand.screen_px(self.reach_px)
        if len(self.path) > 1:
            hand.drag(self.path, target_px)
        else:
            hand.click(*self.path[0], target_px)


def best_action(hand, shown, *, outlines):
    """The action with the most pixels gained per second, among those on the largest wrong areas."""
    found = []
    for size, value, number, numbers in wrong_areas(shown, hand.truth)[:AREAS]:
        mask = numbers == number
        change_s = 0.0 if hand.session.value == value else MENTAL_S + KEY_S
        if outlines:
            seconds = change_s + (0 if hand.tool == "polygon" else MENTAL_S + KEY_S) + KEY_S
            seconds += VERTEX_S * len(outer_vertices(mask))
            found.append((size / seconds, len(found), Outline(value, mask)))
        back_s = 0 if hand.tool == "segment" else MENTAL_S + KEY_S
        for scale, ids in enumerate(hand.machine.segments.segments.stack):
            gain, action = on_segments(hand, shown, ids, scale, value, mask)
            if action is not None:
                steps = abs(scale - hand.machine.segments.segments.scale)
                seconds = change_s + back_s + KEY_S * steps + POINT_S * len(action.path)
                found.append((gain / seconds, len(found), action))
    if not found:
        _, value, number, numbers = wrong_areas(shown, hand.truth)[0]
        return Outline(value, numbers == number)
    return max(found)[2]


def on_segments(hand, shown, ids, scale, value, mask):
    """Gain, px, and action on the segment of one scale that gains most on an area, and on those beside it."""
    count = int(ids.max()) + 1
    flat = ids.ravel()
    better = np.bincount(flat, ((hand.truth == value) & (shown != value)).ravel(), count)
    worse = np.bincount(flat, ((hand.truth != value) & (shown == hand.truth)).ravel(), count)
    gains = better - worse
    here = np.unique(ids[mask])
    first = int(here[gains[here].argmax()])
    if gains[first] < LEAST_GAIN_PX:
        return 0.0, None
    allowed = {int(i) for i in np.flatnonzero(gains > 0)}
    # Segments of that class already: to drag over them changes nothing.
    allowed |= {int(i) for i in np.flatnonzero((gains == 0) & (worse == 0))}
    todo = {int(i) for i in here if gains[i] >= max(LEAST_GAIN_PX, DRAG_GAIN * gains[first])} - {first}
    path, reach = [place(ids, first)[:2]], place(ids, first)[2]
    taken = {first}
    while todo:
        x, y = path[-1]
        near = sorted(todo, key=lambda i: abs(place(ids, i)[0] - x) + abs(place(ids, i)[1] - y))[:NEAR]
        step = next((i for i in near if met(ids, path[-1], place(ids, i)) <= allowed), None)
        if step is None:
            break
        passed = met(ids, path[-1], place(ids, step))
        taken |= passed
        todo -= passed
        path.append(place(ids, step)[:2])
        reach = min(reach, place(ids, step)[2])
    return float(gains[list(taken)].sum()), Segments(value, scale, path, max(reach, VERTEX_PX / 4))


_PLACES = {}


def place(ids, number):
    """A point inside a segment, as far from its edge as it gets, and that distance: (x, y, px)."""
    key = ids.ctypes.data, number
    if key not in _PLACES:
        rows, cols = np.nonzero(ids == number)
        top, left = max(rows.min() - 1, 0), max(cols.min() - 1, 0)
        part = ids[top : rows.max() + 2, left : cols.max() + 2] == number
        x, y, reach = inner_point(part)
        _PLACES[key] = (x + left, y + top, reach)
    return _PLACES[key]


def forget_places():
    """Another patch comes: its segments may lie where those of the last one lay in the memory."""
    _PLACES.clear()


def met(ids, start, end):
    """Segments under a straight line."""
    steps = int(2 * max(abs(end[0] - start[0]), abs(end[1] - start[1]))) + 2
    x = np.linspace(start[0], end[0], steps)
    y = np.linspace(start[1], end[1], steps)
    return {int(i) for i in np.unique(ids[y.astype(int), x.astype(int)])}
