# SPDX-License-Identifier: GPL-2.0-or-later
"""Connected pixels (4 neighbours) by horizontal runs: numpy alone, since QGIS does not promise scipy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow, Region

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Runs:
    """Horizontal runs of the True pixels of a mask, in reading order; `stop` is exclusive.

    Attributes:
        row: (N,) row of each run.
        start: (N,) first column.
        stop: (N,) column after the last.
    """

    row: Indices
    start: Indices
    stop: Indices


def find_runs(mask: Mask) -> Runs:
    """The horizontal runs of `mask`, (H, W) bool."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    row, start = np.nonzero(steps == 1)
    stop = np.nonzero(steps == -1)[1]
    return Runs(row.astype(np.int64), start.astype(np.int64), stop.astype(np.int64))


def _touching(runs: Runs, width: int, offset: int) -> tuple[Indices, Indices]:
    """For each run, the range [first, last) of the runs that touch it in the row `offset` away."""
    key_start = runs.row * (width + 1) + runs.start
    key_stop = runs.row * (width + 1) + runs.stop
    row = (runs.row + offset) * (width + 1)
    first = np.searchsorted(key_stop, row + runs.start, side="right")
    last = np.searchsorted(key_start, row + runs.stop, side="left")
    return first, np.maximum(first, last)


def _expand(first: Indices, last: Indices) -> Indices:
    """All integers of the ranges [first, last), one after the other."""
    counts = last - first
    ends = np.cumsum(counts)
    if not ends.size or not ends[-1]:
        return np.empty(0, dtype=np.int64)
    return np.repeat(first - (ends - counts), counts) + np.arange(ends[-1])


def connected_region(labels: Labels, row: int, col: int) -> Region:
    """The connected pixels that have the value of pixel (row, col), itself included.

    Args:
        labels: (H, W) uint8.
        row: inside the array.
        col: inside the array.
    """
    width = labels.shape[1]
    runs = find_runs(labels == labels[row, col])
    seed = (
        int(np.searchsorted(runs.row * (width + 1) + runs.start, row * (width + 1) + col, side="right")) - 1
    )
    reached = _reach(runs, width, seed)
    return _region_of(Runs(runs.row[reached], runs.start[reached], runs.stop[reached]))


def _reach(runs: Runs, width: int, seed: int) -> Indices:
    """Indices of the runs connected to run `seed`, by rings of neighbours."""
    above, below = _touching(runs, width, -1), _touching(runs, width, 1)
    seen = np.zeros(runs.row.size, dtype=bool)
    seen[seed] = True
    ring = np.array([seed], dtype=np.int64)
    while ring.size:
        found = np.concatenate([_expand(first[ring], last[ring]) for first, last in (above, below)])
        ring = np.unique(found[~seen[found]])
        seen[ring] = True
    return np.flatnonzero(seen)


def _region_of(runs: Runs) -> Region:
    top, left = int(runs.row.min()), int(runs.start.min())
    height, width = int(runs.row.max()) - top + 1, int(runs.stop.max()) - left
    steps = np.zeros((height, width + 1), dtype=np.int8)
    np.add.at(steps, (runs.row - top, runs.start - left), 1)
    np.add.at(steps, (runs.row - top, runs.stop - left), -1)
    return Region(PixelWindow(top, left, height, width), np.cumsum(steps, axis=1)[:, :-1].astype(bool))


def find_components(mask: Mask) -> tuple[Runs, Indices]:
    """Runs of `mask`, and for each the index of the first run of its connected component."""
    runs = find_runs(mask)
    component = np.arange(runs.row.size, dtype=np.int64)
    first, last = _touching(runs, mask.shape[1], 1)
    upper, lower = np.repeat(component, last - first), _expand(first, last)
    while upper.size:
        joined = np.minimum(component[upper], component[lower])
        previous = component.copy()
        np.minimum.at(component, component[upper], joined)
        np.minimum.at(component, component[lower], joined)
        component = component[component]
        if np.array_equal(component, previous):
            break
    return runs, component


def connected_regions(mask: Mask) -> list[Region]:
    """The connected sets of the True pixels of `mask`, in reading order of their first pixels."""
    runs, component = find_components(mask)
    order = np.argsort(component, kind="stable")
    cuts = np.flatnonzero(np.diff(component[order])) + 1
    return [
        _region_of(Runs(runs.row[members], runs.start[members], runs.stop[members]))
        for members in np.split(order, cuts)
        if members.size
    ]
