# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes control files: the units of one controller, and nothing that tells what was delivered there."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.control import (
    BLIND_COLUMNS,
    CONTROL,
    CONTROL_ANSWER,
    CONTROL_FILE_LOT_KEYS,
    CONTROL_OUTLINE,
    CONTROL_SAMPLE,
    CONTROL_SUFFIX,
    AnswerRole,
    ControlFileKey,
    Unit,
)
from inference_backend.contracts.lot import IMAGERY, LOT, REFERENCE
from inference_backend.control.company import add_company
from inference_backend.control.errors import ControlFileError
from inference_backend.control.lot_source import LotTables
from inference_backend.control.surroundings import Surroundings, surroundings
from inference_backend.errors import OutputError, gdal_reason
from inference_backend.lots.imagery import Image
from inference_backend.postprocess.lot.gpkg_tables import (
    GEOMETRY_COLUMN,
    create_indexes,
    write_attributes,
    write_spatial,
)
from inference_backend.progress import Progress, Span

ARBITER_SUFFIX = "_arbitrage"
_INDEXES = (("control_sample", ("sample_id",)), ("control_outline", ("sample_id",)))
_BLIND_CONTROL = ("population_json", "lot_fingerprint", "decision_json", "decided_by", "decided_utc")
_LONGEST_NAME = 60
UnitRow = Mapping[str, Any]


@dataclass(frozen=True)
class Handout:
    """Who controls, and what they get.

    Attributes:
        controllers: their names; the first answers every unit, the others give second opinions.
        folder: where the files go.
        divided: whether all share out the units instead, each second opinion by the next in the list.
        images: images besides those of the lot.
        copies_images: whether images go along as copies rather than links.
        with_references: whether reference layers go along.
    """

    controllers: tuple[str, ...]
    folder: Path
    divided: bool = False
    images: tuple[Image, ...] = ()
    copies_images: bool = False
    with_references: bool = True


def shares(count: int, second: Sequence[bool], controllers: int, *, divided: bool) -> list[tuple[int, int]]:
    """Number of the first controller of each unit, and of the second; -1 for none.

    Args:
        count: units, in an order that is random.
        second: whether a unit is answered twice.
        controllers: how many there are.
        divided: whether all of them share out the units.
    """
    found, twice = [], 0
    for number in range(count):
        first = number % controllers if divided else 0
        other = -1
        if second[number] and controllers > 1:
            other = (first + 1) % controllers if divided else 1 + twice % (controllers - 1)
            twice += 1
        found.append((first, other))
    return found


def write_control_files(
    tables: LotTables,
    control: Mapping[str, Any],
    rows: Sequence[UnitRow],
    handout: Handout,
    files: ExitStack,
    progress: Progress,
) -> list[Path]:
    """Write a file for each controller who has a unit; they appear when `files` closes.

    Args:
        tables: the lot.
        control: row of its table `control`.
        rows: rows of `control_sample` with `geom`, in the order of work.
        handout: who gets what.
        files: closes once the lot is written too.
        progress: told the share that is done.

    Raises:
        ControlFileError: a file is in the way that holds answers.
        OutputError: a file cannot be written.
    """
    second = [bool(row["second_opinion"]) for row in rows]
    assigned = shares(len(rows), second, len(handout.controllers), divided=handout.divided)
    surrounding = around(tables, control, rows, Span(progress, 0.0, 0.5))
    written: list[Path] = []
    for number, controller in enumerate(handout.controllers):
        own = [
            {**row, "second_opinion": int(other == number)}
            for row, (first, other) in zip(rows, assigned, strict=True)
            if number in (first, other)
        ]
        progress.update(0.5 + 0.5 * number / len(handout.controllers), controller)
        if own:
            path = free_path(handout.folder, control, controller, taken=written)
            sheet = Sheet(path, controller, AnswerRole.FIRST, own, surrounding)
            write_sheet(tables, control, sheet, handout, files)
            written.append(path)
    return written


def around(
    tables: LotTables, control: Mapping[str, Any], rows: Sequence[UnitRow], progress: Progress
) -> dict[int, Surroundings]:
    """What surrounds each unit of a control."""
    by_point = json.loads(control["design_json"]).get("unit") == Unit.POINT.value
    return surroundings(tables, rows, by_point=by_point, progress=progress)


@dataclass(frozen=True)
class Sheet:
    """One control file to write.

    Attributes:
        path: where it goes.
        controller: whose it is.
        role: first or arbiter.
        rows: its units.
        around: what surrounds units, by sample_id.
        answers: rows of `control_answer` that it brings along; an arbiter's alone.
    """

    path: Path
    controller: str
    role: AnswerRole
    rows: Sequence[UnitRow]
    around: Mapping[int, Surroundings]
    answers: Sequence[Mapping[str, Any]] = ()


