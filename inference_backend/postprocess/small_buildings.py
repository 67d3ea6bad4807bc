# SPDX-License-Identifier: GPL-2.0-or-later
"""Small isolated buildings of the references, enlarged to the minimum area as vectors with square corners."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.burn_items import CoverItems
from inference_backend.postprocess.burn_rules import BurnRules
from inference_backend.postprocess.ragged import FLOATS, OBJECTS, Ragged
from inference_backend.postprocess.types import BOOL

_ROUNDS = 6
"""Corrections of the width by which a building grows; two are enough where nothing is in its way."""


def enlarged_buildings(imposed: CoverItems, rules: BurnRules, grid: Grid, profile: Profile) -> CoverItems:
    """The small isolated buildings among `imposed`, in the shape in which they are to be imposed.

    A building is isolated where no other one is near enough to become one region with it. It grows on all
    sides alike, but not over the skeleton, until it has the minimum area of buildings.

    Args:
        imposed: objects of the whole lot that passed their gate.
        rules: tables.
        grid: the whole raster.
        profile: areas (`minimum_area.built`, `built_considered`) and `small_buildings`.
    """
    goal = profile.number("minimum_area", "built") * profile.number("small_buildings", "margin")
    buildings = np.flatnonzero(rules.covers.cs[imposed.rule] == rules.built)
    area = shapely.area(imposed.geometry[buildings])
    small = (area < goal) & (area >= profile.number("minimum_area", "built_considered"))
    distance = profile.number("small_buildings", "isolated_from")
    alone = _isolated(imposed.geometry[buildings], small, distance)
    chosen = imposed.take(buildings[alone])
    barriers = imposed.geometry[rules.covers.ossature[imposed.rule]]
    geometry = grown(chosen.geometry, goal, barriers)
    return CoverItems(
        chosen.number,
        chosen.rule,
        chosen.share,
        chosen.use_rule,
        geometry,
        Ragged.of(geometry, grid),
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
        todo = np.flatnonzero((np.abs(short) > goal_m2 * 1e-3) & (width < np.sqrt(goal_m2)))
        if not len(todo):
            break
        width[todo] += short[todo] / shapely.length(result[todo])
        result[todo] = _without(_offset(solid[todo], width[todo]), solid[todo], barriers)
    return result


def _offset(polygons: OBJECTS, width: FLOATS) -> OBJECTS:
    wide: OBJECTS = shapely.buffer(polygons, width, join_style="mitre", mitre_limit=2.0)
    return wide


def _without(wide: OBJECTS, core: OBJECTS, barriers: OBJECTS) -> OBJECTS:
    """The part of each wide polygon that no barrier cuts off from its core."""
    result = wide.copy()
    if not len(barriers):
        return result
    which, barrier = shapely.STRtree(barriers).query(wide, predicate="intersects")
    for i in np.unique(which).tolist():
        around = shapely.union_all(barriers[np.sort(barrier[which == i])])
        pieces = shapely.get_parts(shapely.difference(wide[i], around))
        pieces = pieces[shapely.get_type_id(pieces) == int(shapely.GeometryType.POLYGON)]
        if len(pieces):
            kept = pieces[np.argmax(shapely.area(shapely.intersection(pieces, core[i])))]
            result[i] = shapely.polygons(shapely.get_exterior_ring(kept))
        else:
            result[i] = core[i]
    return result


def _isolated(geometry: OBJECTS, small: BOOL, distance_m: float) -> NDArray[np.intp]:
    """Positions of the small ones that have no other one within `distance_m`."""
    candidates = np.flatnonzero(small)
    tree = shapely.STRtree(geometry)
    which, other = tree.query(geometry[candidates], predicate="dwithin", distance=distance_m)
    neighbours = np.bincount(which[other != candidates[which]], minlength=len(candidates))
    alone: NDArray[np.intp] = candidates[neighbours == 0]
    return alone
