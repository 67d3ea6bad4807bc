# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons of a coverage do not share their edges with their neighbours, without GEOS's false alarms.

GEOS looks at one ring at a time. Where a hole touches its shell, it takes an edge that begins there for one
inside the polygon, though the shell keeps it out (seen in 3.14), and flags free edges along the rim of a lot.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.progress import Progress, Silent
from inference_backend.quality.places import PART, places_apart
from inference_backend.runtime.threads import usable_threads

Geometries = NDArray[np.object_]
I64 = NDArray[np.int64]


def unmatched(
    polygons: Geometries,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> NDArray[np.bool_]:
    """(n,) whether an edge overlaps another polygon, or runs along one without being an edge of it.

    Args:
        polygons: (n,) valid, non-empty polygons or multipolygons.
        progress: of this measure.

    Raises:
        Cancelled: the user asked to stop.
    """
    edges = _invalid_edges(polygons, progress)
    flagged: NDArray[np.bool_] = ~shapely.is_empty(edges)
    suspects = np.flatnonzero(flagged)
    if not len(suspects):
        return flagged
    lines, owner = shapely.get_parts(edges[suspects], return_index=True)
    starts, line_of = shapely.get_coordinates(lines, return_index=True)
    ends = np.roll(starts, -1, axis=0)
    kept = np.append(line_of[:-1] == line_of[1:], False)
    sides = shapely.linestrings(np.stack((starts[kept], ends[kept]), axis=1))
    side_of = suspects[owner[line_of[kept]]]
    side, other = shapely.STRtree(polygons).query(sides, predicate="intersects")
    apart = other != side_of[side]
    side, other = side[apart], other[apart]
    pattern = shapely.relate(polygons[other], sides[side])
    # Interior or border of the other polygon, against the side without its ends.
    meets = np.array([found[0] != "F" or found[3] != "F" for found in pattern], bool)
    flagged[:] = False
    flagged[side_of[side[meets]]] = True
    return flagged


def _invalid_edges(polygons: Geometries, progress: Progress) -> Geometries:
    """(n,) edges that GEOS flags; it judges each polygon by those around it, so that parts tell as much."""
    if len(polygons) <= PART:
        found: Geometries = shapely.coverage_invalid_edges(polygons)
        return found
    tree = shapely.STRtree(polygons)
    edges = np.empty(len(polygons), dtype=object)

    def judge(part: I64) -> None:
        beside = np.setdiff1d(tree.query(polygons[part])[1], part)
        judged = shapely.coverage_invalid_edges(polygons[np.concatenate((part, beside))])
        edges[part] = judged[: len(part)]

    parts = places_apart(polygons)
    with ThreadPoolExecutor(usable_threads()) as pool:
        jobs = [pool.submit(judge, part) for part in parts]
        try:
            for done, job in enumerate(jobs):
                progress.update(done / len(jobs))
                job.result()
        finally:
            pool.shutdown(cancel_futures=True)
    return edges
