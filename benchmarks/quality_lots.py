# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots of one commune with more and more of the post-processing, and what each is worth against the truth."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import rasterize

from benchmarks.quality_scenes import CACHE, QualityScene
from inference_backend.contracts.lot import REVIEW_ITEM
from inference_backend.contracts.prediction import NODATA, TAG_CLASSES, UNDECIDED, decode_classes
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.pipeline import postprocess
from inference_backend.quality.lot_errors import LotErrors, codes_of, lot_errors
from inference_backend.quality.ocsge_layer import read_layer
from inference_backend.vector_reading import read_vector

FLOATS = NDArray[np.float64]
STEPS = ("thresholds", "references", "final", "parcels")
"""`parcels` brings in the tax files as well, which are not open."""


@dataclass(frozen=True)
class MeasuredLot:
    """A lot beside the truth.

    Attributes:
        errors: wrong areas of its polygons.
        columns: of `occupation_sol`.
        queue: positions of the polygons of its review queue, first come first.
    """

    errors: LotErrors
    columns: dict[str, Any]
    queue: list[int]

    @property
    def cs_accuracy(self) -> float:
        return _right(self.errors.cs_wrong_m2, self.errors.area_m2)

    @property
    def us_accuracy(self) -> float:
        return _right(self.errors.us_wrong_m2, self.errors.area_m2)


def _right(wrong_m2: FLOATS, area_m2: FLOATS) -> float:
    return float(1 - wrong_m2.sum() / area_m2.sum())


def profile_of(step: str, profile: Profile) -> Profile:
    """The profile of a step: before `final`, no rule looks at neighbours."""
    if step in ("final", "parcels"):
        return profile
    rules = copy.deepcopy(profile.rules)
    rules["neighbourhood"]["rules"] = []
    return replace(profile, rules=rules)


def lot_of(scene: QualityScene, step: str, profile: Profile) -> MeasuredLot:
    """Post-process a commune as far as `step` and compare with the truth."""
    lot = lot_path(scene, step)
    lot.parent.mkdir(exist_ok=True)
    lot.unlink(missing_ok=True)
    references = {"thresholds": (), "parcels": (scene.references, scene.restricted)}
    given = references.get(step, (scene.references,))
    postprocess(scene.prediction, given, lot, profile=profile_of(step, profile), millesime="2022")
    return measured(lot, scene)


def lot_path(scene: QualityScene, step: str) -> Path:
    """Where the lot of a step is kept, to be looked at."""
    return CACHE / f"{scene.seed}" / "lots" / f"{step}.gpkg"


def measured(lot: Path, scene: QualityScene) -> MeasuredLot:
    """A lot of the commune that lies on disk."""
    errors = lot_errors(read_layer(lot), read_layer(scene.truth, scene.truth_layer))
    _, columns = read_vector(lot, "occupation_sol")
    _, items = read_vector(lot, REVIEW_ITEM.name)
    position = {identifier: i for i, identifier in enumerate(columns["id"].tolist())}
    ranked = sorted(zip(items["rank"].astype(np.int64), items["polygon_id"].tolist(), strict=True))
    return MeasuredLot(errors, columns, [position[identifier] for _, identifier in ranked])


def model_accuracy(scene: QualityScene, profile: Profile) -> tuple[float, float]:
    """Share of pixels whose cover, and whose use, the prediction alone gets right.

    A class means the cover of `class_to_cover`, and its use there, else the cover's default outside the zone
    construite. Undecided pixels are wrong.
    """
    defaults = profile.section("neighbourhood", "defaults")
    with rasterio.open(scene.prediction) as raster:
        index, transform = raster.read(1), raster.transform
        classes = decode_classes(raster.tags()[TAG_CLASSES])
    truth = read_layer(scene.truth, scene.truth_layer)
    true = {"cs": codes_of(truth, truth.cs), "us": codes_of(truth, truth.us)}
    polygon = rasterize(
        zip(truth.geometry, range(1, len(truth.geometry) + 1), strict=True),
        out_shape=index.shape,
        transform=transform,
        dtype="int32",
    )
    seen = (index != NODATA) & (polygon > 0)
    pairs, count = np.unique(
        polygon[seen].astype(np.int64) * (UNDECIDED + 1) + index[seen], return_counts=True
    )
    row, value = pairs // (UNDECIDED + 1) - 1, pairs % (UNDECIDED + 1)
    given = {"cs": np.full(UNDECIDED + 1, "-", dtype=object), "us": np.full(UNDECIDED + 1, "-", dtype=object)}
    for entry in classes:
        cover = entry.code_cs or profile.cover_of_class(entry.name)
        if cover is not None:
            hint = _class_use(entry.name, profile)
            given["cs"][entry.index], given["us"][entry.index] = cover, hint or defaults[cover]["outside"]
    right = [count[true[key][row] == given[key][value].astype(str)].sum() / count.sum() for key in given]
    return float(right[0]), float(right[1])


def _class_use(name: str, profile: Profile) -> str | None:
    use: str | None = profile.section("class_to_cover").get(name, {}).get("code_us")
    return use


def steps_of(scene: QualityScene, profile: Profile, steps: Sequence[str] = STEPS) -> dict[str, MeasuredLot]:
    """The lot of each step."""
    return {step: lot_of(scene, step, profile) for step in steps}
