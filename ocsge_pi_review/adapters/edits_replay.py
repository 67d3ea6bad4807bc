# SPDX-License-Identifier: GPL-2.0-or-later
"""The layer of a lot made again from the lot as it was handed out and the journal, edit by edit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.gpkg import connect, transaction
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from ocsge_pi_review.adapters.gpkg_table import IDS_AT_ONCE
from ocsge_pi_review.domain.edit_errors import NotItsBaseError
from ocsge_pi_review.domain.errors import LotError, StalePolygonError
from ocsge_pi_review.domain.patch import same_row


@dataclass(frozen=True)
class Rebuilt:
    """A layer made again.

    Attributes:
        edits: journal rows applied.
        differing: polygons that the lot holds otherwise than its journal tells.
    """

    edits: int
    differing: tuple[str, ...]


def rebuild(
    base: Path, lot: Path, target: Path, last_seq: int | None, goes_on: Callable[[], bool]
) -> Rebuilt:
    """Write `target`: the base with the edits of a lot, all of them or up to one.

    Args:
        base: the lot before its first edit.
        lot: the lot whose journal is replayed.
        target: a new GeoPackage; one that is there is replaced once the new one is whole.
        last_seq: number of the last edit; None for all, and then the result is compared with the lot.
        goes_on: False to stop; nothing is written then.

    Raises:
        InterruptedError: it was stopped.
        LotError: a file cannot be read or written.
        NotItsBaseError: the journal does not start from this layer.
    """
    with closing(EditLog.of_file(base)) as earlier:
        start = earlier.last_seq()
    try:
        with closing(EditLog.of_file(lot)) as log, _replaced(target) as temporary:
            with closing(connect(base)) as source, closing(sqlite3.connect(temporary)) as copy:
                source.backup(copy)
            with closing(connect(temporary)) as connection, closing(connect(lot)) as other:
                coverage = CoverageTable(connection)
                with transaction(connection):
                    edits = _apply(coverage, log, (base, lot, start, last_seq), goes_on)
                compared = CoverageTable(other) if last_seq is None else None
                differing = () if compared is None else tuple(_differing(compared, coverage))
    except (sqlite3.Error, FileNotFoundError, PermissionError) as error:
        raise LotError(
            path=target,
            problem_en=f"it cannot be written ({error})",
            problem_fr=f"impossible de l'écrire ({error})",
            remedy_en="Free space on the disk or choose another folder, then try again.",
            remedy_fr="Libérez de la place sur le disque ou choisissez un autre dossier, puis recommencez.",
        ) from error
    return Rebuilt(edits, differing)


def _apply(
    coverage: CoverageTable,
    log: EditLog,
    source: tuple[Path, Path, int, int | None],
    goes_on: Callable[[], bool],
) -> int:
    base, lot, start, last_seq = source
    edits = 0
    for row in log.rows(start, last_seq):
        if not goes_on():
            raise InterruptedError
        try:
            coverage.require_current(row.gesture.patch)
        except StalePolygonError as error:
            ids = ", ".join(row.gesture.patch.ids)
            raise NotItsBaseError(base=base, lot=lot, seq=row.seq, ids=ids) from error
        coverage.apply(row.gesture.patch)
        edits += 1
    return edits


def _differing(lot: CoverageTable, rebuilt: CoverageTable) -> Iterator[str]:
    """Ids of the rows that are not the same in both, some hundred at a time."""
    for ids in _ids(lot):
        there, made = lot.rows(ids), rebuilt.rows(ids)
        yield from (name for name in ids if name not in made or not same_row(there[name], made[name]))
    for ids in _ids(rebuilt):
        there = lot.rows(ids)
        yield from (name for name in ids if name not in there)


def _ids(table: CoverageTable) -> Iterator[list[str]]:
    cursor = table.connection.execute("SELECT id FROM occupation_sol")
    while some := [str(row["id"]) for row in islice(cursor, IDS_AT_ONCE)]:
        yield some


@contextmanager
def _replaced(target: Path) -> Iterator[Path]:
    temporary = target.with_name(f".{target.name}.part")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
