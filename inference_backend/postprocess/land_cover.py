# SPDX-License-Identifier: GPL-2.0-or-later
"""The product in memory: polygons of the generalised regions and the columns that describe them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import Excuse
from inference_backend.postprocess.coverage import cure_areas, simplify_coverage
from inference_backend.postprocess.generalise import AssignUse, Generalised, generalise
from inference_backend.postprocess.merge_rules import merge_rules
from inference_backend.postprocess.polygon_columns import attribute_columns
from inference_backend.postprocess.trace import trace_polygons
from inference_backend.postprocess.types import (
    Codes,
    LandCover,
    PredictionPlanes,
    ReferencePlanes,
    RegionGraph,
)
from inference_backend.progress import Progress, Span
from inference_backend.thresholds import is_under_threshold, minimum_areas_m2, zone_shares

Geometries = NDArray[np.object_]


def build_land_cover(
    planes: PredictionPlanes,
    reference: ReferencePlanes,
    zones: Geometries,
    assign_use: AssignUse,
    profile: Profile,
    millesime: str,
    progress: Progress,
) -> LandCover:
    """A valid coverage of the image with every column of the product.

    Args:
        planes: the prediction.
        reference: reference vectors on its grid.
        zones: polygons of the zone construite as they will be written.
        assign_use: gives a use to every region.
        profile: rules.
        millesime: year of the image, written into every row.
        progress: told before each step.

    Returns:
        Polygons in the order of their first pixel; each reaches its minimum area or has an excuse.

    Raises:
        Cancelled: the user asked to stop.
    """
    codes = Codes(profile.nomenclature)
    regions = generalise(planes, reference, assign_use, profile, Span(progress, 0.0, 0.5))
    progress.update(0.5, "outlines")
    traced = trace_polygons(regions.graph.labels, len(regions.graph.area_px), planes.grid)
    progress.update(0.6, "simplification")
    simple = simplify_coverage(traced, profile.number("merging", "simplify_tolerance"))
    progress.update(0.8, "areas")
    rules = merge_rules(profile, codes)
    polygons, graph, evidence, number = cure_areas(simple, regions.graph, regions.evidence, zones, rules)
    progress.update(0.9, "columns")
    final = _renumbered(regions, graph, evidence, number)
    columns = attribute_columns(final, planes, reference, codes, millesime)
    excuse = _excuses(polygons, graph, codes, zones, profile)
    columns |= {"area_m2": shapely.area(polygons), "excuse": excuse}
    notes = {"regions": float(len(regions.use_area_px)), "polygons": float(len(polygons))}
    return LandCover(polygons, columns, planes.grid, notes)


def _renumbered(
    regions: Generalised, graph: RegionGraph, evidence: NDArray[np.float32], number: NDArray[np.int32]
) -> Generalised:
    default = np.zeros(len(graph.area_px), np.bool_)
    default[number[regions.by_default]] = True
    return Generalised(
        graph,
        evidence,
        regions.use,
        number[regions.use_region],
        regions.use_area_px,
        regions.use_codes,
        default,
    )


def _excuses(
    polygons: Geometries, graph: RegionGraph, codes: Codes, zones: Geometries, profile: Profile
) -> NDArray[np.object_]:
    """Why a polygon is under its threshold; None for one that is not."""
    names = [codes.cs[i] for i in graph.cs]
    minima = minimum_areas_m2(names, zone_shares(polygons, zones), profile)
    under = is_under_threshold(shapely.area(polygons), minima)
    excuse = np.full(len(polygons), None, dtype=object)
    excuse[under] = Excuse.ENCLOSED_BY_SKELETON.value
    excuse[under & graph.at_edge] = Excuse.LOT_EDGE.value
    excuse[under & graph.ossature] = Excuse.SKELETON.value
    return excuse
