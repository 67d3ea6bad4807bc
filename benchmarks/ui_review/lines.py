# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines that a hand would draw on a polygon: a cut across it, a new course of one side."""

import math
from itertools import pairwise

FAR = 0.12
"""How far beyond the polygon a cut starts and ends, as a share of its width."""
BULGE = 0.25
"""How far a side is moved, as a share of its length."""
LEAST_SIDE_M = 8.0


def cut_across(row):
    """Two points on either side of a polygon, through the middle of its box."""
    xs, ys = zip(*row.polygon[0], strict=True)
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if width > height:
        x = (min(xs) + max(xs)) / 2
        return [(x, min(ys) - FAR * height), (x + 0.03 * width, max(ys) + FAR * height)]
    y = (min(ys) + max(ys)) / 2
    return [(min(xs) - FAR * width, y), (max(xs) + FAR * width, y + 0.03 * height)]


def free_neighbour(review, row):
    """The neighbour with the longest common border that is not locked, and a point in it; None without."""
    from ocsge_pi_review.adapters.changed_ground import geometry_of
    from ocsge_pi_review.domain.merge import common_border

    free = [other for other in review.around(row) if not other.is_locked]
    lengths = [(common_border(row.polygon, other.polygon), other) for other in free]
    lengths = [(length, other) for length, other in lengths if length > 0]
    if not lengths:
        return None
    _, best = max(lengths, key=lambda pair: pair[0])
    point = geometry_of(best).pointOnSurface().asPoint()
    return best, (point.x(), point.y())


def moved_side(review, row):
    """Three points that push the longest side with a free neighbour outwards; None without."""
    ring = row.polygon[0]
    sides = sorted(pairwise(ring), key=lambda side: -math.dist(*side))
    for start, end in sides[:12]:
        length = math.dist(start, end)
        if length < LEAST_SIDE_M:
            return None
        for turn in (1, -1):
            across = (turn * (end[1] - start[1]) / length, -turn * (end[0] - start[0]) / length)
            top = _along(start, end, 0.5, across, BULGE * length)
            near = _along(start, end, 0.5, across, 0.5)
            other = review.store.row_at(near)
            is_free = other is not None and other.id != row.id and not other.is_locked
            if is_free and review.store.row_at(top) is not None:
                ends = [_along(start, end, share, across, 0.0) for share in (0.2, 0.8)]
                return [ends[0], top, ends[1]]
    return None


def _along(start, end, share, across, away):
    x = start[0] + share * (end[0] - start[0]) + away * across[0]
    y = start[1] + share * (end[1] - start[1]) + away * across[1]
    return x, y
