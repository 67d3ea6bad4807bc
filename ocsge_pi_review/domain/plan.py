# SPDX-License-Identifier: GPL-2.0-or-later
"""A gesture thought through but not made: what a preview shows and what a click then writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.domain.patch import Patch, PolygonRow

NEW_ID = "+{}"
"""Ids of new polygons in a plan: real ones are asked for when it is made, not at each move of the mouse."""


@dataclass(frozen=True)
class Plan:
    """What a gesture would do.

    Attributes:
        operation: its name in the journal.
        patch: rows before and after; new ones with ids of `new_ids`.
        settles: polygons whose items it decides, as their codes then are.
        front: polygon that stands in front afterwards, None for the one that does now.
    """

    operation: Operation
    patch: Patch
    settles: tuple[str, ...] = ()
    front: str | None = None

    @property
    def shown(self) -> tuple[PolygonRow, ...]:
        """Rows afterwards that a preview shows: those whose ground or codes change."""
        untouched = {row.id for row in self.patch.before} - {row.id for row in self.patch.touched}
        return tuple(row for row in self.patch.after if row.id not in untouched)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Ids of the new rows."""
        known = {row.id for row in self.patch.before}
        return tuple(row.id for row in self.patch.after if row.id not in known)

    def with_ids(self, ids: Mapping[str, str]) -> Plan:
        """The same with real ids for placeholders."""
        after = tuple(replace(row, id=ids.get(row.id, row.id)) for row in self.patch.after)
        front = None if self.front is None else ids.get(self.front, self.front)
        return replace(self, patch=Patch(self.patch.before, after), front=front)


def new_ids() -> Callable[[], str]:
    """Gives another placeholder at each call."""
    count = 0

    def next_id() -> str:
        nonlocal count
        count += 1
        return NEW_ID.format(count)

    return next_id
