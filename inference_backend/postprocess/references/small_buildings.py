# SPDX-License-Identifier: GPL-2.0-or-later
"""Small isolated buildings of the references, enlarged to the minimum area as vectors with square corners."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.references.burn_items import CoverItems
from inference_backend.postprocess.references.burn_rules import BurnRules
from inference_backend.postprocess.references.ragged import FLOATS, OBJECTS, Outlines

_ROUNDS = 5
"""Corrections of the width by which a building grows; two are enough where nothing is in its way."""
_AREA_TOLERANCE = 1e-3

INDEX = NDArray[np.int64]


def enlarged_buildings(imposed: CoverItems, rules: BurnRules, grid: Grid, profile: Profile) -> CoverItems:
    """The small isolated buildings among `imposed`, in the shape in which they are to be imposed.

    Buildings that touch, as a house and its garage, count as one, which the largest of them stands for. It is
    isolated where no other one is near enough to become one region with it. It grows on all sides alike,
    but not over the skeleton, until it has the minimum area of buildings.

    Args:
        imposed: objects of the whole lot that passed their gate.
        rules: tables.
        grid: the whole raster.
        profile: areas (`minimum_area.built`, `built_considered`) and `small_buildings`.
    """
    goal = profile.number("minimum_area", "built") * profile.number("small_buildings", "margin")
    distance = profile.number("small_buildings", "isolated_from")
    buildings = np.flatnonzero(rules.covers.cs[imposed.rule] == rules.built)
    shapes = imposed.outlines.take(buildings).polygons()
    group, largest = _groups(shapes, distance)
    area = np.bincount(group, weights=shapely.area(shapes), minlength=len(largest))
    small = (area < goal) & (area >= profile.number("minimum_area", "built_considered"))
    chosen = imposed.take(buildings[largest[small]])
    skeleton = np.flatnonzero(rules.covers.ossature[imposed.rule])
    barriers = imposed.outlines.take(skeleton).polygons()
    geometry = grown(_united(shapes, group, np.flatnonzero(small), distance), goal, barriers)
    return CoverItems(
        chosen.number,
        chosen.rule,
        chosen.share,
        chosen.use_rule,
        Outlines.of(geometry, grid),
        chosen.origin,
    )


def grown(polygons: OBJECTS, goal_m2: float, barriers: OBJECTS) -> OBJECTS:
    """Polygons of `goal_m2` with square corners around `polygons`, outside `barriers`.

    Where barriers leave too little room the result stays smaller.
    """
    if not len(polygons):
        return polygons
    solid = shapely.polygons(shapely.get_exterior_ring(polygons))
    area, length = shapely.area(solid), shapely.length(solid)
    missing = np.maximum(goal_m2 - area, 0.0)
    # A right-angled outline that grows by d gains `length * d + 4 d**2`, whatever its corners.
    width = (-length + np.sqrt(length**2 + 16 * missing)) / 8
    result = _without(_offset(solid, width), solid, barriers)
    for _ in range(_ROUNDS):
        short = goal_m2 - shapely.area(result)
        todo = np.flatnonzero((np.abs(short) > goal_m2 * _AREA_TOLERANCE) & (width < np.sqrt(goal_m2)))
        if not len(todo):
            break
        width[todo] += short[todo] / shapely.length(result[todo])
        result[todo] = _without(_offset(solid[todo], width[todo]), solid[todo], barriers)
    return result


def _groups(shapes: OBJECTS, distance_m: float) -> tuple[INDEX, INDEX]:
    """(n,) group of buildings within `distance_m` of each other; position of each group's largest."""
    count = len(shapes)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance_m)
    links = coo_array((np.ones(pairs.shape[1], bool), (pairs[0], pairs[1])), shape=(count, count))
    groups, group = connected_components(links, directed=False)
    by_area = np.lexsort((-np.arange(count), shapely.area(shapes), group))
    largest = np.zeros(groups, np.int64)
    largest[group[by_area]] = by_area
    return group.astype(np.int64), largest


def _united(shapes: OBJECTS, group: INDEX, wanted: INDEX, distance_m: float) -> OBJECTS:
    """One polygon per group of `wanted`."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], wanted, side="left")
    last = np.searchsorted(group[order], wanted, side="right")
    united = shapes[order[first]] if len(wanted) else np.zeros(0, object)
    for i in np.flatnonzero(last - first > 1).tolist():
        united[i] = _one(shapes[order[first[i] : last[i]]], distance_m)
    return united


def _one(shapes: OBJECTS, distance_m: float) -> shapely.Polygon:
    """The union of buildings, with the gaps between them closed."""
    wide = shapely.buffer(shapes, distance_m / 2 + 1e-3, join_style="mitre", mitre_limit=2.0)
    closed = shapely.buffer(
        shapely.union_all(wide), -distance_m / 2 - 1e-3, join_style="mitre", mitre_limit=2.0
    )
    parts = shapely.get_parts(closed)
    return parts[np.argmax(shapely.area(parts))]


def _offset(polygons: OBJECTS, width: FLOATS) -> OBJECTS:
    wide: OBJECTS = shapely.buffer(polygons, width, join_style="mitre", mitre_limit=2.0)
    return wide


def _without(wide: OBJECTS, core: OBJECTS, barriers: OBJECTS) -> OBJECTS:
    """The part of each wide polygon that no barrier cuts off from its core."""
    if not len(barriers):
        return wide
    which, barrier = shapely.STRtree(barriers).query(wide, predicate="intersects")
    order = np.lexsort((barrier, which))
    which, barrier = which[order], barrier[order]
    # Barriers one after the other: the first of every polygon, then the second of those that have two.
    rank = np.arange(len(which)) - np.searchsorted(which, which)
    left = wide.copy()
    for turn in range(int(rank.max(initial=-1)) + 1):
        now = rank == turn
        left[which[now]] = shapely.difference(left[which[now]], barriers[barrier[now]])
    cut = np.unique(which)
    left[cut] = _main_part(left[cut], core[cut])
    return left


def _main_part(pieces: OBJECTS, core: OBJECTS) -> OBJECTS:
    """Of each geometry the single polygon that has most of the core; the core itself where none is left."""
    parts, owner = shapely.get_parts(pieces, return_index=True)
    solid = shapely.get_type_id(parts) == int(shapely.GeometryType.POLYGON)
    parts, owner = parts[solid], owner[solid]
    share = np.ones(len(parts))
    several = np.bincount(owner, minlength=len(pieces))[owner] > 1
    share[several] = shapely.area(shapely.intersection(parts[several], core[owner[several]]))
    best = np.lexsort((share, owner))
    main = core.copy()
    main[owner[best]] = shapely.polygons(shapely.get_exterior_ring(parts[best]))
    return main
