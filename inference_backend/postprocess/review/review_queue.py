# SPDX-License-Identifier: GPL-2.0-or-later
"""The review queue: which polygons a person should see, and in what order."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.lot import ItemState, Reason
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.review.expected_error import (
    cost_s,
    expected_error,
    flips_status,
    is_imposed,
    lacks_source,
    number,
    shape_index,
    stake,
    text,
)
from inference_backend.postprocess.types import LandCover

FLOATS = NDArray[np.float64]
GEOMETRY = "geom"


def build_queue(cover: LandCover, profile: Profile) -> list[dict[str, Any]]:
    """Rows of `contracts.lot.REVIEW_ITEM`, first come first, with the item's point under `geom`.

    Priority = expected error x area x stake / expected cost. A polygon enters with a sufficient expected
    error or a contradicted reference; of these, the profile's share of all polygons is kept.

    The expected error becomes a column of the land cover, `expected_error`.
    """
    if not len(cover.geometry):
        return []
    error = expected_error(cover, profile)
    cover.columns["expected_error"] = error
    priority = error * shapely.area(cover.geometry) * stake(cover, profile) / cost_s(cover, profile)
    strengths = reason_strengths(cover, profile)
    disagrees = strengths[Reason.REFERENCE_DISAGREES] >= 1
    candidates = np.flatnonzero((error >= profile.number("review", "minimum_expected_error")) | disagrees)
    identifiers = np.array(text(cover, "id"))
    order = candidates[np.lexsort((identifiers[candidates], -priority[candidates]))]
    limit = int(np.ceil(profile.number("review", "maximum_share_of_polygons") * len(error)))
    chosen = order[:limit]
    points = shapely.point_on_surface(cover.geometry[chosen])
    columns = {name: text(cover, name) for name in ("id", "code_cs", "code_us", "runner_up_cs")}
    confidence = number(cover, "confidence")
    return [
        {
            "item_id": rank,
            "polygon_id": columns["id"][i],
            "rank": rank,
            "priority": float(priority[i]),
            "reasons": ",".join(_reasons(strengths, int(i))),
            "proposed_cs": columns["code_cs"][i],
            "proposed_us": columns["code_us"][i],
            "runner_up_cs": columns["runner_up_cs"][i] or None,
            "confidence": None if np.isnan(confidence[i]) else float(confidence[i]),
            "state": ItemState.TODO.value,
            GEOMETRY: points[rank - 1],
        }
        for rank, i in enumerate(chosen, start=1)
    ]


def reason_strengths(cover: LandCover, profile: Profile) -> dict[Reason, FLOATS]:
    """For each reason (n,) how far beyond its threshold a polygon is; from 1 on it is a reason."""
    limit = {
        key: profile.number("review", "thresholds", key) for key in profile.section("review", "thresholds")
    }
    score, margin = number(cover, "confidence", np.inf), number(cover, "margin", np.inf)
    by_reference = is_imposed(cover)
    tiny = np.finfo(np.float64).tiny
    doubtful = expected_error(cover, profile) >= limit["expected_error"]
    return {
        Reason.LOW_CONFIDENCE: np.where(by_reference, 0, limit["confidence"] / np.maximum(score, tiny)),
        Reason.SMALL_MARGIN: np.where(by_reference, 0, limit["margin"] / np.maximum(margin, tiny)),
        Reason.UNDECIDED: number(cover, "undecided_share", 0) / limit["undecided_share"],
        Reason.REFERENCE_DISAGREES: number(cover, "disagree_share", 0) / limit["disagree_share"],
        Reason.MISSING_SOURCE: lacks_source(cover, profile).astype(float),
        Reason.USE_BY_DEFAULT: limit["us_confidence"]
        / np.maximum(number(cover, "us_confidence", np.inf), tiny),
        Reason.MERGED_MUCH: number(cover, "merged_share", 0) / limit["merged_share"],
        Reason.SUSPICIOUS_SHAPE: np.where(by_reference, 0, shape_index(cover) / limit["shape_index"]),
        Reason.ARTIFICIALISATION_AT_STAKE: (flips_status(cover, profile.nomenclature) & doubtful).astype(
            float
        ),
    }


def _reasons(strengths: dict[Reason, FLOATS], i: int) -> list[str]:
    """Reasons of polygon `i`, strongest first; the strongest one where none reaches its threshold."""
    ranked = sorted(strengths, key=lambda reason: -strengths[reason][i])
    return [reason.value for reason in ranked if strengths[reason][i] >= 1] or [ranked[0].value]
