# SPDX-License-Identifier: GPL-2.0-or-later
"""A line of constant width: what a road covers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocsge_pi_review.domain.arrangement import Arrangement
from ocsge_pi_review.domain.composing import Composition, is_straight
from ocsge_pi_review.domain.errors import SliverError
from ocsge_pi_review.domain.outlines import Outline
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Point, Polygon, Ring, contains, signed_area
from ocsge_pi_review.domain.wkb import encode

MITRE_LIMIT = 2.5
"""A corner's tip farther from the axis than this many half widths is cut off."""
_BESIDE_M = 10.0


def ribbon(axis: Sequence[Point], width_m: float) -> Polygon:
    """The polygon around an axis: flat ends, mitred corners, a hole where the axis encloses ground.

    Args:
        axis: vertices of the middle line.
        width_m: from side to side, m.

    Raises:
        SliverError: the axis has no length, or the width none.
    """
    points = [point for i, point in enumerate(axis) if i == 0 or math.dist(point, axis[i - 1]) > 0.01]
    if len(points) < 2 or width_m <= 0:
        raise SliverError(area_m2=0.0, minimum_m2=1.0)
    half = width_m / 2
    pieces = [_leg(points[i], points[i + 1], half) for i in range(len(points) - 1)]
    is_ring = len(points) > 3 and points[0] == points[-1]
    corners = [(points[i - 1], points[i], points[i + 1]) for i in range(1, len(points) - 1)]
    if is_ring:
        corners.append((points[-2], points[-1], points[1]))
    pieces += [piece for corner in corners if (piece := _corner(*corner, half))]
    return _union(pieces)


def _normal(a: Point, b: Point) -> Point:
    """Unit vector to the left of a direction."""
    length = math.dist(a, b)
    return -(b[1] - a[1]) / length, (b[0] - a[0]) / length


def _leg(a: Point, b: Point, half: float) -> Ring:
    nx, ny = _normal(a, b)
    dx, dy = nx * half, ny * half
    start, end = (a[0] - dx, a[1] - dy), (b[0] - dx, b[1] - dy)
    return (start, end, (b[0] + dx, b[1] + dy), (a[0] + dx, a[1] + dy), start)


def _corner(before: Point, here: Point, after: Point, half: float) -> Ring | None:
    """The wedge between two legs on the outer side of a bend."""
    first, second = _normal(before, here), _normal(here, after)
    turn = first[0] * second[1] - first[1] * second[0]
    if abs(turn) < 1e-9 and first[0] * second[0] + first[1] * second[1] > 0:
        return None
    side = -half if turn > 0 else half
    start = (here[0] + first[0] * side, here[1] + first[1] * side)
    end = (here[0] + second[0] * side, here[1] + second[1] * side)
    cosine = 1 + first[0] * second[0] + first[1] * second[1]
    ring = [here, start, end]
    # The tip is at half / cos(bend / 2), and 1 + cos(bend) = 2 cos²(bend / 2).
    if cosine > 0 and math.sqrt(2 / cosine) <= MITRE_LIMIT:
        reach = side / cosine
        ring.insert(2, (here[0] + (first[0] + second[0]) * reach, here[1] + (first[1] + second[1]) * reach))
    if abs(signed_area((*ring, here))) < 1e-6:
        return None
    return (*ring, here)


def _union(pieces: list[Ring]) -> Polygon:
    """The outline of overlapping pieces, by the same arrangement as everything else."""
    xs, ys = [p[0] for piece in pieces for p in piece], [p[1] for piece in pieces for p in piece]
    low, high = (min(xs) - _BESIDE_M, min(ys) - _BESIDE_M), (max(xs) + _BESIDE_M, max(ys) + _BESIDE_M)
    box = (low, (high[0], low[1]), high, (low[0], high[1]), low)
    ground = PolygonRow("ground", {}, encode((box,)))
    arrangement = Arrangement([ground], pieces)
    labels = ["ground"] * len(arrangement.cells)
    for i, cell in enumerate(arrangement.cells):
        inside = Outline.of_polygon(cell.polygon).inner_point()
        if any(contains((piece,), inside) for piece in pieces):
            labels[i] = "ribbon"
    made = {"ribbon": PolygonRow("", {}, b"")}
    patch = Composition(arrangement, labels, made, lambda: "ribbon").patch("ribbon", origin="ground")
    return tuple(_without_straight(ring) for ring in patch.after[0].polygon)


def _without_straight(ring: Ring) -> Ring:
    """A ring without the vertices in the middle of its sides."""
    points = list(ring[:-1])
    kept = [
        p for k, p in enumerate(points) if not is_straight(p, points[k - 1], points[(k + 1) % len(points)])
    ]
    return (*kept, kept[0])
