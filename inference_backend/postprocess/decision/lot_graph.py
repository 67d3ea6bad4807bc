# SPDX-License-Identifier: GPL-2.0-or-later
"""Regions of a whole lot as a graph without pixels: codes, integer sums and borders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.types import BOOL, I32, U8, RegionGraph

I64 = NDArray[np.int64]
AREA, ZONE, CONFIDENCE, MARGIN, UNDECIDED, DISAGREE, IMPOSED, SCORES = range(8)
"""Columns of `LotGraph.sums`; the scores of the k covers start at the last, their pixels k columns later."""


@dataclass
class LotGraph:
    """The n regions of a lot in the order of their first pixel.

    Attributes:
        first_px: (n,) int64, ascending, row * width + column of the first pixel.
        cs: (n,) uint8 cover index, 0 where not decided.
        us: (n,) uint8 use index, 0 where not decided.
        ossature: (n,) bool, skeleton.
        cell: (n,) uint8, cell of the skeleton, 0 outside it.
        at_edge: (n,) bool, touches the edge of the raster or what is outside the image.
        sums: (n, 7 + 2 k) int64 sums over the pixels of each region.
        edges: (m, 2) int32 neighbours, first < second, ascending.
        border_px: (m,) int64 length of their common border, pixel sides.
        objects: (p, 3) int64 rows (region, object number, pixels).
        uses: (q, 3) int64 rows (region, number of the rule that said the use, pixels).
    """

    first_px: I64
    cs: U8
    us: U8
    ossature: BOOL
    cell: U8
    at_edge: BOOL
    sums: I64
    edges: I32
    border_px: I64
    objects: I64
    uses: I64

    def __len__(self) -> int:
        return len(self.cs)

    @property
    def area_px(self) -> I64:
        """(n,) pixels."""
        return self.sums[:, AREA]

    @property
    def zone_px(self) -> I64:
        """(n,) pixels inside the zone construite."""
        return self.sums[:, ZONE]

    @property
    def scores(self) -> I64:
        """(n, k) sum of scores 0..255 of each cover."""
        return self.sums[:, SCORES : SCORES + self.covers_known]

    @property
    def covers(self) -> I64:
        """(n, k) pixels of each cover before generalisation."""
        return self.sums[:, SCORES + self.covers_known :]

    @property
    def covers_known(self) -> int:
        """Number k of cover indices, 0 ("not decided") included."""
        return (int(self.sums.shape[1]) - SCORES) // 2

    def held(self, holds: BOOL) -> BOOL:
        """(n,) regions of a cover in `holds`, (k,) bool, that a reference imposed for more than half."""
        imposed: BOOL = holds[self.cs] & (2 * self.sums[:, IMPOSED] > self.area_px)
        return imposed & ~self.ossature

    def as_regions(self) -> RegionGraph:
        """The same as rules on regions read it, without labels."""
        share = self.zone_px / np.maximum(self.area_px, 1)
        return RegionGraph(
            labels=np.zeros((0, 0), np.int32),
            cs=self.cs,
            us=self.us,
            ossature=self.ossature,
            area_px=self.area_px.copy(),
            zone_share=share.astype(np.float32),
            at_edge=self.at_edge,
            edges=self.edges,
            border_px=self.border_px.astype(np.int32),
        )


def contract(lot: LotGraph, root: I32) -> tuple[LotGraph, I32]:
    """Merge regions.

    What references imposed is kept where the region had the cover that it ends with.

    Args:
        lot: n regions.
        root: (n,) int32, for each region the one it becomes part of (itself for a survivor); a survivor gives
            its codes to the whole.

    Returns:
        The m regions that are left, in the order of their first pixel; (n,) int32 new number of each region.
    """
    renamed, survivors = _numbers(lot, root)
    kept = lot.cs == lot.cs[root]
    sums = np.zeros((len(survivors), lot.sums.shape[1]), np.int64)
    first_px = np.full(len(survivors), np.iinfo(np.int64).max, np.int64)
    at_edge = np.zeros(len(survivors), np.bool_)
    _gather(renamed, kept, lot.first_px, lot.at_edge, lot.sums, first_px, at_edge, sums)
    edges, border_px = merge_edges(renamed[lot.edges], lot.border_px)
    objects = lot.objects[kept[lot.objects[:, 0]]]
    merged = LotGraph(
        first_px=first_px,
        cs=lot.cs[survivors],
        us=lot.us[survivors],
        ossature=lot.ossature[survivors],
        cell=lot.cell[survivors],
        at_edge=at_edge,
        sums=sums,
        edges=edges,
        border_px=border_px,
        objects=merge_rows(_renamed(objects, renamed)),
        uses=merge_rows(_renamed(lot.uses, renamed)),
    )
    return merged, renamed


def merge_edges(edges: NDArray[np.integer], border_px: I64) -> tuple[I32, I64]:
    """Edges between renamed regions: no loop, no double, first < second, ascending."""
    low, high = edges.min(axis=1).astype(np.int64), edges.max(axis=1).astype(np.int64)
    kept = low != high
    if not kept.any():
        return np.zeros((0, 2), np.int32), np.zeros(0, np.int64)
    span = int(high.max()) + 1
    codes, border = _summed(low[kept] * span + high[kept], border_px[kept])
    return np.stack([codes // span, codes % span], axis=1).astype(np.int32), border


def merge_rows(rows: I64) -> I64:
    """Rows (region, number, pixels) with equal first two columns added up, ascending."""
    if not len(rows):
        return np.zeros((0, 3), np.int64)
    span = int(rows[:, 1].max()) + 1
    codes, pixels = _summed(rows[:, 0] * span + rows[:, 1], rows[:, 2])
    return np.stack([codes // span, codes % span, pixels], axis=1)


def _summed(codes: I64, values: I64) -> tuple[I64, I64]:
    """Distinct codes, ascending, and the sum of the values of each."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    return ordered[starts], np.add.reduceat(values[order].astype(np.int64), starts)


def _renamed(rows: I64, number: I32) -> I64:
    result = rows.copy()
    result[:, 0] = number[rows[:, 0]]
    return result


def _numbers(lot: LotGraph, root: I32) -> tuple[I32, NDArray[np.intp]]:
    """(n,) new number of each region, and the survivor behind each new number."""
    # Regions are in the order of first pixels, so that the first member of a whole gives its place.
    survivors = np.flatnonzero(root == np.arange(len(root)))
    earliest = np.full(len(root), len(root), np.int64)
    np.minimum.at(earliest, root, np.arange(len(root)))
    survivors = survivors[np.argsort(earliest[survivors], kind="stable")]
    number = np.full(len(root), -1, np.int32)
    number[survivors] = np.arange(len(survivors), dtype=np.int32)
    renamed: I32 = number[root]
    return renamed, survivors


@njit(cache=True, nogil=True)
def _gather(number, kept, first_px, at_edge, sums, first_into, edge_into, sums_into):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    for i in range(len(number)):
        target = number[i]
        first_into[target] = min(first_into[target], first_px[i])
        edge_into[target] |= at_edge[i]
        for column in range(sums.shape[1]):
            if column != IMPOSED or kept[i]:
                sums_into[target, column] += sums[i, column]
