# SPDX-License-Identifier: GPL-2.0-or-later
"""From the steps of a pixel outline to lines as a hand would draw them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ocsge_pi_review.domain.rings import Point, Ring

Points = npt.NDArray[np.float64]


def drawn_like(ring: Ring, tolerance_px: float) -> Ring:
    """A closed ring without pixel steps, with few vertices.

    The middles of the pixel sides are joined first: along a slanting border they lie on one line.

    Args:
        ring: closed, along the sides of pixels, px.
        tolerance_px: how far the result may be from those middles, px.

    Returns:
        A closed ring; `ring` itself where fewer than three corners would be left.
    """
    middles = _middles(np.asarray(ring, dtype=np.float64))
    if len(middles) < 4:
        return ring
    far = int(np.argmax(np.hypot(*(middles - middles[0]).T)))
    # Two open halves: the line between their ends is never a point.
    there = _simplified(middles[: far + 1], tolerance_px)[:-1]
    back = _simplified(np.vstack([middles[far:], middles[:1]]), tolerance_px)[:-1]
    kept = np.vstack([there, back])
    corners: list[Point] = [(float(x), float(y)) for x, y in kept]
    return (*corners, corners[0]) if len(corners) >= 3 else ring


def _middles(ring: Points) -> Points:
    """Middles of the sides of single pixels along a ring, (N, 2)."""
    parts = []
    for start, end in zip(ring[:-1], ring[1:]):
        count = round(float(np.abs(end - start).max()))
        share = (np.arange(count) + 0.5) / max(count, 1)
        parts.append(start + share[:, None] * (end - start))
    return np.vstack(parts) if parts else ring


def _simplified(line: Points, tolerance: float) -> Points:
    """Douglas and Peucker: vertices of an open line, both ends kept."""
    kept = np.zeros(len(line), dtype=bool)
    kept[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        distances = _distances(line[first + 1 : last], line[first], line[last])
        worst = int(np.argmax(distances))
        if distances[worst] > tolerance:
            middle = first + 1 + worst
            kept[middle] = True
            spans += [(first, middle), (middle, last)]
    result: Points = line[kept]
    return result


def _distances(points: Points, start: Points, end: Points) -> npt.NDArray[np.float64]:
    (ux, uy), (dx, dy) = end - start, (points - start).T
    length = math.hypot(ux, uy)
    if length == 0:
        return np.asarray(np.hypot(dx, dy))
    along = np.clip((dx * ux + dy * uy) / length**2, 0.0, 1.0)
    return np.asarray(np.hypot(dx - along * ux, dy - along * uy))
