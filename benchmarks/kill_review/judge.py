# SPDX-License-Identifier: GPL-2.0-or-later
"""What a killed review left: is every confirmed gesture there, and does the journal tell the layer?"""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from qgis.core import QgsGeometry

from ocsge_pi_review.adapters.gpkg import connect
from ocsge_pi_review.adapters.gpkg_journal import JournalTable
from ocsge_pi_review.adapters.gpkg_queue import QueueTable
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from ocsge_pi_review.adapters.verify_lot import verify_lot
from ocsge_pi_review.domain.coverage_check import check_coverage

AREA_TOLERANCE = 1e-6
"""Share of the whole area."""
ROUNDING = 1e-12
"""Share of the whole area: an overlap is the difference of two sums, which differ by their last bits."""


def copy_of(lot: Path, folder: Path) -> Path:
    """The lot with its log, apart: looking at it must not repair what the next life is to find."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name in (lot.name, f"{lot.name}-wal"):
        if lot.with_name(name).exists():
            shutil.copy(lot.with_name(name), folder / name)
    return folder / lot.name


def judge(lot: Path, confirmed: list[dict[str, Any]], area_m2: float) -> dict[str, Any]:
    """Count what is wrong with a lot.

    Args:
        lot: a copy that may be written to.
        confirmed: rows of the log of all lives: `seq` and `confirmed`, the gesture's id.
        area_m2: of the whole lot at the beginning.
    """
    with closing(connect(lot)) as database:
        journal = {row.seq: row for row in JournalTable(database).rows()}
        wrong_items = _wrong_items(QueueTable(database), list(journal.values()))
        polygons = {row.id: row for row in CoverageTable(database).every_row()}
    lost = [
        row
        for row in confirmed
        if row["seq"] not in journal or journal[row["seq"]].gesture.gesture_id != row["confirmed"]
    ]
    report = check_coverage({key: row.polygon for key, row in polygons.items()})
    verdict = verify_lot(lot)
    return {
        "rows": len(journal),
        "lost": len(lost),
        "more_than_confirmed": len(journal) - len(confirmed),
        "journal_replays": verdict.is_sound,
        "wrong_items": wrong_items,
        "gaps": len(report.gaps),
        "overlap_m2": report.overlap_m2 if report.overlap_m2 > ROUNDING * report.area_m2 else 0.0,
        "doubled_edges": report.doubled_edges,
        "spikes": len(report.spikes),
        "invalid": sum(not _is_valid(row.wkb) for row in polygons.values()),
        "area_kept": abs(report.area_m2 - area_m2) <= AREA_TOLERANCE * area_m2,
    }


def is_whole(found: dict[str, Any]) -> bool:
    """Whether nothing confirmed is missing and the coverage stands."""
    counted = ("lost", "wrong_items", "gaps", "overlap_m2", "doubled_edges", "spikes", "invalid")
    return found["journal_replays"] and found["area_kept"] and not any(found[name] for name in counted)


def confirmed_rows(log: Path) -> list[dict[str, Any]]:
    """Gestures that were confirmed; a line that the kill cut is none."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [row for line in lines if line.endswith("}") and "confirmed" in (row := json.loads(line))]


def area_of(lot: Path) -> float:
    """Area of all polygons, m2."""
    with closing(connect(lot)) as database:
        return check_coverage({r.id: r.polygon for r in CoverageTable(database).every_row()}).area_m2


def _wrong_items(queue: QueueTable, rows: list[Any]) -> int:
    """Items whose decision is not the last that the journal has for them."""
    last: dict[int, dict[str, Any]] = {}
    for row in rows:
        last.update({int(decision["item_id"]): decision for decision in row.gesture.items_after})
    there = queue.items(last)
    return sum(there[item_id].decision != decision for item_id, decision in last.items())


def _is_valid(wkb: bytes) -> bool:
    geometry = QgsGeometry()
    geometry.fromWkb(wkb)
    return bool(geometry.isGeosValid())
