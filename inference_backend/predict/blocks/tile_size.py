# SPDX-License-Identifier: GPL-2.0-or-later
"""How large tiles are: what the card says, or larger where the network takes any size."""

from __future__ import annotations

from inference_backend.contracts.model_card import ModelCard
from inference_backend.predict.errors import BadBandOptionError

LARGEST_TILE_PX = 1024
"""Of a network that takes any size. 1024 px make 1.16 times the pixels per second of 512 px with a margin of
32 px; 1536 px are slower again, being too large for the processor's caches, and take twice the memory."""


def margin_px(card: ModelCard, overlap_px: int | None, needed_px: int | None = None) -> int:
    """The margin asked for, else the card's; no more than is needed.

    Args:
        card: of the model.
        overlap_px: what the user asked for.
        needed_px: how far around a pixel its class depends on what is read; None where it is not known.

    Raises:
        BadBandOptionError: negative, or not less than half a tile.
    """
    if overlap_px is None:
        return card.overlap_px if needed_px is None else min(card.overlap_px, needed_px)
    largest = (largest_tile_px(card) - 1) // 2
    if not 0 <= overlap_px <= largest:
        raise BadBandOptionError(
            option="--overlap", value=overlap_px, expected_en=f"0..{largest}", expected_fr=f"0..{largest}"
        )
    return overlap_px


def largest_tile_px(card: ModelCard) -> int:
    """The largest tile that we give the network."""
    if not card.any_size:
        return card.tile_px
    return max(1, LARGEST_TILE_PX // card.tile_px) * card.tile_px


def tile_px(card: ModelCard, margin: int, shape: tuple[int, int]) -> int:
    """Side of the tiles of a raster of `shape`: no larger than it needs."""
    if not card.any_size:
        return card.tile_px
    needed = max(max(shape) + 2 * margin, 2 * margin + 1)
    return min(largest_tile_px(card), -(-needed // card.tile_px) * card.tile_px)
