# SPDX-License-Identifier: GPL-2.0-or-later
"""Use that references and the model's classes say, pixel by pixel, in the profile's order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from rasterio.features import rasterize
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.burn_cover import CoverBurn, cover_mask
from inference_backend.postprocess.grounds import grounds_plane, nearest_use
from inference_backend.postprocess.reference_layers import ReferenceLayer, References
from inference_backend.postprocess.selection import select
from inference_backend.postprocess.types import BOOL, U8, Codes, PredictionPlanes
from inference_backend.postprocess.zone_construite import coarse_factor, coarsen, refine

BUILDINGS = "batiment"


@dataclass
class UseBurn:
    """Use planes in the making; `cover` is the imposed cover, else the predicted one."""

    planes: PredictionPlanes
    profile: Profile
    codes: Codes
    cover: U8
    us: U8
    us_rule: U8
    names: list[str] = field(default_factory=lambda: [""])
    confidences: list[float] = field(default_factory=lambda: [0.0])

    def add(self, rule: dict[str, Any], use: U8 | int, where: BOOL) -> None:
        """Give `use` to the pixels of `where` that have none and whose cover the rule accepts."""
        where = where & (self.us == 0) & self.planes.inside
        if "over" in rule:
            where &= cover_mask(rule["over"], self.codes)[self.cover]
        if not where.any():
            return
        self.names.append(rule["name"])
        self.confidences.append(self.profile.number("confidence_levels", rule["confidence"]))
        self.us[where] = use[where] if isinstance(use, np.ndarray) else use
        self.us_rule[where] = len(self.names) - 1


def burn_use(references: References, cover: CoverBurn, planes: PredictionPlanes, profile: Profile) -> UseBurn:
    """Burn the skeleton's use, then the use rules in order; the first that speaks keeps a pixel."""
    codes = Codes(profile.nomenclature)
    shape = planes.grid.shape
    final = np.where(cover.cs > 0, cover.cs, planes.cs).astype(np.uint8)
    burn = UseBurn(planes, profile, codes, final, np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
    for kind in ("roads", "rails"):
        rule = profile.section("skeleton", kind)
        skeleton = cover.ossature & (cover.cs == codes.cs_index[rule["code_cs"]])
        burn.add(rule, codes.us_index[rule["code_us"]], skeleton)
    buildings = cover.kept.get(BUILDINGS)
    for rule in profile.section("use_rules"):
        _apply(burn, rule, references, buildings)
    return burn


def _apply(
    burn: UseBurn, rule: dict[str, Any], references: References, buildings: ReferenceLayer | None
) -> None:
    kind = rule.get("kind", "polygon")
    if kind == "class_hint":
        _class_hint(burn, rule)
    elif kind == "nearest_building":
        _nearest_building(burn, rule, buildings)
    elif kind == "grounds":
        _grounds(burn, rule)
    else:
        layer = buildings if rule["layer"] == BUILDINGS else references.get(rule["layer"])
        if layer is not None:
            _objects(burn, rule, layer)


def _objects(burn: UseBurn, rule: dict[str, Any], layer: ReferenceLayer) -> None:
    chosen = select(layer, rule).geometry
    if "width" in rule:
        chosen = shapely.buffer(chosen, rule["width"]["value"] / 2, quad_segs=4)
    if len(chosen):
        burn.add(rule, burn.codes.us_index[rule["code_us"]], _mask(chosen, burn.planes))


def _mask(geometry: Any, planes: PredictionPlanes) -> BOOL:
    grid = planes.grid
    mask: U8 = rasterize(geometry, out_shape=grid.shape, transform=grid.transform, dtype="uint8")
    return mask.view(bool)


def building_uses(buildings: ReferenceLayer, profile: Profile, codes: Codes) -> U8:
    """(n,) use index that the buildings' own attributes say, 0 where they say none."""
    uses = np.zeros(len(buildings), np.uint8)
    position = np.arange(len(buildings)).astype(str).astype(object)
    numbered = ReferenceLayer(
        buildings.role, buildings.source, buildings.geometry, {**buildings.attributes, "_position": position}
    )
    for rule in reversed(profile.section("use_rules")):
        if rule.get("layer") == BUILDINGS:
            chosen = select(numbered, rule).attributes["_position"].astype(np.int64)
            uses[chosen] = codes.us_index[rule["code_us"]]
    return uses


def _nearest_building(burn: UseBurn, rule: dict[str, Any], buildings: ReferenceLayer | None) -> None:
    if buildings is None or not len(buildings):
        return
    own = building_uses(buildings, burn.profile, burn.codes)
    lent = nearest_use(buildings.geometry, own, burn.profile.number("nearest_building_distance"))
    chosen = np.flatnonzero((own == 0) & (lent > 0))
    if len(chosen):
        grid = burn.planes.grid
        shapes = zip(buildings.geometry[chosen], lent[chosen].tolist(), strict=True)
        plane: U8 = rasterize(shapes, out_shape=grid.shape, transform=grid.transform, dtype="uint8")
        burn.add(rule, plane, plane > 0)


def _class_hint(burn: UseBurn, rule: dict[str, Any]) -> None:
    """Majority of the hint around each pixel, so that a speckle of one class makes no use of its own."""
    hint = burn.planes.us_hint
    if hint is None:
        return
    grid = burn.planes.grid
    factor = coarse_factor(grid, burn.profile.number("zone_construite", "coarse_pixel"))
    window = max(1, round(burn.profile.number("class_hint", "window") / (factor * grid.pixel_m)))
    minimum = burn.profile.number("class_hint", "minimum_share")
    smooth = np.zeros(grid.shape, np.uint8)
    for use in np.flatnonzero(np.bincount(hint.ravel(), minlength=1)[1:]) + 1:
        share = ndimage.uniform_filter(coarsen(hint == use, factor), window, mode="nearest")
        smooth[refine(share > minimum, factor, grid.shape)] = use
    burn.add(rule, smooth, smooth > 0)


def _grounds(burn: UseBurn, rule: dict[str, Any]) -> None:
    built = burn.cover == burn.codes.cs_index[burn.profile.section("built_cover")]
    plane = grounds_plane(
        np.where(built, burn.us, 0).astype(np.uint8), burn.planes.grid, burn.codes, burn.profile
    )
    allowed = {**rule, "over": burn.profile.section("grounds", "over")}
    burn.add(allowed, plane, plane > 0)
