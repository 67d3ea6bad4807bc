# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a control file that came back: nothing in it is believed before it was looked at."""

from __future__ import annotations

import json
import math
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from inference_backend.contracts.control import (
    BLIND_COLUMNS,
    CONTROL,
    CONTROL_ANSWER,
    CONTROL_OUTLINE,
    CONTROL_SAMPLE,
    CONTROL_SCHEMA_VERSION,
    AnswerRole,
    ControlFileKey,
    ErrorKind,
)
from inference_backend.contracts.lot import LOT, OCCUPATION_SOL
from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.control.errors import ControlFileError
from inference_backend.postprocess.lot.gpkg_functions import wkb_of

AnswerRow = dict[str, Any]
_TABLES = (CONTROL, CONTROL_SAMPLE, CONTROL_ANSWER, CONTROL_OUTLINE, LOT)
_LONGEST_TEXT = 100_000
_AGAIN_EN = "Have the file sent again as the plugin left it."
_AGAIN_FR = "Faites renvoyer le fichier tel que l'extension l'a laissé."


@dataclass(frozen=True)
class FileUnit:
    """A unit as a control file tells it."""

    x: float
    y: float
    wkb: bytes
    is_second: bool


@dataclass(frozen=True)
class ReturnedFile:
    """A control file whose content makes sense.

    Attributes:
        path: the file.
        control_id: UUID of its control.
        lot_name: the lot, for messages.
        controller: whose it is.
        role: first or arbiter.
        units: by sample_id.
        answers: rows of `control_answer` of its controller, each once.
    """

    path: Path
    control_id: str
    lot_name: str
    controller: str
    role: AnswerRole
    units: dict[int, FileUnit]
    answers: list[AnswerRow]


def read_control_file(path: Path, nomenclature: Nomenclature) -> ReturnedFile:
    """Read a control file.

    Args:
        path: the file.
        nomenclature: codes that answers may name.

    Raises:
        ControlFileError: missing, damaged, no control file, not blind, or with answers that say nonsense.
    """
    if not path.is_file():
        raise refused(path, "no such file", "fichier introuvable", "Correct the path.", "Corrigez le chemin.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA trusted_schema = OFF")  # it may hold views of a stranger
            _require_control_file(path, database)
            return _read(path, database, nomenclature)
    except sqlite3.Error as error:
        raise refused(
            path, f"damaged or unreadable ({error})", f"endommagé ou illisible ({error})"
        ) from error


def _read(path: Path, database: sqlite3.Connection, nomenclature: Nomenclature) -> ReturnedFile:
    control = database.execute("SELECT control_id, lot_name FROM control").fetchone()
    values = {row["key"]: row["value"] or "" for row in database.execute("SELECT key, value FROM lot")}
    role = values.get(ControlFileKey.ROLE.value) or AnswerRole.FIRST.value
    if role not in (AnswerRole.FIRST.value, AnswerRole.ARBITER.value):
        raise refused(path, f"its role is {role}", f"son rôle est {role}")
    units = dict(_units(path, database))
    file = ReturnedFile(
        path,
        str(control["control_id"]),
        str(control["lot_name"] or ""),
        values.get(ControlFileKey.CONTROLLER.value, ""),
        AnswerRole(role),
        units,
        [],
    )
    return _with_answers(file, database, nomenclature)


def _require_control_file(path: Path, database: sqlite3.Connection) -> None:
    kinds = {row["name"]: row["type"] for row in database.execute("SELECT name, type FROM sqlite_master")}
    missing = [table.name for table in _TABLES if kinds.get(table.name) != "table"]
    if missing:
        raise refused(
            path,
            f"not a control file (it has no table {', '.join(missing)})",
            f"ce n'est pas un fichier de contrôle (table absente : {', '.join(missing)})",
            "Give the files that ocsge control sample wrote.",
            "Donnez les fichiers écrits par ocsge control sample.",
        )
    found = database.execute("SELECT control_id, schema_version FROM control").fetchall()
    version = found[0]["schema_version"] if len(found) == 1 else None
    if version != CONTROL_SCHEMA_VERSION:
        raise refused(
            path,
            f"version {version}, this installation reads {CONTROL_SCHEMA_VERSION}",
            f"version {version}, cette installation lit {CONTROL_SCHEMA_VERSION}",
            "Use the plugin and the backend of one release.",
            "Utilisez l'extension et le moteur d'une même version.",
        )
    told = " OR ".join(f'"{column}" IS NOT NULL' for column in BLIND_COLUMNS)
    leaks = database.execute(f"SELECT count(*) FROM control_sample WHERE {told}").fetchone()[0]  # nosec B608
    if leaks or OCCUPATION_SOL.name in kinds:
        raise refused(
            path,
            "it tells the codes that were delivered: the control was not blind",
            "il révèle les codes livrés : le contrôle n'était pas aveugle",
            "Have the units judged again in a file of ocsge control sample.",
            "Faites juger de nouveau les unités dans un fichier de ocsge control sample.",
        )


