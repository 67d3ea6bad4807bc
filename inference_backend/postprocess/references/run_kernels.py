# SPDX-License-Identifier: GPL-2.0-or-later
"""Loops over the runs of polygons: what they count in a prediction, and what they write."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import I64
from inference_backend.postprocess.references.scanline import Runs
from inference_backend.postprocess.types import BOOL, I32, U8


def count_agreement(runs: Runs, rule: U8, cs: U8, agreeing: BOOL, counts: I64) -> None:
    """Add the decided and the agreeing pixels of each polygon to columns 1 and 2 of `counts`.

    Args:
        runs: of n polygons.
        rule: (n,) row of `agreeing`.
        cs: (h, w) predicted cover, 0 where undecided.
        agreeing: (rules, covers) bool.
        counts: (n, 3) int64, changed.
    """
    _count_agreement(runs.item, runs.row, runs.start, runs.stop, rule, cs, agreeing, counts)


def impose(
    runs: Runs,
    number: I32,
    accepted: BOOL,
    over: BOOL,
    planes: tuple[U8, BOOL],
    cs_object: I32,
    disagrees: BOOL,
) -> None:
    """Let each polygon take the pixels that no earlier one has.

    Args:
        runs: of n polygons, by priority.
        number: (n,) what is written into `cs_object`.
        accepted: (n,) bool; a polygon that is not leaves its mark in `disagrees` alone.
        over: (n, covers) bool, predicted covers that it replaces.
        planes: (h, w) predicted cover, and where the image is.
        cs_object: (h, w) int32, -1 where free, changed.
        disagrees: (h, w) bool, changed.
    """
    table = (runs.item, runs.row, runs.start, runs.stop)
    _impose(*table, number, accepted, over, *planes, cs_object, disagrees)


def first_rule(runs: Runs, rule: U8, over: BOOL, planes: tuple[U8, U8, BOOL], us_rule: U8) -> None:
    """Give each pixel the lowest rule of the polygons over it that speak on its cover.

    Args:
        runs: of n polygons.
        rule: (n,) row of `over`.
        over: (rules, covers) bool.
        planes: (h, w) imposed cover, 0 where none; predicted cover; where the image is.
        us_rule: (h, w) uint8, 0 for no rule yet, changed.
    """
    _first_rule(runs.item, runs.row, runs.start, runs.stop, rule, over, *planes, us_rule)


def covers_of(position: I32, cs_of: U8, ossature_of: BOOL) -> tuple[U8, BOOL]:
    """Cover and skeleton of imposed objects.

    Args:
        position: (h, w) int32 position of the object that a pixel has, -1 for none.
        cs_of: (n,) cover of the objects.
        ossature_of: (n,) bool, whether they are of the skeleton.

    Returns:
        (h, w) uint8 cover index, 0 where none; (h, w) bool.
    """
    cs, ossature = np.zeros(position.shape, np.uint8), np.zeros(position.shape, bool)
    _covers_of(position, cs_of, ossature_of, cs, ossature)
    return cs, ossature


def rename(position: I32, number: I32) -> I32:
    """`position` itself, with `number[i]` instead of i >= 0."""
    _rename(position, number)
    return position


def fill(runs: Runs, values: NDArray[np.generic], plane: NDArray[np.generic]) -> None:
    """Write `values[item]` into the pixels of each polygon, the last one winning."""
    _fill(runs.item, runs.row, runs.start, runs.stop, values, plane)


@njit(cache=True, nogil=True)
def _count_agreement(
    item: I32, row: I32, start: I32, stop: I32, rule: U8, cs: U8, agreeing: BOOL, counts: I64
) -> None:
    for i in range(len(item)):
        k = item[i]
        table = agreeing[rule[k]]
        decided, agree = 0, 0
        for col in range(start[i], stop[i]):
            cover = cs[row[i], col]
            decided += cover > 0
            agree += (cover > 0) & table[cover]
        counts[k, 1] += decided
        counts[k, 2] += agree


@njit(cache=True, nogil=True)
def _impose(
    item: I32,
    row: I32,
    start: I32,
    stop: I32,
    number: I32,
    accepted: BOOL,
    over: BOOL,
    cs: U8,
    inside: BOOL,
    cs_object: I32,
    disagrees: BOOL,
) -> None:
    for i in range(len(item)):
        k, r = item[i], row[i]
        if accepted[k]:
            for col in range(start[i], stop[i]):
                if cs_object[r, col] < 0 and inside[r, col] and over[k, cs[r, col]]:
                    cs_object[r, col] = number[k]
        else:
            for col in range(start[i], stop[i]):
                if cs_object[r, col] < 0 and inside[r, col]:
                    disagrees[r, col] = True


@njit(cache=True, nogil=True)
def _first_rule(
    item: I32,
    row: I32,
    start: I32,
    stop: I32,
    rule: U8,
    over: BOOL,
    cs: U8,
    predicted: U8,
    inside: BOOL,
    us_rule: U8,
) -> None:
    for i in range(len(item)):
        mine, r = rule[item[i]], row[i]
        table = over[mine]
        for col in range(start[i], stop[i]):
            known = us_rule[r, col]
            if (known == 0 or mine < known) and inside[r, col]:
                cover = cs[r, col]
                if table[cover if cover > 0 else predicted[r, col]]:
                    us_rule[r, col] = mine


@njit(cache=True, nogil=True)
def _fill(
    item: I32, row: I32, start: I32, stop: I32, values: NDArray[np.generic], plane: NDArray[np.generic]
) -> None:
    for i in range(len(item)):
        plane[row[i], start[i] : stop[i]] = values[item[i]]


@njit(cache=True, nogil=True)
def _covers_of(position: I32, cs_of: U8, ossature_of: BOOL, cs: U8, ossature: BOOL) -> None:
    for row in range(position.shape[0]):
        for col in range(position.shape[1]):
            k = position[row, col]
            if k >= 0:
                cs[row, col] = cs_of[k]
                ossature[row, col] = ossature_of[k]


@njit(cache=True, nogil=True)
def _rename(position: I32, number: I32) -> None:
    for row in range(position.shape[0]):
        for col in range(position.shape[1]):
            k = position[row, col]
            if k >= 0:
                position[row, col] = number[k]
