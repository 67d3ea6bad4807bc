# SPDX-License-Identifier: GPL-2.0-or-later
"""Edits looked at a second time: a line per journal row, filters, and what stands against taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inference_backend.contracts.lot import Operation, Reason
from ocsge_pi_review.domain.edit_errors import EditTakenBackError, EditTouchedSinceError
from ocsge_pi_review.domain.journal import TURNS, JournalRow
from ocsge_pi_review.domain.patch import PolygonRow, same_row


@dataclass(frozen=True)
class Edit:
    """One journal row without its polygons; see `contracts.lot.EDIT_JOURNAL`."""

    seq: int
    gesture_id: str
    time_utc: str
    operator: str
    operation: Operation
    item_id: int | None
    duration_s: float
    reasons: tuple[str, ...]
    changed_m2: float
    is_in_force: bool


@dataclass(frozen=True)
class EditFilter:
    """Conditions that must all hold; an empty tuple and None ask for nothing.

    Attributes:
        operators: made by one of these.
        operations: one of these.
        reasons: at least one of these among the item's.
        since: not before, ISO 8601, UTC.
        until: before, ISO 8601, UTC.
        in_force_only: leaves out what was taken back, and the undos and redos themselves.
        changes_only: leaves out what moved no border and changed no code.
    """

    operators: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    reasons: tuple[Reason, ...] = ()
    since: str | None = None
    until: str | None = None
    in_force_only: bool = True
    changes_only: bool = False


@dataclass(frozen=True)
class PolygonChange:
    """What an edit did to one polygon; None on the side where it is not there."""

    polygon_id: str
    before: PolygonRow | None
    after: PolygonRow | None

    @property
    def changes_codes(self) -> bool:
        """Whether cover or use differs."""
        if self.before is None or self.after is None:
            return True
        return (self.before.cs, self.before.us) != (self.after.cs, self.after.us)

    @property
    def changes_outline(self) -> bool:
        """Whether the geometry differs, new vertices on an unmoved border included."""
        return self.before is None or self.after is None or self.before.wkb != self.after.wkb


def polygon_changes(row: JournalRow) -> list[PolygonChange]:
    """Polygon by polygon, those whose codes changed first."""
    before = {found.id: found for found in row.gesture.patch.before}
    after = {found.id: found for found in row.gesture.patch.after}
    found = [PolygonChange(name, before.get(name), after.get(name)) for name in row.gesture.patch.ids]
    return sorted(found, key=lambda change: not change.changes_codes)


def changed_since(row: JournalRow, now: Mapping[str, PolygonRow]) -> tuple[str, ...]:
    """Polygons that are no longer as an edit left them.

    Args:
        row: the edit.
        now: those of its polygons that the lot holds, by id.
    """
    left = {found.id: found for found in row.gesture.patch.after}
    return tuple(name for name in row.gesture.patch.ids if not _is_same(now.get(name), left.get(name)))


def require_takeable(row: JournalRow, now: Mapping[str, PolygonRow], later: Iterable[Edit]) -> None:
    """Accept an edit that can be taken back without a loss.

    Args:
        row: the edit.
        now: those of its polygons that the lot holds, by id.
        later: edits after it that touched them.

    Raises:
        EditTakenBackError: it holds no longer, or is itself an undo.
        EditTouchedSinceError: a later edit stands on it.
    """
    if not row.is_in_force or row.gesture.operation in TURNS:
        raise EditTakenBackError(seq=row.seq)
    changed = changed_since(row, now)
    if changed:
        names = ", ".join(f"{edit.seq} ({edit.operator})" for edit in later)
        raise EditTouchedSinceError(seq=row.seq, ids=", ".join(changed), later=names or "?")


def _is_same(row: PolygonRow | None, other: PolygonRow | None) -> bool:
    return row is other if row is None or other is None else same_row(row, other)


def touches(row: JournalRow, ids: Iterable[str]) -> bool:
    """Whether a journal row changed one of those polygons."""
    patch = row.gesture.patch
    return patch.changes_layer and not set(ids).isdisjoint(patch.ids)
