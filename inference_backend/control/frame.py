# SPDX-License-Identifier: GPL-2.0-or-later
"""From an open lot to the frame of a design: areas on a surface that is named, exclusions, strata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.control import ControlDesign, Draw, StrataBy
from inference_backend.contracts.lot import LotKey
from inference_backend.control.areas import Surface, surface_of
from inference_backend.control.draw_units import needs_boxes
from inference_backend.control.errors import ControlDesignError
from inference_backend.control.lot_source import LotTables
from inference_backend.control.population import LotPolygons, read_population
from inference_backend.control.strata import Frame, drawable, stratified
from inference_backend.progress import Progress, Silent


@dataclass(frozen=True)
class LotFrame:
    """What a design meets in a lot.

    Attributes:
        design: with the surface that was chosen.
        frame: what is drawn from.
        fingerprint: of all polygons of the lot, excluded ones too.
        surface: what areas are measured on.
    """

    design: ControlDesign
    frame: Frame
    fingerprint: str
    surface: Surface


def prepared(
    tables: LotTables,
    design: ControlDesign,
    communes: Path | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
    *,
    measured: bool = False,
) -> LotFrame:
    """Read a lot for a design.

    Args:
        tables: the lot.
        design: how to draw.
        communes: limits of the communes, where they are strata.
        progress: told the share that is done.
        measured: whether to measure every area again rather than to believe the lot.

    Raises:
        ControlDesignError: exclusions leave nothing, or the plane is too distorted for the design.
        ControlError: a lot without polygons, or with two of one id.
    """
    surface = surface_of(tables, design.surface, tables.extent())
    design = replace(design, surface=surface.name)
    _require_plane(tables.label, design, surface)
    with_confidence = design.strata_by is StrataBy.CONFIDENCE
    everything = read_population(
        tables, surface, confidence=with_confidence, measured=measured, progress=progress
    )
    polygons = drawable(tables, everything, design)
    asks_where = needs_boxes(design) or design.strata_by is StrataBy.COMMUNE
    boxes = _boxes(tables, polygons) if asks_where else None
    frame = stratified(tables, polygons, design, lot_name(tables), boxes, communes)
    return LotFrame(design, frame, everything.fingerprint, surface)


def lot_name(tables: LotTables) -> str:
    """Name of a lot, that of its file or schema where it has none."""
    return tables.metadata.get(LotKey.NAME.value) or Path(tables.label).stem


def _boxes(tables: LotTables, polygons: LotPolygons) -> NDArray[np.float64]:
    """(n, 4) boxes in the order of the polygons."""
    fid, boxes = tables.boxes()
    order = np.argsort(fid, kind="stable")
    place = np.searchsorted(fid[order], polygons.fid)
    found: NDArray[np.float64] = boxes[order[place]]
    return found


def _require_plane(label: str, design: ControlDesign, surface: Surface) -> None:
    """A grid and a distance are laid out in the plane of the lot."""
    if surface.is_faithful or not (design.distance_m > 0 or design.draw is Draw.SYSTEMATIC):
        return
    raise ControlDesignError(
        path=label,
        problem_en=f"grids and distances mean nothing in its coordinate system ({surface.crs.name})",
        problem_fr="grilles et distances n'ont pas de sens dans son système de coordonnées "
        f"({surface.crs.name})",
        remedy_en="Draw at random, without a least distance.",
        remedy_fr="Tirez au hasard, sans distance minimale.",
    )
