# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygon ids as numbers: letters, then digits, always as many."""

from __future__ import annotations

import re
from collections.abc import Iterable

FIRST = "OCSGE0000000000"
_PARTS = re.compile(r"^(.*?)(\d+)$", re.DOTALL)


def number_of(polygon_id: str) -> int:
    """The number at an id's end; 0 without one."""
    match = _PARTS.match(polygon_id)
    return int(match.group(2)) if match else 0


def with_number(polygon_id: str, number: int) -> str:
    """An id of the same form with another number."""
    match = _PARTS.match(polygon_id)
    prefix, digits = match.groups() if match else (polygon_id, "0" * 10)
    return f"{prefix}{number:0{len(digits)}d}"


def highest_number(polygon_id: str) -> int:
    """The highest number that ids of this form can have."""
    match = _PARTS.match(polygon_id)
    return int("9" * (len(match.group(2)) if match else 10))


def highest_id(polygon_ids: Iterable[str]) -> str:
    """The id with the greatest number."""
    return max(polygon_ids, key=number_of, default=FIRST)
