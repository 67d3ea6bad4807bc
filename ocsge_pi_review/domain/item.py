# SPDX-License-Identifier: GPL-2.0-or-later
"""One entry of the review queue and what the operator decides about it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from inference_backend.contracts.lot import ItemState

DECISION_FIELDS = (
    "state",
    "decision_cs",
    "decision_us",
    "operator",
    "decided_at",
    "duration_s",
    "comment",
    "sketch",
    "answer",
)


@dataclass(frozen=True)
class ReviewItem:
    """One row of `review_item`; see `contracts.lot.REVIEW_ITEM` for units and domains."""

    item_id: int
    polygon_id: str
    rank: int
    priority: float
    reasons: tuple[str, ...]
    proposed_cs: str
    proposed_us: str
    runner_up_cs: str | None
    confidence: float | None
    state: ItemState = ItemState.TODO
    decision_cs: str | None = None
    decision_us: str | None = None
    operator: str | None = None
    decided_at: str | None = None
    duration_s: float | None = None
    comment: str | None = None
    sketch: str | None = None
    answer: str | None = None
    commune: str | None = None
    holder: str | None = None
    held_until: str | None = None
    x: float | None = None
    y: float | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> ReviewItem:
        """Read a database row."""
        values: dict[str, Any] = {name: row.get(name) for name in cls.__dataclass_fields__}
        values["reasons"] = tuple(part for part in (row["reasons"] or "").split(",") if part)
        values["state"] = ItemState(row["state"] or ItemState.TODO.value)
        for name in ("polygon_id", "proposed_cs", "proposed_us"):
            values[name] = values[name] or ""
        return cls(**values)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state not in (ItemState.DONE, ItemState.GONE)

    @property
    def decision(self) -> dict[str, Any]:
        """The columns that a gesture may change, with the key `item_id`."""
        values = {name: getattr(self, name) for name in DECISION_FIELDS}
        return {"item_id": self.item_id, **values, "state": self.state.value}

    def with_decision(self, decision: dict[str, Any]) -> ReviewItem:
        """A copy with those columns replaced."""
        values: dict[str, Any] = {name: decision.get(name) for name in DECISION_FIELDS}
        values["state"] = ItemState(decision["state"])
        return replace(self, **values)


def decisions_to_json(decisions: Iterable[dict[str, Any]]) -> str | None:
    """Text of the journal's columns `item_before` and `item_after`; null where no item is touched."""
    values = list(decisions)
    return json.dumps(values, ensure_ascii=False) if values else None


def decisions_from_json(text: str | None) -> tuple[dict[str, Any], ...]:
    """Inverse of `decisions_to_json`; a single object, as schema 1 has it, is a list of one."""
    found = json.loads(text) if text else []
    return tuple(dict(value) for value in ([found] if isinstance(found, dict) else found))
