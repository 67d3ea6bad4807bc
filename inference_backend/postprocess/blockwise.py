# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that travel between the stages of a post-processing that works block by block.

survey (blocks) -> regions (blocks) -> decision (whole lot, graph alone) -> borders (blocks) -> coverage
(whole lot, vectors alone). Whatever the tiling, the values that leave `decision` are the same: sums are
integers, regions are numbered by their first pixel in the raster, and the order of blocks decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.grid import Grid
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]


@dataclass(frozen=True, order=True)
class Window:
    """A rectangle of the whole raster, in its pixels: first row, first column, height and width."""

    row: int
    col: int
    height: int
    width: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of the whole raster."""
        return slice(self.row, self.row + self.height), slice(self.col, self.col + self.width)

    def grown(self, halo_px: int, shape: tuple[int, int]) -> Window:
        """This window with a halo, cut at the raster's edges."""
        top, left = max(0, self.row - halo_px), max(0, self.col - halo_px)
        bottom = min(shape[0], self.row + self.height + halo_px)
        right = min(shape[1], self.col + self.width + halo_px)
        return Window(top, left, bottom - top, right - left)

    def inside(self, outer: Window) -> tuple[slice, slice]:
        """Where this window lies in the arrays of `outer`."""
        top, left = self.row - outer.row, self.col - outer.col
        return slice(top, top + self.height), slice(left, left + self.width)

    def grid(self, whole: Grid) -> Grid:
        """Georeference of the window."""
        transform = whole.transform.__class__(
            whole.transform.a,
            whole.transform.b,
            whole.transform.c + self.col * whole.transform.a,
            whole.transform.d,
            whole.transform.e,
            whole.transform.f + self.row * whole.transform.e,
        )
        return Grid(self.height, self.width, transform, whole.crs)


@dataclass(frozen=True)
class Tiling:
    """The blocks of a raster: squares of `side_px` from its upper left corner, row by row.

    Attributes:
        shape: (rows, columns) of the whole raster.
        side_px: a multiple of the coarse pixel of the survey.
    """

    shape: tuple[int, int]
    side_px: int

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of blocks."""
        return -(-self.shape[0] // self.side_px), -(-self.shape[1] // self.side_px)

    def __len__(self) -> int:
        return self.size[0] * self.size[1]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((row, col) for row in range(self.size[0]) for col in range(self.size[1]))

    def core(self, block: tuple[int, int]) -> Window:
        """The pixels that a block decides."""
        row, col = block[0] * self.side_px, block[1] * self.side_px
        return Window(
            row, col, min(self.side_px, self.shape[0] - row), min(self.side_px, self.shape[1] - col)
        )


class HaloTooSmall(Exception):  # noqa: N818 - a request, not a failure: the caller tries with a larger halo
    """What the block's core becomes depends on pixels beyond the window that was given."""


@dataclass
class BlockRegions:
    """The n regions of a block's core, 4-connected inside the core, and sums over their pixels.

    Two pixels are of one region where `cs`, `us`, `ossature` and `cell` are equal.

    Attributes:
        labels: (h, w) int32, 0..n-1, -1 outside the image.
        first_px: (n,) int64, row * width + column in the whole raster of the region's first pixel.
        cs: (n,) uint8 cover index, 0 where not decided.
        us: (n,) uint8 use index said by references, 0 where none speaks.
        ossature: (n,) bool, skeleton.
        cell: (n,) uint8, parity of the canonical cell that cuts the skeleton into pieces of bounded size; 0
            outside the skeleton.
        area_px: (n,) int64.
        zone_px: (n,) int64, pixels inside the zone construite.
        at_edge: (n,) bool, touches the edge of the raster, or in the core what is outside the image.
        scores: (n, k) int64, sum of scores (0..255) of each cover, column 0 unused.
        covers: (n, k) int64, pixels of each cover before generalisation, references burned; column 0 is
            undecided.
        confidence_sum: (n,) int64, sum of top-1 scores 0..255.
        margin_sum: (n,) int64.
        undecided_px: (n,) int64, pixels that no class won.
        disagree_px: (n,) int64, pixels of a reference that the prediction contradicts.
        imposed_px: (n,) int64, pixels whose cover a reference imposed and that kept it.
        objects: (p, 3) int64 rows (region, object number, pixels) of imposed pixels.
        uses: (q, 3) int64 rows (region, number of the rule that said the use, pixels).
        edges: (m, 2) int32 neighbours in the core, first < second.
        border_px: (m,) int64 length of their common border, pixel sides.
        north, south: (w,) int32 labels of the core's first and last row.
        west, east: (h,) int32 labels of its first and last column.
    """

    labels: I32
    first_px: I64
    cs: U8
    us: U8
    ossature: BOOL
    cell: U8
    area_px: I64
    zone_px: I64
    at_edge: BOOL
    scores: I64
    covers: I64
    confidence_sum: I64
    margin_sum: I64
    undecided_px: I64
    disagree_px: I64
    imposed_px: I64
    objects: I64
    uses: I64
    edges: I32
    border_px: I64
    north: I32
    south: I32
    west: I32
    east: I32


@dataclass
class BlockBorders:
    """Borders between final regions in one block or in the whole lot: a arcs along pixel sides.

    An arc runs with `left` on its left and `right` on its right, from node to node. A node is a pixel corner
    where three or four borders meet, or an arc of its own (an island) has its canonical start: its first
    corner in raster order. An arc that leaves the block ends at the block's edge and is `open` there.

    Attributes:
        corners: (p, 2) int32 row and column of pixel corners in the whole raster, arc after arc; only turns,
            ends and nodes.
        starts: (a + 1,) int64 positions in `corners`.
        left, right: (a,) int32 final region, -1 outside the image.
        start_heading, end_heading: (a,) uint8, 0 east, 1 south, 2 west, 3 north, of the first and last step.
        start_open, end_open: (a,) bool.
    """

    corners: I32
    starts: I64
    left: I32
    right: I32
    start_heading: U8
    end_heading: U8
    start_open: BOOL
    end_open: BOOL
