# SPDX-License-Identifier: GPL-2.0-or-later
"""A change of the coverage as rows before and after: what the journal stores and the layer applies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ocsge_pi_review.domain.rings import Polygon, area
from ocsge_pi_review.domain.wkb import decode, encode

_SAME_AREA_M2 = 1e-3


@dataclass(frozen=True)
class PolygonRow:
    """One row of `occupation_sol`.

    Attributes:
        id: `occupation_sol.id`.
        attributes: every other column, JSON values.
        wkb: the geometry, bit for bit.
    """

    id: str
    attributes: dict[str, Any]
    wkb: bytes

    @cached_property
    def polygon(self) -> Polygon:
        """The rings.

        Raises:
            WkbError: not one plain polygon.
        """
        return decode(self.wkb)

    @property
    def cs(self) -> str:
        """Cover code."""
        return str(self.attributes["code_cs"] or "")

    @property
    def us(self) -> str:
        """Use code."""
        return str(self.attributes["code_us"] or "")

    @property
    def is_locked(self) -> bool:
        """Whether the polygon belongs to the skeleton."""
        return bool(self.attributes.get("ossature"))

    @property
    def is_margin(self) -> bool:
        """Whether the polygon belongs to another lot and is here to be looked at alone."""
        return self.attributes.get("margin_of") is not None

    def with_values(self, **values: Any) -> PolygonRow:
        """A copy with other attributes."""
        return replace(self, attributes={**self.attributes, **values})

    def with_polygon(self, polygon: Polygon) -> PolygonRow:
        """A copy with another geometry."""
        return replace(self, wkb=encode(polygon))

    def to_dict(self) -> dict[str, Any]:
        """JSON form, as `edit_journal` holds it."""
        return {"id": self.id, "attributes": self.attributes, "wkb_hex": self.wkb.hex()}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> PolygonRow:
        """Inverse of `to_dict`."""
        return cls(str(raw["id"]), dict(raw["attributes"]), bytes.fromhex(raw["wkb_hex"]))


def same_row(row: PolygonRow, other: PolygonRow) -> bool:
    """Whether two rows say the same; a column that one of them lacks counts as null."""
    names = row.attributes.keys() | other.attributes.keys()
    return (
        row.id == other.id
        and row.wkb == other.wkb
        and all(row.attributes.get(name) == other.attributes.get(name) for name in names)
    )


def rows_to_json(rows: Iterable[PolygonRow]) -> str:
    """Text of the journal's columns `before` and `after`."""
    return json.dumps([row.to_dict() for row in rows], ensure_ascii=False)


def rows_from_json(text: str | None) -> tuple[PolygonRow, ...]:
    """Inverse of `rows_to_json`; nothing for null."""
    return tuple(PolygonRow.from_dict(raw) for raw in json.loads(text or "[]"))


@dataclass(frozen=True)
class Patch:
    """Rows as they were and as they become; a row only on one side is deleted or added."""

    before: tuple[PolygonRow, ...]
    after: tuple[PolygonRow, ...]

    @property
    def inverse(self) -> Patch:
        """What undoes this patch."""
        return Patch(self.after, self.before)

    @property
    def changes_layer(self) -> bool:
        """Whether any row differs."""
        return self.before != self.after

    @property
    def removed_ids(self) -> tuple[str, ...]:
        """Rows that disappear."""
        kept = {row.id for row in self.after}
        return tuple(row.id for row in self.before if row.id not in kept)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every row touched, without repeats."""
        return tuple(dict.fromkeys(row.id for row in (*self.before, *self.after)))

    @property
    def touched(self) -> tuple[PolygonRow, ...]:
        """Rows before whose ground or codes change; those that get vertices alone where no other does."""
        after = {row.id: row for row in self.after}
        more = tuple(row for row in self.before if not _is_noded(row, after.get(row.id)))
        return more or self.before


def _is_noded(before: PolygonRow, after: PolygonRow | None) -> bool:
    """Whether a row got vertices on its outline, or lost them at an undo, and is otherwise the same."""
    if after is None or before.attributes != after.attributes or before.wkb == after.wkb:
        return False
    return (
        len(after.wkb) != len(before.wkb) and abs(area(before.polygon) - area(after.polygon)) < _SAME_AREA_M2
    )
