# SPDX-License-Identifier: GPL-2.0-or-later
"""Minimum width of sylvicultural use on the graph: a belt of trees is no forest that is worked."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.decision.area_merge import dissolve
from inference_backend.postprocess.decision.lot_graph import LotGraph
from inference_backend.postprocess.types import BOOL, U8, Codes

RULE = "too narrow for forestry"
_SIDES_PER_LENGTH = 4.0 / math.pi
"""Pixel sides along a border over its length, on average over all directions."""


def without_narrow_forestry(lot: LotGraph, codes: Codes, profile: Profile, pixel_m: float) -> tuple[U8, BOOL]:
    """Use of every region once forestry keeps its minimum width, and the regions where it changed.

    The width is that of the rectangle with the area and perimeter of a whole of neighbours in forestry use,
    whatever their trees. A whole that the edge of the image cuts stays, since its width is not known.

    Args:
        lot: regions with their use.
        codes: indices.
        profile: gives the width (`minimum_width.forestry`) and the use of a cover by default.
        pixel_m: side of a pixel.

    Returns:
        (n,) uint8 use index; (n,) bool changed.
    """
    forestry = (lot.us == codes.us_index[profile.section("minimum_width", "forestry", "code_us")]) & (
        ~lot.ossature
    )
    width = profile.number("minimum_width", "forestry")
    narrow = forestry & (_widths_m(lot, forestry, pixel_m) < width)
    inside = (lot.zone_px >= profile.number("inside_zone_share") * lot.area_px).astype(np.intp)
    us = np.where(narrow, _defaults(codes, profile)[lot.cs, inside], lot.us).astype(np.uint8)
    return us, narrow & (us != lot.us)


def _widths_m(lot: LotGraph, members: BOOL, pixel_m: float) -> NDArray[np.float64]:
    """(n,) width of the whole of members that each region is part of; infinite where it is not known."""
    same = members.astype(np.uint8)
    nothing = np.zeros_like(same)
    whole = dissolve(same, nothing, ~members, nothing, lot.edges)
    area = np.bincount(whole, weights=lot.area_px, minlength=len(lot)) * pixel_m**2
    first, second = whole[lot.edges[:, 0]], whole[lot.edges[:, 1]]
    border = np.where(first != second, lot.border_px, 0)
    sides = np.bincount(first, border, len(lot)) + np.bincount(second, border, len(lot))
    perimeter = sides * pixel_m / _SIDES_PER_LENGTH
    # A disc has less perimeter than any rectangle of its area: it counts as a square.
    rest = np.maximum(perimeter**2 - 16.0 * area, 0.0)
    width = (np.maximum(perimeter, 4.0 * np.sqrt(area)) - np.sqrt(rest)) / 4.0
    width[np.bincount(whole, lot.at_edge, len(lot)) > 0] = np.inf
    result: NDArray[np.float64] = width[whole]
    return result


def _defaults(codes: Codes, profile: Profile) -> U8:
    """(k, 2) use of each cover by default, outside and inside the zone construite."""
    table = {
        "": profile.section("neighbourhood", "undecided_default"),
        **profile.section("neighbourhood", "defaults"),
    }
    places = ("outside", "inside")
    return np.array([[codes.us_index[table[cs][place]] for place in places] for cs in codes.cs], np.uint8)
