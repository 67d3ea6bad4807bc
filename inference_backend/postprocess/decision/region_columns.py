# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written about each polygon, from the sums over its pixels: codes, origin, certainty, rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.postprocess.decision.final_regions import FinalRegions
from inference_backend.postprocess.decision.lot_graph import (
    CONFIDENCE,
    DISAGREE,
    IMPOSED,
    MARGIN,
    UNDECIDED,
    LotGraph,
)
from inference_backend.postprocess.merge_rules import SCALE
from inference_backend.postprocess.types import Codes, SourceObject

CALCULATED = SourceObject("calcul", "NC", "NC")
"""Origin of a polygon that no reference object makes up by half."""
_HALF = 2
_FULL_SCORE = 255.0
Columns = dict[str, NDArray[Any]]
I64 = NDArray[np.int64]
SourceObjects = Callable[[I64], Sequence[SourceObject]]


def region_columns(
    final: FinalRegions, codes: Codes, millesime: str, source_objects: SourceObjects, *, has_scores: bool
) -> Columns:
    """Every column but geometry, area and excuse, for n polygons in the order of their regions.

    Args:
        final: the regions.
        codes: their indices.
        millesime: year of the image.
        source_objects: origin of reference objects by their numbers.
        has_scores: whether the prediction has confidence and margin.

    Returns:
        (n,) per column. Text columns are object arrays; None and NaN mean "unknown".
    """
    lot = final.lot
    columns: Columns = {
        "id": np.array([f"OCSGE{i:010d}" for i in range(1, len(lot) + 1)], dtype=object),
        "code_cs": np.array(codes.cs, dtype=object)[lot.cs],
        "code_us": np.array(codes.us, dtype=object)[lot.us],
        "millesime": np.full(len(lot), millesime, dtype=object),
        "ossature": lot.ossature.astype(np.int32),
    }
    columns |= _origin(lot, source_objects)
    columns |= _certainty(lot, codes, has_scores)
    columns |= _shares(lot)
    columns["cs_rule"] = _cover_rules(final)
    return columns | _use_rules(final)


def _origin(lot: LotGraph, source_objects: SourceObjects) -> Columns:
    number = np.full(len(lot), -1, np.int64)
    covered = np.zeros(len(lot), np.int64)
    region, found, pixels = lot.objects.T
    np.add.at(covered, region, pixels)
    # Ascending pixels, descending number: the last one written for a region is the winner.
    order = np.lexsort((-found, pixels))
    number[region[order]] = found[order]
    number[covered * _HALF < lot.area_px] = -1
    known = np.unique(number[number >= 0])
    objects = np.array([*source_objects(known), CALCULATED], dtype=object)
    place = np.where(number >= 0, np.searchsorted(known, number), len(known))
    return {
        "source": np.array([o.source for o in objects], dtype=object)[place],
        "id_origine": np.array([o.id_origine for o in objects], dtype=object)[place],
        "code_or": np.array([o.code_or for o in objects], dtype=object)[place],
    }


def _certainty(lot: LotGraph, codes: Codes, has_scores: bool) -> Columns:
    others = lot.scores.copy()
    others[np.arange(len(lot)), lot.cs] = 0
    runner_up = np.array([None, *codes.cs[1:]], dtype=object)[others.argmax(axis=1)]
    unknown = np.full(len(lot), np.nan)
    return {
        "confidence": _mean(lot, CONFIDENCE) / _FULL_SCORE if has_scores else unknown,
        "margin": _mean(lot, MARGIN) / _FULL_SCORE if has_scores else unknown.copy(),
        "runner_up_cs": runner_up,
    }


def _shares(lot: LotGraph) -> Columns:
    own = lot.covers[np.arange(len(lot)), lot.cs]
    return {
        "undecided_share": _mean(lot, UNDECIDED),
        "merged_share": 1.0 - own / lot.area_px,
        "disagree_share": _mean(lot, DISAGREE),
    }


def _cover_rules(final: FinalRegions) -> NDArray[np.object_]:
    lot = final.lot
    rules = np.full(len(lot), "prediction", dtype=object)
    rules[lot.sums[:, UNDECIDED] * _HALF >= lot.area_px] = "undecided prediction"
    rules[lot.sums[:, IMPOSED] * _HALF >= lot.area_px] = "reference"
    rules[final.mixed] = "mixed stand"
    rules[final.by_default] = "default"
    return rules


def _use_rules(final: FinalRegions) -> Columns:
    """The rule that gave most of a polygon's area its use, and that rule's mean confidence there."""
    names = np.full(len(final), None, dtype=object)
    certainty = np.full(len(final), np.nan)
    votes = final.use_votes[final.use_votes[:, 1] == final.lot.us[final.use_votes[:, 0]]]
    if len(votes):
        region, rule, pixels, weighted = _by_rule(votes)
        order = np.lexsort((-rule, pixels, region))  # the last of a region has most pixels, the first rule
        last = order[np.append(region[order][1:] != region[order][:-1], True)]
        names[region[last]] = np.array(final.use_rules, dtype=object)[rule[last]]
        certainty[region[last]] = weighted[last] / (pixels[last] * float(SCALE))
    return {"us_rule": names, "us_confidence": certainty}


def _by_rule(votes: I64) -> tuple[I64, I64, I64, I64]:
    """Region, rule, pixels and weighted confidence, one row per region and rule."""
    order = np.lexsort((votes[:, 2], votes[:, 0]))
    votes = votes[order]
    differs = (votes[1:, 0] != votes[:-1, 0]) | (votes[1:, 2] != votes[:-1, 2])
    starts = np.flatnonzero(np.append(True, differs))
    summed = np.add.reduceat(votes[:, 3:], starts, axis=0)
    return votes[starts, 0], votes[starts, 2], summed[:, 0], summed[:, 1]


def _mean(lot: LotGraph, column: int) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = lot.sums[:, column] / lot.area_px
    return mean
