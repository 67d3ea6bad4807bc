# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot in a schema of PostGIS, for teams: many people at once, one item per person."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsVectorLayer

from inference_backend.contracts.lot import (
    ADDED_TABLES,
    EDIT_JOURNAL,
    OCCUPATION_SOL,
    READABLE_SCHEMAS,
    TABLES,
    LotKey,
    LotState,
)
from ocsge_pi_review.adapters.lot_handover import HANDED_IN, STATE_NAMES
from ocsge_pi_review.adapters.lot_store import OPEN_STATES
from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.adapters.postgis_counts import Counts
from ocsge_pi_review.adapters.postgis_filter import FilterText
from ocsge_pi_review.adapters.postgis_holds import HOLD_S, HoldNotice, Holds
from ocsge_pi_review.adapters.postgis_journal import JournalRows
from ocsge_pi_review.adapters.postgis_queue import QueueRows
from ocsge_pi_review.adapters.postgis_rows import CoverageRows
from ocsge_pi_review.adapters.postgis_session import OperatorSession
from ocsge_pi_review.adapters.postgis_signalements import PostgisSignalements
from ocsge_pi_review.domain.errors import (
    ChangedLotError,
    LostConnectionError,
    LotError,
    ReviewError,
    UncertainGestureError,
)
from ocsge_pi_review.domain.id_series import require_within
from ocsge_pi_review.domain.item import DECISION_FIELDS, ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture, JournalRow
from ocsge_pi_review.domain.lot_errors import ClosedLotError
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.queue import QueueCounts
from ocsge_pi_review.domain.rings import Point

SEQUENCE = "polygon_number"
_ATTEMPTS = 3
_OUTCOME_WAIT_S = 0.2
_OUTCOME_LOOKS = 25


