# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs as rows of one SQLite file: what a client asks about survives the server."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from inference_backend.contracts.service import JobStatus
from inference_backend.service.jobs.job_query import JobQuery
from inference_backend.service.jobs.job_row import ANYONE, Job, job_of, prepare_table, timestamp

BUSY_TIMEOUT_S = 10.0
OPEN_STATES = (JobStatus.ACCEPTED, JobStatus.RUNNING)
_SELECT = "SELECT rowid AS number, * FROM job "


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
            self._connection.execute("BEGIN IMMEDIATE")  # two servers may start at once on an old table
            prepare_table(self._connection)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def add(
        self,
        process_id: str,
        inputs: dict[str, Any],
        server_id: str,
        *,
        owner: str = ANYONE,
        asked: dict[str, Any] | None = None,
        job_id: str = "",
    ) -> Job:
        """A new row with status `accepted`."""
        now = timestamp()
        job_id = job_id or str(uuid.uuid4())
        values = (
            job_id,
            process_id,
            server_id,
            JobStatus.ACCEPTED.value,
            json.dumps(inputs),
            now,
            now,
            owner,
            json.dumps(asked or {}),
        )
        with self._lock, self._connection:
            self._connection.execute(
                "INSERT INTO job (job_id, process_id, server_id, status, inputs, created, updated, owner, "
                "asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        job = self.get(job_id)
        if job is None:
            raise sqlite3.DatabaseError(f"job {job_id} was written but cannot be read")
        return job

    def get(self, job_id: str) -> Job | None:
        """One row, None where there is none."""
        rows = self._rows(_SELECT + "WHERE job_id = ?", (job_id,))
        return rows[0] if rows else None

    def find(self, query: JobQuery) -> list[Job]:
        """Rows that pass the filters, newest first."""
        return self._rows(*query.sql(timestamp()))

    def unfinished(self, owner: str | None = None) -> list[Job]:
        """Rows that say accepted or running, oldest first; of everybody where no owner is given."""
        marks = tuple(state.value for state in OPEN_STATES)
        rows = self._rows(_SELECT + "WHERE status IN (?, ?) ORDER BY rowid", marks)
        return [job for job in rows if owner is None or job.owner == owner]

    def ids(self) -> set[str]:
        """Every job's id."""
        with self._lock:
            return {row["job_id"] for row in self._connection.execute("SELECT job_id FROM job")}

    def adopt(self, job: Job, server_id: str) -> bool:
        """Take an unfinished job over from a dead server; False where another server was faster."""
        with self._lock, self._connection:
            cursor = self._connection.execute(
                "UPDATE job SET server_id = ?, status = ?, updated = ? "
                "WHERE job_id = ? AND server_id = ? AND status IN (?, ?)",
                (
                    server_id,
                    JobStatus.ACCEPTED.value,
                    timestamp(),
                    job.job_id,
                    job.server_id,
                    *(state.value for state in OPEN_STATES),
                ),
            )
        return cursor.rowcount == 1

    def start(self, job_id: str) -> bool:
        """From accepted to running, one attempt more; False where it was dismissed meanwhile."""
        with self._lock, self._connection:
            now = timestamp()
            cursor = self._connection.execute(
                "UPDATE job SET status = ?, started = COALESCE(started, ?), updated = ?, "
                "attempts = attempts + 1 WHERE job_id = ? AND status = ?",
                (JobStatus.RUNNING.value, now, now, job_id, JobStatus.ACCEPTED.value),
            )
        return cursor.rowcount == 1

    def report(self, job_id: str, progress: int, message: str) -> bool:
        """Progress of a running job; getting further than ever makes earlier attempts forgotten.

        Returns:
            False where the job does not run any more.
        """
        with self._lock, self._connection:
            cursor = self._connection.execute(
                "UPDATE job SET progress = :progress, message = :message, updated = :now, "
                "attempts = CASE WHEN :progress > best THEN 1 ELSE attempts END, best = MAX(best, :progress) "
                "WHERE job_id = :job_id AND status = :running",
                {
                    "progress": progress,
                    "message": message,
                    "now": timestamp(),
                    "job_id": job_id,
                    "running": JobStatus.RUNNING.value,
                },
            )
        return cursor.rowcount == 1

    def queue_again(self, job_id: str) -> bool:
        """From running back to accepted: its worker or its server ended before it did."""
        return self._move(job_id, (JobStatus.RUNNING,), status=JobStatus.ACCEPTED.value)

    def succeed(self, job_id: str, results: dict[str, Any]) -> bool:
        """From running to successful."""
        return self._move(
            job_id,
            (JobStatus.RUNNING,),
            status=JobStatus.SUCCESSFUL.value,
            progress=100,
            results=json.dumps(results),
            finished=timestamp(),
        )

    def fail(self, job_id: str, error: dict[str, str]) -> bool:
        """Accepted or running to failed; `error` holds a text per language."""
        return self._move(
            job_id,
            OPEN_STATES,
            status=JobStatus.FAILED.value,
            error=json.dumps(error),
            finished=timestamp(),
        )

    def dismiss(self, job_id: str) -> bool:
        """Accepted or running to dismissed."""
        return self._move(job_id, OPEN_STATES, status=JobStatus.DISMISSED.value, finished=timestamp())

    def forget(self, job_id: str) -> None:
        """Remove the row of a job that has ended."""
        marks = ", ".join("?" * len(OPEN_STATES))
        with self._lock, self._connection:
            self._connection.execute(
                f"DELETE FROM job WHERE job_id = ? AND status NOT IN ({marks})",  # nosec B608 - only marks
                (job_id, *(state.value for state in OPEN_STATES)),
            )

    def ended_before(self, days: float) -> list[Job]:
        """Jobs that ended more than so many days ago."""
        limit = timestamp(datetime.now(UTC) - timedelta(days=days))
        return self._rows(_SELECT + "WHERE finished < ?", (limit,))

    def _rows(self, statement: str, values: Any) -> list[Job]:
        with self._lock:
            rows = self._connection.execute(statement, values).fetchall()
        return [job_of(row) for row in rows]

    def _move(self, job_id: str, before: Iterable[JobStatus], **values: object) -> bool:
        """Change columns where the status is one of `before`, in one statement: no two ends of one job."""
        states = [state.value for state in before]
        columns = ", ".join(f"{name} = ?" for name in (*values, "updated"))
        marks = ", ".join("?" * len(states))
        with self._lock, self._connection:
            cursor = self._connection.execute(
                f"UPDATE job SET {columns} WHERE job_id = ? AND status IN ({marks})",  # nosec B608 - our own names
                (*values.values(), timestamp(), job_id, *states),
            )
        return cursor.rowcount == 1
