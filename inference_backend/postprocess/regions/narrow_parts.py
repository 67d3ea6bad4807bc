# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels that are narrower than the minimum width of their key, on a coarse grid of the whole raster.

A cell of the grid is pure where all its pixels have one key. It is a centre where every cell within half the
minimum width is pure of that key. A pixel is wide where a centre of its key lies within reach of its cell;
the reach is longer than the half width, so that right angles stay. Neither the edge of the image nor a
building is a border: houses do not make a narrow strip of the garden that they stand in.

Each of these looks at keys within a fixed distance, so that what the window's edge or an unknown pixel may
change is known cell by cell: such a cell holds any key, a centre that depends on one may or may not be there,
and a pixel that only such a centre keeps is uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.regions.pixel_keys import OUTSIDE, UNKNOWN
from inference_backend.postprocess.regions.width_rules import WidthRules
from inference_backend.postprocess.types import BOOL, I32, U8

U16 = NDArray[np.uint16]
_MIXED = 0xFFFE
_FAR = 255
NARROW, UNCERTAIN = 0xFFFF, 0xFFFE
"""Marks of pixels; a wide one is 0."""


@dataclass(frozen=True)
class NarrowParts:
    """What is narrow in a window.

    Attributes:
        mark: (h, w) uint16, `NARROW`, `UNCERTAIN` or 0.
        boxes: (n, 4) int32 first row, row end, first column, column end of the cells that have marks.
    """

    mark: U16
    boxes: I32


