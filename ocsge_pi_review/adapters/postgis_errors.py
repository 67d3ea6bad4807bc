# SPDX-License-Identifier: GPL-2.0-or-later
"""What an error of PostgreSQL means to somebody who reviews."""

from __future__ import annotations

from typing import Any

from ocsge_pi_review.domain.errors import JournalError, NoRightError, ReviewError, StalePolygonError

_NO_RIGHT = "42501"
_TAKEN_ID = "23505"
_LOST_CLASSES = ("08", "57P")
"""Connection exceptions, and a server that shuts down or crashed."""


def is_lost(error: Any, connection: Any) -> bool:
    """Whether the connection is gone; psycopg2 notices some losses only by the absence of a code."""
    code = error.pgcode
    if connection is None or connection.closed:
        return True
    if code is None:
        return type(error).__name__ in ("OperationalError", "InterfaceError", "DatabaseError")
    return str(code).startswith(_LOST_CLASSES)


def is_refusal(reason: str) -> bool:
    """Whether a server answered and refused; psycopg2 gives no code here, and the words may be translated."""
    return "FATAL" in reason or "fe_sendauth" in reason


def translated(error: Any, driver: Any, label: str, account: str) -> ReviewError:
    """The review's own error for what the server refused."""
    reason = (str(error).strip().splitlines() or [""])[0]
    if error.pgcode == _NO_RIGHT:
        return NoRightError(label=label, account=account, reason=reason, path=label)
    if error.pgcode == _TAKEN_ID:
        return StalePolygonError(id=reason)
    return JournalError(path=label, reason=reason)
