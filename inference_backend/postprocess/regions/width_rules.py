# SPDX-License-Identifier: GPL-2.0-or-later
"""Minimum widths as the coarse grid of `narrow_parts` reads them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.regions.pixel_keys import COVER_BITS, KEYS, OUTSIDE
from inference_backend.postprocess.types import BOOL, I32, U8, Codes

_PURE_LOSS = 0.76
"""Cells by which a row of pure cells may fall short of half the width of a strip, whatever its direction."""


@dataclass(frozen=True)
class WidthRules:
    """Minimum widths of keys, on a grid of square cells.

    Attributes:
        cell_px: side of a cell, pixels.
        reach_px: how far the nearest wide part may be that takes a narrow pixel.
        of_key: (KEYS,) uint8 class of width, 0 for any width: skeleton, buildings, what a reference holds.
        takes: (KEYS,) bool, may grow over narrow pixels; none of these does.
        ignored: (65536,) bool, keys that are no border: buildings, and what is outside the image.
        apart2: (c,) int32 by class, square of the distance in cells from a centre to the nearest other cell.
        covers2: (c,) int32 square of the distance up to which a centre keeps cells of its key.
        around: (m, 3) int32 row, column and squared distance of cells around one, nearest first.
    """

    cell_px: int
    reach_px: int
    of_key: U8
    takes: BOOL
    ignored: BOOL
    apart2: I32
    covers2: I32
    around: I32


def width_rules(profile: Profile, codes: Codes, pixel_m: float) -> WidthRules:
    """Rules of a profile for pixels of that side.

    Raises:
        ProfileError: a value is missing.
    """
    cell_px = max(1, round(profile.number("merging", "width_grid") / pixel_m))
    widths = _widths_m(profile, codes)
    known = sorted({0.0, *widths.ravel().tolist()})
    cells = np.array(known) / (cell_px * pixel_m)
    half = np.maximum(cells / 2.0 - _PURE_LOSS, 0.0)
    # A right angle is kept: its tip is sqrt(2) times as far from the centre as its sides are.
    kept = math.sqrt(2.0) * (cells / 2.0 + 1.0)
    covers2 = np.floor(kept**2).astype(np.int32)
    of_key = np.zeros(KEYS, np.uint8)
    takes = np.zeros(KEYS, np.bool_)
    ignored = np.zeros(OUTSIDE + 1, np.bool_)
    ignored[OUTSIDE] = True
    built = codes.cs_index[profile.section("built_cover")]
    for cover in range(1, len(codes.cs)):
        for use in range(len(codes.us)):
            key = cover | use << COVER_BITS
            of_key[key] = known.index(widths[cover, use])
            takes[key] = cover != built
            ignored[key] = cover == built
    return WidthRules(
        cell_px=cell_px,
        reach_px=max(1, round(profile.number("merging", "width_reach") / pixel_m)),
        of_key=of_key,
        takes=takes,
        ignored=ignored,
        apart2=np.ceil(half**2).astype(np.int32),
        covers2=covers2,
        around=_around(int(covers2.max())),
    )


def _widths_m(profile: Profile, codes: Codes) -> NDArray[np.float64]:
    """Minimum width by cover and use, m; 0 for buildings, whatever the profile: their area is enough."""
    covers = profile.section("merging", "width_of_cover")
    uses = profile.section("merging", "width_of_use")
    widths = np.zeros((len(codes.cs), len(codes.us)))
    for index, code in enumerate(codes.cs[1:], start=1):
        widths[index] = profile.number("merging", "width_of_cover", code if code in covers else "default")
    for code in uses:
        column = widths[:, codes.us_index[code]]
        column[column > 0] = profile.number("merging", "width_of_use", code)
    widths[codes.cs_index[profile.section("built_cover")]] = 0.0
    return widths


def _around(limit2: int) -> I32:
    side = math.isqrt(limit2)
    rows, cols = np.mgrid[-side : side + 1, -side : side + 1]
    cells = np.stack([rows, cols, rows**2 + cols**2], axis=-1).reshape(-1, 3)
    cells = cells[(cells[:, 2] <= limit2) & (cells[:, 2] > 0)]
    around: I32 = np.ascontiguousarray(cells[np.argsort(cells[:, 2], kind="stable")], dtype=np.int32)
    return around
