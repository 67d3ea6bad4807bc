# SPDX-License-Identifier: GPL-2.0-or-later
"""Faces of a planar partition, and the merging of those too small to be kept.

Faces come from one noding of all linework, so that neighbours share their vertices exactly.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Codes = tuple[str, str]
Objects = NDArray[np.object_]
GRID_M = 0.01


@dataclass(frozen=True)
class Faces:
    """Faces and the lengths of their common borders.

    Attributes:
        polygons: (n,) shapely polygons, an edge-matched coverage.
        area_m2: (n,).
        borders: for each face, neighbour to length of the common border, m.
    """

    polygons: Objects
    area_m2: NDArray[np.float64]
    borders: list[dict[int, float]]


def make_faces(lines: Objects) -> Faces:
    """Faces between lines, after noding on a grid of `GRID_M`."""
    noded = shapely.unary_union(lines, grid_size=GRID_M)
    polygons = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return Faces(polygons, shapely.area(polygons), _borders(polygons))


def _borders(polygons: Objects) -> list[dict[int, float]]:
    """Lengths of the segments that two faces have in common."""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    a, b = coords[:-1][same], coords[1:][same]
    face = owner[ring[:-1][same]]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    key = np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b]))
    order = np.lexsort(key.T)
    key, face = key[order], face[order]
    twin = np.nonzero((key[1:] == key[:-1]).all(axis=1))[0]
    length = np.hypot(key[twin, 2] - key[twin, 0], key[twin, 3] - key[twin, 1])
    borders: list[dict[int, float]] = [{} for _ in polygons]
    for i, j, m in zip(face[twin].tolist(), face[twin + 1].tolist(), length.tolist(), strict=True):
        if i != j:
            borders[i][j] = borders[i].get(j, 0.0) + m
            borders[j][i] = borders[j].get(i, 0.0) + m
    return borders


class Merger:
    """Regions of faces with equal codes, merged until none is too small.

    Args:
        faces: the partition.
        codes: cover and use of each face.
        in_zone: (n,) whether a face lies in the built-up zone.
    """

    def __init__(self, faces: Faces, codes: list[Codes], in_zone: NDArray[np.bool_]) -> None:
        n = len(codes)
        self._codes = list(codes)
        self._parent = list(range(n))
        self._area = faces.area_m2.tolist()
        self._zone = np.where(in_zone, faces.area_m2, 0.0).tolist()
        self._perimeter = shapely.length(faces.polygons).tolist()
        self._borders = [dict(b) for b in faces.borders]
        for i in range(n):
            self._absorb_equal(self._root(i))

    def _root(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def _join(self, keep: int, gone: int) -> None:
        """Put region `gone` into `keep`, whose codes stay."""
        self._parent[gone] = keep
        self._area[keep] += self._area[gone]
        self._zone[keep] += self._zone[gone]
        self._perimeter[keep] += self._perimeter[gone] - 2.0 * self._borders[keep].get(gone, 0.0)
        for other, length in self._borders[gone].items():
            del self._borders[other][gone]
            if other != keep:
                self._borders[keep][other] = self._borders[keep].get(other, 0.0) + length
                self._borders[other][keep] = self._borders[keep][other]
        self._borders[gone] = {}

    def _absorb_equal(self, i: int) -> None:
        """Join every neighbour of the same codes."""
        while True:
            equal = [j for j in self._borders[i] if self._codes[j] == self._codes[i]]
            if not equal:
                return
            for j in equal:
                if j in self._borders[i]:
                    self._join(i, j)

    def _minimum_m2(self, i: int, built: str, limits: tuple[float, float, float]) -> float:
        if self._codes[i][0] == built:
            return limits[0]
        return limits[1] if self._zone[i] > 0.5 * self._area[i] else limits[2]

    def _is_thin(self, i: int, built: str, width_m: float, locked: set[Codes]) -> bool:
        """Whether a region is a strip; 2 A / P is the width of a strip, and half the side of a square."""
        if self._codes[i][0] == built or self._codes[i] in locked:
            return False
        # Houses in a garden are no sign of a strip.
        houses = sum(m for j, m in self._borders[i].items() if self._codes[j][0] == built)
        return bool(2.0 * self._area[i] < 0.6 * width_m * (self._perimeter[i] - houses))

    def merge_small(
        self, built: str, limits: tuple[float, float, float], width_m: float, locked: set[Codes]
    ) -> None:
        """Give every region under its minimum to the neighbour it borders most.

        Args:
            built: cover code of buildings.
            limits: minimum areas of buildings, in the zone, outside the zone, m2.
            width_m: smallest width, m; buildings and locked codes may be narrower.
            locked: codes into which nothing is merged unless there is no other neighbour.
        """
        heap = [(self._area[i], i) for i in range(len(self._codes)) if self._root(i) == i]
        heapq.heapify(heap)
        while heap:
            area, i = heapq.heappop(heap)
            if self._root(i) != i or area != self._area[i] or not self._borders[i]:
                continue
            large = area >= self._minimum_m2(i, built, limits)
            if large and not self._is_thin(i, built, width_m, locked):
                continue
            target = min(self._borders[i], key=lambda j: (-self._affinity(i, j, built, locked), j))
            self._join(target, i)
            self._absorb_equal(target)
            heapq.heappush(heap, (self._area[target], target))

    def _affinity(self, i: int, j: int, built: str, locked: set[Codes]) -> float:
        """How well region `j` takes region `i` up: border, doubled by an equal code."""
        weight = self._borders[i][j]
        if self._codes[i][1] == self._codes[j][1]:
            weight *= 1.6
        if self._codes[i][0] == self._codes[j][0]:
            weight *= 1.6
        if self._codes[j][0] == built:
            weight *= 0.05
        return weight * 0.02 if self._codes[j] in locked else weight

    def result(self) -> tuple[NDArray[np.int64], list[Codes]]:
        """Region number and codes of each face."""
        roots = [self._root(i) for i in range(len(self._codes))]
        return np.array(roots, dtype=np.int64), [self._codes[r] for r in roots]


def dissolve(polygons: Objects, groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], Objects]:
    """One polygon per group of faces: (group numbers, polygons)."""
    order = np.argsort(groups, kind="stable")
    names, starts = np.unique(groups[order], return_index=True)
    merged = [shapely.coverage_union_all(polygons[part]) for part in np.split(order, starts[1:])]
    return names, np.array(merged, dtype=object)
