# SPDX-License-Identifier: GPL-2.0-or-later
"""From pixel codes to regions that respect the minimum areas.

Order: noise out, small buildings enlarged, use given to regions that have none, small regions merged. Every
step sees one block of pixels and nothing beyond it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.enlarge import enlarge_regions
from inference_backend.postprocess.merge import NORMAL, UNDECIDED, MergeInput, dissolve, merge_small
from inference_backend.postprocess.merge_rules import MergeRules, merge_rules
from inference_backend.postprocess.minimum_width import widen
from inference_backend.postprocess.region_scores import evidence_by_region
from inference_backend.postprocess.regions import contract, label_regions, paint
from inference_backend.postprocess.types import (
    I32,
    Codes,
    PredictionPlanes,
    ReferencePlanes,
    RegionGraph,
    UseDecision,
)
from inference_backend.progress import Progress

AssignUse = Callable[[RegionGraph, Codes, Profile], UseDecision]


@dataclass(frozen=True)
class Generalised:
    """Result of generalisation.

    Attributes:
        graph: m final regions.
        evidence: (m, k) float32 scores of each cover.
        use: decision on the n regions before the last merge.
        use_region: (n,) int32 final region of each of them.
        use_area_px: (n,) their areas.
        use_codes: (n,) uint8 their use after the decision.
        by_default: (m,) bool, cover given by default for want of any evidence.
    """

    graph: RegionGraph
    evidence: NDArray[np.float32]
    use: UseDecision
    use_region: I32
    use_area_px: NDArray[np.int64]
    use_codes: NDArray[np.uint8]
    by_default: NDArray[np.bool_]


def generalise(
    planes: PredictionPlanes,
    reference: ReferencePlanes,
    assign_use: AssignUse,
    profile: Profile,
    progress: Progress,
) -> Generalised:
    """Regions whose areas respect the profile, or that only the skeleton surrounds.

    Args:
        planes: the prediction.
        reference: reference vectors on the same grid.
        assign_use: gives a use to every region.
        profile: minimum areas and weights.
        progress: told before each step.

    Raises:
        Cancelled: the user asked to stop.
    """
    codes = Codes(profile.nomenclature)
    rules = merge_rules(profile, codes)
    pixel_m2 = planes.grid.pixel_area_m2
    progress.update(0.0, "regions")
    cs = np.where(reference.cs > 0, reference.cs, planes.cs)
    graph = label_regions(cs, reference.us, reference.ossature, planes.inside, reference.zone_construite)
    progress.update(0.25, "noise")
    speckle = rules.with_minimum(profile.number("merging", "speckle_area"))
    graph, _ = _merge(graph, planes, speckle, pixel_m2, absorb_undecided=False)
    graph = _decide_large(graph, planes, rules, pixel_m2)
    progress.update(0.4, "widths")
    graph = widen(graph, planes, reference.zone_construite, rules, profile)
    progress.update(0.55, "small buildings")
    graph = _enlarge_built(graph, reference, planes, profile, codes)
    progress.update(0.65, "use")
    use = assign_use(graph, codes, profile)
    graph.us = use.us
    before = graph
    graph, first = _dissolve(graph)
    progress.update(0.75, "minimum areas")
    graph, second = _merge(graph, planes, rules, pixel_m2, absorb_undecided=True)
    default = graph.cs == 0
    graph.cs[default] = codes.cs_index[profile.section("merging", "cover_when_undecided", "code_cs")]
    evidence = evidence_by_region(graph, planes, len(codes.cs))
    return Generalised(graph, evidence, use, second[first], before.area_px, before.us, default)


def _merge(
    graph: RegionGraph,
    planes: PredictionPlanes,
    rules: MergeRules,
    pixel_m2: float,
    *,
    absorb_undecided: bool,
) -> tuple[RegionGraph, I32]:
    evidence = evidence_by_region(graph, planes, len(rules.minimum_m2))
    kind = np.where(graph.cs == 0, UNDECIDED if absorb_undecided else NORMAL, NORMAL).astype(np.uint8)
    regions = MergeInput(
        cs=graph.cs,
        us=graph.us,
        locked=graph.ossature,
        kind=kind,
        area_m2=graph.area_px * pixel_m2,
        zone_share=graph.zone_share,
        edges=graph.edges,
        border=graph.border_px,
        evidence=evidence,
        pixels=graph.area_px,
    )
    return contract(graph, merge_small(regions, rules))


def _dissolve(graph: RegionGraph) -> tuple[RegionGraph, I32]:
    return contract(graph, dissolve(graph.cs, graph.us, graph.ossature, graph.edges))


def _decide_large(
    graph: RegionGraph, planes: PredictionPlanes, rules: MergeRules, pixel_m2: float
) -> RegionGraph:
    """Give undecided regions that are large enough to stand alone the cover that came first in them."""
    minimum = rules.minimum_m2[0, (graph.zone_share >= rules.inside_share).astype(int)]
    large = (graph.cs == 0) & (graph.area_px * pixel_m2 >= minimum)
    if not large.any():
        return graph
    evidence = evidence_by_region(graph, planes, len(rules.minimum_m2))
    large &= evidence.max(axis=1) > 0
    graph.cs[large] = evidence[large].argmax(axis=1).astype(np.uint8)
    return _dissolve(graph)[0]


def _enlarge_built(
    graph: RegionGraph, reference: ReferencePlanes, planes: PredictionPlanes, profile: Profile, codes: Codes
) -> RegionGraph:
    built = graph.cs == codes.cs_index[profile.section("built_cover")]
    area = graph.area_px * planes.grid.pixel_area_m2
    goal = profile.number("minimum_area", "built") * profile.number("merging", "built_margin")
    chosen = built & ~graph.ossature & (area < goal)
    chosen &= area >= profile.number("minimum_area", "built_considered")
    if not chosen.any():
        return graph
    goal_px = int(np.ceil(goal / planes.grid.pixel_area_m2))
    graph.labels = enlarge_regions(graph, chosen, ~graph.ossature & ~built, goal_px)
    return label_regions(
        paint(graph, graph.cs),
        paint(graph, graph.us),
        paint(graph, graph.ossature),
        planes.inside,
        reference.zone_construite,
    )
