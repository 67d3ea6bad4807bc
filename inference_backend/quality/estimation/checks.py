# SPDX-License-Identifier: GPL-2.0-or-later
"""Refuses samples that contradict themselves or their population: right figures or none."""

from __future__ import annotations

import numpy as np

from inference_backend.quality.estimation.coding import places
from inference_backend.quality.estimation.errors import EstimationError
from inference_backend.quality.estimation.types import FLOATS, WHOLE, Population, Units

_CLOSE = 0.01
"""Share by which totals by code may differ from those of the strata: areas are rounded in both."""


def checked_strata(units: Units, population: Population) -> WHOLE:
    """(n,) place of each unit's stratum in the population.

    Raises:
        EstimationError: columns of unequal length, an unknown stratum, an area or probability that is none.
    """
    _check_lengths(units)
    names = tuple(s.name for s in population.strata)
    column = units.coded["stratum"]
    found = places(column.labels, names)
    if (found < 0).any():
        name = column.labels[int(np.argmin(found))]
        raise EstimationError(
            problem_en=f"its stratum “{name}” is none of the population's",
            problem_fr=f"sa strate « {name} » n'est pas de la population",
        )
    _check_positive(units.area_m2, "area", "surface")
    _check_positive(units.probability, "inclusion probability", "probabilité d'inclusion")
    return found[column.index]


def checked_totals(by_code: float, by_stratum: float, by: str) -> None:
    """Totals of the lot by code are those of the population that was drawn from.

    Raises:
        EstimationError: they differ by more than areas are rounded.
    """
    if abs(by_code - by_stratum) > _CLOSE * max(by_code, by_stratum):
        kind_en, kind_fr = ("m²", "m²") if by == "area" else ("polygons", "polygones")
        raise EstimationError(
            problem_en=f"the lot's codes add up to {by_code:.0f} {kind_en}, its strata to {by_stratum:.0f}",
            problem_fr=f"les codes du lot totalisent {by_code:.0f} {kind_fr}, ses strates {by_stratum:.0f}",
        )


def _check_lengths(units: Units) -> None:
    columns = [getattr(units, name) for name in units.__dataclass_fields__]
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) > 1:
        shown = ", ".join(str(length) for length in sorted(lengths))
        raise EstimationError(
            problem_en=f"its columns have {shown} rows", problem_fr=f"ses colonnes ont {shown} lignes"
        )


def _check_positive(values: FLOATS, name_en: str, name_fr: str) -> None:
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        value = values[int(np.argmax(bad))]
        raise EstimationError(
            problem_en=f"unit {int(np.argmax(bad)) + 1} has the {name_en} {value}",
            problem_fr=f"l'unité {int(np.argmax(bad)) + 1} a pour {name_fr} {value}",
        )
