# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may do what in a shared lot: interpreters decide, controllers also keep the control sample."""

from __future__ import annotations

from typing import Any

from psycopg2 import sql

from inference_backend.contracts.control import CONTROL_TABLES
from inference_backend.contracts.lot import EDIT_JOURNAL, LOT, OCCUPATION_SOL, REVIEW_ITEM
from inference_backend.contracts.signalement import SIGNALEMENT
from inference_backend.postgis.tables import SEQUENCE

INTERPRETERS = "ocsge_interpreter"
CONTROLLERS = "ocsge_controller"
_DECIDED = (
    "state", "decision_cs", "decision_us", "operator", "decided_at", "duration_s", "comment", "sketch",
    "answer", "holder", "held_until",
)  # fmt: skip
"""What a review writes into an item; order, reasons and proposal stay as they were made."""


def ensure_role(cursor: Any, role: str) -> None:
    """Create a group of accounts where it is missing; accounts join it with `GRANT group TO account`."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))


def grant(cursor: Any, schema: str, interpreters: str, controllers: str) -> None:
    """Give two groups what they need in a lot and no more: nobody takes a journal row away.

    Args:
        cursor: of the owner of the schema.
        schema: the lot's.
        interpreters: group that reviews.
        controllers: group that reviews and controls.
    """
    decided = ", ".join(_DECIDED)
    for role in (interpreters, controllers):
        _run(cursor, "GRANT USAGE ON SCHEMA {schema} TO {role}", schema, role)
        _run(cursor, "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}", schema, role)
        _run(cursor, "GRANT USAGE, SELECT ON SEQUENCE {table} TO {role}", schema, role, SEQUENCE)
        _run(cursor, "GRANT INSERT, UPDATE, DELETE ON {table} TO {role}", schema, role, OCCUPATION_SOL.name)
        _run(cursor, f"GRANT UPDATE ({decided}) ON {{table}} TO {{role}}", schema, role, REVIEW_ITEM.name)
        _run(cursor, "GRANT INSERT, UPDATE (in_force) ON {table} TO {role}", schema, role, EDIT_JOURNAL.name)
        _run(cursor, "GRANT INSERT, UPDATE ON {table} TO {role}", schema, role, LOT.name)
        _run(cursor, "GRANT INSERT, UPDATE ON {table} TO {role}", schema, role, SIGNALEMENT.name)
    # What a rejected lot sends back goes to the top of the queue, polygons without an item included.
    sent_back = "GRANT INSERT, UPDATE (rank, reasons) ON {table} TO {role}"
    _run(cursor, sent_back, schema, controllers, REVIEW_ITEM.name)
    rights = "GRANT INSERT, UPDATE, DELETE ON {table} TO {role}"
    for table in CONTROL_TABLES:
        _run(cursor, rights, schema, controllers, table.name)


def _run(cursor: Any, statement: str, schema: str, role: str, table: str = "") -> None:
    names = {
        "schema": sql.Identifier(schema),
        "role": sql.Identifier(role),
        "table": sql.Identifier(schema, table or schema),
    }
    cursor.execute(sql.SQL(statement).format(**names))
