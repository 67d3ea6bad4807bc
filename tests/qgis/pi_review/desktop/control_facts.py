# SPDX-License-Identifier: GPL-2.0-or-later
"""What a lot under control holds, and what people of a story will say of its units."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

BLIND = ("polygon_id", "fingerprint", "stratum", "inclusion_probability", "area_m2", "map_cs", "map_us")
DIFFERENT = {"CS2.2.1": "CS2.1.3"}
"""What Didier takes a meadow for; anything else is a meadow to him."""
OTHER = "CS2.2.1"
COMMENT = "limite <b>trop au nord</b> de 12 m"


def select(lot: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a GeoPackage."""
    with closing(sqlite3.connect(lot)) as database:
        return database.execute(statement, values).fetchall()


def lot_value(lot: Path, key: str) -> str:
    """A value of the table `lot`."""
    return str(select(lot, "SELECT value FROM lot WHERE key = ?", key)[0][0])


def latest_control(lot: Path) -> str:
    """Id of the control that was drawn last."""
    return str(select(lot, "SELECT control_id FROM control ORDER BY created_utc DESC LIMIT 1")[0][0])


def own_km2(lot: Path) -> float:
    """Surface of the lot's own polygons."""
    return float(select(lot, "SELECT sum(area_m2) FROM occupation_sol WHERE margin_of IS NULL")[0][0]) / 1e6


def coverage(lot: Path) -> list[tuple[Any, ...]]:
    """Every polygon with its codes and outline."""
    return select(lot, "SELECT id, code_cs, code_us, geom FROM occupation_sol ORDER BY id")


def items_to_redo(lot: Path) -> dict[str, str]:
    """By polygon, what the interpreter will read."""
    return dict(select(lot, "SELECT polygon_id, answer FROM review_item WHERE state = 'redo'"))


def delivered(lot: Path) -> dict[int, tuple[str, str, str]]:
    """By unit of the latest control: polygon and delivered codes."""
    statement = "SELECT sample_id, polygon_id, map_cs, map_us FROM control_sample WHERE control_id = ?"
    return {row[0]: row[1:] for row in select(lot, statement, latest_control(lot))}


def require_blind(control_file: Path) -> list[int]:
    """Units of a control file, once it was seen that it has nothing that tells the delivered codes.

    Raises:
        AssertionError: it has.
    """
    told = select(control_file, f"SELECT sample_id, {', '.join(BLIND)} FROM control_sample ORDER BY 1")
    if any(value is not None for row in told for value in row[1:]):
        raise AssertionError(f"{control_file} tells what was delivered")
    tables = {name for (name,) in select(control_file, "SELECT table_name FROM gpkg_contents")}
    if tables & {"occupation_sol", "review_item", "edit_journal"}:
        raise AssertionError(f"{control_file}: {tables}")
    return [row[0] for row in told]


def answers_of(
    lot: Path, truth: dict[str, list[str]], units: list[int], *, differs: int = 0, remarks: bool = False
) -> dict[int, dict[str, object]]:
    """What a controller says of each unit: the truth.

    Args:
        lot: under control.
        truth: cover and use by polygon.
        units: of the controller's file.
        differs: so many units are taken for something else.
        remarks: the use of one unit cannot be said, the outline of another is wrong.
    """
    drawn = delivered(lot)
    told: dict[int, dict[str, object]] = {}
    for place, unit in enumerate(units):
        cover, use = truth[drawn[unit][0]]
        if place < differs:
            cover = DIFFERENT.get(cover, OTHER)
        told[unit] = {"cs": cover, "us": use, "kinds": [], "comment": ""}
    if remarks:
        told[units[1]]["us"] = ""
        told[units[2]] |= {"kinds": ["geometry"], "comment": COMMENT}
    return told


def figures(report: Path) -> dict[str, Any]:
    """Verdict, failed conditions and overall shares of a decision."""
    found = json.loads(report.read_text(encoding="utf-8"))
    overall = {
        f"{one['dimension']} {one['by']}": [one["overall"][end] for end in ("low", "value", "high")]
        for one in found["assessments"]
        if one["level"] == 0
    }
    failed = [test for test in found["decision"]["tests"] if test["passed"] is False]
    return {
        "verdict": found["decision"]["verdict"],
        "signed_by": found["decision"]["signed_by"],
        "failed": [[test["name"], test["subject"], test["found"], test["required"]] for test in failed],
        "overall": overall,
        "errors": len(found["errors"]),
        "agreements": found["agreements"],
        "unsaid": [found["answers"]["cannot_say_cs"], found["answers"]["cannot_say_us"]],
        "answered": found["answers"]["answered"],
    }
