# SPDX-License-Identifier: GPL-2.0-or-later
"""What remarks need of the place where a lot is kept; a part of `LotStore`.

Items made of remarks come first in the queue, the remark that has waited longest before the others: their
ranks are far below those that a lot is made with, so that no other item changes its number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from inference_backend.contracts.lot import Reason
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.signalement import Signalement

FIRST_RANK = -1_000_000_000
"""Rank of the first item made of a remark; the next come after it, and all before rank 1."""

_FIRST_ITEM, _ITEMS = 1_000_000_000, 1_000_000_000
"""Range of ids of items made of remarks: above those that a lot is made with, within 32 bits."""


@dataclass(frozen=True)
class Placed:
    """A remark to write, and the polygon that its item is of.

    Attributes:
        signalement: the row to come; its `item_id` is found by the polygon.
        polygon: None: outside the lot, or its item stays as it is.
        priority: of the item.
        is_first: whether the item goes before all that were made with the lot.
    """

    signalement: Signalement
    polygon: PolygonRow | None = None
    priority: float = 0.0
    is_first: bool = True


class SignalementStore(Protocol):
    """The table `signalement` of one open lot."""

    def of_item(self, item_id: int) -> list[Signalement]:
        """Remarks that an item was made of, oldest first."""
        ...

    def all(self) -> list[Signalement]:
        """Every remark, oldest first."""
        ...

    def known(self, source: str, remote_ids: Sequence[str]) -> dict[str, Signalement]:
        """Those of a source that are there, by number."""
        ...

    def bring_in(self, placed: Sequence[Placed]) -> dict[str, int]:
        """Write remarks and their items in one transaction: new rows, or rows in the place of their own.

        A polygon that has an item keeps it, with one reason more; what was decided on it stays.

        Returns:
            By polygon id, its item.

        Raises:
            JournalError, NoRightError: nothing is written.
        """
        ...

    def replace(self, before: Signalement, after: Signalement) -> None:
        """Write a row in the place of another state of it.

        Raises:
            StaleSignalementError: it is not as `before` says; nothing is written.
            JournalError: it cannot be written.
        """
        ...

    def hold(self, signalement: Signalement) -> bool:
        """Keep colleagues from sending the same answer at the same time; False where one does."""
        ...

    def let_go(self, signalement: Signalement) -> None:
        """End what `hold` began."""
        ...

    def gestures_of(self, item_id: int) -> list[Mapping[str, Any]]:
        """Gestures in force made while an item was in front: operation, operator, time_utc, changed_m2."""
        ...


def item_values(placed: Placed, rank: int) -> dict[str, Any]:
    """Columns of a new item."""
    row = placed.polygon
    if row is None:
        raise ValueError(placed.signalement.key)
    return {
        "polygon_id": row.id,
        "rank": rank,
        "priority": placed.priority,
        "reasons": Reason.SIGNALEMENT.value,
        "proposed_cs": row.cs,
        "proposed_us": row.us,
        "runner_up_cs": row.attributes.get("runner_up_cs"),
        "confidence": row.attributes.get("confidence"),
        "state": "todo",
        "commune": placed.signalement.commune,
    }


def item_number(signalement: Signalement) -> int:
    """Id of a new item: the same for the same remark in a lot, in its parent and in what was cut beside it.

    Numbers that each lot counted for itself would meet when lots are merged.
    """
    name = "\n".join(signalement.key).encode()
    return _FIRST_ITEM + int(hashlib.sha256(name).hexdigest()[:15], 16) % _ITEMS


def with_reason(reasons: str | None) -> str:
    """The reasons of an item with this one first."""
    others = [
        reason for reason in (reasons or "").split(",") if reason and reason != Reason.SIGNALEMENT.value
    ]
    return ",".join((Reason.SIGNALEMENT.value, *others))