class PostgisStore:
    """An open lot in PostGIS (see `LotStore`).

    Args:
        address: database and schema.
        operator: who works.
        hold_s: how long an item stays in hand without renewal, s.

    Raises:
        LotError: no lot there, another version, or this operator has it open elsewhere.
        LostConnectionError: the database does not answer, or refuses the account.
        NoRightError: the account may not read the lot.
    """

    is_shared = True

    def __init__(self, address: LotAddress, operator: str, hold_s: float = HOLD_S) -> None:
        self.address, self.label, self.operator = address, address.label, operator
        self.hold_s = hold_s
        self._doubt: tuple[Gesture, int, int] | None = None
        session = OperatorSession(address.schema, operator, self.label)
        self._database = Database(address.account(), self.label, session.greet)
        try:
            self._database.names = {
                table.name: self._database.identifier(address.schema, table.name) for table in TABLES
            } | {SEQUENCE: self._database.identifier(address.schema, SEQUENCE)}
            self.metadata = self._read_metadata()
            self._open_tables()
        except ReviewError:
            self._database.close()
            raise

    @property
    def held_count(self) -> int:
        """Items that the operator has in hand, as far as is known here."""
        return self._holds.count

    def listen(self, listener: Callable[[HoldNotice], None]) -> None:
        """Call a function when a hold is taken over or lost."""
        self._holds.listener = listener

    def layer(self, table: str, name: str) -> QgsVectorLayer:
        """A read-only layer on a table, without the styles that a database may hold."""
        rows = self._database.rows(
            "SELECT f_geometry_column AS name FROM geometry_columns "
            "WHERE f_table_schema = %s AND f_table_name = %s",
            (self.address.schema, table),
        )
        options = QgsVectorLayer.LayerOptions(loadDefaultStyle=False)
        uri = self.address.table_uri(table, rows[0]["name"] if rows else None)
        layer = QgsVectorLayer(uri, name, "postgres", options)
        if not layer.isValid():
            raise self._unusable(f"layer {table} cannot be read", f"la couche {table} est illisible")
        layer.setReadOnly(True)
        return layer

    def row(self, polygon_id: str) -> PolygonRow:
        """A polygon as it stands."""
        return self._coverage.row(polygon_id)

    def rows(self, polygon_ids: Iterable[str]) -> dict[str, PolygonRow]:
        """Those of the polygons that are there, by id."""
        return self._coverage.rows(polygon_ids)

    def rows_in(self, box: QgsRectangle) -> list[PolygonRow]:
        """Polygons whose box meets `box`, by id."""
        return self._coverage.rows_in((box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))

    def row_at(self, point: Point) -> PolygonRow | None:
        """The polygon that contains a point."""
        return self._coverage.row_at(point)

    def zone_share(self, row: PolygonRow) -> float:
        """Share of a polygon's area in the zone construite, 0..1."""
        return self._coverage.zone_share(row)

    def code_shares(self, column: str) -> dict[str, float]:
        """By code, about its share of the polygons."""
        return self._coverage.code_shares(column)

    def new_ids(self, count: int) -> list[str]:
        """Polygon ids from the lot's own sequence, which never gives a number twice."""
        while True:
            rows = self._database.rows(
                "SELECT nextval(%s::regclass) AS n FROM generate_series(1, %s)",
                (self._named(SEQUENCE), count),
            )
            ids = [f"{self._prefix}{row['n']:0{self._digits}d}" for row in rows]
            require_within(ids, self.metadata.get(LotKey.ID_LIMIT.value), self.label)
            # An imported layer may number its polygons in ways of its own.
            if not self._coverage.rows(ids):
                return ids

    def item(self, item_id: int) -> ReviewItem | None:
        """An item as it stands."""
        return self._queue.item(item_id)

    def items_of(self, polygon_ids: Iterable[str]) -> dict[str, ReviewItem]:
        """Items of polygons, by polygon id."""
        return self._queue.items_of(polygon_ids)

    def counts(self, wanted: ItemFilter) -> QueueCounts:
        """Items of a filter by state; in a large lot the colleagues' work shows some seconds later."""
        return self._counts.of(wanted)

    def page(self, wanted: ItemFilter, offset: int, limit: int) -> list[ReviewItem]:
        """Items of a filter by rank."""
        return self._queue.page(wanted, offset, limit)

    def place(self, wanted: ItemFilter, item_id: int) -> int | None:
        """Place of an item in a filter's order."""
        return self._queue.place(wanted, item_id)

    def neighbour(self, wanted: ItemFilter, rank: int, step: int) -> ReviewItem | None:
        """The item `step` places after a rank."""
        return self._queue.neighbour(wanted, rank, step)

    def take_next(self, wanted: ItemFilter, after_rank: int) -> ReviewItem | None:
        """The next open item that nobody has in hand."""
        return self._holds.take_next(wanted, after_rank)

    def take(self, item_id: int) -> ReviewItem:
        """Hold one item."""
        return self._holds.take(item_id)

    def renew(self) -> None:
        """Extend the operator's holds; those that somebody else took over are told to the listener."""
        self._holds.renew()

    def release(self, item_ids: Iterable[int] | None = None) -> None:
        """Give items back."""
        self._holds.release(item_ids)

    def perform(self, gesture: Gesture, duration_s: float) -> int:
        """Journal a gesture and apply it, in one transaction.

        A connection that is lost before the commit was sent is made again, and the gesture with it; one that
        is lost during the commit is asked, once it is back, what became of the transaction.
        """
        try:
            return self._perform_once(gesture, duration_s)
        except LostConnectionError as error:
            if self._doubt is None:
                raise
            raise UncertainGestureError(**error.values) from error

    def _perform_once(self, gesture: Gesture, duration_s: float) -> int:
        earlier = self._settle_doubt(gesture)
        for attempt in range(_ATTEMPTS):
            if earlier is not None:
                break
            try:
                return self._attempt(gesture, duration_s)
            except LostConnectionError:
                if attempt == _ATTEMPTS - 1:
                    raise
                self._database.connect()
                earlier = self._settle_doubt(gesture)
        return int(earlier or 0)

    def last_done(self) -> Gesture | None:
        """The operator's newest gesture in force."""
        return self._journal.last_done()

    def last_undone(self) -> Gesture | None:
        """The gesture that a redo makes again."""
        return self._journal.last_undone()

    def journal(self, after_seq: int = 0) -> Iterator[JournalRow]:
        """Journal rows in order, some hundreds at a time."""
        return self._journal.rows(after_seq)

    def last_seq(self) -> int:
        """Number of the newest journal row."""
        return self._journal.last_seq()

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`, if they are as they were seen here or say the same state."""
        with self._database.transaction():
            self._journal.wait_for_turn()
            rows = self._database.execute("SELECT key, value FROM {lot} WHERE key = ANY(%s)", (list(values),))
            now = {row["key"]: row["value"] for row in rows}
            seen = {key: self.metadata[key] for key in values if key in self.metadata}
            if now != seen:
                self.metadata.update(now)
                state = now.get(LotKey.STATE.value)
                if state is not None and state == values.get(LotKey.STATE.value):
                    return
                raise ChangedLotError(label=self.label, path=self.label, state=state, reason="")
            for key, value in values.items():
                self._database.execute(
                    "INSERT INTO {lot} (key, value) VALUES (%s, %s) "
                    "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (key, value),
                )
        self.metadata.update(values)

    def close(self) -> bool:
        """Release holds and disconnect; a lost connection is let go, its holds end by themselves."""
        try:
            if self._database.is_open:
                self._holds.release()
        except LostConnectionError:
            pass
        self._database.close()
        return True

    def _attempt(self, gesture: Gesture, duration_s: float) -> int:
        before = {int(decision["item_id"]): decision for decision in gesture.items_before}
        after = {int(decision["item_id"]): decision for decision in gesture.items_after}
        with self._database.transaction():
            self._coverage.lock_current(gesture.patch)
            rows = self._holds.lock_decidable(before.values())
            self._coverage.apply(gesture.patch)
            for item_id, decision in sorted(after.items()):
                rank = rows[item_id]["rank"] if item_id in rows else 0
                self._holds.decide(
                    decision, rank, decision["state"] in [state.value for state in OPEN_STATES]
                )
            seq, transaction_id, state = self._journal.append(gesture, duration_s)
            self._require_open(state)
            # From here on only the server knows whether the commit reached it.
            self._doubt = (gesture, seq, transaction_id)
        self._doubt = None
        items = {item_id: ReviewItem.from_row(row) for item_id, row in rows.items()}
        self._counts.note(
            (item, item.with_decision(after[item_id])) for item_id, item in items.items() if item_id in after
        )
        return seq

    def _require_open(self, state: str | None) -> None:
        """Refuse a gesture on a lot that a colleague handed in since it was opened."""
        if state is None:
            return
        self.metadata[LotKey.STATE.value] = state
        if LotState(state) in HANDED_IN:
            english, french = STATE_NAMES[LotState(state)]
            raise ClosedLotError(label=self.label, state_en=english, state_fr=french)

    def _settle_doubt(self, gesture: Gesture) -> int | None:
        """Learn what became of the gesture whose commit was cut off; its number if it is this one, kept.

        Raises:
            LostConnectionError: the server does not answer, or still has the transaction in hand.
        """
        if self._doubt is None:
            return None
        doubtful, seq, transaction_id = self._doubt
        for _ in range(_OUTCOME_LOOKS):
            outcome = self._journal.outcome(transaction_id)
            if outcome != "in progress":
                break
            time.sleep(_OUTCOME_WAIT_S)
        else:
            raise LostConnectionError(label=self.label, reason="commit in progress")
        self._doubt = None
        # Another gesture is judged by the rows, as any other is.
        return seq if outcome == "committed" and _same_effect(doubtful, gesture) else None

    def _open_tables(self) -> None:
        (found,) = self._database.rows(
            "SELECT %(coverage)s::regclass::oid AS coverage, %(journal)s::regclass::oid AS journal, "
            "(SELECT srid FROM geometry_columns "
            "WHERE f_table_schema = %(schema)s AND f_table_name = %(table)s) AS srid, "
            "(SELECT max(id) FROM {occupation_sol}) AS highest",
            {
                "coverage": self._named(OCCUPATION_SOL.name),
                "journal": self._named(EDIT_JOURNAL.name),
                "schema": self.address.schema,
                "table": OCCUPATION_SOL.name,
            },
        )
        srid = int(found["srid"] or 0)
        self.crs = self._read_crs(srid)
        self._coverage = CoverageRows(self._database, int(found["coverage"]), srid)
        filters = FilterText(self._database, srid)
        self._queue = QueueRows(self._database, filters)
        self._counts = Counts(self._database, filters)
        self._holds = Holds(self._database, filters, self.operator, self.hold_s)
        self.signalements = PostgisSignalements(
            self._database, srid, self.address.schema, self._read_queue_anew
        )
        self._journal = JournalRows(self._database, int(found["journal"]), srid, self.operator)
        named = self.metadata.get(LotKey.LAST_ID.value) or found["highest"] or "OCSGE0000000000"
        match = re.search(r"^(.*?)(\d*)$", named)
        self._prefix, digits = match.groups() if match else (named, "")
        self._digits = len(digits) or 10

    def _read_queue_anew(self) -> None:
        self._queue.forget()
        self._counts.forget()

    def _read_crs(self, srid: int) -> QgsCoordinateReferenceSystem:
        rows = self._database.rows(
            "SELECT auth_name, auth_srid, srtext FROM spatial_ref_sys WHERE srid = %s", (srid,)
        )
        if not rows:
            return QgsCoordinateReferenceSystem()
        crs = QgsCoordinateReferenceSystem(f"{rows[0]['auth_name']}:{rows[0]['auth_srid']}")
        return crs if crs.isValid() else QgsCoordinateReferenceSystem.fromWkt(rows[0]["srtext"])

    def _read_metadata(self) -> dict[str, str]:
        missing = self._database.rows(
            "SELECT name FROM unnest(%s) AS name WHERE to_regclass(format('%%I.%%I', %s, name)) IS NULL",
            ([table.name for table in TABLES if table not in ADDED_TABLES], self.address.schema),
        )
        if missing:
            names = ", ".join(row["name"] for row in missing)
            raise self._unusable(f"no table {names} there", f"table {names} absente")
        metadata = {row["key"]: row["value"] for row in self._database.rows("SELECT key, value FROM {lot}")}
        version = metadata.get(LotKey.SCHEMA.value)
        if version not in READABLE_SCHEMAS:
            readable = ", ".join(READABLE_SCHEMAS)
            raise self._unusable(
                f"schema version {version}, this plugin reads {readable}",
                f"version de schéma {version}, cette extension lit {readable}",
            )
        return metadata

    def _named(self, table: str) -> str:
        """A table as `regclass` reads it."""
        return str(self._database.identifier(self.address.schema, table).as_string(self._database.raw))

    def _unusable(self, problem_en: str, problem_fr: str) -> LotError:
        return LotError(
            path=self.label,
            problem_en=problem_en,
            problem_fr=problem_fr,
            remedy_en="Choose a lot published with ocsge lot publish of the same release.",
            remedy_fr="Choisissez un lot publié par ocsge lot publish de la même version.",
        )


def _same_effect(one: Gesture, other: Gesture) -> bool:
    """Whether two gestures leave the same: the operator, told that it may have failed, tried again."""
    return (
        one.operation is other.operation
        and one.patch.after == other.patch.after
        and _meanings(one.items_after) == _meanings(other.items_after)
    )


def _meanings(decisions: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    names = [name for name in DECISION_FIELDS if name not in ("decided_at", "duration_s")]
    return [(decision["item_id"], *(decision.get(name) for name in names)) for decision in decisions]
