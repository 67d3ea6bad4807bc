# SPDX-License-Identifier: GPL-2.0-or-later
"""Made samples for the estimators: one as they get it, or thousands at once through their parts."""

from __future__ import annotations

import numpy as np

from benchmarks.estimators.draws import CHANCES, PLACES, Case
from benchmarks.estimators.populations import LEAVES, Made
from inference_backend.contracts.control import Draw, Stratum, Unit
from inference_backend.quality.estimation.groups import calibrated, leverage, sums
from inference_backend.quality.estimation.post_strata import joined
from inference_backend.quality.estimation.shares import Shares, shares_right
from inference_backend.quality.estimation.types import Mapped, Population, Units
from inference_backend.quality.estimation.variance import Neighbours, Sums


def sample_of(case: Case, made: Made, places: PLACES, chance: CHANCES) -> tuple[Units, Population]:
    """One sample, every unit answered rightly.

    Args:
        case: the design.
        made: the population.
        places: (n,) polygons drawn.
        chance: (N,) their inclusion probabilities.
    """
    strata = case.strata(made)
    codes, names = np.array(LEAVES), np.array([f"s{number}" for number in range(len(LEAVES))])
    use = np.full(len(places), "US1.1")
    units = Units(
        names[strata[places]],
        chance[places],
        made.area_m2[places],
        codes[made.given[places]],
        use,
        codes[made.true[places]],
        use,
        rank=np.arange(len(places)) if case.design.draw is Draw.SYSTEMATIC else None,
    )
    drawn, count, area_m2 = (
        np.bincount(strata[places]),
        np.bincount(strata),
        np.bincount(strata, made.area_m2),
    )
    listed = tuple(
        Stratum(str(names[k]), int(count[k]), float(area_m2[k]), int(drawn[k])) for k in range(len(count))
    )
    return units, Population(listed, _mapped(made) if case.post else Mapped(), LEAVES)


def _mapped(made: Made) -> Mapped:
    size = len(LEAVES)
    return Mapped(
        np.array(LEAVES),
        np.full(size, "US1.1"),
        np.bincount(made.given, minlength=size),
        np.bincount(made.given, made.area_m2, minlength=size),
    )


def overall_of_many(case: Case, made: Made, places: PLACES, chance: CHANCES, by: str) -> Shares:
    """Overall accuracy from each of many samples, by the parts of the estimators, each sample a domain.

    Args:
        case: the design.
        made: the population.
        places: (times, n) polygons drawn.
        chance: (N,) their inclusion probabilities.
        by: `count` or `area`.
    """
    times, size = places.shape
    measure = made.measure(by)
    group, totals = _groups(case, made, places, measure)
    flat, groups = places.ravel(), len(totals)
    weight = calibrated(measure[flat] / chance[flat], group, totals)
    loose = np.ones(len(flat)) if case.design.unit is Unit.POINT else 1 - chance[flat]
    loose[loose < 1e-9] = 0.0
    heavy = weight * leverage(weight, group, groups)
    near = None
    if case.design.draw is Draw.SYSTEMATIC:
        index = np.arange(len(flat)).reshape(times, size)
        after = np.roll(index, -1, axis=1).ravel()
        root = heavy * np.sqrt(loose)
        near = Neighbours(index.ravel(), after, root * root[after])
    cells = Sums(
        group,
        weight,
        loose * weight**2,
        loose * heavy**2,
        loose,
        loose * heavy,
        sums(group, loose > 0, groups),
        near,
    )
    domain = np.repeat(np.arange(times), size)
    right = made.given[flat] == made.true[flat]
    return shares_right(domain, right, times, np.ones(len(flat), np.int64), cells)


def _groups(case: Case, made: Made, places: PLACES, measure: CHANCES) -> tuple[PLACES, CHANCES]:
    """Group of each unit, apart for each sample, and the groups' known totals."""
    times, size = places.shape
    kind = made.given if case.post else case.strata(made)
    kinds = int(kind.max()) + 1
    totals = np.tile(np.bincount(kind, measure, minlength=kinds), times)
    group = (np.arange(times)[:, None] * kinds + kind[places]).ravel()
    if not case.post:
        return group, totals
    found = [joined(row, np.ones(size, dtype=bool), totals[:kinds]) for row in kind[places]]
    offset = np.arange(times)[:, None] * kinds
    return (offset + np.stack([f[0] for f in found])).ravel(), np.concatenate([f[1] for f in found])
