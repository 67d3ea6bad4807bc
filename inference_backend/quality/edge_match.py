# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons of a coverage do not share their edges with their neighbours, without GEOS's false alarms.

GEOS looks at one ring at a time. Where a hole touches its shell, it takes an edge that begins there for one
inside the polygon, though the shell keeps it out (seen in 3.14), and flags free edges along the rim of a lot.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]


def unmatched(polygons: Geometries) -> NDArray[np.bool_]:
    """(n,) whether an edge overlaps another polygon, or runs along one without being an edge of it.

    Args:
        polygons: (n,) valid, non-empty polygons or multipolygons.
    """
    edges = shapely.coverage_invalid_edges(polygons)
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
