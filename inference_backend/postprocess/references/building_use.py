# SPDX-License-Identifier: GPL-2.0-or-later
"""Use of each imposed building: its own, that of the area it lies in, else that of the nearest one."""

from __future__ import annotations

import numpy as np
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.references.burn_items import CoverItems, UseItems
from inference_backend.postprocess.references.burn_rules import NEAREST, BurnRules
from inference_backend.postprocess.references.ragged import OBJECTS
from inference_backend.postprocess.types import U8


def use_of_buildings(
    imposed: CoverItems, areas: UseItems, rules: BurnRules, profile: Profile
) -> tuple[U8, U8]:
    """Row of the use tables that says each object's use, 0 where none of its own does, and that use.

    Args:
        imposed: n objects; only buildings get a use here.
        areas: areas that say a use; a building inside one has it (row 0: the area's own rule says it).
        rules: tables.
        profile: how far a building lends its use (`nearest_building_distance`).
    """
    rule, use = imposed.use_rule.copy(), rules.uses.us[imposed.use_rule]
    buildings = np.flatnonzero(rules.covers.cs[imposed.rule] == rules.built)
    geometry = imposed.outlines.take(buildings).polygons()
    use[buildings] = _of_area(geometry, use[buildings], areas, rules)
    if NEAREST in rules.uses.special:
        distance = profile.number("nearest_building_distance")
        lent = nearest_use(geometry, use[buildings], distance)
        rule[buildings[(use[buildings] == 0) & (lent > 0)]] = rules.uses.special[NEAREST]
        use[buildings] = lent
    return rule, use


def nearest_use(geometry: OBJECTS, use: U8, distance_m: float) -> U8:
    """(n,) use index: a building's own, else that of the nearest named one within `distance_m`, else 0.

    Of several that are as near, the first one in the order of `geometry` lends its use.
    """
    named, unnamed = np.flatnonzero(use > 0), np.flatnonzero(use == 0)
    lent = use.copy()
    if not len(named) or not len(unnamed):
        return lent
    tree = shapely.STRtree(geometry[named])
    which, nearest = tree.query_nearest(geometry[unnamed], max_distance=distance_m)
    first = np.full(len(unnamed), len(named), np.int64)
    np.minimum.at(first, which, nearest)
    found = first < len(named)
    lent[unnamed[found]] = use[named[first[found]]]
    return lent


def _of_area(geometry: OBJECTS, use: U8, areas: UseItems, rules: BurnRules) -> U8:
    """(n,) use index; where it was 0, that of the first rule among the areas around the building's inside."""
    speaking = np.flatnonzero(rules.uses.over[areas.rule, rules.built]) if len(areas) else np.zeros(0, int)
    unnamed = np.flatnonzero(use == 0)
    if not len(speaking) or not len(unnamed):
        return use
    tree = shapely.STRtree(areas.outlines.take(speaking).polygons())
    which, area = tree.query(shapely.point_on_surface(geometry[unnamed]), predicate="within")
    first = np.full(len(unnamed), 255, np.uint8)
    np.minimum.at(first, which, areas.rule[speaking[area]])
    named = use.copy()
    found = first < 255
    named[unnamed[found]] = rules.uses.us[first[found]]
    return named
