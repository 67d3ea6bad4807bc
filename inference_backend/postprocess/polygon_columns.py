# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written about each polygon: codes, origin, and how sure the model and the rules were."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.postprocess.generalise import Generalised
from inference_backend.postprocess.region_scores import majority_object
from inference_backend.postprocess.regions import histogram_by_region, paint, sum_by_region
from inference_backend.postprocess.types import U8, Codes, PredictionPlanes, ReferencePlanes, SourceObject

CALCULATED = SourceObject("calcul", "NC", "NC")
"""Origin of a polygon that no reference object makes up by half."""
_MAJORITY = 0.5
Columns = dict[str, NDArray[Any]]


def attribute_columns(
    regions: Generalised, planes: PredictionPlanes, reference: ReferencePlanes, codes: Codes, millesime: str
) -> Columns:
    """Every column but geometry, area and excuse, for n polygons in the order of their regions.

    Text columns are object arrays; None and NaN mean "unknown".
    """
    graph, size = regions.graph, len(regions.graph.area_px)
    columns: Columns = {
        "id": np.array([f"OCSGE{i:010d}" for i in range(1, size + 1)], dtype=object),
        "code_cs": np.array(codes.cs, dtype=object)[graph.cs],
        "code_us": np.array(codes.us, dtype=object)[graph.us],
        "millesime": np.full(size, millesime, dtype=object),
        "ossature": graph.ossature.astype(np.int32),
    }
    columns |= _origin(regions, reference)
    columns |= _scores(regions, planes, codes)
    columns |= _shares(regions, planes, reference)
    columns["cs_rule"] = _cover_rules(regions, reference, columns["undecided_share"])
    columns |= _use_rules(regions, reference)
    return columns


def _origin(regions: Generalised, reference: ReferencePlanes) -> Columns:
    winner, share = majority_object(regions.graph, reference.cs_object)
    objects = [
        reference.objects[i] if i >= 0 and s >= _MAJORITY else CALCULATED
        for i, s in zip(winner, share, strict=True)
    ]
    return {
        "source": np.array([o.source for o in objects], dtype=object),
        "id_origine": np.array([o.id_origine for o in objects], dtype=object),
        "code_or": np.array([o.code_or for o in objects], dtype=object),
    }


def _scores(regions: Generalised, planes: PredictionPlanes, codes: Codes) -> Columns:
    graph, area = regions.graph, regions.graph.area_px
    unknown = np.full(len(area), np.nan)
    others = regions.evidence.copy()
    others[np.arange(len(area)), graph.cs] = 0.0
    runner_up = np.array([None, *codes.cs[1:]], dtype=object)[others.argmax(axis=1)]
    return {
        "confidence": unknown if planes.confidence is None else _mean(regions, planes.confidence) / 255.0,
        "margin": unknown.copy() if planes.margin is None else _mean(regions, planes.margin) / 255.0,
        "runner_up_cs": runner_up,
    }


def _shares(regions: Generalised, planes: PredictionPlanes, reference: ReferencePlanes) -> Columns:
    cover = np.where(reference.cs > 0, reference.cs, planes.cs)
    nothing = np.zeros(len(regions.graph.area_px))
    disagrees = reference.disagrees
    return {
        "undecided_share": _mean(regions, planes.cs == 0),
        "merged_share": _mean(regions, cover != paint(regions.graph, regions.graph.cs)),
        "disagree_share": nothing if disagrees is None else _mean(regions, disagrees),
    }


def _cover_rules(
    regions: Generalised, reference: ReferencePlanes, undecided_share: NDArray[Any]
) -> NDArray[np.object_]:
    imposed = _mean(regions, (reference.cs > 0) & (reference.cs == paint(regions.graph, regions.graph.cs)))
    rules = np.full(len(imposed), "prediction", dtype=object)
    rules[undecided_share >= _MAJORITY] = "undecided prediction"
    rules[imposed >= _MAJORITY] = "reference"
    rules[regions.by_default] = "default"
    return rules


def _use_rules(regions: Generalised, reference: ReferencePlanes) -> Columns:
    """The rule that gave most of a polygon's area its use, and that rule's mean confidence there."""
    graph, size = regions.graph, len(regions.graph.area_px)
    use = regions.use
    said = len(reference.us_rules)
    agrees = (reference.us > 0) & (reference.us == paint(graph, graph.us))
    votes = np.zeros((size, said + len(use.rules)))
    votes[:, :said] = histogram_by_region(graph, reference.us_rule, said, agrees)
    votes[:, 0] = 0.0
    decided = (use.rule > 0) & (regions.use_codes == graph.us[regions.use_region])
    target, weight = regions.use_region[decided], regions.use_area_px[decided].astype(np.float64)
    rule = said + use.rule[decided].astype(np.intp)
    np.add.at(votes, (target, rule), weight)
    confidence = np.zeros_like(votes)
    confidence[:, :said] = np.asarray(reference.us_rule_confidence, np.float64)
    np.add.at(confidence, (target, rule), weight * use.confidence[decided])
    best = votes.argmax(axis=1)
    row = np.arange(size)
    total = votes[row, best]
    mean = np.where(best < said, 1.0, np.maximum(total, 1.0))
    names = np.array([*reference.us_rules, *use.rules], dtype=object)[best]
    names[total == 0] = None
    certainty = confidence[row, best] / mean
    certainty[total == 0] = np.nan
    return {"us_rule": names, "us_confidence": certainty}


def _mean(regions: Generalised, plane: U8 | NDArray[np.bool_]) -> NDArray[np.float64]:
    return sum_by_region(regions.graph, plane) / regions.graph.area_px
