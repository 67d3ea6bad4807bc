# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons that smoothing took below their minimum, merged as the control measures them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import Excuse
from inference_backend.postprocess.decision.area_merge import MergeGraph, merge_to_minimum
from inference_backend.postprocess.decision.final_regions import FinalRegions
from inference_backend.postprocess.merge_rules import IntegerRules, merge_rules
from inference_backend.postprocess.types import I32, Codes
from inference_backend.thresholds import is_under_threshold, minimum_areas_m2, zone_shares

Geometries = NDArray[np.object_]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
UNIT_M2 = 1e-6
"""Areas count in mm2, which integers hold exactly for a whole département."""


def cure_areas(
    polygons: Geometries, final: FinalRegions, zones: Geometries, profile: Profile
) -> tuple[Geometries, FinalRegions]:
    """Merge the polygons that are under their minimum.

    Args:
        polygons: (n,) single valid polygons, a valid coverage.
        final: the n regions that they outline.
        zones: polygons of the zone construite as they will be written.
        profile: minimum areas and weights.

    Returns:
        (m,) single valid polygons, a valid coverage of the same ground, and their regions.
    """
    rules = merge_rules(profile, Codes(profile.nomenclature)).in_units(UNIT_M2)
    shares = zone_shares(polygons, zones)
    apart = np.zeros((0, 2), np.int32)
    while True:
        graph = _merge_graph(polygons, final, shares, rules, apart)
        root = merge_to_minimum(graph, rules)
        groups = _groups(root)
        unions = [_union(polygons[members]) for members in groups]
        broken = [members for members, union in zip(groups, unions, strict=True) if union is None]
        for members in broken:
            root[members] = members
            apart = np.concatenate([apart, _touching_in_points(polygons, graph.edges, members)])
        if not groups:
            return polygons, final
        merged = polygons.copy()
        for members, union in zip(groups, unions, strict=True):
            if union is not None:
                merged[root[members[0]]] = union
        polygons, final, shares, apart = _contracted(merged, final, shares, apart, root, zones)


def excuses(polygons: Geometries, final: FinalRegions, zones: Geometries, profile: Profile) -> Geometries:
    """(n,) why a polygon is under its threshold, a value of `Excuse`; None for one that is not."""
    codes = Codes(profile.nomenclature)
    names = [codes.cs[i] for i in final.lot.cs]
    minima = minimum_areas_m2(names, zone_shares(polygons, zones), profile)
    under = is_under_threshold(shapely.area(polygons), minima)
    excuse = np.full(len(polygons), None, dtype=object)
    excuse[under] = Excuse.ENCLOSED_BY_SKELETON.value
    excuse[under & _beside(final, ~under & final.lot.held(merge_rules(profile, codes).holds))] = (
        Excuse.ENCLOSED_BY_REFERENCE.value
    )
    excuse[under & final.lot.at_edge] = Excuse.LOT_EDGE.value
    excuse[under & final.lot.ossature] = Excuse.SKELETON.value
    return excuse


def _beside(final: FinalRegions, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) regions with a neighbour among the chosen ones."""
    beside = np.zeros(len(chosen), np.bool_)
    for one, other in (final.lot.edges.T, final.lot.edges[:, ::-1].T):
        beside[one[chosen[other]]] = True
    return beside


def _merge_graph(
    polygons: Geometries, final: FinalRegions, shares: F64, rules: IntegerRules, apart: I32
) -> MergeGraph:
    lot = final.lot
    area = np.floor(shapely.area(polygons) / UNIT_M2).astype(np.int64)
    kept = ~_are_in(lot.edges, apart)
    return MergeGraph(
        cs=lot.cs,
        us=lot.us,
        locked=lot.ossature,
        held=lot.held(rules.holds),
        area=area,
        zone=_zone(area, shares, rules.inside_share),
        edges=lot.edges[kept],
        border=lot.border_px[kept],
        scores=lot.scores,
        pixels=lot.area_px.copy(),
    )


def _zone(area: I64, shares: F64, inside_share: float) -> I64:
    """Area inside the zone, on the side of `inside_share` on which the control sees the polygon."""
    zone = np.floor(area * shares).astype(np.int64)
    bound = np.ceil(area * inside_share).astype(np.int64)
    sided: I64 = np.where(shares >= inside_share, np.maximum(zone, bound), np.minimum(zone, bound - 1))
    return sided


def _groups(root: I32) -> list[NDArray[np.intp]]:
    """Members of every survivor that absorbed something, ascending."""
    order = np.argsort(root, kind="stable")
    counts = np.bincount(root, minlength=len(root))
    ends = np.cumsum(counts)
    return [order[ends[i] - counts[i] : ends[i]] for i in np.flatnonzero(counts > 1)]


def _union(polygons: Geometries) -> shapely.Polygon | None:
    """Union of a valid coverage; None where it is no single valid polygon."""
    union = shapely.coverage_union_all(polygons)
    if union.geom_type == "MultiPolygon" and len(union.geoms) == 1:
        union = union.geoms[0]
    return union if union.geom_type == "Polygon" and union.is_valid else None


def _touching_in_points(polygons: Geometries, edges: I32, members: NDArray[np.intp]) -> I32:
    """Pairs of members without a common line; all pairs where every one has such a line."""
    inner = edges[np.isin(edges, members).all(axis=1)]
    lines = shapely.relate_pattern(polygons[inner[:, 0]], polygons[inner[:, 1]], "****1****")
    return inner if lines.all() else inner[~lines]


def _are_in(edges: I32, pairs: I32) -> NDArray[np.bool_]:
    span = np.int64(edges.max(initial=0)) + 1
    codes = edges[:, 0].astype(np.int64) * span + edges[:, 1]
    found: NDArray[np.bool_] = np.isin(codes, pairs[:, 0].astype(np.int64) * span + pairs[:, 1])
    return found


def _contracted(
    polygons: Geometries, final: FinalRegions, shares: F64, apart: I32, root: I32, zones: Geometries
) -> tuple[Geometries, FinalRegions, F64, I32]:
    """Survivors alone, in the order of their first pixels, with the zone shares of those that grew."""
    merged, renamed = final.contracted(root)
    survivors = np.flatnonzero(root == np.arange(len(root)))
    place = renamed[survivors]
    kept, new_shares = np.empty(len(merged), dtype=object), np.zeros(len(merged))
    kept[place], new_shares[place] = polygons[survivors], shares[survivors]
    has_grown = np.bincount(renamed, minlength=len(merged)) > 1
    new_shares[has_grown] = zone_shares(kept[has_grown], zones)
    # A polygon that grew may have a line in common now with what it touched in points before.
    apart = renamed[apart]
    return kept, merged, new_shares, np.sort(apart[~has_grown[apart].any(axis=1)], axis=1)
