# SPDX-License-Identifier: GPL-2.0-or-later
"""Decision columns of an item as a gesture leaves them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.patch import PolygonRow


def now_utc() -> str:
    """The time as a lot stores it."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def decided(
    item: ReviewItem, state: ItemState, operator: str, spent_s: float, **values: Any
) -> dict[str, Any]:
    """An item's decision in another state.

    Args:
        item: as it is.
        state: as it becomes.
        operator: who decides.
        spent_s: time in front of the item since the last gesture, s; it is added to what was spent before.
        values: further columns; an empty text is null.
    """
    return {
        **item.decision,
        "decision_cs": None,
        "decision_us": None,
        **{name: value or None for name, value in values.items()},
        "state": state.value,
        "operator": operator,
        "decided_at": now_utc(),
        "duration_s": round((item.duration_s or 0.0) + spent_s, 1),
    }


def done(item: ReviewItem, row: PolygonRow, operator: str, spent_s: float) -> dict[str, Any]:
    """An item's decision once it is settled with the codes of a row."""
    return decided(item, ItemState.DONE, operator, spent_s, decision_cs=row.cs, decision_us=row.us)
