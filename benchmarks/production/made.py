# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots of a made-up production: real GeoPackages with polygons, queue, journal, controls and signalements.

Seeded: the same call writes the same figures. Polygons are a plain grid; nobody looks at them here.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely

from inference_backend.contracts.control import ControlDesign
from inference_backend.contracts.control_report import (
    Assessment,
    ControlReport,
    Decision,
    Estimate,
    FoundError,
    Verdict,
)
from inference_backend.contracts.lot import (
    EDIT_JOURNAL,
    INDEXES,
    OCCUPATION_SOL,
    REVIEW_ITEM,
    SCHEMA_VERSION,
    TABLES,
    LotKey,
    LotState,
    Reason,
)
from inference_backend.contracts.signalement import SIGNALEMENT
from inference_backend.control.decide_writing import short_report
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions, blob_of
from inference_backend.postprocess.lot.gpkg_tables import create_indexes, write_attributes, write_spatial

NAMESPACE = uuid.UUID("5c2f7a0e-3a4e-4b36-9a53-0a0c6f0d4b11")
FIRST_DAY = datetime(2025, 9, 1, 8, tzinfo=UTC)
OPERATORS = ("Anne", "Bruno", "Chloé", "David")
COVERS = ("CS2.2.1", "CS2.1.1.1", "CS1.1.2.1", "CS1.2.2")
LIFE = (
    LotState.PREPARED,
    LotState.ASSIGNED,
    LotState.IN_INTERPRETATION,
    LotState.DELIVERED,
    LotState.IN_CONTROL,
    LotState.ACCEPTED,
)


@dataclass(frozen=True)
class MadeControl:
    """A decided control: shares right by area with their standard error, units and errors."""

    verdict: str = Verdict.ACCEPTED.value
    cs: float = 0.96
    us: float = 0.92
    error: float = 0.012
    units: int = 200
    errors: int = 14
    days: float = 40.0


@dataclass(frozen=True)
class MadeLot:
    """One lot.

    Attributes:
        name: of the lot.
        west: left end of its ground, m.
        north: upper end.
        crs: of the ground.
        side_m: of its ground, a square.
        polygons: along one side.
        state: that it has come to, with every state before it.
        started: days after the first one.
        operators: who worked on it.
        assigned_to: who has it.
        decided: share of the items that are decided.
        changed: share of the decisions that change a code.
        controls: decided, oldest first.
        remarks: signalements: (days open or None, status, motive).
        seed: of its random parts.
        schema: version of its tables.
    """

    name: str
    west: float = 600_000.0
    north: float = 6_700_000.0
    crs: str = "EPSG:2154"
    side_m: float = 7_500.0
    polygons: int = 10
    state: LotState = LotState.ACCEPTED
    started: float = 0.0
    operators: Sequence[str] = OPERATORS[:1]
    assigned_to: str = "Anne"
    decided: float = 1.0
    changed: float = 0.3
    controls: Sequence[MadeControl] = field(default_factory=lambda: (MadeControl(),))
    remarks: Sequence[tuple[float | None, str, str | None]] = ()
    seed: int = 1
    schema: str = SCHEMA_VERSION

    @property
    def lot_id(self) -> str:
        return str(uuid.uuid5(NAMESPACE, self.name))


def make_lot(path: Path, lot: MadeLot) -> Path:
    """Write one lot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # What is the same in many lots is filled once.
    plain = replace(lot, name="", west=0.0, north=0.0, started=0.0, remarks=(), controls=(), assigned_to="")
    path.write_bytes(_filled(replace(plain, state=LotState.PREPARED)))
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        add_spatial_functions(database)
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        _state(database, lot)
        _controls(database, lot)
        _remarks(database, lot)
        if lot.schema == "2":
            for table in ("control", "control_answer", "signalement"):
                database.execute(f"DROP TABLE IF EXISTS {table}")
        database.execute("COMMIT")
    return path


@lru_cache(maxsize=256)
def _filled(lot: MadeLot) -> bytes:
    """A lot with polygons, queue and journal, at the origin."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lot.gpkg"
        path.write_bytes(_empty(lot.crs))
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            add_spatial_functions(database)
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN")
            _fill(database, lot)
            database.execute("COMMIT")
        return path.read_bytes()


