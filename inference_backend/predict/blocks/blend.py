# SPDX-License-Identifier: GPL-2.0-or-later
"""Neighbouring tiles mixed over their margins, each pixel weighted by its distance to the seam.

Sums are integers, so that they are the same in whatever order tiles come. What a block knows of the pixels
along its edges is not all of it: it keeps the sums of a strip on both sides of each edge, and `finish_block`
adds those of its neighbours once all blocks are computed. So no tile is computed twice, and blocks stay
independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard, OutputKind
from inference_backend.contracts.prediction import NODATA
from inference_backend.predict.blocks.lattice import Block, Lattice, TileInBlock
from inference_backend.predict.blocks.score_kernels import probability_rows
from inference_backend.predict.blocks.scores import U8, Window, put_planes, put_probabilities

U16 = NDArray[np.uint16]

_STEPS = 128
"""Weight of a pixel that one tile decides alone, along one axis."""
_FULL = 65280  # sum of a class that all of a pixel's weight is on; leaves room for rounding in 16 bits
_GAIN = np.float32(_FULL / _STEPS**2)
_ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class Patch:
    """Sums of a rectangle.

    Attributes:
        row: first row, in pixels of the raster; may be negative.
        col: first column.
        sums: (K + 1, h, w) uint16: per class, then of the weights (full: `_STEPS` squared).
    """

    row: int
    col: int
    sums: U16


def ramp_px(lattice: Lattice, lost_px: int) -> int:
    """How far on each side of a seam tiles mix: to their edge, or to the middle of a core."""
    return max(0, min(lattice.margin_px - lost_px, lattice.side_px // lattice.tiles // 2))


def weights(core: slice, length: int, ramp: int) -> NDArray[np.int32]:
    """Weights along one axis from `ramp` px before a core to `ramp` px after it.

    Those of two neighbours add up to `_STEPS` everywhere; there is no slope at the raster's edge.

    Args:
        core: pixels of the raster that the tile decides.
        length: of the raster.
        ramp: see `ramp_px`.
    """
    if not ramp:
        return np.full(core.stop - core.start, _STEPS, np.int32)
    rising = (np.arange(2 * ramp) * 2 + 1) * _STEPS // (4 * ramp)
    values = np.full(core.stop - core.start + 2 * ramp, _STEPS, np.int32)
    if core.stop < length:
        values[-2 * ramp :] = _STEPS - rising
    if core.start > 0:
        values[: 2 * ramp] = np.minimum(values[: 2 * ramp], rising)
    return values


class Sums:
    """Sums of one block and of a strip around it.

    Args:
        lattice: of the blocks.
        block: which one.
        card: of the model.
    """

    def __init__(self, lattice: Lattice, block: Block, card: ModelCard) -> None:
        self._lattice, self._block, self._card = lattice, block, card
        height, width = lattice.block_shape(block)
        self._border = border = lattice.margin_px
        self._sums = np.zeros((len(card.classes) + 1, height + 2 * border, width + 2 * border), np.uint16)

    def add(self, place: TileInBlock, scores: NDArray[Any], lost_px: int) -> None:
        """Add a tile; one thread at a time."""
        lattice, ramp, border = self._lattice, ramp_px(self._lattice, lost_px), self._border
        rows, cols = lattice.place(self._block)
        down, across = (
            weights(slice(start.start + core.start, start.start + core.stop), length, ramp)
            for start, core, length in zip((rows, cols), (place.rows, place.cols), lattice.shape, strict=True)
        )
        first = place.tile.margin_px - lost_px - ramp
        to = (place.rows.start + border - ramp, place.cols.start + border - ramp)
        is_logits = self._card.output == "logits"
        _add_tile(_as_probabilities(scores, self._card), is_logits, first, down, across, to, self._sums)

    def put(self, inside: NDArray[np.bool_], planes: U8, probabilities: U8 | None) -> None:
        """Fill the block's planes; those along its edges are right only after `finish_block`."""
        border = self._border
        core = self._sums[:, border : border + inside.shape[0], border : border + inside.shape[1]]
        put_sums(core, inside, (0, 0), self._card, planes, probabilities)

    def patches(self) -> tuple[Patch, ...]:
        """The strips along the block's edges."""
        border = self._border
        rows, cols = self._lattice.place(self._block)
        shape = self._lattice.block_shape(self._block)
        found = []
        for top, bottom, left, right in edge_rectangles(shape, border):
            # Grown outwards where the rectangle ends at the block's edge.
            top, left = top - border * (top == 0), left - border * (left == 0)
            bottom, right = bottom + border * (bottom == shape[0]), right + border * (right == shape[1])
            part = self._sums[:, top + border : bottom + border, left + border : right + border]
            found.append(Patch(rows.start + top, cols.start + left, part.copy()))
        return tuple(found)


def edge_rectangles(shape: tuple[int, int], border: int) -> list[tuple[int, int, int, int]]:
    """(top, bottom, left, right) of what lies within `border` of a block's edge; all of a small block."""
    height, width = shape
    if not border:
        return []
    if height <= 2 * border or width <= 2 * border:
        return [(0, height, 0, width)]
    middle = (border, height - border)
    return [
        (0, border, 0, width),
        (height - border, height, 0, width),
        (*middle, 0, border),
        (*middle, width - border, width),
    ]


