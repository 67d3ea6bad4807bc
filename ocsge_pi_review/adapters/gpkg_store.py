# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot in a GeoPackage: one file, one person at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsVectorLayer

from inference_backend.contracts.lot import OCCUPATION_SOL, LotKey
from ocsge_pi_review.adapters.gpkg import leave_write_ahead_log, transaction
from ocsge_pi_review.adapters.gpkg_journal import JournalTable
from ocsge_pi_review.adapters.gpkg_opening import open_gpkg
from ocsge_pi_review.adapters.gpkg_queue import QueueTable
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from ocsge_pi_review.adapters.gpkg_signalements import GpkgSignalements
from ocsge_pi_review.adapters.gpkg_table import readable
from ocsge_pi_review.adapters.layer_of_table import gpkg_layer
from ocsge_pi_review.adapters.lot_store import OPEN_STATES
from ocsge_pi_review.adapters.zones import ZoneShares
from ocsge_pi_review.domain.errors import DamagedLotError, JournalError, LotError, StalePolygonError
from ocsge_pi_review.domain.id_series import FIRST, IdSeries, highest, require_within
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture, JournalRow
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.queue import QueueCounts
from ocsge_pi_review.domain.rings import Point


class GpkgStore:
    """See `lot_store.LotStore`; nobody else takes items here, so none is held.

    Args:
        path: the GeoPackage, which the caller has locked.
        operator: who works.

    Raises:
        LotError: not a lot, or it cannot be written.
    """

    is_shared = False

    def __init__(self, path: Path, operator: str) -> None:
        self.path, self.label, self.operator = path, str(path), operator
        self._connection = open_gpkg(path)
        try:
            self._read_tables()
        except sqlite3.Error as error:
            self._connection.close()
            raise LotError(
                path=path,
                problem_en=f"not a readable GeoPackage ({error})",
                problem_fr=f"GeoPackage illisible ({error})",
                remedy_en="Copy or download it again.",
                remedy_fr="Copiez-le ou téléchargez-le à nouveau.",
            ) from error

    def _read_tables(self) -> None:
        self._coverage = CoverageTable(self._connection)
        self._queue = QueueTable(self._connection)
        self._journal = JournalTable(self._connection)
        self._zones = ZoneShares(self._connection)
        pairs = self._connection.execute("SELECT key, value FROM lot")
        self.metadata = {row["key"]: row["value"] or "" for row in pairs}
        self.signalements = GpkgSignalements(self._connection, self._writing, self._queue, self.label)
        self._ids = IdSeries(self.metadata.get(LotKey.LAST_ID.value) or FIRST)
        self.crs: QgsCoordinateReferenceSystem = self.layer(OCCUPATION_SOL.name, OCCUPATION_SOL.name).crs()

    def layer(self, table: str, name: str) -> QgsVectorLayer:
        """A read-only layer on a table."""
        return gpkg_layer(self.path, table, name)

    @readable
    def row(self, polygon_id: str) -> PolygonRow:
        """A polygon as it stands."""
        return self._coverage.row(polygon_id)

    @readable
    def rows(self, polygon_ids: Iterable[str]) -> dict[str, PolygonRow]:
        """Those of the polygons that are there."""
        return self._coverage.rows(polygon_ids)

    @readable
    def rows_in(self, box: QgsRectangle) -> list[PolygonRow]:
        """Polygons whose box meets `box`."""
        return self._coverage.rows_in((box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))

    @readable
    def row_at(self, point: Point) -> PolygonRow | None:
        """The polygon that contains a point."""
        return self._coverage.row_at(point)

    @readable
    def zone_share(self, row: PolygonRow) -> float:
        """Share of a polygon in the zone construite."""
        return self._zones.share(row)

    @readable
    def code_shares(self, column: str) -> dict[str, float]:
        """By code, about its share of the polygons."""
        return self._coverage.shares(column)

    @readable
    def new_ids(self, count: int) -> list[str]:
        """Polygon ids that nobody has, within what is set apart for this lot."""
        # A cut of this very lot may have set ids apart since it was opened.
        self._ids.pass_by(self._last_id())
        ids = self._ids.take(count)
        # An imported layer may number its polygons in ways of its own.
        while self._coverage.rows(ids):
            ids = self._ids.take(count)
        require_within(ids, self.metadata.get(LotKey.ID_LIMIT.value), self.label)
        return ids

    @readable
    def item(self, item_id: int) -> ReviewItem | None:
        """An item as it stands."""
        return self._queue.item(item_id)

    @readable
    def items_of(self, polygon_ids: Iterable[str]) -> dict[str, ReviewItem]:
        """Items of polygons."""
        return self._queue.items_of(polygon_ids)

    @readable
    def counts(self, wanted: ItemFilter) -> QueueCounts:
        """Items by state, and the time spent."""
        return self._queue.counts(wanted)

    @readable
    def page(self, wanted: ItemFilter, offset: int, limit: int) -> list[ReviewItem]:
        """Items by rank."""
        return self._queue.page(wanted, offset, limit)

    @readable
    def place(self, wanted: ItemFilter, item_id: int) -> int | None:
        """Place of an item, from 0."""
        return self._queue.place(wanted, item_id)

    @readable
    def neighbour(self, wanted: ItemFilter, rank: int, step: int) -> ReviewItem | None:
        """The item `step` places on."""
        return self._queue.neighbour(wanted, rank, step)

    @readable
    def take_next(self, wanted: ItemFilter, after_rank: int) -> ReviewItem | None:
        """The next item to do."""
        return self._queue.next_open(wanted, after_rank, OPEN_STATES)

    @readable
    def take(self, item_id: int) -> ReviewItem:
        """The item; nobody else can hold it."""
        item = self._queue.item(item_id)
        if item is None:
            raise KeyError(item_id)
        return item

    def renew(self) -> None:
        """Nothing: items are not held."""

    def release(self, item_ids: Iterable[int] | None = None) -> None:
        """Nothing: items are not held."""

    def perform(self, gesture: Gesture, duration_s: float) -> int:
        """Journal a gesture and apply it, on the disk when this returns."""
        with self._writing():
            before = self._queue.items(decision["item_id"] for decision in gesture.items_before)
            self._coverage.require_current(gesture.patch)
            _require_decisions(gesture, before)
            seq = self._journal.append(gesture, self.operator, duration_s)
            self._coverage.apply(gesture.patch)
            self._queue.write(gesture.items_after)
            self._keep_last_id(gesture)
        self._queue.on_written(before)
        return seq

    @readable
    def last_done(self) -> Gesture | None:
        """What an undo takes back."""
        return self._journal.last_done(self.operator)

    @readable
    def last_undone(self) -> Gesture | None:
        """What a redo makes again."""
        return self._journal.last_undone(self.operator)

    def journal(self, after_seq: int = 0) -> Iterator[JournalRow]:
        """Journal rows in order."""
        try:
            yield from self._journal.rows(after_seq)
        except sqlite3.Error as error:
            raise DamagedLotError(path=self.label, reason=error) from error

    @readable
    def last_seq(self) -> int:
        """Number of the newest journal row."""
        return self._journal.last_seq()

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`."""
        with self._writing():
            self._write_metadata(values)
        self.metadata.update(values)

    def close(self) -> bool:
        """Close; False if the GeoPackage could not become one plain file again."""
        try:
            return leave_write_ahead_log(self._connection)
        except sqlite3.Error:
            return False
        finally:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with transaction(self._connection):
                yield
        except sqlite3.Error as error:
            raise JournalError(path=self.label, reason=error) from error

    def _write_metadata(self, values: Mapping[str, str]) -> None:
        for key, value in values.items():
            self._connection.execute("DELETE FROM lot WHERE key = ?", (key,))
            self._connection.execute("INSERT INTO lot (key, value) VALUES (?, ?)", (key, value))

    def _keep_last_id(self, gesture: Gesture) -> None:
        """Remember the ids used: they are not given again, be the gesture undone."""
        known = {row.id for row in gesture.patch.before}
        last = self._last_id()
        highest_now = highest([last, *(row.id for row in gesture.patch.after if row.id not in known)])
        if highest_now != last:
            self._write_metadata({LotKey.LAST_ID.value: highest_now})
            self.metadata[LotKey.LAST_ID.value] = highest_now

    def _last_id(self) -> str:
        """The highest id given so far, as the file says it now."""
        query = "SELECT value FROM lot WHERE key = ?"
        found = self._connection.execute(query, (LotKey.LAST_ID.value,)).fetchone()
        return str(found["value"] or FIRST) if found else FIRST


def _require_decisions(gesture: Gesture, items: Mapping[int, ReviewItem]) -> None:
    """Accept a gesture that starts from the decisions of the table.

    Raises:
        StalePolygonError: one is another meanwhile.
    """
    for decision in gesture.items_before:
        item = items.get(int(decision["item_id"]))
        now = {} if item is None else item.decision
        if any(now.get(name) != value for name, value in decision.items()):
            raise StalePolygonError(id=item.polygon_id if item else decision["item_id"])
