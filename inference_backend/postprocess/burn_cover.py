# SPDX-License-Identifier: GPL-2.0-or-later
"""Cover that references impose on the prediction's grid, by the profile's order of priority."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.features import rasterize

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.fringe import fill_from_outside, fringe_mask
from inference_backend.postprocess.reference_layers import ReferenceLayer, References
from inference_backend.postprocess.selection import select
from inference_backend.postprocess.skeleton import skeleton_polygons
from inference_backend.postprocess.types import BOOL, I32, U8, Codes, PredictionPlanes, SourceObject

NO_ATTRIBUTE = "NC"
UNDECIDED = "undecided"
_CODE_ATTRIBUTES = ("nature", "code_tfv", "code_cultu")


@dataclass
class CoverBurn:
    """Planes in the making; see `ReferencePlanes`."""

    grid: Grid
    cs: U8
    ossature: BOOL
    cs_object: I32
    disagrees: BOOL
    objects: list[SourceObject] = field(default_factory=list)
    kept: dict[str, ReferenceLayer] = field(default_factory=dict)

    @classmethod
    def empty(cls, grid: Grid) -> CoverBurn:
        """Nothing burned."""
        shape = grid.shape
        return cls(
            grid,
            np.zeros(shape, np.uint8),
            np.zeros(shape, bool),
            np.full(shape, -1, np.int32),
            np.zeros(shape, bool),
        )


def burn_cover(references: References, planes: PredictionPlanes, profile: Profile) -> CoverBurn:
    """Burn the skeleton, then the cover rules in the profile's order; the first that speaks keeps a pixel."""
    codes = Codes(profile.nomenclature)
    burn = CoverBurn.empty(planes.grid)
    for kind in ("roads", "rails"):
        rule = profile.section("skeleton", kind)
        layer = references.get(rule["layer"])
        if layer is not None:
            polygons = skeleton_polygons(layer, kind, profile)
            burn.kept[kind] = polygons
            _impose(burn, polygons, rule, planes, codes)
    burn.ossature[:] = burn.cs > 0
    for rule in profile.section("cover_rules"):
        layer = references.get(rule["layer"])
        if layer is not None:
            chosen = _impose(burn, select(layer, rule), rule, planes, codes)
            burn.kept.setdefault(rule["layer"], chosen)
    _trim_fringe(burn, planes, profile, codes.cs_index[profile.section("built_cover")])
    return burn


def _trim_fringe(burn: CoverBurn, planes: PredictionPlanes, profile: Profile, built: int) -> None:
    """Give strips of predicted building beside an imposed one the cover on their other side."""
    predicted = (planes.cs == built) & (burn.cs == 0) & planes.inside
    fringe = fringe_mask(predicted, burn.cs == built, planes.grid, profile)
    cover = np.where(burn.cs > 0, burn.cs, planes.cs)
    steps = round(profile.number("building_fringe") / planes.grid.pixel_m)
    position, values = fill_from_outside(cover, fringe, built, steps)
    burn.cs.ravel()[position] = values


def object_plane(layer: ReferenceLayer, grid: Grid) -> I32:
    """(H, W) int32, position of the object that covers the pixel's centre, -1 where none does."""
    plane = np.full(grid.shape, -1, dtype=np.int32)
    if len(layer):
        shapes = zip(layer.geometry, range(len(layer)), strict=True)
        rasterize(shapes, out=plane, transform=grid.transform)
    return plane


def cover_mask(names: list[str], codes: Codes) -> NDArray[np.bool_]:
    """(number of covers + 1,) look-up: which cover indices are among `names`; `undecided` is index 0."""
    mask = np.zeros(len(codes.cs), dtype=bool)
    for name in names:
        mask[0 if name == UNDECIDED else codes.cs_index[name]] = True
    return mask


def _impose(
    burn: CoverBurn, layer: ReferenceLayer, rule: dict[str, Any], planes: PredictionPlanes, codes: Codes
) -> ReferenceLayer:
    """Burn one rule's objects; the objects that the prediction does not contradict."""
    if not len(layer):
        return layer
    plane = object_plane(layer, planes.grid)
    accepted = _accepted(plane, len(layer), rule, planes, codes)
    hit = plane >= 0
    kept = np.zeros(planes.grid.shape, dtype=bool)
    kept[hit] = accepted[plane[hit]]
    burn.disagrees |= hit & ~kept & (burn.cs == 0) & planes.inside
    kept &= (burn.cs == 0) & planes.inside
    if "over" in rule:
        kept &= cover_mask(rule["over"], codes)[planes.cs]
    burn.cs[kept] = codes.cs_index[rule["code_cs"]]
    burn.cs_object[kept] = plane[kept] + len(burn.objects)
    burn.objects.extend(_source_objects(layer))
    return layer.take(accepted)


def _accepted(
    plane: I32, count: int, rule: dict[str, Any], planes: PredictionPlanes, codes: Codes
) -> NDArray[np.bool_]:
    """(count,) whether enough of each object's decided pixels has a cover that agrees with it."""
    if "agreement" not in rule:
        return np.ones(count, dtype=bool)
    agreeing = cover_mask(rule["agreement"]["covers"], codes)
    seen = (plane >= 0) & (planes.cs > 0)
    total = np.bincount(plane[seen], minlength=count)
    agree = np.bincount(plane[seen], weights=agreeing[planes.cs[seen]], minlength=count)
    enough: NDArray[np.bool_] = agree >= float(rule["agreement"]["minimum_share"]["value"]) * total
    return enough


def _source_objects(layer: ReferenceLayer) -> list[SourceObject]:
    attribute = next((name for name in _CODE_ATTRIBUTES if name in layer.attributes), "")
    identifiers, codes = layer.text("id", NO_ATTRIBUTE), layer.text(attribute, NO_ATTRIBUTE)
    return [SourceObject(layer.source, str(i), str(c)) for i, c in zip(identifiers, codes, strict=True)]
