# SPDX-License-Identifier: GPL-2.0-or-later
"""How likely each polygon is wrong, how much that matters, and what looking at it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.types import LandCover

FLOATS = NDArray[np.float64]
NO_ORIGIN = "NC"
_HECTARE_M2 = 10_000.0


def number(cover: LandCover, column: str, missing: float = np.nan) -> FLOATS:
    """(n,) float64 of a column; `missing` where it is null or does not exist."""
    values = cover.columns.get(column)
    if values is None:
        return np.full(len(cover.geometry), missing)
    floats = np.array([np.nan if v is None else v for v in values.tolist()], dtype=np.float64)
    return np.where(np.isnan(floats), missing, floats)


def text(cover: LandCover, column: str) -> list[str]:
    """Texts of a column, empty where null or without the column."""
    values = cover.columns.get(column)
    if values is None:
        return [""] * len(cover.geometry)
    return ["" if value is None else str(value) for value in values.tolist()]


def is_imposed(cover: LandCover) -> NDArray[np.bool_]:
    """(n,) whether a reference object gave the cover."""
    origin = np.array([value not in ("", NO_ORIGIN) for value in text(cover, "id_origine")], dtype=bool)
    imposed: NDArray[np.bool_] = origin | (number(cover, "ossature", 0) > 0)
    return imposed


def expected_error(cover: LandCover, profile: Profile) -> FLOATS:
    """(n,) chance that cover or use is wrong, from independent causes, 0..1.

    Causes: the score of the cover blended with the known weakness of its class, the rule of the use,
    undecided pixels, a contradicted reference, other covers merged in, an odd shape.
    """
    weight = {key: profile.number("review", "weights", key) for key in profile.section("review", "weights")}
    causes = {
        "cover_error": cover_error(cover, profile),
        "use_error": 1 - number(cover, "us_confidence", 1.0),
        "undecided": number(cover, "undecided_share", 0.0),
        "reference_disagrees": number(cover, "disagree_share", 0.0),
        "merged": number(cover, "merged_share", 0.0),
        "shape": np.clip(
            shape_index(cover) / profile.number("review", "thresholds", "shape_index") - 1, 0, 1
        ),
    }
    right = np.ones(len(cover.geometry))
    for name, chance in causes.items():
        right *= 1 - np.clip(weight[name] * chance, 0, 1)
    return 1 - right


def cover_error(cover: LandCover, profile: Profile) -> FLOATS:
    """(n,) chance that the cover is wrong; the class's prior alone where there are no scores."""
    priors = {code: float(v["value"]) for code, v in profile.section("review", "prior_error").items()}
    prior = np.array([priors[code] for code in text(cover, "code_cs")])
    score = 1 - number(cover, "confidence")
    share = np.where(np.isnan(score), 1.0, profile.number("review", "prior_weight"))
    error: FLOATS = share * prior + (1 - share) * np.nan_to_num(score)
    error[is_imposed(cover)] *= profile.number("review", "reference_error_factor")
    return error


def stake(cover: LandCover, profile: Profile) -> FLOATS:
    """(n,) weight of an error: more where the runner-up flips the artificialisation status."""
    base, flip, edge = (
        profile.number("review", "stake", key)
        for key in ("base", "artificialisation_flip", "per_edge_of_distance")
    )
    flips = flips_status(cover, profile.nomenclature)
    codes, others = text(cover, "code_cs"), text(cover, "runner_up_cs")
    tree = profile.nomenclature
    distance = [
        tree.distance(a, b) if a in tree and b in tree else 0 for a, b in zip(codes, others, strict=True)
    ]
    return base + flip * flips + edge * np.array(distance, dtype=np.float64)


def flips_status(cover: LandCover, nomenclature: Nomenclature) -> NDArray[np.bool_]:
    """(n,) whether the runner-up's cover would change the polygon's artificialisation status."""
    rows = zip(text(cover, "code_cs"), text(cover, "runner_up_cs"), text(cover, "code_us"), strict=True)
    return np.array(
        [
            bool(other)
            and nomenclature.is_artificialised(cs, us) != nomenclature.is_artificialised(other, us)
            for cs, other, us in rows
        ],
        dtype=bool,
    )


def cost_s(cover: LandCover, profile: Profile) -> FLOATS:
    """(n,) seconds an operator is expected to spend."""
    hectares = shapely.area(cover.geometry) / _HECTARE_M2
    opening = profile.number("review", "cost", "opening")
    cost: FLOATS = opening + profile.number("review", "cost", "per_square_root_hectare") * np.sqrt(hectares)
    return cost


def shape_index(cover: LandCover) -> FLOATS:
    """(n,) perimeter over that of the disc of equal area: 1 for a disc, 2 for a strip 1 by 10."""
    area: Any = shapely.area(cover.geometry)
    index: FLOATS = shapely.length(cover.geometry) / (2 * np.sqrt(np.pi * np.maximum(area, 1e-9)))
    return index
