# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot that was delivered, and control files filled in as the review plugin does."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing

from inference_backend.contracts.control import ControlDesign, StrataBy
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import changed_state
from inference_backend.control.control_file import Handout
from inference_backend.control.draw import draw_controls
from inference_backend.control.lot_source import open_tables
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions

COLUMNS, ROWS = 10, 11
OWN = COLUMNS * (ROWS - 1) + 1
"""Polygons of the lot: fields, and a road of the skeleton."""
NOW = "2026-05-04T08:00:00.000Z"


def deliver(place):
    """Bring a lot to where its control can begin."""
    for state in (LotState.IN_INTERPRETATION, LotState.DELIVERED):
        with open_tables(place, write=True) as tables, tables.transaction():
            tables.set_metadata(changed_state(tables.metadata, state, by="Zoé", time_utc=NOW))
    return place


def draw(
    lot, folder, controllers=("Anne", "Benoît"), *, communes=None, replace=False, handout=None, **design
):
    """Draw one control; 30 polygons at random unless the design says otherwise."""
    plan = {"strata_by": StrataBy.NONE, "size": 30, "second_share": 0.2, "surface": "", **design}
    who = Handout(tuple(controllers), folder, **(handout or {}))
    (done,) = draw_controls(
        [lot], ControlDesign(**plan), who, by="Camille", communes=communes, replace_running=replace
    )
    return done


def select(path, query, values=()):
    """Rows of a file."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query, values).fetchall()


def change(path, statement, values=()):
    """Change a file as another program would."""
    with closing(sqlite3.connect(path)) as database, database:
        add_spatial_functions(database)
        assert database.execute(statement, values).rowcount


def drawn_ids(lot):
    """Ids of the polygons drawn, in the order of work."""
    return [row[0] for row in select(lot, "SELECT polygon_id FROM control_sample ORDER BY sample_id")]


def delivered_codes(lot):
    """Delivered codes by sample_id, as only the lot tells them."""
    rows = select(lot, "SELECT sample_id, map_cs, map_us FROM control_sample")
    return {row[0]: row[1:] for row in rows}


def fill(path, codes, *, only=None, comment=None):
    """Answer the units of a control file: ids of the answers by unit.

    Args:
        path: the control file.
        codes: cover and use by sample_id.
        only: units to answer, all by default.
        comment: text of each answer.
    """
    told = dict(select(path, "SELECT key, value FROM lot"))
    (control_id,) = select(path, "SELECT control_id FROM control")[0]
    made = {}
    for sample_id, second in select(path, "SELECT sample_id, second_opinion FROM control_sample"):
        if only is not None and sample_id not in only:
            continue
        role = "arbiter" if told["role"] == "arbiter" else "second" if second else "first"
        made[sample_id] = str(uuid.uuid4())
        change(
            path,
            "INSERT INTO control_answer (answer_id, control_id, sample_id, controller, role, control_cs, "
            "control_us, comment, decided_at, duration_s, in_force) VALUES (?,?,?,?,?,?,?,?,?,?,1)",
            (made[sample_id], control_id, sample_id, told["controller"], role, *codes[sample_id], comment,
             NOW, 4.5),
        )  # fmt: skip
    return made


def say_anew(path, answer_id, cover):
    """Replace an answer in a control file."""
    change(path, "UPDATE control_answer SET in_force = 0 WHERE answer_id = ?", (answer_id,))
    columns = "control_id, sample_id, controller, role, control_us, decided_at, duration_s"
    change(
        path,
        f"INSERT INTO control_answer ({columns}, answer_id, control_cs, replaces, in_force) "
        f"SELECT {columns}, ?, ?, ?, 1 FROM control_answer WHERE answer_id = ?",
        (str(uuid.uuid4()), cover, answer_id, answer_id),
    )
