# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy of many lots together: each lot is a stratum with an estimate and an interval of its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inference_backend.contracts.control_report import Verdict
from inference_backend.indicators.lot_summary import ControlSummary, Share
from inference_backend.indicators.standing import CountedLot

AREA, COUNT = "area", "count"
_ACCEPTED = Verdict.ACCEPTED.value


@dataclass(frozen=True)
class Combined:
    """Accuracy of several lots.

    Attributes:
        value: weighted mean of the lots' estimates, None without any.
        low: lower end of the 95 % interval, None where a lot's is not known.
        high: upper end.
        units: units of all samples.
        lots: lots that it rests on.
        weight_share: their part of the weight of all lots in question, 0..1; None without lots.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int
    lots: int
    weight_share: float | None


def combined(shares: Sequence[tuple[float, Share | None]]) -> Combined:
    """Weighted mean of independent shares with a 95 % interval.

    The lots are strata: the mean weights each by its size. The interval adds up, in squares, the distances of
    the lots' own limits (MOVER): it is asymmetric like them, and a lot without a single error still has an
    upper and a lower limit that differ, where its variance would be estimated as nothing.

    Args:
        shares: (weight, estimate); a lot without an estimate counts in `weight_share` alone.

    Source: Zou and Donner (2008), Construction of confidence limits about effect measures, Statistics in
        Medicine 27, 1693-1702; stratified mean: Cochran (1977), Sampling Techniques, 5.3.
    """
    total = sum(weight for weight, _ in shares)
    known = [(weight, share) for weight, share in shares if share is not None]
    weights = sum(weight for weight, _ in known)
    if not known or weights <= 0:
        return Combined(None, None, None, 0, 0, 0.0 if total > 0 else None)
    value = sum(weight * share.value for weight, share in known) / weights
    low = high = None
    if all(share.low is not None and share.high is not None for _, share in known):
        low = value - _reach(
            [(weight / weights, share.value - (share.low or 0.0)) for weight, share in known]
        )
        high = value + _reach(
            [(weight / weights, (share.high or 0.0) - share.value) for weight, share in known]
        )
        low, high = max(low, 0.0), min(high, 1.0)
    units = sum(share.units for _, share in known)
    return Combined(value, low, high, units, len(known), weights / total)


def _reach(terms: Iterable[tuple[float, float]]) -> float:
    return math.sqrt(sum((weight * distance) ** 2 for weight, distance in terms))


def accuracy_of_accepted(lots: Iterable[CountedLot], dimension: str, by: str) -> Combined:
    """Accuracy of the accepted lots, by the control that accepted each."""
    return combined(
        [(_weight(lot, by), _share(_accepting(lot), dimension, by)) for lot in lots if lot.is_accepted]
    )


def accuracy_as_delivered(lots: Iterable[CountedLot], dimension: str, by: str) -> Combined:
    """Accuracy of what was handed in first: the first decided control of every controlled lot."""
    return combined(
        [
            (_weight(lot, by), _share(control, dimension, by))
            for lot in lots
            if (control := next(iter(decided(lot)), None)) is not None
        ]
    )


def decided(lot: CountedLot) -> list[ControlSummary]:
    """Its decided controls, oldest first."""
    return [control for control in lot.summary.controls if control.verdict]


def _accepting(lot: CountedLot) -> ControlSummary | None:
    """The last decided control, where it is one that accepts."""
    last = next((control for control in reversed(lot.summary.controls) if control.verdict), None)
    return last if last is not None and last.verdict == _ACCEPTED else None


def _share(control: ControlSummary | None, dimension: str, by: str) -> Share | None:
    return None if control is None else control.accuracy.get(f"{dimension}_{by}")


def _weight(lot: CountedLot, by: str) -> float:
    return lot.summary.area_m2 if by == AREA else float(lot.summary.polygons)