def _units(path: Path, database: sqlite3.Connection) -> Iterator[tuple[int, FileUnit]]:
    for row in database.execute("SELECT sample_id, x, y, geom, second_opinion FROM control_sample"):
        try:
            unit = FileUnit(
                float(row["x"]), float(row["y"]), wkb_of(row["geom"]), bool(row["second_opinion"])
            )
            yield int(row["sample_id"]), unit
        except (ValueError, TypeError) as error:
            raise _nonsense(path, row["sample_id"], error) from error


def _with_answers(
    file: ReturnedFile, database: sqlite3.Connection, nomenclature: Nomenclature
) -> ReturnedFile:
    names = CONTROL_ANSWER.column_names
    rows: dict[str, AnswerRow] = {}
    for stored in database.execute("SELECT * FROM control_answer ORDER BY fid"):
        row = {name: stored[name] for name in names}
        if file.role is AnswerRole.ARBITER and row["role"] != AnswerRole.ARBITER.value:
            continue  # what the arbiter was shown
        problem = _problem(row, file, nomenclature)
        if problem:
            raise _nonsense(file.path, row["sample_id"], problem)
        if rows.get(row["answer_id"], row) != row:
            raise _nonsense(file.path, row["sample_id"], f"two answers with the id {row['answer_id']}")
        rows[row["answer_id"]] = row
    file.answers.extend(rows.values())
    return file


def _problem(row: Mapping[str, Any], file: ReturnedFile, nomenclature: Nomenclature) -> str | None:
    """What is wrong with an answer; None where nothing is."""
    unit = file.units.get(row["sample_id"])
    if unit is None or row["control_id"] != file.control_id:
        return "a unit that is not in this file"
    if file.role is AnswerRole.FIRST:
        expected = AnswerRole.SECOND if unit.is_second else AnswerRole.FIRST
        if row["role"] != expected.value:
            return f"role {row['role']!r}"
    for column, dimension in (("control_cs", "cs"), ("control_us", "us")):
        code = row[column]
        if code is not None and (code not in nomenclature or nomenclature[code].dimension != dimension):
            return f"{column} {code!r}"
    kinds = {kind for kind in str(row["kinds"] or "").split(",") if kind}
    if kinds - {kind.value for kind in ErrorKind}:
        return f"kinds {row['kinds']!r}"
    return _bad_form(row)


def _bad_form(row: Mapping[str, Any]) -> str | None:
    try:
        uuid.UUID(str(row["answer_id"]))
        datetime.fromisoformat(str(row["decided_at"]).replace("Z", "+00:00"))
        json.loads(row["sketch"] or "null")
        duration_s = float(row["duration_s"] or 0.0)
    except (ValueError, TypeError, RecursionError) as error:
        return str(error)
    if not (math.isfinite(duration_s) and duration_s >= 0):
        return f"duration_s {duration_s}"
    if row["in_force"] not in (0, 1):
        return f"in_force {row['in_force']!r}"
    if not isinstance(row["controller"], str) or not row["controller"].strip():
        return "no controller"
    longest = max(len(str(row[name] or "")) for name in ("comment", "sketch", "controller"))
    return f"a text of {longest} characters" if longest > _LONGEST_TEXT else None


def _nonsense(path: Path, unit: object, reason: object) -> ControlFileError:
    return refused(
        path,
        f"the answer on unit {unit} cannot be understood ({reason})",
        f"la réponse sur l'unité {unit} est incompréhensible ({reason})",
    )


def refused(
    path: Path, en: str, fr: str, remedy_en: str = _AGAIN_EN, remedy_fr: str = _AGAIN_FR
) -> ControlFileError:
    """The error of a file that cannot be collected."""
    return ControlFileError(path=path, problem_en=en, problem_fr=fr, remedy_en=remedy_en, remedy_fr=remedy_fr)
