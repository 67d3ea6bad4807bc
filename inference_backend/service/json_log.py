# SPDX-License-Identifier: GPL-2.0-or-later
"""The server's log: one JSON object a line on standard error, from a list of allowed fields.

Headers, bodies and query strings are never logged, hence no token and no file name of a user.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

FIELDS = (
    "job",
    "process_id",
    "exit",
    "method",
    "path",
    "status",
    "ms",
    "log_id",
    "port",
    "reason",
    "account",
)


class JsonFormatter(logging.Formatter):
    """Level, time, event and the allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry: dict[str, object] = {"time": time, "level": record.levelname, "event": record.getMessage()}
        entry.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send the server's log to standard error, and nothing else there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name, lowest in (("ocsge.service", level), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(lowest)
        logger.propagate = False