def write_sheet(
    tables: LotTables, control: Mapping[str, Any], sheet: Sheet, handout: Handout, files: ExitStack
) -> None:
    """Write one control file; it appears when `files` closes.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        temporary = files.enter_context(replace_when_done(sheet.path))
        _write_units(temporary, tables, sheet)
        write_attributes(temporary, CONTROL, [_blind_control(control)])
        write_attributes(temporary, CONTROL_ANSWER, sheet.answers)
        for table in (IMAGERY, REFERENCE):
            write_attributes(temporary, table, ())
        write_attributes(temporary, LOT, _about(tables, sheet))
        create_indexes(temporary, _INDEXES)
        windows = [sheet.around[row["sample_id"]].window for row in sheet.rows]
        add_company(temporary, sheet.path, tables, windows, handout.images, handout.copies_images,
                    handout.with_references)  # fmt: skip
    except (sqlite3.Error, OSError, pyogrio.errors.DataSourceError) as error:
        raise OutputError(path=sheet.path, reason=gdal_reason(error)) from error


def _write_units(path: Path, tables: LotTables, sheet: Sheet) -> None:
    columns = {
        name: [None if name in BLIND_COLUMNS else row.get(name) for row in sheet.rows]
        for name in CONTROL_SAMPLE.column_names
    }
    shapes = _shapes([shapely.from_wkb(row[GEOMETRY_COLUMN]) for row in sheet.rows])
    write_spatial(path, CONTROL_SAMPLE, shapes, columns, tables.crs)
    ids = [row["sample_id"] for row in sheet.rows]
    borders = _shapes([sheet.around[number].borders for number in ids])
    write_spatial(path, CONTROL_OUTLINE, borders, {"sample_id": ids}, tables.crs)


def _shapes(shapes: Sequence[shapely.Geometry]) -> np.ndarray[Any, np.dtype[np.object_]]:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def _blind_control(control: Mapping[str, Any]) -> dict[str, Any]:
    """What of a control betrays nothing: not its seed either."""
    unit = json.loads(control["design_json"]).get("unit", Unit.POLYGON.value)
    kept = {name: None if name in _BLIND_CONTROL else value for name, value in control.items()}
    return {**kept, "design_json": json.dumps({"unit": unit})}


def _about(tables: LotTables, sheet: Sheet) -> list[dict[str, str]]:
    values = {key: tables.metadata[key] for key in CONTROL_FILE_LOT_KEYS if key in tables.metadata}
    values[ControlFileKey.CONTROLLER.value] = sheet.controller
    values[ControlFileKey.ROLE.value] = sheet.role.value
    return [{"key": key, "value": value} for key, value in values.items()]


def free_path(
    folder: Path, control: Mapping[str, Any], controller: str, suffix: str = "", *, taken: Sequence[Path] = ()
) -> Path:
    """Path of a controller's file, where no other lot's file, no answer and none of `taken` is in the way.

    Raises:
        ControlFileError: a file of the same lot is there that holds answers.
    """
    base = f"{_words(control['lot_name'])}_{_words(controller)}{suffix}"
    for number in range(1, 1000):
        path = folder / f"{base}{'' if number == 1 else f'_{number}'}{CONTROL_SUFFIX}"
        lot_uuid, answers = _what_is_there(path)
        if path in taken or lot_uuid not in (None, control["lot_uuid"]):
            continue
        if answers:
            raise ControlFileError(
                path=path,
                problem_en=f"this control file is there and holds {answers} answers",
                problem_fr=f"ce fichier de contrôle existe et contient {answers} réponses",
                remedy_en="Collect or move it first, or choose another folder.",
                remedy_fr="Collectez-le ou déplacez-le d'abord, ou choisissez un autre dossier.",
            )
        return path
    raise OutputError(path=folder, reason="999 files")


def _what_is_there(path: Path) -> tuple[str | None, int]:
    """UUID of the lot of a control file, and its answers; None where there is no file."""
    if not path.exists():
        return None, 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            (lot_uuid,) = database.execute("SELECT lot_uuid FROM control").fetchone()
            (answers,) = database.execute("SELECT count(*) FROM control_answer").fetchone()
    except (sqlite3.Error, TypeError):
        return "", 0  # something else: leave it alone
    return str(lot_uuid), int(answers)


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME] or "lot"
