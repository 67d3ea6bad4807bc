# SPDX-License-Identifier: GPL-2.0-or-later
"""The query parameters of lists, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from inference_backend.contracts.service import JobStatus
from inference_backend.service.jobs.job_query import JobQuery
from inference_backend.service.jobs.job_row import timestamp
from inference_backend.service.web.api_errors import BadParameterError

Query = Mapping[str, list[str]]
DEFAULT_LIMIT, MOST_LIMIT = 50, 10_000
MOST_NUMBER = 2**53
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def limit_of(query: Query) -> int:
    """`limit`; by default more than there are processes, so that a list of them is whole."""
    return _whole(query, "limit", 1, MOST_LIMIT) or DEFAULT_LIMIT


def job_query(query: Query, owner: str) -> JobQuery:
    """The filters of the job list.

    Raises:
        BadParameterError: a value that is none.
    """
    since, until = _interval(query)
    known = [status.value for status in JobStatus]
    statuses = tuple(_values(query, "status"))
    if not set(statuses) <= set(known):
        raise _bad("status", " / ".join(known))
    return JobQuery(
        owner,
        process_ids=tuple(_values(query, "processID")),
        statuses=statuses,
        since=since,
        until=until,
        min_duration_s=_whole(query, "minDuration", 0, MOST_NUMBER),
        max_duration_s=_whole(query, "maxDuration", 0, MOST_NUMBER),
        before=_whole(query, "before", 0, MOST_NUMBER),
        limit=limit_of(query),
    )


def wants_processes(query: Query) -> bool:
    """Whether `type` lets jobs of processes through; there are no others here."""
    types = _values(query, "type")
    return not types or "process" in types


def _values(query: Query, name: str) -> list[str]:
    """Repeated, or separated by commas."""
    return [part for value in query.get(name, ()) for part in value.split(",") if part]


def _whole(query: Query, name: str, least: int, most: int) -> int | None:
    values = query.get(name, [])
    if not values:
        return None
    text = values[-1]
    if not re.fullmatch(r"[0-9]{1,16}", text) or not least <= int(text) <= most:
        raise _bad(name, f"{least} … {most}")
    return int(text)


def _interval(query: Query) -> tuple[str, str]:
    values = query.get("datetime", [])
    if not values:
        return "", ""
    start, slash, end = values[-1].partition("/")
    if not slash:
        return _moment(start), _moment(start)
    if start in ("", "..") and end in ("", ".."):
        raise _bad_moment()
    since = "" if start in ("", "..") else _moment(start)
    return since, "" if end in ("", "..") else _moment(end)


def _moment(text: str) -> str:
    # A plus sign in an address is a blank unless it was escaped, which many forget.
    text = text.replace(" ", "+")
    if not _MOMENT.fullmatch(text):
        raise _bad_moment()
    try:
        return timestamp(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise _bad_moment() from error


def _bad_moment() -> BadParameterError:
    return _bad("datetime", "2026-11-20T08:00:00Z, 2026-11-20T08:00:00Z/..")


def _bad(name: str, expected: str) -> BadParameterError:
    return BadParameterError(name=name, expected_en=expected, expected_fr=expected)
