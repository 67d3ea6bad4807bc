# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables `signalement` and, for their items, `review_item` of a lot in PostGIS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inference_backend.contracts.signalement import SIGNALEMENT
from ocsge_pi_review.adapters.postgis_connection import Database, placeholders
from ocsge_pi_review.adapters.signalement_store import (
    FIRST_RANK,
    Placed,
    item_number,
    item_values,
    with_reason,
)
from ocsge_pi_review.domain.errors import LotError
from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_errors import StaleSignalementError

_COLUMNS = ", ".join((*SIGNALEMENT.column_names, "ST_X(geom) AS x", "ST_Y(geom) AS y"))
_TURN = "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext('signalement'))"
_LOCK = "hashtext(%(place)s), hashtext(%(one)s)"


class PostgisSignalements:
    """See `signalement_store.SignalementStore`.

    Args:
        database: connected, with the lot's names.
        srid: of every geometry.
        schema: of the lot: names its locks.
        on_items: called once items were added or put elsewhere in the queue.
    """

    def __init__(self, database: Database, srid: int, schema: str, on_items: Callable[[], None]) -> None:
        self._database, self._srid, self._schema, self._on_items = database, srid, schema, on_items
        (found,) = database.rows(
            "SELECT to_regclass(format('%%I.%%I', %s, %s)) IS NOT NULL AS is_there",
            (schema, SIGNALEMENT.name),
        )
        self._is_there = bool(found["is_there"])

    def of_item(self, item_id: int) -> list[Signalement]:
        """Remarks of an item."""
        return self._found("item_id = %(item)s", {"item": item_id})

    def all(self) -> list[Signalement]:
        """Every remark."""
        return self._found("true", {})

    def known(self, source: str, remote_ids: Sequence[str]) -> dict[str, Signalement]:
        """Those of a source that are there."""
        values = {"source": source, "ids": list(remote_ids)}
        found = self._found("source = %(source)s AND remote_id = ANY(%(ids)s)", values)
        return {one.remote_id: one for one in found}

    def bring_in(self, placed: Sequence[Placed]) -> dict[str, int]:
        """Write remarks and their items; one import at a time."""
        if not self._is_there:
            raise LotError(
                path=self._database.label,
                problem_en="it was published by an earlier release, without a table of remarks",
                problem_fr="il a été publié par une version antérieure, sans table de signalements",
                remedy_en="Fetch it and publish it again.",
                remedy_fr="Rapatriez-le puis publiez-le à nouveau.",
            )
        items: dict[str, int] = {}
        with self._database.transaction():
            self._database.execute(_TURN, (self._schema,))
            for one in placed:
                values = one.signalement.row
                if one.polygon is not None:
                    if one.polygon.id not in items:
                        items[one.polygon.id] = self._item_of(one, one.polygon.id)
                    values["item_id"] = items[one.polygon.id]
                self._write(values, one.signalement)
        if items:
            self._on_items()
        return items

    def replace(self, before: Signalement, after: Signalement) -> None:
        """Write a row in the place of another state of it."""
        with self._database.transaction():
            condition = "source = %(source)s AND remote_id = %(number)s FOR UPDATE"
            values = {"source": before.source, "number": before.remote_id}
            there = self._read(self._database.execute(_select(condition), values))
            if there != [before]:
                raise StaleSignalementError(remote_id=before.remote_id)
            self._write(after.row, after)

    def hold(self, signalement: Signalement) -> bool:
        """Take the server's lock for one answer; it ends with the connection."""
        rows = self._database.rows(f"SELECT pg_try_advisory_lock({_LOCK}) AS mine", self._lock(signalement))
        return bool(rows[0]["mine"])

    def let_go(self, signalement: Signalement) -> None:
        """Give the lock back."""
        self._database.rows(f"SELECT pg_advisory_unlock({_LOCK})", self._lock(signalement))

    def gestures_of(self, item_id: int) -> list[Mapping[str, Any]]:
        """Gestures in force made while an item was in front."""
        return list(
            self._database.rows(
                "SELECT operation, operator, time_utc, changed_m2 FROM {edit_journal} "
                "WHERE item_id = %s AND in_force = 1 ORDER BY seq",
                (item_id,),
            )
        )

    def _lock(self, signalement: Signalement) -> dict[str, str]:
        return {"place": self._schema, "one": "/".join(signalement.key)}

    def _found(self, condition: str, values: Mapping[str, Any]) -> list[Signalement]:
        if not self._is_there:
            return []
        return self._read(self._database.rows(_select(f"{condition} ORDER BY opened_at, remote_id"), values))

    def _read(self, rows: Sequence[Mapping[str, Any]]) -> list[Signalement]:
        return [Signalement.from_row(row) for row in rows]

    def _write(self, values: dict[str, Any], one: Signalement) -> None:
        """Put a row in the place of its own, or add it."""
        sql = self._database.driver.sql
        sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values)
        point = (one.x, one.y, self._srid)
        done = self._database.execute(
            "UPDATE {signalement} SET {sets}, geom = ST_SetSRID(ST_MakePoint(%s, %s), %s) "
            "WHERE source = %s AND remote_id = %s RETURNING fid",
            (*values.values(), *point, *one.key),
            sets=sets,
        )
        if not done:
            names, marks = placeholders(self._database, tuple(values))
            self._database.execute(
                "INSERT INTO {signalement} ({columns}, geom) "
                "VALUES ({marks}, ST_SetSRID(ST_MakePoint(%s, %s), %s))",
                (*values.values(), *point),
                columns=names,
                marks=marks,
            )

    def _item_of(self, placed: Placed, polygon_id: str) -> int:
        """The item of a polygon, made where it has none."""
        found = self._database.execute(
            "SELECT item_id, rank, reasons FROM {review_item} WHERE polygon_id = %s FOR UPDATE", (polygon_id,)
        )
        if not found:
            return self._add_item(placed)
        item = found[0]
        rank = self._rank() if placed.is_first and item["rank"] > 0 else item["rank"]
        self._database.execute(
            "UPDATE {review_item} SET reasons = %s, rank = %s, priority = greatest(priority, %s) "
            "WHERE item_id = %s",
            (with_reason(item["reasons"]), rank, placed.priority, item["item_id"]),
        )
        return int(item["item_id"])

    def _add_item(self, placed: Placed) -> int:
        (last,) = self._database.execute("SELECT coalesce(max(rank), 0) AS rank FROM {review_item}")
        values = item_values(placed, self._rank() if placed.is_first else last["rank"] + 1)
        values["item_id"] = item_number(placed.signalement)
        while self._database.execute("SELECT 1 FROM {review_item} WHERE item_id = %s", (values["item_id"],)):
            values["item_id"] += 1
        names, marks = placeholders(self._database, tuple(values))
        one = placed.signalement
        self._database.execute(
            "INSERT INTO {review_item} ({columns}, geom) "
            "VALUES ({marks}, ST_SetSRID(ST_MakePoint(%s, %s), %s))",
            (*values.values(), one.x, one.y, self._srid),
            columns=names,
            marks=marks,
        )
        return int(values["item_id"])

    def _rank(self) -> int:
        (row,) = self._database.execute(
            "SELECT coalesce(max(rank) + 1, %s) AS rank FROM {review_item} WHERE rank < 0", (FIRST_RANK,)
        )
        return int(row["rank"])


def _select(condition: str) -> str:
    return f"SELECT {_COLUMNS} FROM {{signalement}} WHERE {condition}"  # nosec B608 - text of our own
