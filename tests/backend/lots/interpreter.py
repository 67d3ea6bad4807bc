# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody who works on a lot: the plugin's own gestures, one transaction each, without QGIS."""

from __future__ import annotations

import itertools
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import shapely

from inference_backend.contracts.lot import ItemState, LotKey, Operation
from inference_backend.contracts.profile import Profile
from inference_backend.lots.coverage_rows import CoverageRows, ItemRows
from inference_backend.lots.journal_rows import JournalEntry, Row, append, read_journal, set_in_force
from inference_backend.lots.lot_file import open_lot
from inference_backend.postprocess.lot.polygon_ids import number_of, with_number
from ocsge_pi_review.domain.gestures.codes import set_code
from ocsge_pi_review.domain.gestures.cutting import split_by
from ocsge_pi_review.domain.gestures.merging import merge_into
from ocsge_pi_review.domain.patch import PolygonRow

TOUCHING_M = 1.0
_times = itertools.count()


class Interpreter:
    """Gestures on an open lot.

    Args:
        lot: opened for writing.
        name: of the operator.
    """

    def __init__(self, lot, name="Anne"):
        self.lot, self.name, self.profile = lot, name, Profile.load()
        self.rows, self.items = CoverageRows(lot), ItemRows(lot)

    def own_ids(self):
        """Polygons that may be changed."""
        query = "SELECT id FROM occupation_sol WHERE margin_of IS NULL AND ossature = 0 ORDER BY id"
        return [row[0] for row in self.lot.database.execute(query)]

    def row(self, polygon_id):
        found = self.rows.get(polygon_id)
        return PolygonRow(found.id, found.attributes, found.wkb)

    def around(self, row):
        """Polygons whose box meets that of a row, itself left out."""
        found = self.rows.near(shapely.from_wkb(row.wkb).buffer(TOUCHING_M).bounds)
        return [PolygonRow(r.id, r.attributes, r.wkb) for r in found if r.id != row.id]

    def cover(self, polygon_id, code):
        """Give a cover."""
        patch = set_code(self.row(polygon_id), "cs", code, self.profile)
        return self.perform(Operation.SET_COVER, patch, polygon_id)

    def split(self, polygon_id, line):
        """Cut along a line."""
        row = self.row(polygon_id)
        patch = split_by(row, line, self.around(row), self._new_id)
        return self.perform(Operation.SPLIT, patch, polygon_id)

    def merge(self, polygon_id, other_id):
        """Let the second absorb the first."""
        patch = merge_into(self.row(polygon_id), self.row(other_id))
        return self.perform(Operation.MERGE, patch, polygon_id)

    def perform(self, operation, patch, polygon_id, gesture_id=None):
        """Journal row, polygons and decision, all or none; the gesture's id."""
        found = self.lot.database.execute(
            "SELECT item_id FROM review_item WHERE polygon_id = ?", (polygon_id,)
        ).fetchone()
        before = (self.items.get(found[0]),) if found else ()
        after = tuple(self._decided(item, patch, polygon_id) for item in before)
        entry = self._entry(operation, patch, gesture_id or str(uuid.uuid4()), before, after)
        self._write(entry)
        return entry.gesture_id

    def undo(self, gesture_id):
        """Take a gesture back."""
        self._turn(gesture_id, Operation.UNDO)

    def redo(self, gesture_id):
        """Make it again."""
        self._turn(gesture_id, Operation.REDO)

    def _turn(self, gesture_id, operation):
        condition = "gesture_id = ? AND operation NOT IN ('undo', 'redo')"
        made = next(read_journal(self.lot.database, condition, gesture_id))
        sides = (made.before, made.after, made.items_before, made.items_after)
        before, after, items_before, items_after = sides if operation is Operation.REDO else (
            made.after, made.before, made.items_after, made.items_before
        )  # fmt: skip
        values = {**made.values, "operation": operation.value, "in_force": 0, "time_utc": _now()}
        self._write(JournalEntry(values, before, after, items_before, items_after, made.touched))
        set_in_force(self.lot.database, gesture_id, is_in_force=operation is Operation.REDO)

    def _entry(self, operation, patch, gesture_id, items_before, items_after):
        values = {
            "seq": 0, "gesture_id": gesture_id, "time_utc": _now(), "operator": self.name,
            "operation": operation.value, "item_id": items_before[0]["item_id"] if items_before else None,
            "duration_s": 2.0, "state": "applied", "in_force": 1, "reasons": None, "changed_m2": 0.0,
        }  # fmt: skip
        sides = [tuple(Row(r.id, r.attributes, r.wkb) for r in side) for side in (patch.before, patch.after)]
        return JournalEntry(values, *sides, items_before, items_after, None)

    def _decided(self, item, patch, polygon_id):
        left = [row for row in patch.after if row.id == polygon_id]
        state = ItemState.DONE if left else ItemState.GONE
        codes = {"decision_cs": left[0].cs, "decision_us": left[0].us} if left else {}
        return {**item, **codes, "state": state.value, "operator": self.name, "decided_at": _now()}

    def _write(self, entry):
        with self.lot.transaction():
            append(self.lot.database, entry, self.lot.srs_id)
            self.rows.replace(entry.before, entry.after)
            for decision in entry.items_after:
                self.items.put(decision)

    def _new_id(self):
        last = self.lot.metadata[LotKey.LAST_ID.value]
        self.lot.set_metadata({LotKey.LAST_ID.value: with_number(last, number_of(last) + 1)})
        return self.lot.metadata[LotKey.LAST_ID.value]


@contextmanager
def at_work(path, name="Anne"):
    """An interpreter on a lot."""
    with open_lot(path, write=True) as lot:
        yield Interpreter(lot, name)


def _now():
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp() + next(_times)
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
