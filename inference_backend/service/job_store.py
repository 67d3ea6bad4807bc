# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs as rows of one SQLite file: what a client asks about survives the server."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inference_backend.contracts.service import JobDocument, JobStatus
from inference_backend.step_names import step_name

_SCHEMA = """
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
BUSY_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Job:
    """One row.

    Attributes:
        job_id: opaque.
        process_id: see `processes`.
        server_id: the server that took it.
        status: where it stands.
        progress: 0..100.
        message: step in hand.
        inputs: as checked, paths absolute.
        results: once successful.
        error: text per language, once failed.
        created: ISO 8601, UTC; likewise `started`, `finished`, `updated`.
    """

    job_id: str
    process_id: str
    server_id: str
    status: JobStatus
    progress: int
    message: str
    inputs: dict[str, Any]
    created: str
    updated: str
    started: str | None = None
    finished: str | None = None
    results: dict[str, Any] = field(default_factory=dict)
    error: dict[str, str] = field(default_factory=dict)

    def document(self, language: str) -> dict[str, Any]:
        """The standard's `statusInfo`, without links."""
        message = self.error.get(language, self.error.get("en", step_name(self.message, language)))
        document = JobDocument(self.job_id, self.process_id, self.status, self.progress, message).to_dict()
        times = {"created": self.created, "started": self.started, "finished": self.finished}
        document.update({name: value for name, value in times.items() if value})
        document["updated"] = self.updated
        return document


class JobStore:
    """The table of jobs; safe for several threads and for several servers on one file."""

    def __init__(self, path: Path) -> None:
        # Names of files and results are nobody else's business.
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        with self._lock, self._connection:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def add(self, process_id: str, inputs: dict[str, Any], server_id: str) -> Job:
        """A new row with status `accepted`."""
        now = _now()
        job_id = str(uuid.uuid4())
        with self._lock, self._connection:
            self._connection.execute(
                "INSERT INTO job (job_id, process_id, server_id, status, inputs, created, updated) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (job_id, process_id, server_id, JobStatus.ACCEPTED.value, json.dumps(inputs), now, now),
            )
        job = self.get(job_id)
        if job is None:
            raise sqlite3.DatabaseError(f"job {job_id} was written but cannot be read")
        return job

    def get(self, job_id: str) -> Job | None:
        """One row, None where there is none."""
        with self._lock:
            row = self._connection.execute("SELECT * FROM job WHERE job_id = ?", (job_id,)).fetchone()
        return None if row is None else _job(row)

    def latest(self, limit: int) -> list[Job]:
        """The latest rows, newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT * FROM job ORDER BY created DESC, rowid DESC LIMIT ?", (limit,)
            ).fetchall()
        return [_job(row) for row in rows]

    def unfinished(self) -> list[Job]:
        """Rows that say accepted or running."""
        open_states = (JobStatus.ACCEPTED.value, JobStatus.RUNNING.value)
        with self._lock:
            rows = self._connection.execute(
                "SELECT * FROM job WHERE status IN (?, ?)", open_states
            ).fetchall()
        return [_job(row) for row in rows]

    def start(self, job_id: str) -> bool:
        """From accepted to running; False where it was dismissed meanwhile."""
        return self._move(job_id, (JobStatus.ACCEPTED,), status=JobStatus.RUNNING.value, started=_now())

    def report(self, job_id: str, progress: int, message: str) -> None:
        """Progress of a running job."""
        self._move(job_id, (JobStatus.RUNNING,), progress=progress, message=message)

    def succeed(self, job_id: str, results: dict[str, Any]) -> bool:
        """From running to successful."""
        return self._move(
            job_id,
            (JobStatus.RUNNING,),
            status=JobStatus.SUCCESSFUL.value,
            progress=100,
            results=json.dumps(results),
            finished=_now(),
        )

    def fail(self, job_id: str, error: dict[str, str]) -> bool:
        """Accepted or running to failed; `error` holds a text per language."""
        return self._move(
            job_id,
            (JobStatus.ACCEPTED, JobStatus.RUNNING),
            status=JobStatus.FAILED.value,
            error=json.dumps(error),
            finished=_now(),
        )

    def dismiss(self, job_id: str) -> bool:
        """Accepted or running to dismissed."""
        return self._move(
            job_id,
            (JobStatus.ACCEPTED, JobStatus.RUNNING),
            status=JobStatus.DISMISSED.value,
            finished=_now(),
        )

    def _move(self, job_id: str, before: Iterable[JobStatus], **values: object) -> bool:
        """Change columns where the status is one of `before`, in one statement: no two ends of one job."""
        states = [state.value for state in before]
        columns = ", ".join(f"{name} = ?" for name in (*values, "updated"))
        marks = ", ".join("?" * len(states))
        with self._lock, self._connection:
            cursor = self._connection.execute(
                f"UPDATE job SET {columns} WHERE job_id = ? AND status IN ({marks})",  # nosec B608 - our own names
                (*values.values(), _now(), job_id, *states),
            )
        return cursor.rowcount == 1


def _job(row: sqlite3.Row) -> Job:
    values = dict(row)
    for name in ("inputs", "results", "error"):
        values[name] = json.loads(values[name])
    values["status"] = JobStatus(values["status"])
    return Job(**values)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
