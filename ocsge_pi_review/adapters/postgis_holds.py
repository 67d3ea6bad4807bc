# SPDX-License-Identifier: GPL-2.0-or-later
"""Who has which item in hand: taken with a row lock, held until a time by the server's clock.

A hold that nobody renewed has ended: the item is anybody's again, its row still says whose it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.adapters.postgis_filter import OPEN, FilterText
from ocsge_pi_review.adapters.postgis_queue import COLUMNS
from ocsge_pi_review.domain.errors import DecidedItemError, HeldItemError, LostPolygonError
from ocsge_pi_review.domain.item import DECISION_FIELDS, ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter

HOLD_S = 300
"""How long an item stays in hand without a sign of life, s."""

_FREE = "(holder IS NULL OR holder = %(me)s OR held_until IS NULL OR held_until <= now())"
_TAKE = f"""
    WITH found AS MATERIALIZED (
        SELECT fid AS found_fid, holder AS holder_before, held_until AS until_before
        FROM {{{{review_item}}}} WHERE {{where}}
        FOR UPDATE {{skip}})
    UPDATE {{{{review_item}}}} SET holder = %(me)s, held_until = now() + make_interval(secs => %(hold_s)s)
    FROM found WHERE fid = found_fid
    RETURNING {COLUMNS}, holder_before, until_before"""  # nosec B608 - text of our own

_TAKE_OF_SOME = f"""
    WITH found AS MATERIALIZED (
        SELECT first.* FROM unnest(%(f_{{column}})s::text[]) AS wanted CROSS JOIN LATERAL (
            SELECT fid AS found_fid, holder AS holder_before, held_until AS until_before, rank AS found_rank
            FROM {{{{review_item}}}} WHERE {{column}} = wanted AND {{where}}
            ORDER BY rank LIMIT 1 FOR UPDATE SKIP LOCKED) AS first
        ORDER BY found_rank LIMIT 1)
    UPDATE {{{{review_item}}}} SET holder = %(me)s, held_until = now() + make_interval(secs => %(hold_s)s)
    FROM found WHERE fid = found_fid
    RETURNING {COLUMNS}, holder_before, until_before"""  # nosec B608 - text of our own
"""The same for a filter by values of a column: the first of each value, by the index of value and rank."""

NoticeKind = Literal["taken_over", "lost"]


@dataclass(frozen=True)
class HoldNotice:
    """Something about holds that the operator should hear.

    Attributes:
        kind: `taken_over`: the hold of a colleague had ended and the item is now the operator's;
            `lost`: the operator's own hold ended and the item is somebody else's.
        rank: of the item.
        who: the colleague.
        until: when the hold ended or ends, UTC.
    """

    kind: NoticeKind
    rank: int
    who: str
    until: str


class Holds:
    """Items that the operator has in hand.

    Args:
        database: connected, with the lot's names.
        filters: writes conditions on items.
        operator: who works; one connection at a time per name.
        hold_s: how long a hold lasts without renewal, s.
    """

    def __init__(
        self, database: Database, filters: FilterText, operator: str, hold_s: float = HOLD_S
    ) -> None:
        self._database, self._filters, self._operator, self._hold_s = database, filters, operator, hold_s
        self.listener: Callable[[HoldNotice], None] = lambda notice: None
        self._mine: dict[int, int] = {}

    @property
    def count(self) -> int:
        """How many there are, as far as is known here."""
        return len(self._mine)

    def take_next(self, wanted: ItemFilter, after_rank: int) -> ReviewItem | None:
        """The next open item that nobody has, after a rank and then from the top; None when none is left."""
        text, values = self._filters.condition(wanted)
        values.update(self._values(), rank=after_rank)
        column = self._filters.walk(wanted)
        for beyond in (">", "<="):
            where = f"{OPEN} AND {_FREE} AND {text} AND rank {beyond} %(rank)s"
            # Rows that a colleague is taking at this instant are skipped, not waited for.
            if column:
                statement = _TAKE_OF_SOME.format(where=where, column=column)
            else:
                statement = _TAKE.format(where=f"{where} ORDER BY rank LIMIT 1", skip="SKIP LOCKED")
            item = self._taken(statement, values)
            if item is not None:
                return item
        return None

    def take(self, item_id: int) -> ReviewItem:
        """Hold one item.

        Raises:
            HeldItemError: a colleague has it.
            LostPolygonError: there is no such item.
        """
        statement = _TAKE.format(where=f"item_id = %(item_id)s AND {_FREE}", skip="")
        item = self._taken(statement, {**self._values(), "item_id": item_id})
        if item is not None:
            return item
        statement = f"SELECT {COLUMNS} FROM {{review_item}} WHERE item_id = %(item_id)s"  # nosec B608 - our own
        rows = self._database.rows(statement, {"item_id": item_id})
        if not rows:
            raise LostPolygonError(id=str(item_id))
        raise _held(rows[0])

    def renew(self) -> None:
        """Extend the operator's holds, also those that ended while nobody took the item."""
        if not self._mine:
            return
        rows = self._database.rows(
            "UPDATE {review_item} SET held_until = now() + make_interval(secs => %(hold_s)s) "
            "WHERE item_id = ANY(%(ids)s) AND holder = %(me)s RETURNING item_id",
            {**self._values(), "ids": list(self._mine)},
        )
        kept = {row["item_id"] for row in rows}
        self._tell_lost([item_id for item_id in self._mine if item_id not in kept])

    def release(self, item_ids: Iterable[int] | None = None) -> None:
        """Give items back; None: all."""
        asked = self._mine if item_ids is None else item_ids
        wanted = [item_id for item_id in asked if item_id in self._mine]
        if wanted:
            self._database.rows(
                "UPDATE {review_item} SET holder = NULL, held_until = NULL "
                "WHERE item_id = ANY(%(ids)s) AND holder = %(me)s",
                {**self._values(), "ids": wanted},
            )
        for item_id in wanted:
            self._mine.pop(item_id, None)

    def lock_decidable(self, decisions: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Lock the rows of decisions, in the caller's transaction, if they are as the operator saw them.

        Returns:
            The rows by item id.

        Raises:
            HeldItemError: a colleague has one in hand.
            DecidedItemError: one is not as it was.
        """
        wanted = {int(decision["item_id"]): decision for decision in decisions}
        if not wanted:
            return {}
        rows = self._database.execute(
            f"SELECT {COLUMNS}, held_until > now() AS is_held FROM {{review_item}} "  # nosec B608 - our own
            "WHERE item_id = ANY(%(ids)s) ORDER BY item_id FOR UPDATE",
            {"ids": list(wanted)},
        )
        for row in rows:
            if row["is_held"] and row["holder"] not in (None, self._operator):
                raise _held(row)
            if not _same_decision(row, wanted[row["item_id"]]):
                who = row["operator"] or "?"
                raise DecidedItemError(
                    rank=row["rank"], holder=who, state=row["state"], until=row["decided_at"]
                )
        return {int(row["item_id"]): row for row in rows}

    def decide(self, decision: dict[str, Any], rank: int, is_open: bool) -> None:
        """Write a decision in the caller's transaction; an item that stays open stays in hand."""
        sets = ", ".join(f"{name} = %({name})s" for name in DECISION_FIELDS)
        hold = "%(me)s, now() + make_interval(secs => %(hold_s)s)" if is_open else "NULL, NULL"
        values = {**{name: decision.get(name) for name in DECISION_FIELDS}, **self._values()}
        self._database.execute(
            f"UPDATE {{review_item}} SET {sets}, (holder, held_until) = ROW({hold}) "  # nosec B608 - our own
            "WHERE item_id = %(item_id)s",
            {**values, "item_id": decision["item_id"]},
        )
        if is_open:
            self._mine[int(decision["item_id"])] = rank
        else:
            self._mine.pop(int(decision["item_id"]), None)

    def _taken(self, statement: str, values: dict[str, Any]) -> ReviewItem | None:
        rows = self._database.rows(statement, values)
        if not rows:
            return None
        row = rows[0]
        self._mine[int(row["item_id"])] = int(row["rank"])
        if row["holder_before"] not in (None, self._operator):
            self.listener(
                HoldNotice("taken_over", row["rank"], row["holder_before"], row["until_before"] or "")
            )
        return ReviewItem.from_row(row)

    def _tell_lost(self, item_ids: list[int]) -> None:
        if not item_ids:
            return
        statement = (
            "SELECT rank, holder, held_until, operator FROM {review_item} WHERE item_id = ANY(%(ids)s)"
        )
        for row in self._database.rows(statement, {"ids": item_ids}):
            who = row["holder"] or row["operator"] or "?"
            self.listener(HoldNotice("lost", row["rank"], who, row["held_until"] or ""))
        for item_id in item_ids:
            self._mine.pop(item_id, None)

    def _values(self) -> dict[str, Any]:
        return {"me": self._operator, "hold_s": self._hold_s}


def _held(row: dict[str, Any]) -> HeldItemError:
    until = datetime.fromisoformat(str(row["held_until"]).replace("Z", "+00:00"))
    return HeldItemError(
        rank=row["rank"], holder=row["holder"], until=until.astimezone().strftime("%H:%M:%S")
    )


def _same_decision(row: dict[str, Any], seen: dict[str, Any]) -> bool:
    """Whether a row still says what the operator saw; dates may be written in several ways."""
    here = ReviewItem.from_row(row).decision
    names = [name for name in DECISION_FIELDS if name != "decided_at"]
    return all((here.get(name) or None) == (seen.get(name) or None) for name in names)
