# SPDX-License-Identifier: GPL-2.0-or-later
"""One entry to all estimators: the design that drew the sample chooses, never a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from inference_backend.contracts.control import ControlDesign
from inference_backend.contracts.control_report import Assessment, Estimate
from inference_backend.quality.estimation.cells import Cells, cells_of
from inference_backend.quality.estimation.frame import Frame, frame_of
from inference_backend.quality.estimation.groups import distinct, sums
from inference_backend.quality.estimation.shares import Shares, shares_of, shares_right
from inference_backend.quality.estimation.sources import estimator_name, source_of
from inference_backend.quality.estimation.types import FLOATS, WHOLE, Population, Units
from inference_backend.quality.estimation.view import View, view_of

DIMENSIONS = ("cs", "us", "joint")
MEASURES = ("count", "area")
LEVELS = (0, 1, 2, 3, 4)


def assess(
    units: Units, population: Population, design: ControlDesign, dimension: str, level: int, by: str
) -> Assessment:
    """Accuracy of one dimension, at one level of the nomenclature, by count or by area.

    Args:
        units: the sample.
        population: what it stands for.
        design: how it was drawn.
        dimension: `cs`, `us` or `joint`.
        level: number of components that are kept of a code; 0 for the leaves.
        by: `count` or `area`.

    Raises:
        EstimationError: columns of unequal length, a stratum that the population lacks, a probability or an
            area that is none, totals by code that are not those of the strata.
    """
    view = view_of(units, population, dimension, level)
    frame = frame_of(units, population, design, view, by)
    cells = cells_of(frame, view)
    total = _total(population, by) * frame.covered
    overall, users, producers, areas = _estimates(cells, len(view.classes), total)
    low, high = _bounds(frame, view)
    weights = _table(cells, len(view.classes), cells.sums.weight)
    scale = float(weights.sum()) or 1.0
    names = view.classes
    strata = len(population.strata)
    return Assessment(
        dimension=dimension,
        level=level,
        by=by,
        classes=names,
        raw=tuple(tuple(int(n) for n in row) for row in _table(cells, len(names), cells.units)),
        matrix=tuple(tuple(float(v) for v in row) for row in weights / scale),
        overall=overall,
        users=dict(zip(names, users, strict=True)),
        producers=dict(zip(names, producers, strict=True)),
        f1={name: _f1(u.value, p.value) for name, u, p in zip(names, users, producers, strict=True)},
        areas=dict(zip(names, areas, strict=True)),
        mapped=_mapped(population, view, weights, by),
        estimator=estimator_name(design, strata, frame.post_stratified),
        source=source_of(design, strata, frame.post_stratified, _strata_are_classes(units, view)),
        covered=frame.covered,
        unsaid=int((~view.said).sum()),
        overall_if_wrong=low,
        overall_if_right=high,
        notes=frame.notes,
    )


def assess_all(
    units: Units,
    population: Population,
    design: ControlDesign,
    *,
    dimensions: Iterable[str] = DIMENSIONS,
    levels: Iterable[int] = LEVELS,
    measures: Iterable[str] = MEASURES,
) -> Iterator[Assessment]:
    """Every dimension, level and measure, in this order.

    Raises:
        EstimationError: as `assess`.
    """
    levels, measures = tuple(levels), tuple(measures)
    for dimension in dimensions:
        for level in levels:
            for by in measures:
                yield assess(units, population, design, dimension, level, by)


def _estimates(
    cells: Cells, classes: int, total: float
) -> tuple[Estimate, list[Estimate], list[Estimate], list[Estimate]]:
    """Overall, user's and producer's accuracy and areas by class."""
    right = cells.given == cells.found
    overall = shares_right(np.zeros_like(cells.given), right, 1, cells.units, cells.sums)
    whole = shares_of(cells.found, classes, cells.units, cells.sums)
    return (
        overall.estimates()[0],
        shares_right(cells.given, right, classes, cells.units, cells.sums).estimates(),
        shares_right(cells.found, right, classes, cells.units, cells.sums).estimates(),
        _widened(whole, overall, cells).estimates(total),
    )


def _widened(areas: Shares, overall: Shares, cells: Cells) -> Shares:
    """Shares of classes whose every unit is as delivered: all that is known is that errors are few.

    The share of a class cannot differ from what is delivered by more than the share of what is wrong.
    """
    if cells.sums.square.sum() == 0:
        return areas
    slack = 1 - overall.low[0]
    bare = areas.error == 0
    low = np.where(bare, np.maximum(areas.value - slack, 0), areas.low)
    high = np.where(bare, np.minimum(areas.value + slack, 1), areas.high)
    return Shares(areas.value, areas.error, low, high, areas.units)


def _table(cells: Cells, classes: int, values: FLOATS | WHOLE) -> FLOATS:
    return sums(cells.given * classes + cells.found, values, classes**2).reshape(classes, classes)


def _total(population: Population, by: str) -> float:
    return float(sum(s.area_m2 if by == "area" else s.units for s in population.strata))


def _mapped(population: Population, view: View, weights: FLOATS, by: str) -> dict[str, float]:
    """What the lot says by class; reckoned from the sample where its totals are not known."""
    mapped = population.mapped
    if len(mapped):
        totals = view.totals((mapped.area_m2 if by == "area" else mapped.polygons).astype(np.float64))
    else:
        totals = weights.sum(axis=1)
    return dict(zip(view.classes, (float(t) for t in totals), strict=True))


def _bounds(frame: Frame, view: View) -> tuple[float | None, float | None]:
    """Overall share if every unit that could not be said were wrong, and if it were right."""
    whole = float(frame.all_weight.sum())
    if whole == 0:
        return None, None
    right = float(frame.all_weight[view.said & (view.given == view.found)].sum())
    maybe = float(frame.all_weight[~view.said & ~view.wrong].sum())
    return right / whole, (right + maybe) / whole


def _f1(users: float | None, producers: float | None) -> float | None:
    """Harmonic mean; 0 where both are, None where one is not known."""
    if users is None or producers is None:
        return None
    return 2 * users * producers / (users + producers) if users + producers > 0 else 0.0


def _strata_are_classes(units: Units, view: View) -> bool:
    """Whether all units of each stratum bear one delivered class."""
    stratum = units.coded["stratum"].index
    size = len(view.classes)
    pairs = distinct(stratum * size + view.given, (int(stratum.max(initial=0)) + 1) * size)[0]
    return len(pairs) == len(units.coded["stratum"].labels)
