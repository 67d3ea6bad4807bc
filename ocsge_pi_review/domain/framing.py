# SPDX-License-Identifier: GPL-2.0-or-later
"""How far the map should be from a polygon: near enough to judge it, far enough to see around it.

A view that changes scale at every item tires the eye: the scale stays where the polygon fits it well.
"""

from __future__ import annotations

WANTED_SHARE = 0.42
"""Share of the view that a polygon takes once the scale was changed for it."""
LEAST_SHARE, MOST_SHARE = 0.18, 0.6
"""Shares between which the scale stays as it is."""


def scale_factor(
    polygon_m: tuple[float, float], view_m: tuple[float, float], scale: float, minimum_scale: float
) -> float:
    """By what the denominator of the map's scale has to be multiplied to show a polygon.

    Args:
        polygon_m: width and height of its box, m.
        view_m: width and height of the view, m.
        scale: denominator of the view's scale.
        minimum_scale: the denominator never gets smaller than this.
    """
    shares = [side / view for side, view in zip(polygon_m, view_m) if view > 0]
    share = max(shares, default=0.0)
    closest = minimum_scale / scale if scale > 0 else 1.0
    if share <= 0:
        return max(1.0, closest)
    is_as_near_as_allowed = scale <= minimum_scale * 1.01 and share <= MOST_SHARE
    if scale >= minimum_scale * 0.99 and (LEAST_SHARE <= share <= MOST_SHARE or is_as_near_as_allowed):
        return 1.0
    return max(share / WANTED_SHARE, closest)
