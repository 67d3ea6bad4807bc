# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a lot is what its journal makes of what was handed out: no edit past the journal, no row forged.

The journal is replayed in memory for the polygons it touches: each row must start where the one before left
them, and the layer must be where the last one did. All other polygons are judged together: the fingerprint of
the layer, with the journal's last rows replaced by its first ones, must be that of the lot when it was made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inference_backend.contracts.fingerprint import combined, from_text, row_fingerprint
from inference_backend.contracts.lot import LotKey
from ocsge_pi_review.adapters.gpkg import connect
from ocsge_pi_review.adapters.gpkg_journal import JournalTable
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from ocsge_pi_review.domain.journal import JournalRow
from ocsge_pi_review.domain.patch import PolygonRow, same_row

GoesOn = Callable[[float], bool]
"""Told the share of the work that is done; False stops it."""


@dataclass(frozen=True)
class Verdict:
    """What a verification found.

    Attributes:
        rows: journal rows read.
        broken: numbers of journal rows that are missing or do not start where the ones before ended.
        differing: ids of polygons that the journal touched and that are not as it left them.
        is_rest_intact: whether all other polygons are as they were handed out; None without a fingerprint.
    """

    rows: int
    broken: tuple[int, ...]
    differing: tuple[str, ...]
    is_rest_intact: bool | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.broken and not self.differing and self.is_rest_intact is not False


def verify_lot(path: Path, goes_on: GoesOn = lambda _share: True) -> Verdict:
    """Judge a lot of the present schema, without writing to it.

    Raises:
        InterruptedError: it was stopped.
        sqlite3.Error: it cannot be read.
    """
    connection = connect(path)
    try:
        journal, coverage = JournalTable(connection), CoverageTable(connection)
        first, last, broken, count = _replay(journal)
        there = coverage.rows(last)
        differing = [
            polygon_id for polygon_id, row in last.items() if not _are_same(row, there.get(polygon_id))
        ]
        found = connection.execute(
            "SELECT value FROM lot WHERE key = ?", (LotKey.BASE_FINGERPRINT.value,)
        ).fetchone()
        base = found["value"] if found else None
        intact = None if not base else _base_of(coverage, first, there, goes_on) == from_text(base)
        return Verdict(count, tuple(broken), tuple(sorted(differing)), intact)
    finally:
        connection.close()


def _replay(
    journal: JournalTable,
) -> tuple[dict[str, PolygonRow], dict[str, PolygonRow | None], list[int], int]:
    """By id the first row that the journal saw and the last one it left, and the rows that do not follow."""
    first: dict[str, PolygonRow] = {}
    last: dict[str, PolygonRow | None] = {}
    broken: list[int] = []
    count = seq = 0
    for row in journal.rows():
        count += 1
        if row.seq != seq + 1 or not _follows(row, last):
            broken.append(row.seq)
        seq = row.seq
        patch = row.gesture.patch
        first.update({before.id: before for before in patch.before if before.id not in last})
        last.update(dict.fromkeys(patch.removed_ids))
        last.update({after.id: after for after in patch.after})
    return first, last, broken, count


def _follows(row: JournalRow, last: dict[str, PolygonRow | None]) -> bool:
    before = {polygon.id: polygon for polygon in row.gesture.patch.before}
    return all(_are_same(last[name], before.get(name)) for name in row.gesture.patch.ids if name in last)


def _are_same(row: PolygonRow | None, other: PolygonRow | None) -> bool:
    if row is None or other is None:
        return row is other
    return same_row(row, other)


def _base_of(
    coverage: CoverageTable, first: dict[str, PolygonRow], there: dict[str, PolygonRow], goes_on: GoesOn
) -> int:
    """Fingerprint of the layer as it was before the journal's first row."""
    count, total = max(coverage.count(), 1), 0
    for number, row in enumerate(coverage.every_row()):
        if number % 5000 == 0 and not goes_on(number / count):
            raise InterruptedError
        total += _fingerprint(row)
    return combined(map(_fingerprint, first.values()), map(_fingerprint, there.values()), total)


def _fingerprint(row: PolygonRow) -> int:
    return row_fingerprint(row.id, row.attributes, row.wkb)
