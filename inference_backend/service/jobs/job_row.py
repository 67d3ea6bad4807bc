# SPDX-License-Identifier: GPL-2.0-or-later
"""A job as a row: its columns, what a reader sees of it, and how an older table becomes today's."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inference_backend.contracts.service import JobDocument, JobStatus
from inference_backend.step_names import step_name

ANYONE = "local"
"""Owner of the jobs of a server with one token, OCSGE_TOKEN."""
_TABLE = """
CREATE TABLE IF NOT EXISTS job (
    job_id TEXT PRIMARY KEY,
    process_id TEXT NOT NULL,
    server_id TEXT NOT NULL,
    status TEXT NOT NULL,
    progress INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '',
    inputs TEXT NOT NULL,
    results TEXT NOT NULL DEFAULT '{}',
    error TEXT NOT NULL DEFAULT '{}',
    created TEXT NOT NULL,
    started TEXT,
    finished TEXT,
    updated TEXT NOT NULL
)
"""
_LATER_COLUMNS = {
    "owner": f"TEXT NOT NULL DEFAULT '{ANYONE}'",
    "asked": "TEXT NOT NULL DEFAULT '{}'",
    "attempts": "INTEGER NOT NULL DEFAULT 0",
    "best": "INTEGER NOT NULL DEFAULT 0",
}
_JSON_COLUMNS = ("inputs", "asked", "results", "error")


@dataclass(frozen=True)
class Job:
    """One row.

    Attributes:
        number: grows with every job; orders and pages the list.
        job_id: opaque.
        process_id: see `processes`.
        server_id: the server that takes care of it.
        status: where it stands.
        progress: 0..100.
        message: step in hand.
        inputs: as checked, paths absolute.
        created: ISO 8601, UTC; likewise `started`, `finished`, `updated`.
        owner: name of the token that sent it.
        asked: how the client wants its results, see `execute_request`.
        results: once successful.
        error: text per language and `kind`, once failed.
        attempts: times it was started without getting any further than before.
        best: furthest progress of all attempts, 0..100.
    """

    number: int
    job_id: str
    process_id: str
    server_id: str
    status: JobStatus
    progress: int
    message: str
    inputs: dict[str, Any]
    created: str
    updated: str
    owner: str = ANYONE
    asked: dict[str, Any] = field(default_factory=dict)
    started: str | None = None
    finished: str | None = None
    results: dict[str, Any] = field(default_factory=dict)
    error: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    best: int = 0

    def document(self, language: str) -> dict[str, Any]:
        """The standard's `statusInfo`, without links."""
        message = self.error.get(language, self.error.get("en", step_name(self.message, language)))
        document = JobDocument(self.job_id, self.process_id, self.status, self.progress, message).to_dict()
        times = {"created": self.created, "started": self.started, "finished": self.finished}
        document.update({name: value for name, value in times.items() if value})
        document["updated"] = self.updated
        return document


def prepare_table(connection: sqlite3.Connection) -> None:
    """Make the table, or add the columns that an older release did not have."""
    connection.execute(_TABLE)
    known = {row["name"] for row in connection.execute("PRAGMA table_info(job)")}
    for name, kind in _LATER_COLUMNS.items():
        if name not in known:
            connection.execute(f"ALTER TABLE job ADD COLUMN {name} {kind}")


def job_of(row: sqlite3.Row) -> Job:
    """A row of `SELECT rowid AS number, *` as a job."""
    values = dict(row)
    for name in _JSON_COLUMNS:
        values[name] = json.loads(values[name])
    values["status"] = JobStatus(values["status"])
    return Job(**values)


def timestamp(moment: datetime | None = None) -> str:
    """ISO 8601 in UTC with milliseconds, now by default; such texts sort as their moments do."""
    moment = (moment or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
