# SPDX-License-Identifier: GPL-2.0-or-later
"""How far polygons are from a partition: the area nobody covers, and the area several cover."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.progress import Progress, Silent, Span
from inference_backend.quality.edge_match import unmatched
from inference_backend.quality.places import PART, places_apart
from inference_backend.runtime.threads import usable_threads

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class PartitionMeasure:
    """Gaps and overlaps.

    Attributes:
        gap_m2: area of the footprint that no polygon covers.
        gaps: number of separate gaps.
        overlap_m2: area that two polygons or more cover, counted once.
        overlaps: number of pairs that share an area.
        edge_matched: whether neighbours share their vertices (a valid coverage).
    """

    gap_m2: float
    gaps: int
    overlap_m2: float
    overlaps: int
    edge_matched: bool


def measure_partition(
    polygons: Geometries,
    footprint: shapely.Geometry | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> PartitionMeasure:
    """Exact gap and overlap.

    Args:
        polygons: (n,) valid, non-empty polygons or multipolygons.
        footprint: what they should cover; without it, their union with its holes filled.
        progress: of this measure.

    Raises:
        Cancelled: the user asked to stop.
    """
    flagged = unmatched(polygons, Span(progress, 0.0, 0.8))
    progress.update(0.8)
    shared, pairs = _overlaps(polygons, flagged)
    union = shapely.union_all(polygons) if flagged.any() else _union(polygons)
    gap = shapely.difference(footprint, union) if footprint is not None else _holes(union)
    parts = shapely.get_parts(gap)
    real = shapely.area(parts) > 0
    return PartitionMeasure(
        gap_m2=float(shapely.area(gap)),
        gaps=int(real.sum()),
        overlap_m2=float(shapely.area(shared)),
        overlaps=pairs,
        edge_matched=not flagged.any(),
    )


def _union(polygons: Geometries) -> shapely.Geometry:
    """Union of polygons that share their vertices; place by place, which takes less memory than at once."""
    if len(polygons) <= PART:
        return shapely.coverage_union_all(polygons)
    with ThreadPoolExecutor(usable_threads()) as pool:
        parts = pool.map(lambda part: shapely.coverage_union_all(polygons[part]), places_apart(polygons))
        return shapely.coverage_union_all(list(parts))


def _overlaps(polygons: Geometries, flagged: NDArray[np.bool_]) -> tuple[shapely.Geometry, int]:
    """Union of what pairs share, and the number of pairs.

    Two polygons can share an area only where the coverage check flags at least one of them, so that a clean
    layer costs no intersection at all.
    """
    suspects = np.flatnonzero(flagged)
    if not len(suspects):
        return shapely.Polygon(), 0
    tree = shapely.STRtree(polygons)
    which, second = tree.query(polygons[suspects], predicate="intersects")
    first = suspects[which]
    once = (first != second) & (~flagged[second] | (first < second))
    common = shapely.intersection(polygons[first[once]], polygons[second[once]])
    areal = common[shapely.area(common) > 0]
    return shapely.union_all(areal), len(areal)


def _holes(union: shapely.Geometry) -> shapely.Geometry:
    """Holes of a union, less the islands in them."""
    parts = shapely.get_parts(union)
    parts = parts[shapely.get_dimensions(parts) == 2]
    rings, owner = shapely.get_rings(parts, return_index=True)
    is_hole = np.concatenate([[False], owner[1:] == owner[:-1]]) if len(rings) else np.zeros(0, bool)
    holes = shapely.polygons(rings[is_hole])
    if not len(holes):
        return shapely.Polygon()
    return shapely.difference(shapely.union_all(holes), union)
