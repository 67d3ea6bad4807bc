# SPDX-License-Identifier: GPL-2.0-or-later
"""Units drawn at random that keep a distance from each other, and how likely each was to be drawn.

Units are visited in the order of their random numbers; one is kept if no kept one is nearer than the
distance, until its stratum has its number. A unit among many others is kept less often than one that stands
alone: on clustered ground several times less. Estimates that took all for equally likely would lean towards
what stands alone, so the probabilities are reckoned: from repeated draws with other numbers, each of which
tells how small a unit's own number would have had to be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from inference_backend.quality.sampling.numbers import Stream

_SELDOM = 4.0
"""Scaled number that few draws reach."""
REPEATS = 200
"""Draws that probabilities are reckoned from: their error is below 4 % for each unit."""
_LEAST_REPEATS, _MOST_VISITS = 20, 4_000_000
"""Fewer draws where each looks at very many units, as where the ground is full: some ten seconds in all."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ground:
    """What can be drawn, and where.

    Attributes:
        stratum: (n,) number of each unit's stratum.
        wanted: (h,) units to draw of each; fewer come out where there is no room.
        x: (n,) eastings, m.
        y: (n,) northings, m.
        distance_m: above 0.
    """

    stratum: Ints
    wanted: Ints
    x: Floats
    y: Floats
    distance_m: float

    @cached_property
    def units(self) -> Ints:
        """(h,) units of each stratum."""
        return np.bincount(self.stratum, minlength=len(self.wanted)).astype(np.int64)

    @cached_property
    def is_whole(self) -> NDArray[np.bool_]:
        """(h,) strata that are taken whole: the distance does not bind them."""
        whole: NDArray[np.bool_] = self.wanted >= self.units
        return whole

    @cached_property
    def rate(self) -> Floats:
        """(h,) share of each stratum that is wanted."""
        rate: Floats = self.wanted / np.maximum(self.units, 1)
        return rate


@dataclass
class _Kept:
    """Units kept so far, by squares of the distance."""

    ground: Ground
    cells: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def add(self, unit: int) -> None:
        self.cells.setdefault(self._cell(unit), []).append(unit)

    def near(self, unit: int) -> list[int]:
        """Kept units nearer than the distance, in the order in which they were kept within each square."""
        ground, (column, row) = self.ground, self._cell(unit)
        x, y = ground.x[unit], ground.y[unit]
        return [
            kept
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for kept in self.cells.get((column + i, row + j), ())
            if math.hypot(x - ground.x[kept], y - ground.y[kept]) < ground.distance_m
        ]

    def _cell(self, unit: int) -> tuple[int, int]:
        side = self.ground.distance_m
        return math.floor(self.ground.x[unit] / side), math.floor(self.ground.y[unit] / side)


def spaced(ground: Ground, stream: Stream, repeats: int = REPEATS) -> tuple[Ints, Floats]:
    """Rows drawn, in ascending order, and the inclusion probability of each.

    Args:
        ground: what can be drawn.
        stream: random numbers.
        repeats: draws that probabilities are reckoned from.
    """
    first = _sweep(ground, stream)
    rows = np.sort(np.array(first.drawn, dtype=np.int64))
    repeats = max(_LEAST_REPEATS, min(repeats, _MOST_VISITS // max(first.visited, 1)))
    around, bound = _around(ground, rows), np.zeros(len(rows))
    for _ in range(repeats):
        bound += _bounds(ground, stream, rows, around)
    probability = bound / repeats * ground.rate[ground.stratum[rows]]
    probability[ground.is_whole[ground.stratum[rows]]] = 1.0
    return rows, np.minimum(probability, 1.0)


@dataclass(frozen=True)
class _Sweep:
    """One draw.

    Attributes:
        drawn: units kept.
        scaled: (n,) number of every unit, so that strata of all sizes are full at about 1.
        full: (h,) number at which each stratum had its units; infinite where there was no room.
        after: (h,) number at which it would have got one more.
        visited: units that were looked at.
    """

    drawn: list[int]
    scaled: Floats
    full: Floats
    after: Floats
    visited: int


def _sweep(ground: Ground, stream: Stream) -> _Sweep:
    scaled = stream.uniform(len(ground.stratum)) / np.maximum(ground.rate, 1e-12)[ground.stratum]
    is_whole, missing = ground.is_whole, ground.wanted.copy()
    full = np.where(missing > 0, np.inf, 0.0)
    after = np.where(missing > 0, np.inf, 0.0)
    kept, drawn, visited = _Kept(ground), [], 0
    for unit in _visited(scaled):
        visited += 1
        own = int(ground.stratum[unit])
        if after[own] < np.inf or (not is_whole[own] and kept.near(unit)):
            continue
        if missing[own] == 0:
            after[own] = scaled[unit]
            if np.isfinite(after).all():
                break
            continue
        if not is_whole[own]:
            kept.add(unit)
        drawn.append(unit)
        missing[own] -= 1
        if missing[own] == 0:
            full[own] = scaled[unit]
            after[own] = full[own] if is_whole[own] else np.inf
    return _Sweep(drawn, scaled, full, after, visited)


def _visited(scaled: Floats) -> Iterator[int]:
    """Rows by their numbers; the many that are seldom reached are sorted only then."""
    for rows in (np.flatnonzero(scaled < _SELDOM), np.flatnonzero(scaled >= _SELDOM)):
        yield from rows[np.argsort(scaled[rows], kind="stable")].tolist()


def _bounds(ground: Ground, stream: Stream, rows: Ints, around: list[list[int]]) -> Floats:
    """(m,) the number below which each row would have been kept, the others having those of one more draw."""
    sweep = _sweep(ground, stream)
    kept = _Kept(ground)
    for unit in sweep.drawn:
        if not ground.is_whole[ground.stratum[unit]]:
            kept.add(unit)
    in_draw = set(sweep.drawn)
    bounds = []
    for row, neighbours in zip(rows.tolist(), around, strict=True):
        own = int(ground.stratum[row])
        near = [float(sweep.scaled[unit]) for unit in kept.near(row) if unit != row]
        end = sweep.full[own]
        if row in in_draw:  # without it, others would have come in its place, or had been too near to it
            near += _held_back(ground, kept, sweep, row, neighbours)
            end = sweep.after[own]
        bounds.append(min([float(end), 1.0 / max(float(ground.rate[own]), 1e-12), *near]))
    return np.array(bounds)


def _held_back(ground: Ground, kept: _Kept, sweep: _Sweep, row: int, neighbours: list[int]) -> list[float]:
    """Number of the first neighbour that this row alone kept from being drawn; empty without one."""
    scaled, end = sweep.scaled, sweep.after
    later = [
        unit
        for unit in neighbours
        if scaled[row] < scaled[unit] < end[ground.stratum[unit]]
        and not ground.is_whole[ground.stratum[unit]]
    ]
    for unit in sorted(later, key=lambda unit: float(scaled[unit])):
        if not any(other != row and scaled[other] < scaled[unit] for other in kept.near(unit)):
            return [float(scaled[unit])]
    return []


def _around(ground: Ground, rows: Ints) -> list[list[int]]:
    """Units nearer to each row than the distance, itself left out."""
    places = np.column_stack((ground.x, ground.y))
    found = cKDTree(places).query_ball_point(places[rows], np.nextafter(ground.distance_m, 0.0))
    return [[unit for unit in near if unit != row] for row, near in zip(rows.tolist(), found, strict=True)]
