# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening a GeoPackage as a lot: is it one, whole, of a known version, and fit to be written?"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from inference_backend.contracts.lot import (
    ADDED_COLUMNS,
    ADDED_ITEM_COLUMNS,
    ADDED_JOURNAL_COLUMNS,
    EDIT_JOURNAL,
    LOT,
    OCCUPATION_SOL,
    READABLE_SCHEMAS,
    REVIEW_ITEM,
    TABLES,
    ZONE_CONSTRUITE,
    ItemState,
    LotKey,
)
from inference_backend.contracts.lot_states import history_of, state_of
from inference_backend.contracts.tables import Table
from ocsge_pi_review.adapters.gpkg import connect, transaction, use_write_ahead_log
from ocsge_pi_review.adapters.gpkg_table import quoted
from ocsge_pi_review.adapters.gpkg_upgrade import upgrade
from ocsge_pi_review.domain.errors import LotError

_MAY_LACK = {*ADDED_COLUMNS, *ADDED_ITEM_COLUMNS, *ADDED_JOURNAL_COLUMNS}
_TABLES = (OCCUPATION_SOL, ZONE_CONSTRUITE, REVIEW_ITEM, EDIT_JOURNAL, LOT)
_KNOWN_TRIGGERS = ("rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_")
_HEADER = b"SQLite format 3\0"


@dataclass(frozen=True)
class FileKind:
    """What a GeoPackage is opened as: how a refusal is told.

    Attributes:
        error: the error raised.
        remedy_en, remedy_fr: where to get a good one.
    """

    error: type[LotError]
    remedy_en: str
    remedy_fr: str

    def refused(self, path: Path, problem_en: str, problem_fr: str) -> LotError:
        """The error for one problem."""
        return self.error(
            path=path,
            problem_en=problem_en,
            problem_fr=problem_fr,
            remedy_en=self.remedy_en,
            remedy_fr=self.remedy_fr,
        )


A_LOT = FileKind(
    LotError,
    "Choose a lot written by ocsge postprocess, or make it again.",
    "Choisissez un lot écrit par ocsge postprocess, ou refaites-le.",
)


def open_gpkg(path: Path) -> sqlite3.Connection:
    """A connection to a lot that was brought to the present schema, in write-ahead mode.

    Raises:
        LotError: missing, not a lot, truncated, of another version, or not to be written.
    """
    require_whole(path, A_LOT)
    connection: sqlite3.Connection | None = None
    try:
        connection = connect(path)
        require_tables(path, connection, _TABLES, _MAY_LACK)
        _require_version(path, connection)
        _require_known_state(path, connection)
        require_no_programs(path, connection, TABLES)
        use_write_ahead_log(connection)
        upgrade(connection)
        _require_known_states(path, connection)
        with transaction(connection):
            """A file that cannot be written says so now."""
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.Error):
            raise unreadable(path, error, A_LOT) from error
        raise
    return connection


