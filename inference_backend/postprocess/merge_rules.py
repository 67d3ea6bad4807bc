# SPDX-License-Identifier: GPL-2.0-or-later
"""The numbers of a profile in the form that merging works with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import minimum_area_m2
from inference_backend.postprocess.types import BOOL, Codes
from inference_backend.thresholds import AREA_TOLERANCE

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
SCALE = 1_000_000
"""Weights, shares and closeness as integers count in millionths."""


@dataclass(frozen=True)
class IntegerRules:
    """What decides whether a region goes and where to, in integers, so that no order of sums changes it.

    Attributes:
        minimum: (k, 2) int64 minimum area by cover index, outside and inside the zone construite, in the
            unit of the regions' areas.
        inside_share: share of a region's area from which on it is inside.
        cover_closeness: (k, k) int64 millionths by cover indices, 0 where one is not decided.
        use_closeness: (l, l) int64 the same by use indices.
        weights: (4,) int64 millionths: border, thematic closeness, scores, use.
        reluctance: (k,) int64 millionths taken from the score of a cover as a target.
        holds: (k,) bool, covers whose outline is kept where a reference imposed them.
    """

    minimum: I64
    inside_share: float
    cover_closeness: I64
    use_closeness: I64
    weights: I64
    reluctance: I64
    holds: BOOL


@dataclass(frozen=True)
class MergeRules:
    """What decides whether a region goes and where to.

    Attributes:
        minimum_m2: (k, 2) minimum area by cover index, outside and inside the zone construite, m2.
        inside_share: share of a region's area from which on it is inside.
        cover_closeness: (k, k) 0..1 by cover indices, 1 for the same cover, 0 where one is not decided.
        use_closeness: (l, l) the same by use indices.
        weights: of border, thematic closeness, scores, use.
        reluctance: (k,) taken from the score of a cover as a target.
        holds: (k,) covers whose outline is kept where a reference imposed them.
    """

    minimum_m2: F64
    inside_share: float
    cover_closeness: F64
    use_closeness: F64
    weights: F64
    reluctance: F64
    holds: BOOL

    def in_units(self, unit_m2: float) -> IntegerRules:
        """The same in integers, for areas counted in units of `unit_m2`."""
        return IntegerRules(
            minimum=np.ceil(self.minimum_m2 * (1.0 - AREA_TOLERANCE) / unit_m2).astype(np.int64),
            inside_share=self.inside_share,
            cover_closeness=_millionths(self.cover_closeness),
            use_closeness=_millionths(self.use_closeness),
            weights=_millionths(self.weights),
            reluctance=_millionths(self.reluctance),
            holds=self.holds,
        )


def merge_rules(profile: Profile, codes: Codes) -> MergeRules:
    """Rules of a profile.

    Raises:
        ProfileError: a value is missing.
    """
    minimum = np.zeros((len(codes.cs), 2), np.float64)
    for index, code in enumerate(codes.cs):
        minimum[index] = [minimum_area_m2(code, share, profile) for share in (0.0, 1.0)]
    names = ("border", "thematic", "scores", "use")
    weights = [profile.number("merging", "weights", name) for name in names]
    return MergeRules(
        minimum_m2=minimum,
        inside_share=profile.number("inside_zone_share"),
        cover_closeness=_closeness(codes.cs, profile.nomenclature),
        use_closeness=_closeness(codes.us, profile.nomenclature),
        weights=np.array(weights, np.float64),
        reluctance=_reluctance(profile, codes),
        holds=np.isin(codes.cs, profile.section("merging", "kept_outlines", "covers")),
    )


def _millionths(values: F64) -> I64:
    return np.rint(values * SCALE).astype(np.int64)


def _reluctance(profile: Profile, codes: Codes) -> F64:
    reluctance = np.zeros(len(codes.cs), np.float64)
    for code in profile.section("merging", "reluctance"):
        reluctance[codes.cs_index[code]] = profile.number("merging", "reluctance", code)
    return reluctance


def _closeness(codes: tuple[str, ...], nomenclature: Nomenclature) -> F64:
    """1 - distance / largest distance; row and column 0, "not decided", are 0."""
    distance = np.array([[nomenclature.distance(a, b) for b in codes[1:]] for a in codes[1:]], np.float64)
    closeness = np.zeros((len(codes), len(codes)), np.float64)
    closeness[1:, 1:] = 1.0 - distance / max(distance.max(), 1.0)
    return closeness
