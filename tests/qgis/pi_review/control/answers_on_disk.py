# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of a control file as another program reads them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ocsge_pi_review.adapters import gpkg


def answers(path: Path) -> list[sqlite3.Row]:
    """Rows of `control_answer` in the order in which they were written."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return database.execute("SELECT * FROM control_answer ORDER BY rowid").fetchall()


def in_force(path: Path) -> dict[int, tuple[str | None, str | None]]:
    """Cover and use by unit."""
    rows = [row for row in answers(path) if row["in_force"]]
    assert len({row["sample_id"] for row in rows}) == len(rows), "one answer of a unit counts"
    return {row["sample_id"]: (row["control_cs"], row["control_us"]) for row in rows}


def execute(path: Path, *statements: str) -> None:
    """Change a file behind the plugin's back."""
    with closing(gpkg.connect(path)) as database:
        database.set_authorizer(None)
        for statement in statements:
            database.execute(statement)
