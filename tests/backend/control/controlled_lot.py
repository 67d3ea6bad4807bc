# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot in control whose sample and answers are known: every polygon of its own drawn, once."""

from __future__ import annotations

import json
import uuid
from collections import Counter

import numpy as np
import shapely

from inference_backend.contracts.control import (
    CONTROL,
    CONTROL_ANSWER,
    CONTROL_SAMPLE,
    ControlDesign,
    Draw,
    StrataBy,
)
from inference_backend.contracts.fingerprint import row_fingerprint, to_text
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import changed_state
from inference_backend.control.lot_source import open_tables

NOW = "2026-05-04T08:00:00Z"
STEPS = (
    LotState.ASSIGNED,
    LotState.IN_INTERPRETATION,
    LotState.DELIVERED,
    LotState.IN_CONTROL,
)


def put_in_control(place, wrong=(), *, kinds=None, unsaid=(), missing=(), size=None, supplier="Atelier"):
    """Write a control into a lot; every drawn unit is answered, right unless its number is in `wrong`.

    Args:
        place: path or address.
        wrong: sample ids whose cover is found to be a building.
        kinds: ErrorKind values by sample id.
        unsaid: sample ids of which nothing can be said.
        missing: sample ids without an answer.
        size: units drawn, all by default.
        supplier: who had the lot.

    Returns:
        Id of the control.
    """
    control_id = str(uuid.uuid4())
    with open_tables(place, write=True) as tables, tables.transaction():
        tables.ensure_control_tables()
        rows = list(tables.select(
            "SELECT fid, id, code_cs, code_us, area_m2 FROM {occupation_sol} WHERE margin_of IS NULL "
            "AND coalesce(ossature, 0) <> 1 ORDER BY id"))  # fmt: skip
        drawn = rows[:size]
        shapes = tables.polygons(np.array([row[0] for row in drawn]))
        prints = {r[0]: to_text(row_fingerprint(*r)) for r in tables.polygon_rows([row[0] for row in drawn])}
        design = ControlDesign(draw=Draw.RANDOM, strata_by=StrataBy.NONE, size=len(drawn))
        stratum = {
            "name": "all",
            "units": len(rows),
            "area_m2": sum(row[4] for row in rows),
            "drawn": len(drawn),
        }
        tables.insert(CONTROL, [{
            "control_id": control_id, "schema_version": "1", "lot_uuid": tables.metadata["lot_uuid"],
            "lot_name": tables.metadata.get("name"), "created_utc": NOW, "created_by": "Camille",
            "software_version": "1", "design_json": json.dumps(design.to_dict()),
            "population_json": json.dumps([stratum]), "state": "drawn",
        }])  # fmt: skip
        tables.insert(CONTROL_SAMPLE, [{
            "control_id": control_id, "sample_id": n, "polygon_id": row[1], "fingerprint": prints[row[1]],
            "stratum": "all", "inclusion_probability": len(drawn) / len(rows), "area_m2": row[4],
            "map_cs": row[2], "map_us": row[3], "x": shape.point_on_surface().x,
            "y": shape.point_on_surface().y, "second_opinion": 0, "geom": shapely.to_wkb(shape),
        } for n, (row, shape) in enumerate(zip(drawn, shapes, strict=True), 1)])  # fmt: skip
        tables.insert(CONTROL_ANSWER, [{
            "answer_id": str(uuid.uuid4()), "control_id": control_id, "sample_id": n, "controller": "A",
            "role": "first",
            "control_cs": None if n in unsaid else "CS1.1.1.1" if n in wrong else row[2],
            "control_us": None if n in unsaid else row[3],
            "kinds": ",".join((kinds or {}).get(n, ())) or None,
            "comment": f"<b>vu</b> {n}" if n in wrong else None,
            "decided_at": NOW, "duration_s": 4.0, "in_force": 1,
        } for n, row in enumerate(drawn, 1) if n not in missing])  # fmt: skip
        accepted = tables.metadata.get("state") == LotState.ACCEPTED.value
        for state in STEPS[-1:] if accepted else STEPS:
            tables.set_metadata(changed_state(tables.metadata, state, by="Camille", time_utc=NOW))
        tables.set_metadata({"assigned_to": supplier})
    return control_id


def rows_of(place, query, values=()):
    """Rows of a lot."""
    with open_tables(place) as tables:
        return list(tables.select(query, values))


def coverage(place):
    """Fingerprints of all polygons, counted."""
    with open_tables(place) as tables:
        fids = [row[0] for row in tables.select("SELECT fid FROM {occupation_sol}")]
        return Counter(row_fingerprint(*row) for row in tables.polygon_rows(fids))


def change(place, statement, values=()):
    """Change a lot as another program would."""
    with open_tables(place, write=True) as tables, tables.transaction():
        assert tables.execute(statement, values)
