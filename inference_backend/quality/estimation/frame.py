# SPDX-License-Identifier: GPL-2.0-or-later
"""From a design to weights: which groups a sample is weighed in, and what each answered unit stands for.

Groups are the strata that were drawn. A sample drawn without strata is post-stratified by delivered class
where the lot's totals are known (Olofsson et al. 2014, 4.3; Särndal, Swensson & Wretman 1992, 7.6). Units
that could not be said are taken to be like the answered ones of their group: their weight goes to these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.control import ControlDesign, Draw, Unit
from inference_backend.quality.estimation.checks import checked_strata, checked_totals
from inference_backend.quality.estimation.groups import calibrated, counts, leverage, over, sums
from inference_backend.quality.estimation.post_strata import joined
from inference_backend.quality.estimation.types import FLAGS, FLOATS, WHOLE, Population, Units
from inference_backend.quality.estimation.view import View

_CERTAIN = 1e-9


@dataclass(frozen=True)
class Frame:
    """Weights of the answered units.

    Attributes:
        answered: (n,) units that say something at this level.
        weight: (n,) measure that each answered unit stands for, 0 for the others.
        heavy: (n,) the weight times the unit's leverage.
        all_weight: (n,) the same had every unit been answered.
        loose: (n,) 1 - inclusion probability of the answered ones, 1 where units were drawn with replacement.
        group: (n,) stratum of the variance.
        groups: their number.
        rank: (n,) place along a systematic line, or None.
        post_stratified: whether groups are delivered classes rather than strata.
        covered: share of the population's measure that the answered groups stand for.
        notes: what had to be assumed, as keys.
    """

    answered: FLAGS
    weight: FLOATS
    heavy: FLOATS
    all_weight: FLOATS
    loose: FLOATS
    group: WHOLE
    groups: int
    rank: WHOLE | None
    post_stratified: bool
    covered: float
    notes: tuple[str, ...]


def frame_of(units: Units, population: Population, design: ControlDesign, view: View, by: str) -> Frame:
    """Weights of a sample.

    Raises:
        EstimationError: the sample contradicts the population.
    """
    stratum = checked_strata(units, population)
    totals = np.array([s.area_m2 if by == "area" else s.units for s in population.strata], dtype=np.float64)
    group, notes = stratum, []
    post = len(population.strata) == 1 and len(population.mapped) > 0
    if post:
        mapped = population.mapped
        known = view.totals((mapped.area_m2 if by == "area" else mapped.polygons).astype(np.float64))
        checked_totals(float(known.sum()), float(totals.sum()), by)
        group, totals, any_joined = joined(view.given, view.said, known)
        notes += ["post_strata_joined"] * any_joined
    expansion = (units.area_m2 if by == "area" else np.ones(len(units))) / units.probability
    said = view.said
    response = _response(group, said, len(totals))
    # A unit counts as drawn with the chance that it was drawn and answered.
    chance = units.probability * response[group]
    loose = (
        np.ones(len(units)) if design.unit is Unit.POINT else np.where(chance > 1 - _CERTAIN, 0, 1 - chance)
    )
    spread_group, collapsed = _collapsed(group, said & (loose > 0), len(totals))
    rank = units.rank if design.draw is Draw.SYSTEMATIC else None
    if design.draw is Draw.SYSTEMATIC and rank is None:
        notes.append("systematic_as_random")
    # What is left out is summed, not what is not: without any, the share is 1 to the last bit.
    covered = 1 - float(totals[response == 0].sum() / totals.sum()) if totals.sum() > 0 else 0.0
    notes += ["strata_without_answer"] * (covered < 1) + ["single_unit_strata_collapsed"] * collapsed
    weight = calibrated(expansion * said, group, totals)
    return Frame(
        said,
        weight,
        weight * leverage(weight, spread_group, len(totals)),
        calibrated(expansion, group, totals),
        np.where(said, loose, 0.0),
        spread_group,
        len(totals),
        rank,
        post,
        covered,
        tuple(notes),
    )


def _response(group: WHOLE, said: FLAGS, groups: int) -> FLOATS:
    """Share of the units of each group that say something; 0 for a group without units."""
    drawn = counts(group, groups)
    return over(sums(group, said, groups), drawn.astype(np.float64), 0.0)


def _collapsed(group: WHOLE, uncertain: FLAGS, groups: int) -> tuple[WHOLE, bool]:
    """Groups whose variance one unit cannot tell, joined into one, with the smallest other if need be."""
    count = sums(group, uncertain, groups)
    single = np.flatnonzero(count == 1)
    others = np.flatnonzero(count > 1)
    if not len(single) or len(single) + len(others) == 1:
        return group, False
    if len(single) == 1:
        single = np.append(single, others[np.argmin(count[others])])
    target = np.arange(groups)
    target[single] = single[-1]
    return target[group], True
