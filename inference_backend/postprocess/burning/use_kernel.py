# SPDX-License-Identifier: GPL-2.0-or-later
"""The use of each pixel: the first rule that speaks among areas, buildings, hints and grounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.types import BOOL, I32, U8


@dataclass(frozen=True)
class UseRows:
    """Look-up tables of `decide_use`.

    Attributes:
        us: (rules,) uint8 use of each rule.
        over: (rules, covers) bool, covers on which it speaks.
        object_rule: (n,) uint8 rule that says the use of each imposed object, 0 for none.
        object_use: (n,) uint8 that use.
        hint: rule of the model's hints, 0 for none.
        grounds: rule of grounds, 0 for none.
    """

    us: U8
    over: BOOL
    object_rule: U8
    object_use: U8
    hint: int
    grounds: int


def decide_use(
    pixels: tuple[U8, U8, I32, BOOL],
    us_rule: U8,
    rows: UseRows,
    hint: U8 | None,
    yard: tuple[U8, tuple[int, int], int],
    window: Window,
) -> tuple[U8, U8]:
    """(h, w) uint8 use index, 0 where none speaks, and the row of the rule that says it.

    Args:
        pixels: (h, w) imposed cover, 0 where none; predicted cover; position of the imposed object, -1 where
            none; where the image is.
        us_rule: (h, w) first rule among areas, changed.
        rows: tables.
        hint: (h, w) use that the model suggests; None for none anywhere.
        yard: use of the nearest building on coarse pixels, the first of them (row, column), their side, px.
        window: part of the whole raster.
    """
    us = np.zeros(us_rule.shape, np.uint8)
    ground, start, px = yard
    special = (rows.hint if hint is not None else 0, rows.grounds if ground.any() else 0)
    tables = (rows.us, rows.over, rows.object_rule, rows.object_use)
    place = (start[0], start[1], px, window.row, window.col)
    hints = us[:0] if hint is None else hint
    _decide_use(*pixels, us_rule, us, tables, special, hints, ground, place)
    return us, us_rule


@njit(cache=True, nogil=True)
def _decide_use(
    cs: U8,
    predicted: U8,
    cs_object: I32,
    inside: BOOL,
    us_rule: U8,
    us: U8,
    tables: tuple[U8, BOOL, U8, U8],
    special: tuple[int, int],
    hint: U8,
    ground: U8,
    place: tuple[int, int, int, int, int],
) -> None:
    us_of, over, object_rule, object_use = tables
    hint_rule, ground_rule = special
    on_hint = over[hint_rule] & (hint_rule > 0)
    on_ground = over[ground_rule] & (ground_rule > 0)
    top, left, px, row0, col0 = place
    no_rule = 255  # rules are fewer: an unset pixel is beaten by every rule
    for row in range(cs.shape[0]):
        i = (row0 + row) // px - top
        col, j = 0, col0 // px - left
        while col < cs.shape[1]:
            end = min((j + left + 1) * px - col0, cs.shape[1])
            yard = ground[i, j]
            for c in range(col, end):
                if not inside[row, c]:
                    continue
                cover = cs[row, c]
                if cover == 0:
                    cover = predicted[row, c]
                known = us_rule[row, c]
                mine, use = known if known > 0 else no_rule, us_of[known]
                k = cs_object[row, c]
                if k >= 0:
                    rule = object_rule[k]
                    if 0 < rule < mine and over[rule, cover]:
                        mine, use = rule, object_use[k]
                if hint_rule < mine and on_hint[cover] and hint[row, c] > 0:
                    mine, use = hint_rule, hint[row, c]
                if yard > 0 and ground_rule < mine and on_ground[cover]:
                    mine, use = ground_rule, yard
                us_rule[row, c] = mine if mine < no_rule else 0
                us[row, c] = use
            col, j = end, j + 1
