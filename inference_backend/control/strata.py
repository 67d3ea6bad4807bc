# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons can be drawn, and the stratum of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.control import ControlDesign, StrataBy
from inference_backend.contracts.profile import Profile
from inference_backend.control.errors import ControlDesignError
from inference_backend.control.lot_source import LotTables
from inference_backend.control.population import Codes, LotPolygons
from inference_backend.lots.communes import Communes

ALL = "all"
UNKNOWN = "-"
"""Name of the stratum of polygons that nothing tells of."""
SEPARATOR = "/"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """What a sample is drawn from.

    Attributes:
        polygons: those that can be drawn.
        stratum: (n,) number of each one's stratum.
        names: names of the strata, in order.
        centres: (n, 2) centres of their boxes, None where nothing asks for them.
        boxes: (n, 4) their boxes, likewise.
    """

    polygons: LotPolygons
    stratum: NDArray[np.int64]
    names: tuple[str, ...]
    boxes: Floats | None

    @property
    def centres(self) -> Floats:
        """(n, 2) centres of the boxes.

        Raises:
            ValueError: the frame was made without boxes.
        """
        if self.boxes is None:
            raise ValueError("a frame without boxes")
        middles: Floats = (self.boxes[:, :2] + self.boxes[:, 2:]) / 2
        return middles

    @property
    def units(self) -> NDArray[np.int64]:
        """(h,) polygons of each stratum."""
        return np.bincount(self.stratum, minlength=len(self.names)).astype(np.int64)

    @property
    def area_m2(self) -> Floats:
        """(h,) area of each stratum."""
        return np.bincount(self.stratum, self.polygons.area_m2, len(self.names)).astype(np.float64)


def drawable(tables: LotTables, polygons: LotPolygons, design: ControlDesign) -> LotPolygons:
    """The polygons that the design does not exclude.

    Raises:
        ControlDesignError: none is left, or it excludes a cover that there is not.
    """
    keep = polygons.area_m2 > 0
    if design.exclude_skeleton:
        keep &= ~polygons.is_skeleton
    if design.exclude_above_m2 is not None:
        keep &= polygons.area_m2 <= design.exclude_above_m2
    if design.exclude_covers:
        keep &= ~_under(polygons.cs, design.exclude_covers, tables)
    if not keep.any():
        raise ControlDesignError(
            path=tables.label,
            problem_en="the exclusions leave no polygon to draw",
            problem_fr="les exclusions ne laissent aucun polygone à tirer",
            remedy_en="Exclude less: skeleton, large polygons or covers.",
            remedy_fr="Excluez moins : ossature, grands polygones ou couvertures.",
        )
    return polygons.taken(keep)


def stratified(
    tables: LotTables,
    polygons: LotPolygons,
    design: ControlDesign,
    lot_name: str,
    boxes: Floats | None,
    communes: Path | None,
) -> Frame:
    """The frame of a design.

    Args:
        tables: the lot.
        polygons: what can be drawn.
        design: what makes strata.
        lot_name: the stratum where lots are strata.
        boxes: (n, 4) boxes, where the design needs them.
        communes: limits of the communes, where they are strata.

    Raises:
        ControlDesignError: communes are strata, and nobody says where they are.
        VectorError: their file cannot be read.
    """
    labels = _labels(tables, polygons, design, lot_name, boxes, communes)
    order = sorted(set(labels.index.tolist()), key=lambda i: labels.names[i])
    number = np.zeros(len(labels.names), dtype=np.int64)
    number[order] = np.arange(len(order))
    return Frame(polygons, number[labels.index], tuple(labels.names[i] for i in order), boxes)


def _labels(
    tables: LotTables,
    polygons: LotPolygons,
    design: ControlDesign,
    lot_name: str,
    boxes: Floats | None,
    communes: Path | None,
) -> Codes:
    by = design.strata_by
    if by is StrataBy.COVER:
        return _at_level(polygons.cs, design.level)
    if by is StrataBy.USE:
        return _at_level(polygons.us, design.level)
    if by is StrataBy.COVER_AND_USE:
        return _paired(_at_level(polygons.cs, design.level), _at_level(polygons.us, design.level))
    if by is StrataBy.OPERATOR:
        last = tables.last_operators()
        return _coded([last.get(str(polygon), UNKNOWN) for polygon in polygons.ids])
    if by is StrataBy.CONFIDENCE:
        return _by_confidence(polygons, tables.profile())
    if by is StrataBy.COMMUNE:
        return _by_commune(tables, boxes, communes)
    name = lot_name if by is StrataBy.LOT else ALL
    return Codes((name,), np.zeros(len(polygons), dtype=np.int64))


def _at_level(codes: Codes, level: int) -> Codes:
    """Codes cut to a number of figures: `CS1.1.2.1` at level 2 is `CS1.1`; 0 leaves them."""
    return _renamed(codes, [".".join(name.split(".")[:level]) if level else name for name in codes.names])


def _paired(first: Codes, second: Codes) -> Codes:
    names = [f"{a}{SEPARATOR}{b}" for a in first.names for b in second.names]
    return Codes(tuple(names), first.index * len(second.names) + second.index)


def _renamed(codes: Codes, names: list[str]) -> Codes:
    known: dict[str, int] = {}
    number = np.array([known.setdefault(name or UNKNOWN, len(known)) for name in names], dtype=np.int64)
    return Codes(tuple(known), number[codes.index])


def _coded(values: list[str]) -> Codes:
    number = {value: place for place, value in enumerate(dict.fromkeys(values))}
    index = np.fromiter(map(number.__getitem__, values), np.int64, len(values))
    return Codes(tuple(number), index)


def _by_confidence(polygons: LotPolygons, profile: Profile) -> Codes:
    """The profile's words for confidence; the name of a class tells its lower bound."""
    bounds = sorted(
        {profile.number("confidence_levels", name) for name in profile.section("confidence_levels")}
    )
    values = np.zeros(len(polygons)) if polygons.confidence is None else polygons.confidence
    index = np.searchsorted(bounds, values, side="right")
    names = [f"0-{bounds[0]:g}"]
    names += [f"{low:g}-{high:g}" for low, high in zip(bounds, [*bounds[1:], 1.0], strict=True)]
    return Codes((*names, UNKNOWN), np.where(np.isnan(values), len(names), index).astype(np.int64))


def _by_commune(tables: LotTables, boxes: Floats | None, communes: Path | None) -> Codes:
    if communes is None or boxes is None:
        raise ControlDesignError(
            path=tables.label,
            problem_en="communes are strata, and nothing says where they are",
            problem_fr="les communes sont des strates, et rien ne dit où elles sont",
            remedy_en="Give their limits: --communes FILE.",
            remedy_fr="Donnez leurs limites : --communes FICHIER.",
        )
    limits = Communes.read(communes, "", tables.crs)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return _coded(limits.nearest(x, y))


def _under(codes: Codes, branches: tuple[str, ...], tables: LotTables) -> NDArray[np.bool_]:
    nomenclature = tables.profile().nomenclature
    unknown = next((branch for branch in branches if branch not in nomenclature), None)
    if unknown is not None:
        raise ControlDesignError(
            path=tables.label,
            problem_en=f"there is no cover {unknown}",
            problem_fr=f"il n'y a pas de couverture {unknown}",
            remedy_en="Name a code of the nomenclature, for instance CS1.1.",
            remedy_fr="Nommez un code de la nomenclature, par exemple CS1.1.",
        )
    is_under = np.array(
        [any(name == b or name.startswith(f"{b}.") for b in branches) for name in codes.names], dtype=bool
    )
    result: NDArray[np.bool_] = is_under[codes.index]
    return result
