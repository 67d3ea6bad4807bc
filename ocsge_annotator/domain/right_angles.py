# SPDX-License-Identifier: GPL-2.0-or-later
"""Outlines with right angles, for buildings: the first edge gives the direction, the others follow it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocsge_annotator.domain.pixels import PixelPoint

PARALLEL_SINE = 1e-6
"""Sine under which two directions are one: far below what a pixel can show."""


def next_corner(corners: Sequence[PixelPoint], mouse: PixelPoint) -> PixelPoint:
    """Where the next corner goes: at the mouse, moved onto the axis that it is nearer to.

    Args:
        corners: so far; with fewer than two there is no axis yet.
        mouse: where the operator points.
    """
    if len(corners) < 2:
        return mouse
    along, across = _on_axes(corners, mouse, corners[-1])
    if abs(along) >= abs(across):
        across = 0.0
    else:
        along = 0.0
    return _off_axes(corners, along, across, corners[-1])


def add_corner(corners: Sequence[PixelPoint], corner: PixelPoint) -> list[PixelPoint]:
    """The corners with one more; where it goes on straight, the last one is moved instead."""
    if len(corners) >= 2 and _is_straight(corners[-2], corners[-1], corner):
        return [*corners[:-1], corner]
    return [*corners, corner]


def close_right(corners: Sequence[PixelPoint]) -> list[PixelPoint]:
    """The whole outline: its last corner lies square to the first edge, moved or added.

    Two edges are enough for a rectangle. Corners that lie on no axis, because the operator wanted them so,
    stay where they are.

    Args:
        corners: at least two edges; otherwise they come back as they are.
    """
    if len(corners) < 3:
        return list(corners)
    along, across = _on_axes(corners, corners[-1], corners[0])
    before_along, before_across = _on_axes(corners, corners[-2], corners[0])
    corner = _off_axes(corners, 0.0, across, corners[0])
    scale = math.dist(corners[0], corners[1])
    if abs(across) <= PARALLEL_SINE * scale:  # back on the first edge
        return list(corners)
    if abs(before_across - across) <= PARALLEL_SINE * scale:  # last edge along the first: slide its end
        return [*corners[:-1], corner]
    if abs(before_along - along) <= PARALLEL_SINE * scale and abs(along) > PARALLEL_SINE * scale:
        return [*corners, corner]
    return list(corners)


def _axes(corners: Sequence[PixelPoint]) -> tuple[float, float]:
    """Direction of the first edge, length 1."""
    x, y = corners[1].x - corners[0].x, corners[1].y - corners[0].y
    length = math.hypot(x, y)
    return (x / length, y / length) if length else (1.0, 0.0)


def _on_axes(corners: Sequence[PixelPoint], point: PixelPoint, origin: PixelPoint) -> tuple[float, float]:
    """`point` seen from `origin`: px along the first edge and across it."""
    x, y = _axes(corners)
    from_x, from_y = point.x - origin.x, point.y - origin.y
    return from_x * x + from_y * y, from_y * x - from_x * y


def _off_axes(corners: Sequence[PixelPoint], along: float, across: float, origin: PixelPoint) -> PixelPoint:
    """Inverse of `_on_axes`."""
    x, y = _axes(corners)
    return PixelPoint(origin.x + along * x - across * y, origin.y + along * y + across * x)


def _is_straight(first: PixelPoint, second: PixelPoint, third: PixelPoint) -> bool:
    """Whether three corners lie on one line."""
    one = (second.x - first.x, second.y - first.y)
    two = (third.x - second.x, third.y - second.y)
    turn = one[0] * two[1] - one[1] * two[0]
    return abs(turn) <= PARALLEL_SINE * (math.hypot(*one) * math.hypot(*two) or 1.0)
