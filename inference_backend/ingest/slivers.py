# SPDX-License-Identifier: GPL-2.0-or-later
"""Slivers: shreds too thin or too small to be anything go to the neighbour along which they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.borders import Groups, around, joined, shared_borders
from inference_backend.ingest.types import Bools, Floats, Geometries, Ints, Ledger, Pieces, Repair


@dataclass(frozen=True)
class Limits:
    """What counts as a sliver, and which gaps are closed.

    Attributes:
        width_m: polygons of a smaller mean width (2 area / perimeter) are slivers, m.
        area_m2: smaller ones are slivers, m2.
        gap_m2: gaps up to this area are filled, m2.
    """

    width_m: float
    area_m2: float
    gap_m2: float

    @classmethod
    def of(cls, profile: Profile, gap_m2: float | None = None) -> Limits:
        """The profile's, with another limit for gaps where one is given."""
        number = profile.number
        gap = number("import", "gap_area") if gap_m2 is None else gap_m2
        return cls(number("import", "sliver_width"), number("import", "sliver_area"), gap)

    def is_sliver(self, polygons: Geometries) -> Bools:
        """(n,) whether each is one."""
        small: Bools = shapely.area(polygons) < self.area_m2
        return small | self.is_thin(polygons)

    def is_thin(self, polygons: Geometries) -> Bools:
        """(n,) whether each is a sliver by its width."""
        thin: Bools = mean_width(polygons) < self.width_m
        return thin


def mean_width(polygons: Geometries) -> Floats:
    """(n,) twice the area over the perimeter, m: the width of a long strip, half the side of a square."""
    perimeter = shapely.length(polygons)
    width: Floats = 2 * shapely.area(polygons) / np.maximum(perimeter, 1e-12)
    return width


def absorb_slivers(pieces: Pieces, ossature: Bools, limits: Limits, which: Bools, ledger: Ledger) -> Pieces:
    """Pieces without the slivers that have a neighbour.

    The smallest goes first, to the neighbour with the longest common border. Nothing goes to or from the
    skeleton but a sliver of the skeleton to the skeleton, and a sliver that has no other neighbour.

    Args:
        pieces: a valid coverage.
        ossature: (rows,) of the skeleton.
        limits: what a sliver is.
        which: (n,) pieces that may go.
        ledger: gets a line for each that goes to another feature.
    """
    slivers = np.flatnonzero(which & limits.is_sliver(pieces.geometry))
    if not len(slivers):
        return pieces
    near = around(slivers, pieces.geometry)
    pairs, length = shared_borders(pieces.geometry[near])
    groups = _targets(slivers, near[pairs], length, pieces, ossature)
    return merge_groups(pieces, groups, Repair.SLIVER, ledger)


def merge_groups(pieces: Pieces, groups: Groups, repair: Repair, ledger: Ledger) -> Pieces:
    """Pieces with each set made one polygon, which belongs to its representative's feature."""
    members = groups.members()
    if not members:
        return pieces
    geometry = pieces.geometry.copy()
    gone = np.zeros(len(geometry), dtype=bool)
    for root, group in members.items():
        winner = int(pieces.row[root])
        for i in group[1:].tolist():
            gone[i] = True
            loser = int(pieces.row[i])
            if loser != winner:
                point = shapely.point_on_surface(geometry[i])
                where = (float(shapely.get_x(point)), float(shapely.get_y(point)))
                area = shapely.area(geometry[i])
                ledger.add(repair, area, where, loser=loser, winner=winner, gained=True)
    roots = list(members)
    geometry[roots] = joined(pieces.geometry, list(members.values()))
    kept, owner = shapely.get_parts(geometry[~gone], return_index=True)
    return Pieces(kept, pieces.row[~gone][owner], pieces.cut[~gone][owner])


def _targets(slivers: Ints, pairs: Ints, length: Floats, pieces: Pieces, ossature: Bools) -> Groups:
    locked = ossature[pieces.row]
    neighbours: dict[int, list[tuple[bool, float, int]]] = {int(i): [] for i in slivers}
    for (first, second), metres in zip(pairs.tolist(), length.tolist(), strict=True):
        for one, other in ((first, second), (second, first)):
            if one in neighbours:
                same = bool(locked[one] == locked[other])
                neighbours[one].append((same, metres, -other))
    groups = Groups(len(pieces.row))
    areas = shapely.area(pieces.geometry[slivers])
    for i in slivers[np.lexsort((slivers, areas))].tolist():
        for same, _, minus in sorted(neighbours[i], reverse=True):
            if not same and locked[i]:
                break
            if groups.root(-minus) != groups.root(i):
                groups.absorb(-minus, i)
                break
    return groups