@lru_cache(maxsize=8)
def _empty(crs: str) -> bytes:
    """A lot without a row: GDAL takes longer for its tables than SQLite for what stands in them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lot.gpkg"
        for table in TABLES:
            if table.geometry is None:
                write_attributes(path, table, ())
            else:
                write_spatial(path, table, np.zeros(0, dtype=object), {}, crs)
        create_indexes(path, INDEXES)
        return path.read_bytes()


def _fill(database: sqlite3.Connection, lot: MadeLot) -> None:
    random = np.random.default_rng(lot.seed)
    srs = database.execute(
        "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'occupation_sol'"
    ).fetchone()[0]
    side, count = lot.side_m / lot.polygons, lot.polygons**2
    reasons = [reason.value for reason in Reason][:9]
    seq = 0
    for number in range(count):
        column, row = number % lot.polygons, number // lot.polygons
        wkb = shapely.to_wkb(shapely.box(column * side, row * side, (column + 1) * side, (row + 1) * side))
        polygon = f"OCSGE{number + 1:010d}"
        cover = COVERS[int(random.integers(len(COVERS)))]
        is_item = number % 2 == 0
        is_done = is_item and random.random() < lot.decided
        new = (
            COVERS[(COVERS.index(cover) + 1) % len(COVERS)]
            if is_done and random.random() < lot.changed
            else cover
        )
        values = {"id": polygon, "code_cs": new, "code_us": "US1.1", "area_m2": side * side, "ossature": 0}
        _insert(database, OCCUPATION_SOL.name, {**values, "geom": blob_of(wkb, srs)})
        if not is_item:
            continue
        operator = lot.operators[int(random.integers(len(lot.operators)))]
        reason = reasons[int(random.integers(len(reasons)))]
        seconds = round(float(random.lognormal(2.5, 0.7)), 1)
        item = {
            "item_id": number // 2 + 1, "polygon_id": polygon, "rank": number, "reasons": reason,
            "proposed_cs": cover, "proposed_us": "US1.1", "state": "done" if is_done else "todo",
        }  # fmt: skip
        if is_done:
            item |= {"decision_cs": new, "decision_us": "US1.1", "operator": operator, "duration_s": seconds}
        _insert(
            database, REVIEW_ITEM.name, {**item, "geom": blob_of(shapely.to_wkb(shapely.Point(1, 1)), srs)}
        )
        if is_done:
            seq += 1
            _gesture(database, seq, polygon, (cover, new), operator, seconds, wkb, side * side, srs)


def _gesture(
    database: sqlite3.Connection, seq: int, polygon: str, codes: tuple[str, str], operator: str,
    seconds: float, wkb: bytes, area_m2: float, srs: int,
) -> None:  # fmt: skip
    rows = [
        {
            "id": polygon,
            "attributes": {"code_cs": code, "code_us": "US1.1", "area_m2": area_m2},
            "wkb_hex": wkb.hex(),
        }
        for code in codes
    ]
    is_change = codes[0] != codes[1]
    _insert(
        database,
        EDIT_JOURNAL.name,
        {
            "seq": seq,
            "gesture_id": str(uuid.uuid5(NAMESPACE, f"{polygon} {seq}")),
            "time_utc": _text(FIRST_DAY + timedelta(minutes=seq)),
            "operator": operator,
            "operation": "set_cover" if is_change else "accept",
            "item_id": seq,
            "duration_s": seconds,
            "before": json.dumps(rows[:1] if is_change else []),
            "after": json.dumps(rows[1:] if is_change else []),
            "state": "applied",
            "in_force": 1,
            "changed_m2": area_m2 if is_change else 0.0,
            "geom": blob_of(shapely.to_wkb(shapely.multipolygons([shapely.from_wkb(wkb)])), srs),
        },
    )


def _state(database: sqlite3.Connection, lot: MadeLot) -> None:
    start = FIRST_DAY + timedelta(days=lot.started)
    states = list(LIFE[: LIFE.index(lot.state) + 1]) if lot.state in LIFE else [*LIFE[:-1], lot.state]
    history = [
        {"state": state.value, "time_utc": _text(start + timedelta(days=10 * n)), "by": "", "comment": ""}
        for n, state in enumerate(states)
    ]
    ground = shapely.box(lot.west, lot.north - lot.side_m, lot.west + lot.side_m, lot.north)
    values = {
        LotKey.SCHEMA: lot.schema,
        LotKey.NAME: lot.name,
        LotKey.LOT_ID: lot.lot_id,
        LotKey.MILLESIME: "2024",
        LotKey.STATE: lot.state.value,
        LotKey.ASSIGNED_TO: lot.assigned_to,
        LotKey.FOOTPRINT: shapely.to_wkt(ground),
        LotKey.HISTORY: json.dumps(history),
    }
    for key, value in values.items():
        database.execute("INSERT INTO lot (key, value) VALUES (?, ?)", (key.value, value))


def _controls(database: sqlite3.Connection, lot: MadeLot) -> None:
    for number, made in enumerate(lot.controls):
        signed = _text(FIRST_DAY + timedelta(days=lot.started + made.days + 12 * number))
        report = _report(lot, made, signed, number)
        _insert(
            database,
            "control",
            {
                "control_id": report.control_id,
                "schema_version": "1",
                "lot_uuid": lot.lot_id,
                "lot_name": lot.name,
                "design_json": json.dumps(report.design),
                "state": "decided",
                "decision_json": json.dumps(short_report(report)),
                "decided_by": "Élodie",
                "decided_utc": signed,
            },
        )
        _insert(database, "control_answer", {"answer_id": f"{lot.lot_id} {number}", "duration_s": 3600.0})


def _report(lot: MadeLot, made: MadeControl, signed: str, number: int) -> ControlReport:
    assessments = tuple(
        _assessment(dimension, by, value, made)
        for dimension, value in (("cs", made.cs), ("us", made.us))
        for by in ("area", "count")
    )
    error = FoundError(
        1, "OCSGE0000000001", ("cover",), "CS1.2.2", "CS2.2.1", "US1.1", "US1.1", 1.0, 0.0, 0.0
    )
    return ControlReport(
        control_id=str(uuid.uuid5(NAMESPACE, f"{lot.name} {number}")),
        lot={"name": lot.name, "lot_uuid": lot.lot_id, "assigned_to": lot.assigned_to},
        design=ControlDesign(size=made.units).to_dict(),
        strata=(),
        answers={
            "asked": made.units,
            "answered": made.units,
            "controllers": ["Élodie"],
            "duration_s": 3600.0,
        },
        conformity={"conform": True},
        assessments=assessments,
        agreements=(),
        errors=(error,) * made.errors,
        error_kinds={"cover": made.errors},
        decision=Decision(Verdict(made.verdict), "contract", (), signed_by="Élodie", signed_utc=signed),
        history=(),
        software_version="0",
    )


def _assessment(dimension: str, by: str, value: float, made: MadeControl) -> Assessment:
    low, high = max(value - 1.96 * made.error, 0.0), min(value + 1.96 * made.error, 1.0)
    overall = Estimate(value, made.error, low, high, made.units)
    return Assessment(dimension, 0, by, (), (), (), overall, {}, {}, {}, {}, {}, "stratified", "Cochran 1977")


def _remarks(database: sqlite3.Connection, lot: MadeLot) -> None:
    for number, (days, status, motive) in enumerate(lot.remarks):
        opened = FIRST_DAY + timedelta(days=lot.started)
        answered = None if days is None else _text(opened + timedelta(days=days))
        _insert(
            database,
            SIGNALEMENT.name,
            {
                "source": "https://remarks.example",
                "remote_id": f"{lot.name}-{number}",
                "opened_at": _text(opened),
                "text": "À revoir",
                "status": status,
                "answer_status": status if days is not None else None,
                "motive": motive,
                "answered_at": answered,
                "sent_at": answered,
                "outbox": "sent" if days is not None else "none",
            },
        )


def _insert(database: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    database.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(values.values()))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
