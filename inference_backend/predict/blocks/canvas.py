# SPDX-License-Identifier: GPL-2.0-or-later
"""A block under way: tiles come in any order and from several threads, each to its own place."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard
from inference_backend.contracts.prediction import BAND_NAMES, NODATA
from inference_backend.predict.blocks.blend import Patch, Sums
from inference_backend.predict.blocks.lattice import Block, Lattice, TileInBlock
from inference_backend.predict.blocks.scores import Window, put_map_planes, put_planes, put_probabilities
from inference_backend.predict.options import PredictOptions
from inference_backend.runtime.score_map import ScoreMap

U8 = NDArray[np.uint8]


@dataclass(frozen=True)
class BlockResult:
    """A finished block.

    Attributes:
        block: which one.
        planes: (4, h, w) uint8, None where there is no image at all.
        probabilities: (K, h, w) uint8 where they were asked for and there is image, else None.
        patches: where tiles are blended, what the neighbours must know of the pixels along the edges.
    """

    block: Block
    planes: U8 | None = None
    probabilities: U8 | None = None
    patches: tuple[Patch, ...] = ()


class CanvasMemory:
    """Planes of finished blocks for those that begin: fresh memory costs more than what is written to it.

    Args:
        side_px: of the largest block.
    """

    def __init__(self, side_px: int) -> None:
        self._size = len(BAND_NAMES) * side_px**2
        self._idle: list[U8] = []

    def take(self, shape: tuple[int, int]) -> U8:
        """(4, h, w) uint8 that hold anything."""
        try:
            memory = self._idle.pop()
        except IndexError:
            memory = np.empty(self._size, np.uint8)
        return memory[: len(BAND_NAMES) * shape[0] * shape[1]].reshape(len(BAND_NAMES), *shape)

    def give_back(self, planes: U8 | None) -> None:
        """Whoever had `planes` from here does not look at them any more."""
        if planes is not None and isinstance(planes.base, np.ndarray):
            self._idle.append(planes.base)


class Canvas:
    """Collects the tiles of one block; memory is taken when the first one comes.

    Args:
        lattice: of the blocks.
        block: which one.
        card: of the model.
        options: whether to keep every class, and to blend.
        memory: to take the planes from.
    """

    def __init__(
        self,
        lattice: Lattice,
        block: Block,
        card: ModelCard,
        options: PredictOptions,
        memory: CanvasMemory,
    ) -> None:
        self.block = block
        self._lattice, self._card, self._options, self._memory = lattice, card, options, memory
        self._shape = lattice.block_shape(block)
        self._planes: U8 | None = None
        self._probabilities: U8 | None = None
        self._sums: Sums | None = None
        self._inside = np.zeros(0, bool)
        self._skipped: list[TileInBlock] = []
        self._pending = 1  # the reader, until it has listed every tile
        self._lock = threading.Lock()

    def expect(self) -> None:
        """A tile will come."""
        with self._lock:
            self._pending += 1
            if self._planes is None:
                self._planes = self._memory.take(self._shape)
                if self._options.blend:
                    self._planes[:] = NODATA
                    self._sums = Sums(self._lattice, self.block, self._card)
                    self._inside = np.zeros(self._shape, bool)
                if self._options.probabilities:
                    classes = len(self._card.classes)
                    self._probabilities = np.full((classes, *self._shape), NODATA, np.uint8)

    def skip(self, place: TileInBlock) -> None:
        """A tile will not come: there is no image."""
        with self._lock:
            self._skipped.append(place)

    def put(self, place: TileInBlock, scores: NDArray[Any], inside: NDArray[np.bool_], lost_px: int) -> None:
        """Write a tile's core.

        Args:
            place: where in the block.
            scores: (K, H, W) of the network, without `lost_px` on each side.
            inside: (tile, tile) bool.
            lost_px: see `scores`.
        """
        card, window = self._card, _window(place, lost_px)
        if self._sums is not None:
            (row, col), (height, width) = window.inside, window.shape
            with self._lock:
                self._inside[place.rows, place.cols] = inside[row : row + height, col : col + width]
                self._sums.add(place, scores, lost_px)
            return
        if self._planes is not None:
            put_planes(scores, inside, window, card.output, card.min_confidence, self._planes)
        if self._probabilities is not None:
            put_probabilities(scores, inside, window, card.output, self._probabilities)

    def put_map(self, place: TileInBlock, scores: ScoreMap, inside: NDArray[np.bool_], lost_px: int) -> None:
        """Write a tile's core from scores that the engine lends; planes alone.

        Args:
            place: where in the block.
            scores: of the network, without `lost_px` on each side.
            inside: (tile, tile) bool.
            lost_px: see `scores`.
        """
        if self._planes is not None:
            put_map_planes(scores, inside, _window(place, lost_px), self._card.min_confidence, self._planes)

    def put_ready(self, place: TileInBlock, planes: U8, inside: NDArray[np.bool_], lost_px: int) -> None:
        """Write a tile's core whose planes the engine made.

        Args:
            place: where in the block.
            planes: (4, H, W) uint8, without `lost_px` on each side.
            inside: (tile, tile) bool.
            lost_px: see `planes`.
        """
        window = _window(place, lost_px)
        (top, left), (row, col), (height, width) = window.scores, window.inside, window.shape
        if self._planes is not None:
            core = planes[:, top : top + height, left : left + width]
            seen = inside[row : row + height, col : col + width]
            self._planes[:, place.rows, place.cols] = np.where(seen, core, NODATA)

    def release(self) -> bool:
        """A tile came, or the reader has listed all of them; True for the last one."""
        with self._lock:
            self._pending -= 1
            return self._pending == 0

    def result(self) -> BlockResult:
        """The block, once it is finished."""
        patches: tuple[Patch, ...] = ()
        if self._planes is not None:
            for place in self._skipped:
                self._planes[:, place.rows, place.cols] = NODATA
        if self._sums is not None and self._planes is not None:
            self._sums.put(self._inside, self._planes, self._probabilities)
            patches, self._sums = self._sums.patches(), None
        return BlockResult(self.block, self._planes, self._probabilities, patches)


def _window(place: TileInBlock, lost_px: int) -> Window:
    rows, cols = place.rows, place.cols
    row, col = place.offset
    shape = (rows.stop - rows.start, cols.stop - cols.start)
    return Window((row - lost_px, col - lost_px), (row, col), (rows.start, cols.start), shape)