def require_whole(path: Path, kind: FileKind = A_LOT) -> None:
    """Refuse a file that is shorter than its own header says.

    Raises:
        LotError: of the kind.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise unreadable(path, error, kind) from error
    if len(header) < 100 or not header.startswith(_HEADER):
        raise unreadable(path, "no SQLite header", kind)
    (page,) = struct.unpack(">H", header[16:18])
    (pages,) = struct.unpack(">I", header[28:32])
    wal = path.with_name(f"{path.name}-wal")
    # What is still in the log may make the file longer than it is now.
    is_settled = header[24:28] == header[92:96] and not (wal.exists() and wal.stat().st_size)
    wanted = pages * (page if page > 1 else 65536)
    if is_settled and size < wanted:
        raise kind.error(
            path=path,
            problem_en=f"it is cut short: {size} bytes of {wanted}",
            problem_fr=f"il est tronqué : {size} octets sur {wanted}",
            remedy_en="Copy or download it again.",
            remedy_fr="Copiez-le ou téléchargez-le à nouveau.",
        )


def require_tables(
    path: Path,
    connection: sqlite3.Connection,
    tables: Iterable[Table],
    may_lack: Collection[str] = (),
    kind: FileKind = A_LOT,
) -> None:
    """Refuse a file without those tables and their columns, except columns that it may lack.

    Raises:
        LotError: of the kind.
    """
    for table in tables:
        # SQLite finds a table in whatever letters it is written.
        named = "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE"
        there = connection.execute(named, (table.name,)).fetchone()
        if there is not None and there["type"] != "table":
            # A view may call functions.
            raise kind.refused(path, f"{table.name} is no table", f"{table.name} n'est pas une table")
        found = connection.execute(f"PRAGMA table_xinfo({quoted(table.name)})").fetchall()
        present = {row["name"] for row in found if not row["hidden"]}
        missing = ", ".join(n for n in table.column_names if n not in present and n not in may_lack)
        if missing:
            english, french = (
                f"table {table.name} lacks {missing}",
                f"il manque {missing} à la table {table.name}",
            )
            raise kind.refused(path, english, french)


def require_no_programs(
    path: Path, connection: sqlite3.Connection, tables: Iterable[Table], kind: FileKind = A_LOT
) -> None:
    """Refuse triggers that no GeoPackage needs on those tables.

    Raises:
        LotError: of the kind.
    """
    names = {table.name for table in tables}
    for row in connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"):
        if row["tbl_name"].lower() in names and not row["name"].startswith(_KNOWN_TRIGGERS):
            raise kind.error(
                path=path,
                problem_en=f"it brings a program of its own (trigger {row['name']})",
                problem_fr=f"il apporte un programme à lui (déclencheur {row['name']})",
                remedy_en="Ask whoever sent it for a file without triggers.",
                remedy_fr="Demandez à son expéditeur un fichier sans déclencheurs.",
            )


def _require_version(path: Path, connection: sqlite3.Connection) -> None:
    found = connection.execute("SELECT value FROM lot WHERE key = ?", (LotKey.SCHEMA.value,)).fetchone()
    version = None if found is None else found["value"]
    if version not in READABLE_SCHEMAS:
        known = ", ".join(READABLE_SCHEMAS)
        raise LotError(
            path=path,
            problem_en=f"schema version {version}, this plugin reads {known}",
            problem_fr=f"version de schéma {version}, cette extension lit {known}",
            remedy_en="Use the plugin and the backend of one release.",
            remedy_fr="Utilisez l'extension et le moteur d'une même version.",
        )


def _require_known_state(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a lot that says of itself what no lot can be, before a gesture asks whether it may be made."""
    metadata = {row["key"]: row["value"] for row in connection.execute("SELECT key, value FROM lot")}
    try:
        state_of(metadata)
    except ValueError:
        state = metadata[LotKey.STATE.value]
        raise _no_lot(path, f"the lot has the state {state}", f"le lot a l'état {state}") from None
    try:
        is_list = isinstance(history_of(metadata), list)
    except ValueError:
        is_list = False
    if not is_list:
        raise _no_lot(path, "its history cannot be read", "son historique est illisible")


def _require_known_states(path: Path, connection: sqlite3.Connection) -> None:
    known = {state.value for state in ItemState}
    # From one state to the next in the index, not through all items.
    next_state = "SELECT min(state) FROM review_item WHERE state > ?"
    state = connection.execute(next_state, ("",)).fetchone()[0]
    while state is not None:
        if state not in known:
            raise _no_lot(path, f"an item has the state {state}", f"un élément a l'état {state}")
        state = connection.execute(next_state, (state,)).fetchone()[0]


def _no_lot(path: Path, problem_en: str, problem_fr: str) -> LotError:
    return A_LOT.refused(path, problem_en, problem_fr)


def unreadable(path: Path, reason: object, kind: FileKind = A_LOT) -> LotError:
    """The error for a file that SQLite or the disk refuses."""
    text = str(reason)
    if "readonly" in text or "unable to open" in text:
        return kind.error(
            path=path,
            problem_en=f"it cannot be written ({text})",
            problem_fr=f"impossible d'y écrire ({text})",
            remedy_en="Copy it to a folder of your own and open the copy.",
            remedy_fr="Copiez-le dans un dossier à vous et ouvrez la copie.",
        )
    if "locked" in text or "full" in text:
        return kind.error(
            path=path,
            problem_en=f"it cannot be written ({text})",
            problem_fr=f"impossible d'y écrire ({text})",
            remedy_en="Free space on the disk or close the other program that writes to it, then try again.",
            remedy_fr="Libérez de la place sur le disque ou fermez l'autre programme qui y écrit, "
            "puis recommencez.",
        )
    return kind.refused(path, f"not a readable GeoPackage ({text})", f"GeoPackage illisible ({text})")