def finish_block(
    lattice: Lattice,
    block: Block,
    card: ModelCard,
    patches: Iterable[Patch],
    planes: U8,
    probabilities: U8 | None,
) -> None:
    """Correct the pixels along a block's edges.

    Args:
        lattice: of the blocks.
        block: which one.
        card: of the model.
        patches: its own and those of the eight blocks around it.
        planes: (4, h, w) uint8 of the block, corrected.
        probabilities: (K, h, w) uint8 of the block, corrected.
    """
    rows, cols = lattice.place(block)
    known = list(patches)
    for top, bottom, left, right in edge_rectangles(lattice.block_shape(block), lattice.margin_px):
        sums = np.zeros((len(card.classes) + 1, bottom - top, right - left), np.uint16)
        for patch in known:
            _add_patch(sums, rows.start + top, cols.start + left, patch)
        inside = np.ascontiguousarray(planes[0, top:bottom, left:right] != NODATA)
        put_sums(sums, inside, (top, left), card, planes, probabilities)


def neighbourhood(lattice: Lattice, block: Block) -> list[Block]:
    """A block and those around it."""
    height, width = lattice.size
    return [
        Block(row, col)
        for row in range(max(0, block.row - 1), min(height, block.row + 2))
        for col in range(max(0, block.col - 1), min(width, block.col + 2))
    ]


def put_sums(
    sums: U16,
    inside: NDArray[np.bool_],
    corner: tuple[int, int],
    card: ModelCard,
    planes: U8,
    probabilities: U8 | None,
) -> None:
    """Turn sums (K + 1, h, w) into planes and probabilities, written at `corner`."""
    kind: OutputKind = "sigmoid" if card.output == "sigmoid" else "softmax"
    for row in range(0, inside.shape[0], _ROWS_AT_ONCE):
        seen = np.ascontiguousarray(inside[row : row + _ROWS_AT_ONCE])
        part = sums[:, row : row + _ROWS_AT_ONCE]
        whole = np.maximum(part[-1], 1).astype(np.float32) * _GAIN
        shares = np.minimum(part[:-1] / whole, np.float32(1)).astype(np.float32)
        window = Window((0, 0), (0, 0), (corner[0] + row, corner[1]), (seen.shape[0], seen.shape[1]))
        put_planes(shares, seen, window, kind, card.min_confidence, planes)
        if probabilities is not None:
            put_probabilities(shares, seen, window, kind, probabilities)


def _add_patch(sums: U16, row: int, col: int, patch: Patch) -> None:
    """Add the part of a patch that lies in `sums`, whose first pixel is (row, col) of the raster."""
    spans = []
    sizes = zip((row, col), sums.shape[1:], (patch.row, patch.col), patch.sums.shape[1:], strict=True)
    for start, size, other, other_size in sizes:
        begin, end = max(start, other), min(start + size, other + other_size)
        if begin >= end:
            return
        spans.append((slice(begin - start, end - start), slice(begin - other, end - other)))
    (to_rows, from_rows), (to_cols, from_cols) = spans
    sums[:, to_rows, to_cols] += patch.sums[:, from_rows, from_cols]


def _as_probabilities(scores: NDArray[Any], card: ModelCard) -> NDArray[np.float32]:
    """(K, H, W) float32, contiguous; a vote for each class index, two classes of one sigmoid channel."""
    if card.output == "argmax":
        votes = np.arange(len(card.classes))[:, None, None] == scores.reshape(scores.shape[-2:])
        return np.ascontiguousarray(votes, np.float32)
    if card.output == "sigmoid" and scores.shape[0] == 1:
        scores = np.concatenate((1 - scores, scores))
    return np.ascontiguousarray(scores, np.float32)


@njit(nogil=True, cache=True)
def _add_tile(
    scores: NDArray[np.float32],
    is_logits: bool,
    first: int,
    down: NDArray[np.int32],
    across: NDArray[np.int32],
    to: tuple[int, int],
    sums: U16,
) -> None:
    """Add weighted probabilities from (first, first) of `scores` to `sums` from `to` on, where it reaches."""
    classes, height, width = sums.shape[0] - 1, sums.shape[1], sums.shape[2]
    rows = np.empty((classes, across.shape[0]), np.float32)
    for y in range(down.shape[0]):
        at = to[0] + y
        if not 0 <= at < height or first + y < 0 or first + y >= scores.shape[1]:
            continue
        probability_rows(scores, first + y, first, is_logits, rows)
        for k in range(classes):
            for x in range(across.shape[0]):
                column = to[1] + x
                if 0 <= column < width:
                    share = rows[k, x] * np.float32(down[y] * across[x]) * _GAIN
                    sums[k, at, column] += np.uint16(share + np.float32(0.5))
        for x in range(across.shape[0]):
            column = to[1] + x
            if 0 <= column < width:
                sums[classes, at, column] += np.uint16(down[y] * across[x])


def patch_arrays(patches: Sequence[Patch]) -> dict[str, NDArray[Any]]:
    """Patches as named arrays, for a file."""
    corners = np.array([(patch.row, patch.col) for patch in patches], np.int64).reshape(-1, 2)
    return {"corners": corners, **{f"sums{i}": patch.sums for i, patch in enumerate(patches)}}


def patches_of(arrays: dict[str, NDArray[Any]]) -> tuple[Patch, ...]:
    """Inverse of `patch_arrays`."""
    return tuple(
        Patch(int(row), int(col), arrays[f"sums{i}"]) for i, (row, col) in enumerate(arrays["corners"])
    )
