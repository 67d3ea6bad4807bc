# SPDX-License-Identifier: GPL-2.0-or-later
"""Who lies beside whom in a coverage, along how many metres; and pieces joined to their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from inference_backend.ingest.noding import segments_of, unique_segments
from inference_backend.ingest.types import Floats, Geometries, Ints


def shared_borders(polygons: Geometries) -> tuple[Ints, Floats]:
    """(m, 2) pairs of neighbours, first < second, and the length that they share, m.

    Args:
        polygons: a valid coverage, whose common edges have the same vertices.
    """
    rings, owner = shapely.get_rings(polygons, return_index=True)
    _, ring = shapely.get_coordinates(rings, return_index=True)
    owner = owner[ring[:-1][ring[:-1] == ring[1:]]]
    segments = segments_of(polygons)
    unique, which = unique_segments(segments)
    order = np.argsort(which, kind="stable")
    which, owner = which[order], owner[order]
    both = which[:-1] == which[1:]
    first, second = owner[:-1][both], owner[1:][both]
    along = unique[:, 0] - unique[:, 1]
    length = np.hypot(along[:, 0], along[:, 1])[which[:-1][both]]
    low, high = np.minimum(first, second), np.maximum(first, second)
    key, inverse = np.unique(low * len(polygons) + high, return_inverse=True)
    pairs = np.stack([key // len(polygons), key % len(polygons)], axis=1).astype(np.int64)
    apart = pairs[:, 0] != pairs[:, 1]
    lengths = np.bincount(inverse, weights=length, minlength=len(key)).astype(np.float64)
    return pairs[apart], lengths[apart]


def around(wanted: Ints, polygons: Geometries) -> Ints:
    """The wanted polygons and all that touch them, sorted."""
    tree = shapely.STRtree(polygons)
    near = tree.query(polygons[wanted], predicate="intersects")[1]
    return np.union1d(wanted, near).astype(np.int64)


def joined(polygons: Geometries, groups: Sequence[Ints]) -> Geometries:
    """(len(groups),) the union of each group of polygons of one coverage."""
    result = np.empty(len(groups), dtype=object)
    for number, group in enumerate(groups):
        result[number] = shapely.coverage_union_all(polygons[group])
    return result


class Groups:
    """Disjoint sets of polygons; the representative of a set is the one that absorbs the others."""

    def __init__(self, count: int) -> None:
        self._parent = np.arange(count)

    def root(self, member: int) -> int:
        """The representative of a member's set."""
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = int(self._parent[member])
        return member

    def absorb(self, winner: int, loser: int) -> None:
        """Put the loser's set into the winner's."""
        self._parent[self.root(loser)] = self.root(winner)

    def members(self) -> dict[int, Ints]:
        """Representative to its members, the sets of several alone."""
        lost = np.flatnonzero(self._parent != np.arange(len(self._parent)))
        roots = np.array([self.root(i) for i in lost.tolist()], dtype=np.int64)
        result = {}
        for root in np.unique(roots).tolist():
            result[int(root)] = np.concatenate([[root], lost[roots == root]]).astype(np.int64)
        return result
