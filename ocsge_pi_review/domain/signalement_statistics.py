# SPDX-License-Identifier: GPL-2.0-or-later
"""What became of the remarks of a lot: how many by motive and status, and how long they took."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from inference_backend.contracts.signalement import FINAL_STATUSES, Motive, Outbox
from ocsge_pi_review.domain.signalement import Signalement, motive_of

_FORMULAS = ("=", "+", "-", "@", "\t")
"""First characters that a spreadsheet would take for a formula."""


@dataclass(frozen=True)
class MotiveRow:
    """Remarks answered with one motive.

    Attributes:
        motive: None for remarks without answer.
        by_status: by status of the answer (of the report, without answer), how many.
        sent: how many the service has.
        median_days: from the opening of a remark to the sending of its answer, days; None before the first.
    """

    motive: Motive | None
    by_status: dict[str, int]
    sent: int
    median_days: float | None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


def by_motive(remarks: Iterable[Signalement]) -> list[MotiveRow]:
    """One row per motive that occurs and one for what is unanswered; those outside the lot do not count."""
    groups: dict[Motive | None, list[Signalement]] = {}
    for one in remarks:
        if one.item_id is not None:
            motive = motive_of(one.motive) if one.is_answered else None
            groups.setdefault(motive, []).append(one)
    order: list[Motive | None] = [*Motive, None]
    return [_row(motive, groups[motive]) for motive in order if motive in groups]


def statistics_csv(remarks: Iterable[Signalement]) -> str:
    """The rows as a table: motive, one column per final status, others, total, sent, median_days."""
    columns = [status.value for status in FINAL_STATUSES]
    lines: list[Sequence[object]] = [("motive", *columns, "other", "total", "sent", "median_days")]
    for row in by_motive(remarks):
        counts = [row.by_status.get(name, 0) for name in columns]
        days = "" if row.median_days is None else f"{row.median_days:.1f}"
        name = row.motive.value if row.motive else ""
        lines.append((name, *counts, row.total - sum(counts), row.total, row.sent, days))
    return _csv(lines)


LISTED = (
    "source", "remote_id", "item_id", "author", "commune", "departement", "opened_at", "updated_at", "status",
    "text", "motive", "answer_status", "answer", "answered_by", "answered_at", "outbox", "sent_at",
)  # fmt: skip
"""Columns of the list of remarks."""


def remarks_csv(remarks: Iterable[Signalement]) -> str:
    """Every remark with its answer, for those that no service can be told."""
    lines: list[Sequence[object]] = [LISTED]
    lines += [[_plain(one.row[name]) for name in LISTED] for one in remarks]
    return _csv(lines)


def _row(motive: Motive | None, remarks: list[Signalement]) -> MotiveRow:
    statuses = Counter(str(one.answer_status or one.status) for one in remarks)
    sent = [one for one in remarks if one.outbox == Outbox.SENT.value]
    days = [days for one in sent if (days := _days(one.opened_at, one.sent_at)) is not None]
    return MotiveRow(motive, dict(statuses), len(sent), median(days) if days else None)


def _days(start: str | None, end: str | None) -> float | None:
    if not start or not end:
        return None
    try:
        first, last = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (start, end))
        return (last - first).total_seconds() / 86400
    except (ValueError, TypeError):
        return None


def _plain(value: object) -> object:
    """A text from outside as a spreadsheet shows it, never as it would compute it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _csv(lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(lines)
    return out.getvalue()
