# SPDX-License-Identifier: GPL-2.0-or-later
"""How many units a design draws of each stratum of a lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.control import Allocation, ControlDesign, Draw, StrataBy, Unit
from inference_backend.control.errors import ControlDesignError
from inference_backend.control.strata import SEPARATOR
from inference_backend.quality.acceptance.plans import Severity, single_plan
from inference_backend.quality.sampling.allocation import Bounds, Strata, by_share, shared_out
from inference_backend.quality.sampling.errors import SamplingError
from inference_backend.quality.sampling.sizes import cochran_size, olofsson_size

OTHERS = "*"
"""Key of an expected accuracy for the strata that are not named."""
EXPECTED_ELSE = 0.9
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class IsoSize:
    """The single sampling plan of ISO 2859-1 that a lot is to be judged by.

    Attributes:
        aql_percent: acceptance quality limit, percent of wrong units.
        level: inspection level, `S-1`…`S-4`, `I`…`III`.
        severity: normal, tightened or reduced.
    """

    aql_percent: float
    level: str = "II"
    severity: Severity = Severity.NORMAL

    def sized(self, design: ControlDesign, units: int) -> ControlDesign:
        """A design of the plan's size for a lot of so many units.

        Raises:
            PlanError: the standard has no such plan.
        """
        plan = single_plan(units, self.aql_percent, self.level, self.severity)
        return replace(design, size=plan.size, precision=None, share=None)


def stratum_sizes(
    label: str, design: ControlDesign, names: Sequence[str], units: Ints, area_m2: Floats
) -> Ints:
    """(h,) units to draw of each stratum.

    Args:
        label: what errors call the lot.
        design: how.
        names: (h,) the strata.
        units: (h,) polygons of each that can be drawn.
        area_m2: (h,) their area.

    Raises:
        ControlDesignError: more units than there are, or a wish that cannot be followed.
    """
    require_possible(label, design)
    strata = _strata(label, design, names, units, area_m2)
    try:
        sizes = _sizes(design, strata)
    except SamplingError as error:
        raise _of(label, error) from error
    available = float(strata.units.sum())
    if design.size is not None and design.size > available:
        raise ControlDesignError(
            path=label,
            problem_en=f"{design.size} units are asked for, {available:.0f} can be drawn",
            problem_fr=f"{design.size} unités sont demandées, {available:.0f} peuvent être tirées",
            remedy_en="Ask for fewer, exclude less, or control the whole lot (--share 1).",
            remedy_fr="Demandez-en moins, excluez moins, ou contrôlez tout le lot (--share 1).",
        )
    return sizes


def require_possible(label: str, design: ControlDesign) -> None:
    """Accept a design that makes sense, whatever the lot.

    Raises:
        ControlDesignError: it does not.
    """
    by_points = design.unit is Unit.POINT
    checks = (
        (design.size is None and design.precision is None and design.share is None,
         "neither size nor precision nor share is given", "ni taille, ni précision, ni part n'est donnée"),
        (design.size is not None and design.size < 1, "a sample has at least one unit",
         "un échantillon a au moins une unité"),
        (design.share is not None and not 0 < design.share <= 1, "the share is not between 0 and 1",
         "la part n'est pas entre 0 et 1"),
        (by_points and design.share is not None and design.size is None,
         "points have no number that a share could be taken of",
         "les points n'ont pas de nombre dont prendre une part"),
        (by_points and design.draw is Draw.AREA, "points follow the area already",
         "les points suivent déjà la surface"),
        (design.distance_m > 0 and design.draw is not Draw.RANDOM,
         "a least distance goes with random draws alone",
         "une distance minimale ne va qu'avec un tirage aléatoire"),
        (design.distance_m < 0, "the distance is below 0", "la distance est négative"),
        (not 0 <= design.second_share <= 1, "the share of second opinions is not between 0 and 1",
         "la part des seconds avis n'est pas entre 0 et 1"),
        (any(not times > 0 for times in design.oversampled.values()),
         "a stratum is drawn 0 times or fewer", "une strate est tirée 0 fois ou moins"),
    )  # fmt: skip
    for is_wrong, problem_en, problem_fr in checks:
        if is_wrong:
            raise ControlDesignError(
                path=label,
                problem_en=problem_en,
                problem_fr=problem_fr,
                remedy_en="Correct the design (docs/control.md).",
                remedy_fr="Corrigez le plan de sondage (docs/control.md).",
            )


def require_equal_chances(label: str, design: ControlDesign) -> None:
    """Accept a design that ISO 2859-1 can decide on: polygons, each with the same chance (8.1).

    Raises:
        ControlDesignError: strata, points, a least distance, or chances that follow the area.
    """
    is_plain = design.strata_by is StrataBy.NONE and design.unit is Unit.POLYGON
    # A polygon among many is nearer to others than one that stands alone.
    if is_plain and design.draw is not Draw.AREA and design.distance_m == 0:
        return
    raise ControlDesignError(
        path=label,
        problem_en="a plan of ISO 2859-1 counts polygons that all have the same chance (8.1), without strata",
        problem_fr="un plan ISO 2859-1 compte des polygones qui ont tous la même chance (8.1), sans strates",
        remedy_en="With --aql, leave out --strata, --draw area, --unit point and --distance; or leave --aql "
        "out and decide by the contract.",
        remedy_fr="Avec --aql, omettez --strata, --draw area, --unit point et --distance ; ou omettez --aql "
        "et décidez selon le contrat.",
    )


def _sizes(design: ControlDesign, strata: Strata) -> Ints:
    is_whole_allowed = design.unit is Unit.POLYGON
    bounds = Bounds(design.full_below if is_whole_allowed else 0, design.least, design.most)
    if design.strata_by in (StrataBy.NONE, StrataBy.LOT):
        bounds = Bounds()  # the size is the lot's: there is no class to protect
    if design.size is None and design.allocation is Allocation.SHARE and design.share is not None:
        return by_share(design.share, strata, bounds)
    return shared_out(_total(design, strata), strata, design.allocation, bounds)


def _total(design: ControlDesign, strata: Strata) -> int:
    if design.size is not None:
        return design.size
    if design.precision is None:
        return int(np.ceil(strata.units.sum() * (design.share or 0.0)))
    # A draw by area has no finite population to correct for: probabilities differ.
    units = float("inf") if design.draw is Draw.AREA else float(strata.units.sum())
    if len(strata.units) == 1:
        return cochran_size(float(strata.expected[0]), design.precision, units)
    return olofsson_size(strata.weight, strata.expected, design.precision, units)


def _strata(label: str, design: ControlDesign, names: Sequence[str], units: Ints, area_m2: Floats) -> Strata:
    by_area = design.unit is Unit.POINT or design.draw is Draw.AREA
    amount = area_m2 if by_area else units.astype(np.float64)
    endless = np.full(len(names), np.inf)
    given = design.expected_accuracy
    expected = given if isinstance(given, Mapping) else {OTHERS: given}
    return Strata(
        endless if design.unit is Unit.POINT else units.astype(np.float64),
        amount / amount.sum(),
        _by_name(names, expected, expected.get(OTHERS, EXPECTED_ELSE)),
        _by_name(names, design.oversampled, 1.0),
    )


def _by_name(names: Sequence[str], values: Mapping[str, float], otherwise: float) -> Floats:
    """(h,) the value of each stratum: its own, else that of the closest node above it in the nomenclature."""
    return np.array([_value(name, values, otherwise) for name in names], dtype=np.float64)


def _value(name: str, values: Mapping[str, float], otherwise: float) -> float:
    if name in values:
        return float(values[name])
    for code in name.split(SEPARATOR):
        parts = code.split(".")
        for length in range(len(parts), 0, -1):
            if ".".join(parts[:length]) in values:
                return float(values[".".join(parts[:length])])
    return float(otherwise)


def require_known_names(
    label: str, design: ControlDesign, names: Sequence[str], codes: Sequence[str]
) -> None:
    """Accept names of strata that the design speaks of: they are strata, or codes of the nomenclature.

    Raises:
        ControlDesignError: a name that nothing has.
    """
    given = design.expected_accuracy
    asked = [*design.oversampled, *(given if isinstance(given, Mapping) else ())]
    for name in asked:
        if name not in (OTHERS, *names, *codes):
            listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
            raise ControlDesignError(
                path=label,
                problem_en=f"there is no stratum {name}",
                problem_fr=f"il n'y a pas de strate {name}",
                remedy_en=f"Strata of this lot: {listed}.",
                remedy_fr=f"Strates de ce lot : {listed}.",
            )


def _of(label: str, error: SamplingError) -> ControlDesignError:
    return ControlDesignError(
        path=label,
        problem_en=error.problem_en,
        problem_fr=error.problem_fr,
        remedy_en=error.remedy_en,
        remedy_fr=error.remedy_fr,
    )
