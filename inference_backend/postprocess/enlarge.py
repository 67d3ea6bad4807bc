# SPDX-License-Identifier: GPL-2.0-or-later
"""Enlarges small regions of one cover to a minimum area, at the cost of what surrounds them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.types import BOOL, I32, RegionGraph


def enlarge_regions(graph: RegionGraph, chosen: BOOL, free: BOOL, goal_px: int) -> I32:
    """Grow regions ring by ring, as octagons, over pixels that may be taken.

    Args:
        graph: n regions.
        chosen: (n,) bool, regions to grow, in their order.
        free: (n,) bool, regions that may lose pixels.
        goal_px: area at which a region stops, after a whole ring.

    Returns:
        (H, W) int32 labels; a region that lost pixels may have come apart, so label it again.
    """
    labels = graph.labels.copy()
    flat = np.flatnonzero(_is_chosen(graph.labels, chosen))
    owners = graph.labels.ravel()[flat]
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.flatnonzero(chosen))
    ends = np.append(starts[1:], len(flat)) if len(starts) else starts
    _grow(labels, flat[order], starts, ends, np.flatnonzero(chosen), free, goal_px)
    return labels


def _is_chosen(labels: I32, chosen: BOOL) -> BOOL:
    picked: BOOL = np.append(chosen, False)[labels]
    return picked


@njit(cache=True)
def _grow(
    labels: I32,
    pixels: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    regions: NDArray[np.int64],
    free: BOOL,
    goal_px: int,
) -> None:
    height, width = labels.shape
    for i in range(len(regions)):
        me = regions[i]
        front = [pixels[k] for k in range(starts[i], ends[i])]
        area = len(front)
        ring = 0
        while area < goal_px and len(front) > 0:
            grown = [np.int64(0) for _ in range(0)]
            for index in front:
                row, col = index // width, index % width
                for d_row, d_col in ((-1, 0), (0, -1), (0, 1), (1, 0)):
                    r, c = row + d_row, col + d_col
                    if r < 0 or c < 0 or r >= height or c >= width:
                        continue
                    label = labels[r, c]
                    if label >= 0 and label != me and free[label]:
                        labels[r, c] = me
                        grown.append(r * width + c)
            if ring % 2 == 1:
                # Every other ring takes the corners too: an octagon instead of a diamond.
                for k in range(len(grown)):
                    row, col = grown[k] // width, grown[k] % width
                    for d_row, d_col in ((-1, 0), (0, -1), (0, 1), (1, 0)):
                        r, c = row + d_row, col + d_col
                        if r < 0 or c < 0 or r >= height or c >= width:
                            continue
                        label = labels[r, c]
                        if label >= 0 and label != me and free[label]:
                            mine = 0
                            for e_row, e_col in ((-1, 0), (0, -1), (0, 1), (1, 0)):
                                rr, cc = r + e_row, c + e_col
                                if 0 <= rr < height and 0 <= cc < width and labels[rr, cc] == me:
                                    mine += 1
                            if mine >= 2:
                                labels[r, c] = me
                                grown.append(r * width + c)
            area += len(grown)
            front = grown
            ring += 1
