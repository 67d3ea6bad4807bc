# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster values of a prediction become cover codes: one pass over the pixels, by look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.contracts.prediction import NODATA, UNDECIDED, PredictedClass
from inference_backend.grid import Grid
from inference_backend.postprocess.types import BOOL, U8, PredictionPlanes

I64 = NDArray[np.int64]
VALUES = 256
_NO_HINT = np.zeros((0, 0), np.uint8)


@dataclass(frozen=True)
class Decoding:
    """What each raster value means.

    Attributes:
        covers: (256,) uint8 cover index, 0 where it has none.
        hints: (256,) uint8 use index that the class suggests, 0 for none.
        outside: (256,) bool, no pixel of the image.
        known: (256,) bool, in the class table, or without need of it.
    """

    covers: U8
    hints: U8
    outside: BOOL
    known: BOOL

    @classmethod
    def of(
        cls, classes: tuple[PredictedClass, ...], covers: U8, hints: U8, nodata: int, *, alone: bool
    ) -> Decoding:
        """The meaning of a class table.

        Args:
            classes: the table.
            covers: see above.
            hints: see above.
            nodata: the file's own value, `NODATA` where it declares none.
            alone: a raster of classes alone, where the file's own value means outside.
        """
        known, outside = np.zeros(VALUES, np.bool_), np.zeros(VALUES, np.bool_)
        known[[*(c.index for c in classes), UNDECIDED, NODATA, nodata]] = True
        outside[[NODATA, *([nodata] if alone else [])]] = True
        return cls(np.where(outside, 0, covers).astype(np.uint8), hints, outside, known)

    def planes(self, bands: U8, grid: Grid) -> PredictionPlanes:
        """Cover codes and scores; `bands` is written over.

        Args:
            bands: (B, H, W) uint8, C order: class, confidence, runner-up, margin; or the class alone.
            grid: of the bands.
        """
        has_hints = bool(self.hints.any())
        hint = np.zeros(bands.shape[1:], np.uint8) if has_hints else _NO_HINT
        inside = np.empty(bands.shape[1:], np.bool_)
        _decode(bands, self.covers, self.hints, self.outside, inside, hint)
        us_hint = hint if has_hints else None
        if len(bands) == 1:
            return PredictionPlanes(grid, bands[0], np.zeros_like(bands[0]), None, None, inside, us_hint)
        return PredictionPlanes(grid, bands[0], bands[2], bands[1], bands[3], inside, us_hint)

    def unknown(self, counts: I64) -> list[int]:
        """Values met that the class table lacks, from `count_values`."""
        return [int(value) for value in np.flatnonzero((counts > 0) & ~self.known)]


def count_values(classes: U8, runner_up: U8 | None, outside: BOOL) -> I64:
    """(256,) int64 pixels of each class value, and of each runner-up inside the image.

    Args:
        classes: (H, W).
        runner_up: (H, W), None for a class raster alone.
        outside: (256,) values of `classes` that are no pixel of the image.
    """
    counts = np.zeros((2, VALUES), np.int64)
    _count(classes, classes if runner_up is None else runner_up, outside, counts, runner_up is not None)
    total: I64 = counts.sum(axis=0)
    return total


@njit(cache=True, nogil=True)
def _decode(bands: U8, covers: U8, hints: U8, outside: BOOL, inside: BOOL, hint: U8) -> None:
    scored, hinted = bands.shape[0] > 1, hint.size > 0
    for row in range(bands.shape[1]):
        for col in range(bands.shape[2]):
            value = bands[0, row, col]
            cover = covers[value]
            bands[0, row, col] = cover
            is_inside = not outside[value]
            inside[row, col] = is_inside
            if hinted:
                hint[row, col] = hints[value]
            if scored:
                second = covers[bands[2, row, col]]
                bands[2, row, col] = second if is_inside and second != cover else 0
                if not is_inside:
                    bands[1, row, col] = 0
                    bands[3, row, col] = 0


@njit(cache=True, nogil=True)
def _count(classes: U8, runner_up: U8, outside: BOOL, counts: NDArray[Any], both: bool) -> None:
    for row in range(classes.shape[0]):
        for col in range(classes.shape[1]):
            value = classes[row, col]
            counts[0, value] += 1
            if both and not outside[value]:
                counts[1, runner_up[row, col]] += 1
