# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster values to the network's input, as a card says; for engines that do not fold it into the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard


def standardised(values: NDArray[Any], card: ModelCard) -> NDArray[np.float32]:
    """`(x * scale - mean) / std` per band.

    Args:
        values: (N, C, H, W) raster values in the card's band order.
        card: of the network.

    Returns:
        (N, C, H, W) float32.
    """
    gain, offset = gain_and_offset(card)
    batch: NDArray[np.float32] = values * gain[:, None, None] - offset[:, None, None]
    return batch


def gain_and_offset(card: ModelCard) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(C,) float32 each, such that the input is `x * gain - offset`."""
    gain = np.array([band.scale / band.std for band in card.bands], np.float32)
    offset = np.array([band.mean / band.std for band in card.bands], np.float32)
    return gain, offset
