# SPDX-License-Identifier: GPL-2.0-or-later
"""A control as estimators see it: its sample, its population, and all assessments of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.control import ControlDesign
from inference_backend.contracts.control_report import Assessment
from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.control.areas import surface_of
from inference_backend.control.lot_source import LotTables, own_condition
from inference_backend.control.population import LotPolygons, read_population
from inference_backend.control.strata import drawable
from inference_backend.control.types import Control
from inference_backend.quality.estimation.assess import DIMENSIONS, MEASURES, assess
from inference_backend.quality.estimation.types import Mapped, Population, Units

LEAVES = 0
_AREA_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Told:
    """What the lot says of itself, with areas as they were for the draw.

    Attributes:
        mapped: totals by delivered codes of the polygons that could be drawn; none where they are not those
            of the strata.
        area_m2: of all its own polygons, excluded ones too.
    """

    mapped: Mapped
    area_m2: float


def told_of(tables: LotTables, control: Control) -> Told:
    """By its own columns where these give the strata's totals, else by its polygons."""
    known = Told(_told_by_columns(tables, control.design), _area_by_columns(tables))
    if _is_population(known.mapped, control):
        return known
    # Areas that the lot lacks, that are wrong, or on another surface than its own: measured as for the draw.
    surface = surface_of(tables, control.design.surface, tables.extent())
    for measured in (False, True):
        polygons = read_population(tables, surface, measured=measured)
        mapped = _totals(drawable(tables, polygons, control.design))
        if _is_population(mapped, control):
            return Told(mapped, float(polygons.area_m2.sum()))
    return Told(Mapped(), known.area_m2)


def population_of(
    tables: LotTables, control: Control, nomenclature: Nomenclature, told: Told | None = None
) -> Population:
    """What the sample stands for: the strata, and what the lot says of them."""
    return Population(
        control.strata,
        (told or told_of(tables, control)).mapped,
        tuple(code.code for code in nomenclature.leaves("cs")),
        tuple(code.code for code in nomenclature.leaves("us")),
    )


def mapped_rows(mapped: Mapped) -> list[list[object]]:
    """Totals by delivered codes for the document: with them a report is made again from a lot under redo."""
    columns = (mapped.cs, mapped.us, mapped.polygons, mapped.area_m2)
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def assessments_of(
    units: Units, population: Population, design: ControlDesign, nomenclature: Nomenclature
) -> tuple[Assessment, ...]:
    """Every dimension, level and measure; the leaves first."""
    return tuple(
        assess(units, population, design, dimension, level, by)
        for dimension in DIMENSIONS
        for level in levels_of(nomenclature, dimension)
        for by in MEASURES
    )


def levels_of(nomenclature: Nomenclature, dimension: str) -> tuple[int, ...]:
    """0 for the leaves, then the levels above the deepest one."""
    kinds = ("cs", "us") if dimension == "joint" else (dimension,)
    depth = max(
        code.code.count(".") + 1 for code in nomenclature.codes if code.leaf and code.dimension in kinds
    )
    return (LEAVES, *range(1, depth))


def _area_by_columns(tables: LotTables) -> float:
    query = f"SELECT coalesce(sum(area_m2), 0) FROM {{occupation_sol}}{own_condition(tables)}"  # nosec B608 - constants
    return float(next(iter(list(tables.select(query))))[0])


def _totals(polygons: LotPolygons) -> Mapped:
    width = len(polygons.us.names)
    pairs, rows = np.unique(polygons.cs.index * width + polygons.us.index, return_inverse=True)
    return Mapped(
        np.array([polygons.cs.names[pair // width] for pair in pairs], dtype=np.str_),
        np.array([polygons.us.names[pair % width] for pair in pairs], dtype=np.str_),
        np.bincount(rows, minlength=len(pairs)).astype(np.int64),
        np.bincount(rows, polygons.area_m2, len(pairs)).astype(np.float64),
    )


def _is_population(mapped: Mapped, control: Control) -> bool:
    units = sum(stratum.units for stratum in control.strata)
    area_m2 = sum(stratum.area_m2 for stratum in control.strata)
    told_m2 = float(mapped.area_m2.sum())
    return int(mapped.polygons.sum()) == units and math.isclose(told_m2, area_m2, rel_tol=_AREA_TOLERANCE)


def _told_by_columns(tables: LotTables, design: ControlDesign) -> Mapped:
    """The same from the lot's own areas, without a polygon read."""
    where, values = _drawable(tables, design)
    query = (
        "SELECT coalesce(code_cs, ''), coalesce(code_us, ''), count(*), coalesce(sum(area_m2), 0) "
        f"FROM {{occupation_sol}} WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2"  # nosec B608 - constants and marks
    )
    rows = list(tables.select(query, values))
    if not rows:
        return Mapped()
    cs, us, count, area = zip(*rows, strict=True)
    return Mapped(
        np.array(cs, dtype=np.str_),
        np.array(us, dtype=np.str_),
        np.array(count, dtype=np.int64),
        np.array(area, dtype=np.float64),
    )


def _drawable(tables: LotTables, design: ControlDesign) -> tuple[str, list[object]]:
    """Condition on the polygons that could be drawn, and its values."""
    parts, values = ["1 = 1"], list[object]()
    if "margin_of" in tables.columns("occupation_sol"):
        parts.append("margin_of IS NULL")
    if design.exclude_skeleton:
        parts.append("coalesce(ossature, 0) <> 1")
    if design.exclude_above_m2 is not None:
        parts.append("area_m2 <= ?")
        values.append(design.exclude_above_m2)
    for code in design.exclude_covers:
        parts.append("code_cs <> ? AND code_cs NOT LIKE ?")
        values += [code, f"{code}.%"]
    return " AND ".join(parts), values
