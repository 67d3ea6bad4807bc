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
        object_rule: (n + 1,) uint8 rule that says the use of each imposed object; last for no object.
        object_use: (n + 1,) uint8 that use.
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
    cover: U8,
    cs_object: I32,
    inside: BOOL,
    us_rule: U8,
    rows: UseRows,
    hint: U8 | None,
    yard: tuple[U8, tuple[int, int], int],
    window: Window,
) -> tuple[U8, U8]:
    """(h, w) uint8 use index, 0 where none speaks, and the row of the rule that says it.

    Args:
        cover: (h, w) cover index, imposed or predicted.
        cs_object: (h, w) position of the imposed object, -1 where none.
        inside: (h, w) bool.
        us_rule: (h, w) first rule among areas, changed.
        rows: tables.
        hint: (h, w) use that the model suggests; None for none anywhere.
        yard: use of the nearest building on coarse pixels, the first of them (row, column), their side, px.
        window: part of the whole raster.
    """
    us = np.zeros(cover.shape, np.uint8)
    hints = np.zeros((0, 0), np.uint8) if hint is None else hint
    ground, start, px = yard
    tables = (rows.us, rows.over, rows.object_rule, rows.object_use)
    special = (rows.hint if hint is not None else 0, rows.grounds if ground.any() else 0)
    place = (start[0], start[1], px, window.row, window.col)
    _decide_use(cover, cs_object, inside, us_rule, us, tables, special, hints, ground, place)
    return us, us_rule


@njit(cache=True, nogil=True)
def _decide_use(
    cover: U8,
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
    top, left, px, row0, col0 = place
    for row in range(cover.shape[0]):
        i = (row0 + row) // px - top
        j, steps = col0 // px - left, px - col0 % px
        for col in range(cover.shape[1]):
            if steps == 0:
                j, steps = j + 1, px
            steps -= 1
            if not inside[row, col]:
                continue
            mine, use = us_rule[row, col], us_of[us_rule[row, col]]
            known = cs_object[row, col]
            if known >= 0:
                rule = object_rule[known]
                if rule > 0 and (mine == 0 or rule < mine) and over[rule, cover[row, col]]:
                    mine, use = rule, object_use[known]
            if hint_rule > 0 and (mine == 0 or hint_rule < mine):
                said = hint[row, col]
                if said > 0 and over[hint_rule, cover[row, col]]:
                    mine, use = hint_rule, said
            if ground_rule > 0 and (mine == 0 or ground_rule < mine):
                said = ground[i, j]
                if said > 0 and over[ground_rule, cover[row, col]]:
                    mine, use = ground_rule, said
            us_rule[row, col] = mine
            us[row, col] = use
