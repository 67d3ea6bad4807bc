# SPDX-License-Identifier: GPL-2.0-or-later
"""Which jobs a client asks for: the filters of the standard's job list, and their SQL."""

from __future__ import annotations

from dataclasses import dataclass

DURATION_S = "(julianday(COALESCE(finished, :now)) - julianday(started)) * 86400"


@dataclass(frozen=True)
class JobQuery:
    """Filters; an empty one lets everything through.

    Attributes:
        owner: name of the token.
        process_ids: one of these processes.
        statuses: one of these states.
        since: earliest moment of creation, ISO 8601 in UTC; `until` the latest, both included.
        min_duration_s: shortest run, s; `max_duration_s` the longest. Jobs that never started have none.
        before: only jobs with a smaller number, for paging.
        limit: at most so many, newest first.
    """

    owner: str
    process_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    min_duration_s: float | None = None
    max_duration_s: float | None = None
    before: int | None = None
    limit: int = 10

    def sql(self, now: str) -> tuple[str, dict[str, object]]:
        """Statement and its values."""
        values: dict[str, object] = {"owner": self.owner, "now": now, "limit": self.limit}
        conditions = ["owner = :owner"]
        conditions += self._choice("process_id", self.process_ids, values)
        conditions += self._choice("status", self.statuses, values)
        bounds = {
            "created >= :since": ("since", self.since or None),
            "created <= :until": ("until", self.until or None),
            f"{DURATION_S} >= :shortest": ("shortest", self.min_duration_s),
            f"{DURATION_S} <= :longest": ("longest", self.max_duration_s),
            "rowid < :before": ("before", self.before),
        }
        for condition, (name, value) in bounds.items():
            if value is not None:
                conditions.append(condition)
                values[name] = value
        where = " AND ".join(conditions)
        return (
            f"SELECT rowid AS number, * FROM job WHERE {where} ORDER BY rowid DESC LIMIT :limit",  # nosec B608 - our own names
            values,
        )

    @staticmethod
    def _choice(column: str, chosen: tuple[str, ...], values: dict[str, object]) -> list[str]:
        if not chosen:
            return []
        marks = {f"{column}{position}": value for position, value in enumerate(chosen)}
        values.update(marks)
        return [f"{column} IN ({', '.join(':' + mark for mark in marks)})"]
