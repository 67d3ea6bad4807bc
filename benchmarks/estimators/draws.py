# SPDX-License-Identifier: GPL-2.0-or-later
"""Many samples of a made population at once, by each design: drawn here, not by the code under test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.estimators.populations import Made
from inference_backend.contracts.control import ControlDesign, Draw, StrataBy, Unit

PLACES = NDArray[np.int64]
CHANCES = NDArray[np.float64]
Drawn = tuple[PLACES, CHANCES]
"""(times, n) polygons in the order of the line, and (N,) inclusion probabilities or expected hits."""
BY_CLASS = (80, 60, 40, 30, 30, 20, 20, 20)


@dataclass(frozen=True)
class Case:
    """A design to try.

    Attributes:
        name: of the design.
        design: as the estimators are told it.
        draw: gives samples: chance, population, size, times.
        strata: gives each polygon's stratum.
        post: whether totals by delivered class are known.
    """

    name: str
    design: ControlDesign
    draw: Callable[[np.random.Generator, Made, int, int], Drawn]
    strata: Callable[[Made], PLACES]
    post: bool = False


def one(population: Made) -> PLACES:
    """Everything in one stratum."""
    return np.zeros(len(population.given), np.int64)


def by_class(population: Made) -> PLACES:
    """Delivered classes as strata."""
    return population.given


def by_commune(population: Made) -> PLACES:
    """Communes as strata, which are not the classes."""
    return population.commune


def random(rng: np.random.Generator, population: Made, size: int, times: int) -> Drawn:
    """Equal chances without replacement."""
    return within((1,), one)(rng, population, size, times)


def within(shares: tuple[int, ...], strata: Callable[[Made], PLACES]) -> Callable[..., Drawn]:
    """Equal chances without replacement within strata, of which `shares` gives the parts of the sample."""

    def drawn(rng: np.random.Generator, population: Made, size: int, times: int) -> Drawn:
        chance = np.zeros(len(population.given))
        columns = []
        for number, share in enumerate(shares):
            members = np.flatnonzero(strata(population) == number)
            take = min(len(members), round(size * share / sum(shares)))
            rows = [rng.choice(members, take, replace=False, shuffle=False) for _ in range(times)]
            columns.append(np.stack(rows))
            chance[members] = take / len(members)
        return np.sort(np.concatenate(columns, axis=1), axis=1), chance

    return drawn


def systematic(rng: np.random.Generator, population: Made, size: int, times: int) -> Drawn:
    """Every k-th polygon from a random start."""
    count = len(population.given)
    starts = rng.random((times, 1))
    return np.floor((starts + np.arange(size)) * count / size).astype(np.int64), np.full(count, size / count)


def area(rng: np.random.Generator, population: Made, size: int, times: int) -> Drawn:
    """Chances by area without replacement: systematic along a line shuffled every ten samples."""
    chance = _chances(population.area_m2, size)
    rows = []
    for number in range(times):
        if number % 10 == 0:
            order = rng.permutation(len(chance))
            ends = np.cumsum(chance[order])
        hits = np.searchsorted(ends, rng.random() + np.arange(size))
        rows.append(np.sort(order[hits.clip(max=len(chance) - 1)]))
    return np.stack(rows), chance


def points(rng: np.random.Generator, population: Made, size: int, times: int) -> Drawn:
    """Points at random on the surface."""
    return _hits(population, size, np.sort(rng.random((times, size)), axis=1))


def grid(rng: np.random.Generator, population: Made, size: int, times: int) -> Drawn:
    """Points at equal steps of surface along the line."""
    return _hits(population, size, (rng.random((times, 1)) + np.arange(size)) / size)


def _hits(population: Made, size: int, at: NDArray[np.float64]) -> Drawn:
    share = population.area_m2 / population.area_m2.sum()
    return np.searchsorted(np.cumsum(share), at).clip(max=len(share) - 1), size * share


def _chances(measure: NDArray[np.float64], size: int) -> CHANCES:
    """Inclusion probabilities by measure, 1 at most."""
    certain = np.zeros(len(measure), bool)
    while True:
        chance = np.where(certain, 1.0, (size - certain.sum()) * measure / measure[~certain].sum())
        above = chance > 1
        if not above.any():
            return np.asarray(chance)
        certain |= above


_NONE = StrataBy.NONE
CASES = (
    Case("simple random", ControlDesign(strata_by=_NONE), random, one),
    Case("post-stratified", ControlDesign(strata_by=_NONE), random, one, post=True),
    Case("stratified by class", ControlDesign(), within(BY_CLASS, by_class), by_class),
    Case(
        "stratified by commune",
        ControlDesign(strata_by=StrataBy.COMMUNE),
        within((1, 1, 1, 1, 1, 1), by_commune),
        by_commune,
    ),
    Case("area-proportional", ControlDesign(strata_by=_NONE, draw=Draw.AREA), area, one),
    Case("systematic", ControlDesign(strata_by=_NONE, draw=Draw.SYSTEMATIC), systematic, one),
    Case("points", ControlDesign(strata_by=_NONE, unit=Unit.POINT), points, one),
    Case("grid of points", ControlDesign(strata_by=_NONE, unit=Unit.POINT, draw=Draw.SYSTEMATIC), grid, one),
)
