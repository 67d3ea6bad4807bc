# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening a GeoPackage as a control file: is it one, whole, of a known version, blind, fit to be written?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from inference_backend.contracts.control import (
    BLIND_COLUMNS,
    CONTROL,
    CONTROL_ANSWER,
    CONTROL_OUTLINE,
    CONTROL_SAMPLE,
    CONTROL_SCHEMA_VERSION,
    CONTROL_SUFFIX,
    AnswerRole,
    ControlFileKey,
)
from inference_backend.contracts.lot import IMAGERY, LOT, OCCUPATION_SOL, REFERENCE
from ocsge_pi_review.adapters.gpkg import BUSY_TIMEOUT_S, connect, leave_write_ahead_log
from ocsge_pi_review.adapters.gpkg_opening import (
    FileKind,
    require_no_programs,
    require_tables,
    require_whole,
    unreadable,
)
from ocsge_pi_review.adapters.gpkg_table import quoted
from ocsge_pi_review.domain.control_errors import ControlFileError

A_CONTROL_FILE = FileKind(
    ControlFileError,
    "Ask whoever sent it for a control file written by ocsge control sample.",
    "Demandez à son expéditeur un fichier de contrôle écrit par ocsge control sample.",
)
_TABLES = (CONTROL, CONTROL_SAMPLE, CONTROL_ANSWER, CONTROL_OUTLINE, LOT)
_GUARDED = (*_TABLES, IMAGERY, REFERENCE)
_ROLES = (AnswerRole.FIRST.value, AnswerRole.ARBITER.value)


def is_control_file(path: Path) -> bool:
    """Whether a file is to be opened as a control file rather than as a lot: by its name, or its tables."""
    if path.name.lower().endswith(CONTROL_SUFFIX):
        return True
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            names = {str(row[0]).lower() for row in database.execute("SELECT name FROM sqlite_master")}
    except (sqlite3.Error, OSError):
        return False
    return CONTROL_OUTLINE.name in names and OCCUPATION_SOL.name not in names


def open_control_gpkg(path: Path) -> sqlite3.Connection:
    """A connection to a control file; one by one the answers go into that file alone, no log lies beside it.

    Raises:
        ControlFileError: missing, no control file, cut short, of another version, not blind, read-only.
    """
    require_whole(path, A_CONTROL_FILE)
    connection: sqlite3.Connection | None = None
    try:
        connection = connect(path)
        require_tables(path, connection, _TABLES, kind=A_CONTROL_FILE)
        require_no_programs(path, connection, _GUARDED, A_CONTROL_FILE)
        _require_version(path, connection)
        _require_blind(path, connection)
        _require_role(path, connection)
        # One plain file at any time: it is sent back as it lies there.
        leave_write_ahead_log(connection)
        connection.execute(f"PRAGMA busy_timeout = {round(1000 * BUSY_TIMEOUT_S)}")
        _require_writable(connection)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.Error):
            raise unreadable(path, error, A_CONTROL_FILE) from error
        raise
    return connection


def _require_writable(connection: sqlite3.Connection) -> None:
    """Let a file that cannot be written say so now: without a log beside it only a change does."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("UPDATE control SET state = state")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _require_version(path: Path, connection: sqlite3.Connection) -> None:
    found = connection.execute("SELECT control_id, schema_version FROM control").fetchall()
    if len(found) != 1 or not found[0]["control_id"]:
        raise A_CONTROL_FILE.refused(
            path, f"it holds {len(found)} controls", f"il contient {len(found)} contrôles"
        )
    version = found[0]["schema_version"]
    if version != CONTROL_SCHEMA_VERSION:
        raise ControlFileError(
            path=path,
            problem_en=f"schema version {version}, this plugin reads {CONTROL_SCHEMA_VERSION}",
            problem_fr=f"version de schéma {version}, cette extension lit {CONTROL_SCHEMA_VERSION}",
            remedy_en="Use the plugin and the backend of one release.",
            remedy_fr="Utilisez l'extension et le moteur d'une même version.",
        )


def _require_blind(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a file that tells what was delivered: whoever judges by it agrees with it."""
    lot = "SELECT count(*) FROM sqlite_master WHERE name = ? COLLATE NOCASE"
    told = " OR ".join(f"{quoted(column)} IS NOT NULL" for column in BLIND_COLUMNS)
    leaks = f"SELECT count(*) FROM control_sample WHERE {told}"  # nosec B608 - the contract's names
    if (
        connection.execute(lot, (OCCUPATION_SOL.name,)).fetchone()[0]
        or connection.execute(leaks).fetchone()[0]
    ):
        raise A_CONTROL_FILE.refused(
            path,
            "it tells the codes that were delivered, so the control would not be blind",
            "il révèle les codes livrés, le contrôle ne serait donc pas aveugle",
        )


def _require_role(path: Path, connection: sqlite3.Connection) -> None:
    statement = "SELECT value FROM lot WHERE key = ?"
    found = connection.execute(statement, (ControlFileKey.ROLE.value,)).fetchone()
    role = AnswerRole.FIRST.value if found is None else found["value"]
    if role not in _ROLES:
        raise A_CONTROL_FILE.refused(path, f"its role is {role}", f"son rôle est {role}")
