# SPDX-License-Identifier: GPL-2.0-or-later
"""Which items of the queue an operator wants to see."""

from __future__ import annotations

from dataclasses import dataclass

from inference_backend.contracts.lot import ItemState, Reason
from ocsge_pi_review.domain.item import ReviewItem


@dataclass(frozen=True)
class ItemFilter:
    """Conditions that must all hold; an empty tuple asks for nothing.

    Attributes:
        states: one of these.
        reasons: at least one of these among the item's.
        covers: the proposed cover is one of these codes or below one of them in the nomenclature.
        uses: the same for the proposed use.
        communes: INSEE codes.
        box: xmin, ymin, xmax, ymax in the lot's CRS that holds the item's point, or None.
    """

    states: tuple[ItemState, ...] = ()
    reasons: tuple[Reason, ...] = ()
    covers: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None


def matches(item: ReviewItem, wanted: ItemFilter) -> bool:
    """Whether a filter lets an item through."""
    if wanted.states and item.state not in wanted.states:
        return False
    if wanted.reasons and not {reason.value for reason in wanted.reasons} & set(item.reasons):
        return False
    if wanted.communes and item.commune not in wanted.communes:
        return False
    return (
        _is_under(item.proposed_cs, wanted.covers)
        and _is_under(item.proposed_us, wanted.uses)
        and _is_in(item, wanted.box)
    )


def _is_under(code: str, branches: tuple[str, ...]) -> bool:
    return not branches or any(code == branch or code.startswith(f"{branch}.") for branch in branches)


def _is_in(item: ReviewItem, box: tuple[float, float, float, float] | None) -> bool:
    if box is None:
        return True
    if item.x is None or item.y is None:
        return False
    xmin, ymin, xmax, ymax = box
    return xmin <= item.x <= xmax and ymin <= item.y <= ymax
