# SPDX-License-Identifier: GPL-2.0-or-later
"""All stages on planes in memory, for any tiling: what a lot becomes, without files."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import BlockRegions, HaloTooSmall, Tiling, Window
from inference_backend.postprocess.borders.arcs import stitch
from inference_backend.postprocess.borders.area_cure import cure_areas, excuses
from inference_backend.postprocess.borders.assemble import assemble
from inference_backend.postprocess.borders.smooth import Sides, finish
from inference_backend.postprocess.borders.tracing import trace_block
from inference_backend.postprocess.decision.decision import AssignUse, decide
from inference_backend.postprocess.decision.final_regions import FinalRegions
from inference_backend.postprocess.decision.region_columns import Columns, region_columns
from inference_backend.postprocess.regions.block_regions import regions_of_block
from inference_backend.postprocess.types import Codes, PredictionPlanes, ReferencePlanes

WHOLE = 1 << 20
HALO_PX = 4


@dataclass(frozen=True)
class SmallLot:
    """A lot in memory.

    Attributes:
        polygons: (n,) geometries.
        columns: (n,) per column.
        outline: what the polygons cover.
        final: their regions.
    """

    polygons: np.ndarray
    columns: Columns
    outline: shapely.Geometry
    final: FinalRegions


def make_lot(
    planes: PredictionPlanes,
    reference: ReferencePlanes,
    zones: np.ndarray,
    assign_use: AssignUse,
    profile: Profile,
    side_px: int = WHOLE,
) -> SmallLot:
    """The lot of `planes`, in blocks of `side_px`."""
    grid = planes.grid
    tiling = Tiling(grid.shape, side_px)
    parts = {block: _regions(planes, reference, tiling.core(block), profile) for block in tiling}
    final = decide(parts, tiling, reference, assign_use, profile, pixel_area_m2=grid.pixel_area_m2)
    labels = np.full((grid.height_px + 2, grid.width_px + 2), -1, np.int32)
    for block in tiling:
        rows, cols = tiling.core(block).slices
        labels[1:-1, 1:-1][rows, cols] = np.append(final.number[block], -1)[parts[block].labels]
    borders = stitch([_borders(labels, tiling.core(block)) for block in tiling])
    lot = final.lot
    arcs = finish(borders, Sides(lot.cs, lot.us, lot.ossature), np.empty(0, object), grid, profile)
    polygons, outline = assemble(arcs, len(final), grid)
    polygons, final = cure_areas(polygons, final, zones, profile)
    codes = Codes(profile.nomenclature)
    columns = region_columns(
        final,
        codes,
        "2022",
        lambda numbers: [reference.objects[i] for i in numbers],
        has_scores=planes.confidence is not None,
    )
    columns |= {"area_m2": shapely.area(polygons), "excuse": excuses(polygons, final, zones, profile)}
    return SmallLot(polygons, columns, outline, final)


def _regions(
    planes: PredictionPlanes, reference: ReferencePlanes, core: Window, profile: Profile
) -> BlockRegions:
    halo_px = HALO_PX
    while True:
        window = core.grown(halo_px, planes.grid.shape)
        try:
            return regions_of_block(
                replace(cut(planes, window), grid=window.grid(planes.grid)),
                cut(reference, window),
                window,
                core,
                planes.grid,
                profile,
            )
        except HaloTooSmall:
            halo_px *= 2


def cut(planes: Any, window: Window) -> Any:
    """The same planes in a window."""
    arrays = {f.name: getattr(planes, f.name) for f in fields(planes)}
    return replace(planes, **{k: v[window.slices] for k, v in arrays.items() if isinstance(v, np.ndarray)})


def _borders(labels: np.ndarray, core: Window) -> Any:
    ring = labels[core.row : core.row + core.height + 2, core.col : core.col + core.width + 2]
    return trace_block(ring, core)
