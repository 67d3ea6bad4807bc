# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a controller's work stands: what is left, how fast it goes, what could not be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.domain.control import CANNOT_SAY, Answer, ControlUnit
from ocsge_pi_review.domain.pace import Day
from ocsge_pi_review.domain.queue import QueueCounts

_RECENT = 200
"""Newest answers whose median time stands for the typical one."""
_DAY = len("2026-01-31")


@dataclass(frozen=True)
class Progress:
    """Counts of one control file.

    Attributes:
        counts: units done and to do, and times.
        today: what was answered today (UTC).
        unsaid: units whose cover or use could not be said.
        left_ids: units left, in the order of work.
    """

    counts: QueueCounts
    today: Day
    unsaid: int
    left_ids: tuple[int, ...]

    @property
    def is_finished(self) -> bool:
        """Whether every unit is answered."""
        return not self.left_ids


def progress(units: Sequence[ControlUnit], answers: Iterable[Answer], now_utc: str) -> Progress:
    """Counts from the units and a controller's answers in force.

    Args:
        units: of the file.
        answers: of the controller; those not in force do not count.
        now_utc: ISO 8601.
    """
    known = {unit.sample_id for unit in units}
    given = [answer for answer in answers if answer.in_force and answer.sample_id in known]
    done = {answer.sample_id for answer in given}
    times = [answer.duration_s for answer in given if answer.duration_s > 0]
    by_state = {ItemState.DONE: len(done), ItemState.TODO: len(units) - len(done)}
    counts = QueueCounts(by_state, sum(times), median(times[-_RECENT:]) if times else None)
    today = [answer for answer in given if answer.decided_at[:_DAY] == now_utc[:_DAY]]
    day = Day("", len(today), sum(answer.duration_s for answer in today))
    unsaid = sum(CANNOT_SAY in (answer.judgement.cs, answer.judgement.us) for answer in given)
    left = tuple(unit.sample_id for unit in units if unit.sample_id not in done)
    return Progress(counts, day, unsaid, left)
