# SPDX-License-Identifier: GPL-2.0-or-later
"""A control file for whoever decides between two controllers: units where they differ, what they said."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from inference_backend.contracts.control import CONTROL_ANSWER, CONTROL_SAMPLE, AnswerRole, ControlState
from inference_backend.control.collect import differing
from inference_backend.control.control_file import (
    ARBITER_SUFFIX,
    Handout,
    Sheet,
    around,
    free_path,
    write_sheet,
)
from inference_backend.control.errors import ControlError
from inference_backend.control.lot_source import LotTables, open_tables
from inference_backend.control.read import control_of, control_rows
from inference_backend.control.types import Control
from inference_backend.postgis.address import LotAddress
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN
from inference_backend.progress import Progress, Silent


def write_arbiter_file(
    lot: str | Path | LotAddress,
    arbiter: str,
    folder: Path,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> Path | None:
    """Write the file of an arbiter; its path, None where no two answers differ.

    Args:
        lot: a GeoPackage, or the address of a lot in PostGIS.
        arbiter: who decides; neither of the two.
        folder: where the file goes.
        progress: told the share that is done.

    Raises:
        ControlError: no control that runs, or the arbiter is one of the two.
        ControlFileError: a file is in the way that holds answers.
        LotFileError, ConfigError, OutputError: the lot cannot be read, or the file not written.
    """
    with open_tables(lot) as tables:
        control = control_of(tables)
        if control.state is not ControlState.DRAWN:
            raise _not_running(control)
        wanted = set(differing(control))
        if not wanted:
            return None
        _require_outsider(control, wanted, arbiter)
        row = next(row for row in control_rows(tables) if row["control_id"] == control.control_id)
        rows = _unit_rows(tables, control.control_id, wanted)
        handout = Handout((arbiter,), folder)
        path = free_path(folder, row, arbiter, ARBITER_SUFFIX)
        shown = _answers(tables, control.control_id, wanted)
        with ExitStack() as files:
            surrounding = around(tables, row, rows, progress)
            sheet = Sheet(path, arbiter, AnswerRole.ARBITER, rows, surrounding, shown)
            write_sheet(tables, row, sheet, handout, files)
    return path


def _unit_rows(tables: LotTables, control_id: str, wanted: set[int]) -> list[dict[str, Any]]:
    names = CONTROL_SAMPLE.column_names
    query = f"SELECT {', '.join(names)} FROM {{control_sample}} WHERE control_id = ? ORDER BY sample_id"  # nosec B608
    shapes = tables.unit_shapes(control_id)
    rows = (dict(zip(names, row, strict=True)) for row in tables.select(query, (control_id,)))
    return [
        {**row, "second_opinion": 0, GEOMETRY_COLUMN: shapes[int(row["sample_id"])]}
        for row in rows
        if int(row["sample_id"]) in wanted
    ]


def _answers(tables: LotTables, control_id: str, wanted: set[int]) -> list[dict[str, Any]]:
    """What was said of the units, by whom left out."""
    names = CONTROL_ANSWER.column_names
    query = (
        f"SELECT {', '.join(names)} FROM {{control_answer}} "  # nosec B608 - the contract's names
        "WHERE control_id = ? AND in_force = 1 ORDER BY answer_id"
    )
    rows = (dict(zip(names, row, strict=True)) for row in tables.select(query, (control_id,)))
    return [{**row, "controller": ""} for row in rows if int(row["sample_id"]) in wanted]


def _require_outsider(control: Control, wanted: set[int], arbiter: str) -> None:
    spoke = {
        answer.controller.casefold()
        for unit in control.units
        if unit.sample_id in wanted
        for answer in unit.answers.values()
    }
    if arbiter.casefold() in spoke:
        raise ControlError(
            path=control.label,
            problem_en=f"{arbiter} is one of the two who differ",
            problem_fr=f"{arbiter} est l'un des deux qui divergent",
            remedy_en="Name another arbiter.",
            remedy_fr="Nommez un autre arbitre.",
        )


def _not_running(control: Control) -> ControlError:
    return ControlError(
        path=control.label,
        problem_en="its control is decided",
        problem_fr="son contrôle est décidé",
        remedy_en="There is nothing left to settle.",
        remedy_fr="Il n'y a plus rien à arbitrer.",
    )
