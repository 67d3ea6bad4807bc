# SPDX-License-Identifier: GPL-2.0-or-later
"""From the regions of all blocks to those that become polygons: the whole lot, its graph alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import BlockRegions, Tiling
from inference_backend.postprocess.decision.area_merge import MergeGraph, dissolve, merge_to_minimum
from inference_backend.postprocess.decision.final_regions import (
    FinalRegions,
    votes_of_decision,
    votes_of_references,
)
from inference_backend.postprocess.decision.forestry_width import RULE as FORESTRY_RULE
from inference_backend.postprocess.decision.forestry_width import without_narrow_forestry
from inference_backend.postprocess.decision.lot_graph import LotGraph
from inference_backend.postprocess.decision.lot_join import join
from inference_backend.postprocess.decision.mixed_stands import is_mixed_stand
from inference_backend.postprocess.merge_rules import IntegerRules, merge_rules
from inference_backend.postprocess.types import Codes, RegionGraph, UseDecision

AssignUse = Callable[[RegionGraph, Codes, Profile], UseDecision]
Block = tuple[int, int]


class UseRules(Protocol):
    """What the decision reads of a survey: the rules by which references said a use."""

    @property
    def us_rules(self) -> tuple[str, ...]:
        """Names, entry 0 is ""."""

    @property
    def us_rule_confidence(self) -> tuple[float, ...]:
        """0..1 for each."""


def decide(
    parts: Mapping[Block, BlockRegions],
    tiling: Tiling,
    survey: UseRules,
    assign_use: AssignUse,
    profile: Profile,
    *,
    pixel_area_m2: float,
) -> FinalRegions:
    """Regions that reach their minimum area or that only the skeleton and what references hold surround.

    Args:
        parts: one entry per block of `tiling`, read twice, one block at a time.
        tiling: the blocks; they leave no trace in the result.
        survey: rules by which references said a use.
        assign_use: gives a use to every region.
        profile: minimum areas and weights.
        pixel_area_m2: area of a pixel (`Grid.pixel_area_m2`).
    """
    codes = Codes(profile.nomenclature)
    rules = merge_rules(profile, codes).in_units(pixel_area_m2)
    lot, number = join(parts, tiling)
    votes = votes_of_references(lot, survey.us_rule_confidence)
    final = FinalRegions(
        lot, number, np.zeros(len(lot), bool), np.zeros(len(lot), bool), votes, survey.us_rules
    )
    final = _decide_large(final, rules)
    final = _with_use(final, assign_use(final.graph, codes, profile))
    final = _merged(_dissolved(final), rules)
    final = _with_mixed_stands(final, codes, profile)
    final = _without_narrow_forestry(final, codes, profile, math.sqrt(pixel_area_m2))
    return _with_default_cover(_merged(final, rules), codes, profile)


def merge_graph(lot: LotGraph, rules: IntegerRules) -> MergeGraph:
    """The regions of a lot as merging sees them, areas in pixels."""
    return MergeGraph(
        cs=lot.cs,
        us=lot.us,
        locked=lot.ossature,
        held=lot.held(rules.holds),
        area=lot.area_px.copy(),
        zone=lot.zone_px.copy(),
        edges=lot.edges,
        border=lot.border_px,
        scores=lot.scores,
        pixels=lot.area_px.copy(),
    )


def _merged(final: FinalRegions, rules: IntegerRules) -> FinalRegions:
    return final.contracted(merge_to_minimum(merge_graph(final.lot, rules), rules))[0]


def _dissolved(final: FinalRegions) -> FinalRegions:
    lot = final.lot
    return final.contracted(dissolve(lot.cs, lot.us, lot.ossature, lot.cell, lot.edges))[0]


def _decide_large(final: FinalRegions, rules: IntegerRules) -> FinalRegions:
    """Give undecided regions that are large enough to stand alone the cover that came first in them."""
    lot = final.lot
    inside = (lot.zone_px >= rules.inside_share * lot.area_px).astype(np.intp)
    scores = lot.scores
    large = (lot.cs == 0) & (lot.area_px >= rules.minimum[0, inside]) & (scores.max(axis=1) > 0)
    if not large.any():
        return final
    cs = np.where(large, scores.argmax(axis=1), lot.cs).astype(np.uint8)
    return _dissolved(replace(final, lot=replace(lot, cs=cs)))


def _with_use(final: FinalRegions, use: UseDecision) -> FinalRegions:
    votes = votes_of_decision(final.lot, use, len(final.use_rules))
    return replace(
        final,
        lot=replace(final.lot, us=use.us),
        use_votes=np.concatenate([final.use_votes, votes]),
        use_rules=(*final.use_rules, *use.rules),
    )


def _with_mixed_stands(final: FinalRegions, codes: Codes, profile: Profile) -> FinalRegions:
    mixed = is_mixed_stand(final.lot, codes, profile)
    if not mixed.any():
        return final
    index = codes.cs_index[profile.section("merging", "mixed_stand", "code_cs")]
    cs = np.where(mixed, index, final.lot.cs).astype(np.uint8)
    return _dissolved(replace(final, lot=replace(final.lot, cs=cs), mixed=mixed))


def _without_narrow_forestry(
    final: FinalRegions, codes: Codes, profile: Profile, pixel_m: float
) -> FinalRegions:
    us, changed = without_narrow_forestry(final.lot, codes, profile, pixel_m)
    if not changed.any():
        return final
    level = profile.section("neighbourhood", "default_confidence")
    certainty = np.where(changed, profile.number("confidence_levels", level), np.nan).astype(np.float32)
    use = UseDecision(us, changed.astype(np.uint8), certainty, ("", FORESTRY_RULE))
    return _dissolved(_with_use(final, use))


def _with_default_cover(final: FinalRegions, codes: Codes, profile: Profile) -> FinalRegions:
    """Cover for what nothing decides and only the skeleton surrounds."""
    default = final.lot.cs == 0
    if not default.any():
        return final
    index = codes.cs_index[profile.section("merging", "cover_when_undecided", "code_cs")]
    cs = np.where(default, index, final.lot.cs).astype(np.uint8)
    return replace(final, lot=replace(final.lot, cs=cs), by_default=default)
