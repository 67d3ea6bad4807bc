# SPDX-License-Identifier: GPL-2.0-or-later
"""Sums over lots: pace, rework, states, signalements, what became of deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.signalement import FINAL_STATUSES, ReportStatus
from inference_backend.indicators.combined_accuracy import decided
from inference_backend.indicators.lot_summary import ControlSummary, Remark, Work
from inference_backend.indicators.standing import CountedLot

TAKEN = (ReportStatus.VALID.value, ReportStatus.VALID_ALREADY.value)
REFUSED = tuple(status.value for status in FINAL_STATUSES if status.value not in TAKEN)
_UNTOUCHED = (LotState.PREPARED.value, LotState.ASSIGNED.value)
_S_PER_DAY = 86_400.0


@dataclass(frozen=True)
class Pace:
    """Decisions of a person, or for a reason.

    Attributes:
        items: decided.
        changed: of them, those that differ from the proposal.
        timed: of them, those whose time is known.
        spent_s: time of these.
    """

    items: int
    changed: int
    timed: int
    spent_s: float

    @property
    def per_hour(self) -> float | None:
        """Items an hour."""
        return 3600.0 * self.timed / self.spent_s if self.spent_s > 0 else None

    @property
    def seconds(self) -> float | None:
        """Time of one item, s."""
        return self.spent_s / self.timed if self.timed else None


def pace_by(lots: Iterable[CountedLot], key: Callable[[Work], str]) -> dict[str, Pace]:
    """Decisions summed by what `key` says, most first."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0.0])
    for lot in lots:
        for work in lot.summary.work:
            found = sums[key(work)]
            for place, value in enumerate((work.items, work.changed, work.timed, work.spent_s)):
                found[place] += value
    paces = {name: Pace(int(n), int(c), int(t), s) for name, (n, c, t, s) in sums.items()}
    return dict(sorted(paces.items(), key=lambda entry: (-entry[1].items, entry[0])))


@dataclass(frozen=True)
class ReworkRate:
    """How much of the automatic layer people changed, in lots that somebody worked on.

    Attributes:
        by_count: share of the polygons.
        by_area: area that changed its codes, over the lots' area; ground changed twice counts twice.
        lots: lots that it rests on.
    """

    by_count: float | None
    by_area: float | None
    lots: int


def rework_rate(lots: Iterable[CountedLot]) -> ReworkRate:
    """Rework of the lots that were interpreted to the end: a lot half done would lower it."""
    done = [lot.summary for lot in lots if lot.summary.state not in _UNFINISHED]
    automatic = sum(summary.rework.automatic for summary in done)
    area_m2 = sum(summary.area_m2 for summary in done)
    return ReworkRate(
        sum(summary.rework.changed for summary in done) / automatic if automatic else None,
        sum(summary.rework.changed_m2 for summary in done) / area_m2 if area_m2 else None,
        len(done),
    )


_UNFINISHED = (*_UNTOUCHED, LotState.IN_INTERPRETATION.value)


def states(lots: Iterable[CountedLot]) -> dict[str, tuple[int, float]]:
    """Lots and km2 by state, in the order of a lot's life."""
    sums = {state.value: [0, 0.0] for state in LotState}
    for lot in lots:
        found = sums[lot.summary.state]
        found[0] += 1
        found[1] += lot.summary.area_km2
    return {state: (int(n), km2) for state, (n, km2) in sums.items()}


@dataclass(frozen=True)
class RemarkTally:
    """Signalements.

    Attributes:
        taken: pris en compte, now or already.
        refused: rejected.
        open: without a final status.
        waiting: answered, and not yet sent; part of the two first.
        life_days: typical time from opening to answer (median), None without one.
    """

    taken: int
    refused: int
    open: int
    waiting: int
    life_days: float | None


def remarks_of(lots: Iterable[CountedLot]) -> list[Remark]:
    """Signalements, each once: one at a border is in several lots, and the lot that answered speaks."""
    found: dict[tuple[str, str], Remark] = {}
    for lot in lots:
        for remark in lot.summary.remarks:
            known = found.get((remark.source, remark.remote_id))
            if known is None or (bool(remark.closed), remark.closed) > (bool(known.closed), known.closed):
                found[remark.source, remark.remote_id] = remark
    return list(found.values())


def tally(remarks: Iterable[Remark]) -> RemarkTally:
    """Count signalements by what became of them."""
    listed = list(remarks)
    lives = [days for remark in listed if (days := _life_days(remark)) is not None]
    taken = sum(remark.status in TAKEN for remark in listed)
    refused = sum(remark.status in REFUSED for remark in listed)
    return RemarkTally(
        taken,
        refused,
        len(listed) - taken - refused,
        sum(remark.is_waiting for remark in listed),
        median(lives) if lives else None,
    )


def _life_days(remark: Remark) -> float | None:
    if not remark.opened or not remark.closed:
        return None
    life = datetime.fromisoformat(remark.closed) - datetime.fromisoformat(remark.opened)
    return max(life.total_seconds(), 0.0) / _S_PER_DAY


@dataclass(frozen=True)
class Deliveries:
    """What became of the lots of one subcontractor.

    Attributes:
        lots: lots that it has.
        accepted_km2: surface accepted.
        controlled: lots with a decided control.
        at_once: of them, those accepted at the first control.
        rejections: rejected controls, all of them.
        severity: of its last control, empty where none says.
        decisions: (lot, control), oldest first.
    """

    lots: int
    accepted_km2: float
    controlled: int
    at_once: int
    rejections: int
    severity: str
    decisions: tuple[tuple[CountedLot, ControlSummary], ...]


def deliveries(lots: Iterable[CountedLot]) -> Deliveries:
    """Sum the lots of one subcontractor."""
    listed = list(lots)
    controls = [(lot, control) for lot in listed for control in decided(lot)]
    controls.sort(key=lambda entry: entry[1].decided_utc)
    firsts = [found[0] for lot in listed if (found := decided(lot))]
    return Deliveries(
        len(listed),
        sum(lot.summary.area_km2 for lot in listed if lot.is_accepted),
        len(firsts),
        sum(control.verdict == Verdict.ACCEPTED.value for control in firsts),
        sum(control.verdict == Verdict.REJECTED.value for _, control in controls),
        next((control.severity for _, control in reversed(controls) if control.severity), ""),
        tuple(controls),
    )