def narrow_parts(
    key: U16, corner: tuple[int, int], edges: tuple[bool, bool, bool, bool], rules: WidthRules
) -> NarrowParts:
    """Marks of a window.

    Args:
        key: (h, w) uint16.
        corner: row and column of the window in the whole raster.
        edges: whether the raster goes on beyond the window's upper, lower, left and right edge.
        rules: widths.
    """
    cell = rules.cell_px
    # One more cell where the raster goes on, so that what is not seen has a place.
    first = (corner[0] - edges[0]) // cell, (corner[1] - edges[2]) // cell
    last = (
        -(-(corner[0] + key.shape[0] + edges[1]) // cell),
        -(-(corner[1] + key.shape[1] + edges[3]) // cell),
    )
    cells = np.empty((last[0] - first[0], last[1] - first[1]), np.uint16)
    offset = first[0] * cell - corner[0], first[1] * cell - corner[1]
    _purity(key, offset[0], offset[1], cell, np.array(edges, np.bool_), rules.ignored, cells)
    across, unknown = np.empty(cells.shape, np.uint8), np.empty(cells.shape, np.uint8)
    _across(cells, across, unknown)
    centres = np.zeros(cells.shape, np.uint16)
    _centres(cells, across, unknown, rules.of_key, rules.apart2, centres)
    mark = np.zeros(key.shape, np.uint16)  # pages that hold no mark are never touched
    boxes = np.empty((cells.size, 4), np.int32)
    widths = (rules.of_key, rules.apart2, rules.covers2, rules.around)
    count = _mark(key, offset[0], offset[1], cell, cells, centres, widths, mark, boxes)
    return NarrowParts(mark, boxes[:count].copy())


@njit(cache=True, nogil=True)
def _purity(key: U16, row_0: int, col_0: int, side: int, edges: BOOL, ignored: BOOL, cells: U16) -> None:
    """Key of each cell, `_MIXED`, UNKNOWN, or OUTSIDE for one without a pixel that counts."""
    height, width = key.shape
    line = np.empty(cells.shape[1], np.uint16)
    for i in range(cells.shape[0]):
        top, bottom = row_0 + i * side, row_0 + (i + 1) * side
        cut = (top < 0 and edges[0]) or (bottom > height and edges[1])
        line[:] = OUTSIDE
        for row in range(max(top, 0), min(bottom, height)):
            for j in range(cells.shape[1]):
                state = line[j]
                left = col_0 + j * side
                for col in range(max(left, 0), min(left + side, width)):
                    value = key[row, col]
                    if value != state and not ignored[value]:
                        if state == OUTSIDE or value == UNKNOWN:
                            state = value
                        elif state != UNKNOWN:
                            state = np.uint16(_MIXED)
                line[j] = state
        for j in range(cells.shape[1]):
            left = col_0 + j * side
            missing = cut or (left < 0 and edges[2]) or (left + side > width and edges[3])
            cells[i, j] = UNKNOWN if missing else line[j]


@njit(cache=True, nogil=True)
def _across(cells: U16, across: U8, unknown: U8) -> None:
    """Distance along the row to the nearest cell of another key, and to the nearest unknown one."""
    height, width = cells.shape
    for i in range(height):
        for backwards in range(2):
            current, last, border, doubt = OUTSIDE, -_FAR, -_FAR, -_FAR
            for step in range(width):
                j = width - 1 - step if backwards else step
                value = int(cells[i, j])
                if value == UNKNOWN:
                    doubt = step
                elif value != OUTSIDE:
                    if value != current or value == _MIXED:
                        if current != OUTSIDE:
                            border = last
                        current = value
                    last = step
                near, far = min(step - border, _FAR), min(step - doubt, _FAR)
                across[i, j] = min(int(across[i, j]), near) if backwards else near
                unknown[i, j] = min(int(unknown[i, j]), far) if backwards else far


@njit(cache=True, nogil=True)
def _centres(cells: U16, across: U8, unknown: U8, of_key: U8, apart2: I32, centres: U16) -> None:
    """Key of each centre; with the bit UNKNOWN where it may be one; 0 elsewhere."""
    height, width = cells.shape
    for i in range(height):
        for j in range(width):
            value = cells[i, j]
            if value == UNKNOWN:
                centres[i, j] = UNKNOWN
                continue
            if value >= UNKNOWN or of_key[value] == 0:
                continue
            limit = apart2[of_key[value]]
            doubtful, apart = False, True
            step = 0
            while apart and step * step < limit:
                for sign in (-1, 1):
                    r = i + sign * step
                    if r < 0 or r >= height:
                        continue
                    there = cells[r, j]
                    if there == value:
                        apart = apart and step * step + int(across[r, j]) ** 2 >= limit
                    elif there == UNKNOWN:
                        doubtful = True
                    elif there != OUTSIDE:
                        apart = False
                    doubtful = doubtful or step * step + int(unknown[r, j]) ** 2 < limit
                step += 1
            if apart:
                centres[i, j] = value | np.uint16(UNKNOWN) if doubtful else value


@njit(cache=True, nogil=True)
def _mark(key, row_0, col_0, side, cells, centres, widths, mark, boxes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Mark the pixels of every cell that is not wide as a whole; returns the number of such cells."""
    height, width = key.shape
    seen = np.empty(side * side, np.uint16)
    verdict = np.empty(side * side, np.uint16)
    count = 0
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            value = cells[i, j]
            if value == OUTSIDE or (centres[i, j] == value and value != UNKNOWN):
                continue
            if value < UNKNOWN and widths[0][value] == 0:
                continue
            top, left = row_0 + i * side, col_0 + j * side
            box = (max(top, 0), min(top + side, height), max(left, 0), min(left + side, width))
            known, marked = 0, False
            for row in range(box[0], box[1]):
                for col in range(box[2], box[3]):
                    mine = key[row, col]
                    if mine == OUTSIDE:
                        continue
                    k = 0
                    while k < known and seen[k] != mine:
                        k += 1
                    if k == known:
                        seen[k] = mine
                        verdict[k] = _verdict(mine, i, j, value, centres, widths)
                        known += 1
                    if verdict[k] != 0:
                        mark[row, col] = verdict[k]
                        marked = True
            if marked:
                boxes[count, 0], boxes[count, 1] = box[0], box[1]
                boxes[count, 2], boxes[count, 3] = box[2], box[3]
                count += 1
    return count


@njit(cache=True, nogil=True)
def _verdict(mine, i, j, cell, centres, widths):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Mark of the pixels of key `mine` in the cell (i, j)."""
    of_key, apart2, covers2, around = widths
    if mine == UNKNOWN:
        return np.uint16(UNCERTAIN)
    kind = of_key[mine]
    if kind == 0:
        return np.uint16(0)
    doubtful = cell == UNKNOWN or centres[i, j] >= UNKNOWN
    for k in range(len(around)):
        far = around[k, 2]
        if far > covers2[kind]:
            break
        if cell == _MIXED and far < apart2[kind]:
            continue  # no centre is that near to a cell of two keys
        r, c = i + around[k, 0], j + around[k, 1]
        if r < 0 or c < 0 or r >= centres.shape[0] or c >= centres.shape[1]:
            continue
        there = centres[r, c]
        if there == mine:
            return np.uint16(0)
        doubtful = doubtful or there == UNKNOWN or there == (mine | np.uint16(UNKNOWN))
    return np.uint16(UNCERTAIN) if doubtful else np.uint16(NARROW)
