# SPDX-License-Identifier: GPL-2.0-or-later
"""What client and service say to each other: addresses, job documents, handshake.

Follows OGC API Processes 1.0. A local service is started as a process; its first line on standard output is
the handshake, one JSON object, and the token reaches it through the environment, never through arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

API_VERSION = "1"
TOKEN_ENVIRONMENT = "OCSGE_TOKEN"
PATH_LANDING = "/"
PATH_PROCESSES = "/processes"
PATH_PROCESS = "/processes/{process_id}"
PATH_EXECUTION = "/processes/{process_id}/execution"
PATH_FILES = "/files"
PATH_FILE = "/files/{name}"
PATH_JOBS = "/jobs"
PATH_JOB = "/jobs/{job_id}"
PATH_RESULTS = "/jobs/{job_id}/results"


class JobStatus(str, Enum):
    """Status of a job, spelled as the standard does."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    DISMISSED = "dismissed"

    @property
    def is_final(self) -> bool:
        """Whether the job will not change any more."""
        return self in (JobStatus.SUCCESSFUL, JobStatus.FAILED, JobStatus.DISMISSED)


@dataclass(frozen=True)
class Handshake:
    """First line of a local service."""

    port: int
    version: str
    api: str = API_VERSION


@dataclass(frozen=True)
class JobDocument:
    """State of a job as both sides see it.

    Attributes:
        job_id: opaque identifier.
        process_id: `predict`, `postprocess`, `run`, `check`.
        status: see `JobStatus`.
        progress: 0..100.
        message: text for the user in the language asked for, never a traceback.
        results: output name to file path or value, once successful.
    """

    job_id: str
    process_id: str
    status: JobStatus
    progress: int = 0
    message: str = ""
    results: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Form of the standard's `statusInfo`."""
        return {
            "type": "process",
            "jobID": self.job_id,
            "processID": self.process_id,
            "status": self.status.value,
            "progress": self.progress,
            "message": self.message,
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> JobDocument:
        """Read a `statusInfo`.

        Raises:
            ValueError: not a status document.
        """
        try:
            return cls(
                str(raw["jobID"]),
                str(raw.get("processID", "")),
                JobStatus(raw["status"]),
                int(raw.get("progress", 0)),
                str(raw.get("message", "")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a job document: {error!r}") from error
