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
_TINY = 1e-9
_SURE = 0.02
"""Scores of a network say little about how often it is wrong beyond 98 %."""
_EDGES = (0.003, 2.0)
"""Border per area, 1/m, of the largest and of the narrowest polygons that tell something."""


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
    """(n,) chance that cover or use is wrong at a point of the polygon, 0..1.

    A logistic regression whose coefficients stand in the profile (`review.risk`), fitted where the truth is
    known (`python -m benchmarks.fit_risk`); one without the terms of the model's scores serves polygons
    that have none. A score below all that the fit has seen speaks for itself.
    """
    terms, score = risk_terms(cover, profile), number(cover, "confidence")
    with_scores, without = (
        chance(terms, profile.section("review", "risk", key)) for key in ("with_scores", "without_scores")
    )
    unseen = (score < profile.number("review", "risk", "lowest_score")) & ~is_imposed(cover)
    doubt = np.where(unseen, 1 - score, 0.0)
    error: FLOATS = np.where(np.isnan(score), without, np.maximum(with_scores, doubt))
    return error


def chance(terms: dict[str, FLOATS], coefficients: dict[str, float]) -> FLOATS:
    """(n,) logistic function of the terms' weighted sum; a term without coefficient counts nothing."""
    known = [coefficients[name] * values for name, values in terms.items() if name in coefficients]
    total: FLOATS = 1 / (1 + np.exp(-(coefficients["intercept"] + np.sum(known, axis=0))))
    return total


def risk_terms(cover: LandCover, profile: Profile) -> dict[str, FLOATS]:
    """(n,) values by name of what an error may be seen from; the names of `review.risk`.

    Scores count by their odds. `edge` is the border per area: borders are never quite where the truth has
    them. `cover:` and `rule:` are 1 for the polygons of that cover and use rule.
    """
    imposed = is_imposed(cover)
    score = np.where(np.isnan(number(cover, "confidence")), 0.0, _odds(1 - number(cover, "confidence")))
    border = shapely.length(cover.geometry) / np.maximum(shapely.area(cover.geometry), _TINY)
    terms = {
        "score": np.where(imposed, 0.0, score),
        "score_of_imposed": np.where(imposed, score, 0.0),
        "imposed": imposed.astype(np.float64),
        "second_class": 1 - number(cover, "margin", 1.0),
        "undecided": number(cover, "undecided_share", 0.0),
        "merged": number(cover, "merged_share", 0.0),
        "disagrees": number(cover, "disagree_share", 0.0),
        "use": _odds(1 - number(cover, "us_confidence", 1.0)),
        "shape": np.clip(shape_index(cover), 1, profile.number("review", "risk", "largest_shape_index")),
        "edge": np.log10(np.clip(border, *_EDGES)),
    }
    for prefix, column in (("cover:", "code_cs"), ("rule:", "us_rule")):
        values = np.array(text(cover, column), dtype=str)
        terms |= {prefix + name: (values == name).astype(np.float64) for name in np.unique(values) if name}
    return terms


def _odds(chance_of: FLOATS) -> FLOATS:
    """Logarithm of the odds, of chances that are never quite 0 or 1."""
    clipped = np.clip(chance_of, _SURE, 1 - _SURE)
    odds: FLOATS = np.log(clipped / (1 - clipped))
    return odds


def lacks_source(cover: LandCover, profile: Profile) -> NDArray[np.bool_]:
    """(n,) whether no reference speaks of an object of a kind and size that references normally know."""
    layer_of = {rule["name"]: rule.get("layer") for rule in profile.section("use_rules")}
    codes, rules = text(cover, "code_cs"), text(cover, "us_rule")
    area = shapely.area(cover.geometry)
    expected = profile.section("review", "expected_sources")
    known = is_imposed(cover) | (np.array(text(cover, "cs_rule"), dtype=str) == "reference")
    unknown = [
        code in expected
        and size >= float(expected[code]["minimum_area"]["value"])
        and layer_of.get(rule) not in expected[code]["layers"]
        for code, rule, size in zip(codes, rules, area, strict=True)
    ]
    missing: NDArray[np.bool_] = np.array(unknown, dtype=bool) & ~known
    return missing


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
