# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a control out of the tables of its lot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from inference_backend.contracts.control import (
    CONTROL,
    CONTROL_ANSWER,
    CONTROL_SAMPLE,
    AnswerRole,
    ControlDesign,
    ControlState,
    Stratum,
)
from inference_backend.contracts.fingerprint import row_fingerprint, to_text
from inference_backend.control.errors import ControlError
from inference_backend.control.lot_source import LotTables, open_tables
from inference_backend.control.population import population_fingerprint
from inference_backend.control.types import Answer, Control, DrawnUnit
from inference_backend.postgis.address import LotAddress

CONTROLLERS_KEY = "controllers"
"""Key of `design_json` beside those of ControlDesign: names of the controllers, the first one first."""
DIVIDED_KEY = "divided"
"""Key of `design_json`: whether the units are shared out among all controllers."""


def read_control(
    lot: str | Path | LotAddress, control_id: str | None = None, *, check: bool = False
) -> Control:
    """A control of a lot with its units and answers.

    Args:
        lot: a GeoPackage, or the address of a lot in PostGIS.
        control_id: which; the latest that was not cancelled by default.
        check: whether to look for polygons that changed after the draw, which reads all of the lot.

    Raises:
        ControlError: it has no such control, or what is there cannot be understood.
        LotFileError, ConfigError: no lot there.
    """
    with open_tables(lot) as tables:
        return control_of(tables, control_id, check=check)


def control_of(tables: LotTables, control_id: str | None = None, *, check: bool = False) -> Control:
    """The same of an open lot."""
    found = [row for row in control_rows(tables) if control_id in (None, row["control_id"])]
    usable = [row for row in found if row["state"] != ControlState.CANCELLED.value or control_id]
    if not usable:
        raise no_control(tables.label)
    try:
        control = _control(tables, usable[-1])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(tables.label, error) from error
    return _checked(tables, control) if check else control


def _checked(tables: LotTables, control: Control) -> Control:
    """The same, with what changed since the draw."""
    drawn = {unit.polygon_id: unit.fingerprint for unit in control.units}
    found = dict.fromkeys(drawn, "")
    for polygon_id, attributes, wkb in tables.polygon_rows(tables.fids_of(drawn)):
        found[polygon_id] = to_text(row_fingerprint(polygon_id, attributes, wkb))
    changed = tuple(sorted(name for name, print_ in drawn.items() if found[name] != print_))
    if not control.fingerprint:
        return replace(control, changed=changed)
    is_other = population_fingerprint(tables, control.fingerprint) != control.fingerprint
    return replace(control, changed=changed, population_changed=is_other)


def control_rows(tables: LotTables) -> list[dict[str, Any]]:
    """Rows of the table `control`, the oldest first; none where the lot is older than controls."""
    if not set(CONTROL.column_names) <= set(tables.columns(CONTROL.name)):
        return []
    names = CONTROL.column_names
    rows = tables.select(f"SELECT {_listed(names)} FROM {{control}} ORDER BY created_utc, fid")  # nosec B608
    return [dict(zip(names, row, strict=True)) for row in rows]


def _control(tables: LotTables, row: dict[str, Any]) -> Control:
    design = json.loads(row["design_json"])
    return Control(
        control_id=row["control_id"],
        lot_uuid=row["lot_uuid"] or "",
        lot_name=row["lot_name"] or "",
        label=tables.label,
        created_utc=row["created_utc"] or "",
        created_by=row["created_by"] or "",
        software_version=row["software_version"] or "",
        design=ControlDesign.from_dict(design),
        controllers=tuple(design.get(CONTROLLERS_KEY, ())),
        strata=tuple(Stratum(**stratum) for stratum in json.loads(row["population_json"] or "[]")),
        fingerprint=row["lot_fingerprint"] or "",
        state=ControlState(row["state"]),
        decision=json.loads(row["decision_json"]) if row["decision_json"] else None,
        decided_by=row["decided_by"] or "",
        decided_utc=row["decided_utc"] or "",
        units=tuple(_units(tables, row["control_id"])),
    )


def _units(tables: LotTables, control_id: str) -> Iterator[DrawnUnit]:
    answers: dict[int, dict[AnswerRole, Answer]] = {}
    for answer in _answers(tables, control_id):
        answers.setdefault(answer.sample_id, {})[answer.role] = answer
    names = CONTROL_SAMPLE.column_names
    query = f"SELECT {_listed(names)} FROM {{control_sample}} WHERE control_id = ? ORDER BY sample_id"  # nosec B608
    for row in tables.select(query, (control_id,)):
        value = dict(zip(names, row, strict=True))
        yield DrawnUnit(
            sample_id=int(value["sample_id"]),
            polygon_id=value["polygon_id"],
            fingerprint=value["fingerprint"] or "",
            stratum=value["stratum"],
            probability=float(value["inclusion_probability"]),
            area_m2=float(value["area_m2"]),
            map_cs=value["map_cs"] or "",
            map_us=value["map_us"] or "",
            x=float(value["x"]),
            y=float(value["y"]),
            second_opinion=bool(value["second_opinion"]),
            place=value["place"],
            answers=answers.get(int(value["sample_id"]), {}),
        )


def _answers(tables: LotTables, control_id: str) -> Iterator[Answer]:
    names = CONTROL_ANSWER.column_names
    query = (
        f"SELECT {_listed(names)} FROM {{control_answer}} WHERE control_id = ? AND in_force = 1 "  # nosec B608
        "ORDER BY decided_at, fid"
    )
    for row in tables.select(query, (control_id,)):
        value = dict(zip(names, row, strict=True))
        yield Answer(
            answer_id=value["answer_id"],
            sample_id=int(value["sample_id"]),
            controller=value["controller"] or "",
            role=AnswerRole(value["role"]),
            control_cs=value["control_cs"] or None,
            control_us=value["control_us"] or None,
            kinds=tuple(kind for kind in (value["kinds"] or "").split(",") if kind),
            comment=value["comment"] or "",
            decided_at=value["decided_at"] or "",
            duration_s=float(value["duration_s"] or 0.0),
        )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def no_control(label: str) -> ControlError:
    """The lot was never sampled, or its controls were cancelled."""
    return ControlError(
        path=label,
        problem_en="has no such control",
        problem_fr="ce lot n'a pas ce contrôle",
        remedy_en="Draw a sample first: ocsge control sample.",
        remedy_fr="Tirez d'abord un échantillon : ocsge control sample.",
    )


def _unreadable(label: str, error: Exception) -> ControlError:
    return ControlError(
        path=label,
        problem_en=f"its control cannot be understood ({error!r})",
        problem_fr=f"son contrôle est incompréhensible ({error!r})",
        remedy_en="Restore a copy of the lot, or draw a new sample (ocsge control sample --replace).",
        remedy_fr="Rétablissez une copie du lot, ou tirez un nouvel échantillon "
        "(ocsge control sample --replace).",
    )
