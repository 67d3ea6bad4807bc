# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference layers to burnable objects: which rule each falls under, and in which order they have a say."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.references.burn_items import CoverItems, UseItems
from inference_backend.postprocess.references.burn_rules import NEAREST, BurnRules, skeleton_kinds
from inference_backend.postprocess.references.gates import required_share
from inference_backend.postprocess.references.origins import Origins
from inference_backend.postprocess.references.ragged import OBJECTS, Outlines
from inference_backend.postprocess.references.reference_layers import ReferenceLayer, References
from inference_backend.postprocess.references.selection import chosen, select
from inference_backend.postprocess.references.skeleton import skeleton_polygons
from inference_backend.postprocess.types import U8

NO_ATTRIBUTE = "NC"
BUILDINGS = "batiment"
_CODE_ATTRIBUTES = ("nature", "code_tfv", "code_cultu")
_LINES = ("roads", "rails")


def reference_items(
    references: References, grid: Grid, profile: Profile, rules: BurnRules, millesime: str
) -> tuple[CoverItems, UseItems]:
    """Objects that impose a cover, by priority, and areas that say a use.

    Args:
        references: as read.
        grid: the whole raster.
        profile: rules.
        rules: the same as tables.
        millesime: year of the image, for the gates on dates; empty for none.
    """
    layers = _cover_layers(references, profile)
    rule = np.repeat(np.array(list(layers), np.uint8), [len(layer) for layer in layers.values()])
    share = [required_share(layer, rules.covers.rules[r], profile, millesime) for r, layer in layers.items()]
    use_rule = [_own_use(layer, profile, rules) for layer in layers.values()]
    order = _priority(rule, layers, rules)
    geometry = _joined([layer.geometry for layer in layers.values()])[order]
    cover = CoverItems(
        np.arange(len(geometry), dtype=np.int32),
        rule[order],
        np.concatenate([np.zeros(0, np.float32), *share])[order],
        np.concatenate([np.zeros(0, np.uint8), *use_rule])[order],
        Outlines.of(geometry, grid),
        Origins.joined([_origin(layer) for layer in layers.values()]).take(order),
    )
    return cover, _use_items(references, grid, profile)


def _cover_layers(references: References, profile: Profile) -> dict[int, ReferenceLayer]:
    """Row of the cover tables to the objects under that rule."""
    found: dict[int, ReferenceLayer] = {}
    kinds = skeleton_kinds(profile)
    for row, kind in enumerate(kinds):
        rule = profile.section("skeleton", kind)
        layer = references.get(rule["layer"])
        if layer is not None:
            found[row] = skeleton_polygons(layer, kind, profile) if kind in _LINES else select(layer, rule)
    for row, rule in enumerate(profile.section("cover_rules"), len(kinds)):
        layer = references.get(rule["layer"])
        if layer is not None:
            found[row] = select(layer, rule)
    return {row: layer for row, layer in found.items() if len(layer)}


def _priority(rule: U8, layers: dict[int, ReferenceLayer], rules: BurnRules) -> NDArray[np.intp]:
    """Order of having a say: in the skeleton what is higher above the ground, then rule by rule."""
    levels = [
        layer.numbers("position") if rules.covers.ossature[row] else np.zeros(len(layer))
        for row, layer in layers.items()
    ]
    level = np.nan_to_num(np.concatenate([np.zeros(0), *levels]))
    in_skeleton = rules.covers.ossature[rule] if len(rule) else np.zeros(0, bool)
    return np.lexsort((rule, -level, ~in_skeleton))


def _own_use(layer: ReferenceLayer, profile: Profile, rules: BurnRules) -> U8:
    """(n,) use rule that the attributes of buildings choose; 0 for none and for other objects."""
    own = np.zeros(len(layer), np.uint8)
    if layer.role != BUILDINGS:
        return own
    first = len(skeleton_kinds(profile)) + 1
    for row, rule in reversed(list(enumerate(profile.section("use_rules"), first))):
        if rule.get("layer") == BUILDINGS:
            own[chosen(layer, rule)] = row
    return own


def _use_items(references: References, grid: Grid, profile: Profile) -> UseItems:
    first = len(skeleton_kinds(profile)) + 1
    rows, shapes = [np.zeros(0, np.uint8)], [np.zeros(0, object)]
    for row, rule in enumerate(profile.section("use_rules"), first):
        layer = references.get(rule.get("layer", ""))
        if layer is None or layer.role == BUILDINGS or rule.get("kind") == NEAREST:
            continue
        geometry = _areas(select(layer, rule).geometry, rule)
        rows.append(np.full(len(geometry), row, np.uint8))
        shapes.append(geometry)
    geometry = np.concatenate(shapes)
    return UseItems(np.concatenate(rows), Outlines.of(geometry, grid))


def _areas(geometry: OBJECTS, rule: dict[str, Any]) -> OBJECTS:
    if "width" not in rule:
        return geometry
    wide: OBJECTS = shapely.buffer(geometry, rule["width"]["value"] / 2, quad_segs=4)
    return wide


def _origin(layer: ReferenceLayer) -> Origins:
    attribute = next((name for name in _CODE_ATTRIBUTES if name in layer.attributes), "")
    return Origins.of(layer.source, layer.text("id", NO_ATTRIBUTE), layer.text(attribute, NO_ATTRIBUTE))


def _joined(parts: list[OBJECTS]) -> OBJECTS:
    whole: OBJECTS = np.concatenate([np.zeros(0, object), *parts])
    return whole
