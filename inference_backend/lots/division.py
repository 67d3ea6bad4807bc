# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygon goes into which lot: places of polygons in, one number each out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.lots.neighbours import Touching

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Polygons to be divided, one row each.

    Attributes:
        fid: (n,) row ids, ascending.
        x: (n,) easting of a point inside, m.
        y: (n,) northing likewise.
        work_s: (n,) expected time of the operator, s; 0 where there is no open item.
        locked: (n,) whether it belongs to the skeleton.
    """

    fid: Ints
    x: Floats
    y: Floats
    work_s: Floats
    locked: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.fid)

    @property
    def weight(self) -> Floats:
        """(n,) what the division balances: the work, and a breath per polygon where there is none."""
        return self.work_s + max(float(self.work_s.sum()), 1.0) / max(len(self), 1) * 1e-3


def by_grid(places: Places, side_m: float) -> tuple[Ints, list[str]]:
    """Squares of `side_m`, aligned to multiples of it; names tell their south-west corner in km."""
    column, row = np.floor(places.x / side_m), np.floor(places.y / side_m)
    cells, label = np.unique(np.column_stack((column, row)), axis=0, return_inverse=True)
    # To the millimetre: six digits would give two small squares the same name.
    names = [f"{x * side_m / 1000:.10g}-{y * side_m / 1000:.10g}" for x, y in cells.tolist()]
    return label.reshape(-1).astype(np.int64), names


def by_code(codes: list[str]) -> tuple[Ints, list[str]]:
    """One unit per code: the commune of each polygon."""
    used, label = np.unique(np.array(codes, dtype=str), return_inverse=True)
    return label.reshape(-1).astype(np.int64), [str(code) for code in used]


def by_cells(places: Places, pairs: Iterable[Touching]) -> tuple[Ints, list[str]]:
    """Cells between the lines of the skeleton; each polygon of the skeleton goes with its longest neighbour.

    Skeleton polygons that touch none but their like go with the cell nearest to them.
    """
    parent = np.arange(len(places))
    borders: list[tuple[Ints, Floats]] = []
    for some in pairs:
        rows, is_known = _rows_of(places, some.edges)
        rows, lengths = rows[is_known], some.lengths[is_known]
        locked = places.locked[rows]
        for first, second in np.unique(rows[~locked.any(axis=1)], axis=0).tolist():
            _join(parent, first, second)
        mixed = locked.sum(axis=1) == 1
        borders.append(_locked_first(rows[mixed], locked[mixed], lengths[mixed]))
    cell = np.array([_root(parent, i) for i in range(len(places))], dtype=np.int64)
    _adopt_skeleton(places, cell, borders)
    kept, label = np.unique(cell, return_inverse=True)
    return label.reshape(-1).astype(np.int64), [f"{number:04d}" for number in range(1, len(kept) + 1)]


def grouped(places: Places, unit: Ints, count: int) -> Ints:
    """Units into `count` groups of equal weight, each compact: the place is halved again and again.

    Args:
        places: the polygons.
        unit: (n,) number of each polygon's unit, 0 ≤ u.
        count: groups; fewer come out where there are fewer units.
    """
    units = int(unit.max()) + 1
    weight: Floats = np.bincount(unit, places.weight, units).astype(np.float64)
    number = np.maximum(np.bincount(unit, minlength=units), 1)
    x, y = np.bincount(unit, places.x, units) / number, np.bincount(unit, places.y, units) / number
    group = np.zeros(units, dtype=np.int64)
    waiting, following = [(np.arange(units), min(count, units))], 0
    while waiting:
        members, wanted = waiting.pop()
        if wanted == 1:
            group[members] = following
            following += 1
            continue
        first, second, half = _halves(members, x, y, weight, wanted)
        waiting += [(second, wanted - half), (first, half)]
    return group[unit]


def _halves(members: Ints, x: Floats, y: Floats, weight: Floats, wanted: int) -> tuple[Ints, Ints, int]:
    """Two parts along the longer side, weighing as the numbers of groups they will become."""
    along, across = (x, y) if np.ptp(x[members]) >= np.ptp(y[members]) else (y, x)
    order = members[np.lexsort((across[members], along[members]))]
    half = wanted // 2
    reached = np.cumsum(weight[order])
    cut = int(np.searchsorted(reached, reached[-1] * half / wanted)) + 1
    cut = min(max(cut, half), len(order) - (wanted - half))  # each part keeps a unit per group
    return order[:cut], order[cut:], half


def _rows_of(places: Places, pairs: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    rows = np.searchsorted(places.fid, pairs).clip(0, max(len(places) - 1, 0))
    known: NDArray[np.bool_] = (places.fid[rows] == pairs).all(axis=1)
    return rows, known


def _locked_first(rows: Ints, locked: NDArray[np.bool_], lengths: Floats) -> tuple[Ints, Floats]:
    """Pairs (skeleton, other), with the length of all their edges of this square."""
    turned = np.where(locked[:, :1], rows, rows[:, ::-1])
    pairs, place = np.unique(turned, axis=0, return_inverse=True)
    total: Floats = np.bincount(place.reshape(-1), lengths, len(pairs)).astype(np.float64)
    return pairs, total


def _adopt_skeleton(places: Places, cell: Ints, borders: list[tuple[Ints, Floats]]) -> None:
    if not places.locked.any() or places.locked.all():
        return
    best: dict[int, tuple[float, int]] = {}
    total: dict[tuple[int, int], float] = {}
    for pairs, lengths in borders:
        for (road, other), length in zip(pairs.tolist(), lengths.tolist(), strict=True):
            key = (road, int(cell[other]))
            # An edge on the line between two squares counts twice; it decides nothing but a close call.
            total[key] = total.get(key, 0.0) + length
    for (road, neighbour), length in total.items():
        best[road] = max(best.get(road, (0.0, neighbour)), (length, neighbour))
    free = np.flatnonzero(~places.locked)
    tree = shapely.STRtree(shapely.points(places.x[free], places.y[free]))
    for road in np.flatnonzero(places.locked).tolist():
        if road in best:
            cell[road] = best[road][1]
        else:
            cell[road] = cell[free[int(tree.nearest(shapely.Point(places.x[road], places.y[road])))]]


def _root(parent: Ints, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int(parent[i])
    return i


def _join(parent: Ints, first: int, second: int) -> None:
    a, b = _root(parent, first), _root(parent, second)
    if a != b:
        parent[max(a, b)] = min(a, b)
