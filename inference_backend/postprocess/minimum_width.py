# SPDX-License-Identifier: GPL-2.0-or-later
"""Minimum widths: parts of regions that are too narrow go to the neighbour along which they lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.merge import NORMAL, THIN, MergeInput, dissolve, merge_small
from inference_backend.postprocess.merge_rules import MergeRules
from inference_backend.postprocess.region_scores import evidence_by_region
from inference_backend.postprocess.regions import contract, label_regions, paint, sum_by_region
from inference_backend.postprocess.thin import thin_parts
from inference_backend.postprocess.types import BOOL, Codes, PredictionPlanes, RegionGraph


def widen(
    graph: RegionGraph,
    planes: PredictionPlanes,
    zone_construite: BOOL,
    rules: MergeRules,
    profile: Profile,
) -> RegionGraph:
    """Remove what is narrower than the minimum width of its cover.

    Slivers smaller than the square of half the width stay: they are the corners that an opening rounds off.

    Args:
        graph: regions; the skeleton and covers without minimum width are left alone.
        planes: the prediction.
        zone_construite: (H, W) bool.
        rules: weights of merging.
        profile: widths (`merging.width_of_cover`).
    """
    pixel_m = planes.grid.pixel_m
    half = half_widths_m(graph, profile) / pixel_m
    if not half.any():
        return graph
    thin = thin_parts(graph.labels, half.astype(np.float32))
    corner_px = paint(graph, half**2)
    parts = _split(graph, planes, zone_construite, thin)
    small = paint(parts, parts.area_px) < corner_px
    thin &= ~small
    if not thin.any():
        return graph
    parts = _split(graph, planes, zone_construite, thin)
    kind = np.where(sum_by_region(parts, thin) > 0, THIN, NORMAL).astype(np.uint8)
    regions = MergeInput(
        cs=parts.cs,
        us=parts.us,
        locked=parts.ossature,
        kind=kind,
        area_m2=parts.area_px * planes.grid.pixel_area_m2,
        zone_share=parts.zone_share,
        edges=parts.edges,
        border=parts.border_px,
        evidence=evidence_by_region(parts, planes, len(rules.minimum_m2)),
        pixels=parts.area_px,
    )
    merged, _ = contract(parts, merge_small(regions, rules.with_minimum(0.0)))
    return contract(merged, dissolve(merged.cs, merged.us, merged.ossature, merged.edges))[0]


def half_widths_m(graph: RegionGraph, profile: Profile) -> NDArray[np.float64]:
    """Half of the minimum width of each region, m; 0 for the skeleton, the undecided and free covers."""
    codes = Codes(profile.nomenclature)
    named = profile.section("merging", "width_of_cover")
    width = np.zeros(len(codes.cs))
    for index, code in enumerate(codes.cs[1:], start=1):
        width[index] = profile.number("merging", "width_of_cover", code if code in named else "default")
    half: NDArray[np.float64] = np.where(graph.ossature, 0.0, width[graph.cs] / 2.0)
    return half


def _split(graph: RegionGraph, planes: PredictionPlanes, zone: BOOL, thin: BOOL) -> RegionGraph:
    return label_regions(
        paint(graph, graph.cs),
        paint(graph, graph.us),
        paint(graph, graph.ossature),
        planes.inside,
        zone,
        thin,
    )
