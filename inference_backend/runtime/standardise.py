# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster values to the network's input, as a card says; for engines that do not fold it into the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import DTypeLike, NDArray

from inference_backend.contracts.model_card import ModelCard


def standardised(values: NDArray[Any], card: ModelCard, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """`(x * scale - mean) / std` per band, in the type that the network takes.

    Args:
        values: (N, C, H, W) raster values in the card's band order.
        card: of the network.
        dtype: of the network's input; integers are rounded, and cut off at the ends of their range.

    Returns:
        (N, C, H, W) `dtype`; `values` itself where there is nothing to do.
    """
    gain, offset = gain_and_offset(card)
    wanted = np.dtype(dtype)
    if np.all(gain == 1) and np.all(offset == 0):
        batch: NDArray[Any] = values if values.dtype == wanted else _cast(values, wanted)
        return batch
    batch = np.empty(values.shape, np.float32)
    # One pass instead of numpy's three: these cost an embedded-size network a seventh of its time.
    _standardise(np.ascontiguousarray(values), gain, offset, batch)
    return batch if wanted == np.float32 else _cast(batch, wanted)


def gain_and_offset(card: ModelCard) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(C,) float32 each, such that the input is `x * gain - offset`."""
    gain = np.array([band.scale / band.std for band in card.bands], np.float32)
    offset = np.array([band.mean / band.std for band in card.bands], np.float32)
    return gain, offset


def _cast(values: NDArray[Any], wanted: np.dtype[Any]) -> NDArray[Any]:
    if wanted.kind in "iu" and values.dtype.kind == "f":
        limits = np.iinfo(wanted)
        values = np.clip(np.rint(values), limits.min, limits.max)
    return values.astype(wanted)


@njit(nogil=True, cache=True)
def _standardise(
    values: NDArray[Any], gain: NDArray[np.float32], offset: NDArray[np.float32], batch: NDArray[np.float32]
) -> None:
    images, bands, height, width = values.shape
    for n in range(images):
        for c in range(bands):
            for y in range(height):
                for x in range(width):
                    batch[n, c, y, x] = np.float32(values[n, c, y, x]) * gain[c] - offset[c]
