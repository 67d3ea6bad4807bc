# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons to runs of pixels whose centres they cover.

A pixel's outcome is a function of the polygon's coordinates in the whole raster alone, so that every window
gives it the same one. Polygons that share an edge share no pixel and leave none out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import I64, Window
from inference_backend.postprocess.references.ragged import FLOATS, Ragged
from inference_backend.postprocess.types import I32


@dataclass(frozen=True)
class Runs:
    """Horizontal runs of pixels of one window, polygon by polygon.

    Attributes:
        item: (k,) int32 position of the polygon in what was scanned, ascending.
        row: (k,) int32 row in the window.
        start, stop: (k,) int32 columns in the window, stop not included.
    """

    item: I32
    row: I32
    start: I32
    stop: I32

    def __len__(self) -> int:
        return len(self.item)


def scan(polygons: Ragged, window: Window) -> Runs:
    """Runs of every polygon inside `window`.

    Args:
        polygons: in pixel coordinates of the whole raster; valid.
        window: part of that raster.
    """
    place = (window.row, window.col, window.height, window.width)
    table = _scan(polygons.x, polygons.y, polygons.rings, polygons.parts, *place)
    return Runs(*(np.ascontiguousarray(table[:, i]) for i in range(4)))


@njit(cache=True, nogil=True)
def _scan(
    x: FLOATS, y: FLOATS, rings: I64, parts: I64, row0: int, col0: int, height: int, width: int
) -> NDArray[np.int32]:
    table = np.empty((1024, 4), np.int32)
    used = 0
    count = np.zeros(height + 1, np.int64)
    crossings = np.empty(1024, np.float64)
    for item in range(len(parts) - 1):
        first, last = rings[parts[item]], rings[parts[item + 1]]
        low, high = height, 0
        for ring in range(parts[item], parts[item + 1]):
            for i in range(rings[ring], rings[ring + 1] - 1):
                top, bottom = _rows(y[i], y[i + 1], row0, height)
                if top < bottom:
                    low, high = min(low, top), max(high, bottom)
                    for row in range(top, bottom):
                        count[row] += 1
        if low >= high or first == last:
            continue
        total = 0
        for row in range(low, high):
            number = count[row]
            count[row] = total
            total += number
        if total > len(crossings):
            crossings = np.empty(2 * total, np.float64)
        for ring in range(parts[item], parts[item + 1]):
            for i in range(rings[ring], rings[ring + 1] - 1):
                top, bottom = _rows(y[i], y[i + 1], row0, height)
                if top >= bottom:
                    continue
                # One direction for an edge and its neighbour's, so that both round alike.
                x0, y0, x1, y1 = x[i], y[i], x[i + 1], y[i + 1]
                if y0 > y1:
                    x0, y0, x1, y1 = x1, y1, x0, y0
                slope = (x1 - x0) / (y1 - y0)
                for row in range(top, bottom):
                    crossings[count[row]] = x0 + (row0 + row + 0.5 - y0) * slope
                    count[row] += 1
        begin = 0
        for row in range(low, high):
            end = count[row]
            count[row] = 0
            _sort(crossings, begin, end)
            for k in range(begin, end - 1, 2):
                start = _column(crossings[k], col0, width)
                stop = _column(crossings[k + 1], col0, width)
                if start < stop:
                    if used == len(table):
                        larger = np.empty((2 * used, 4), np.int32)
                        larger[:used] = table
                        table = larger
                    table[used, 0], table[used, 1] = item, row
                    table[used, 2], table[used, 3] = start, stop
                    used += 1
            begin = end
    return table[:used]


@njit(cache=True, nogil=True, inline="always")
def _rows(y0: float, y1: float, row0: int, height: int) -> tuple[int, int]:
    """Rows of the window whose centre line an edge crosses."""
    top = int(np.ceil(min(y0, y1) - 0.5)) - row0
    bottom = int(np.ceil(max(y0, y1) - 0.5)) - row0
    return max(top, 0), min(bottom, height)


@njit(cache=True, nogil=True, inline="always")
def _column(crossing: float, col0: int, width: int) -> int:
    """First column of the window whose centre is not left of `crossing`, between 0 and `width`."""
    return min(max(int(np.ceil(crossing - 0.5)) - col0, 0), width)


@njit(cache=True, nogil=True)
def _sort(values: FLOATS, begin: int, end: int) -> None:
    if end - begin > 64:
        values[begin:end] = np.sort(values[begin:end])
        return
    for i in range(begin + 1, end):
        value = values[i]
        j = i - 1
        while j >= begin and values[j] > value:
            values[j + 1] = values[j]
            j -= 1
        values[j + 1] = value
