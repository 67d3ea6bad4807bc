# SPDX-License-Identifier: GPL-2.0-or-later
"""Who else has an item in hand now."""

from __future__ import annotations

from datetime import datetime, timezone

from ocsge_pi_review.domain.item import ReviewItem


def held_by_other(item: ReviewItem, operator: str, now: datetime | None = None) -> str | None:
    """Name of the colleague who has an item in hand; None for nobody, oneself or a hold that ended.

    The end is by the server's clock: one that this computer's clock puts a little off is seen a little
    early or late, and decided by the server all the same.
    """
    if not item.holder or item.holder == operator:
        return None
    until = held_until(item)
    if until is not None and until <= (now or datetime.now(timezone.utc)):
        return None
    return item.holder


def held_until(item: ReviewItem) -> datetime | None:
    """When the hold of an item ends, None where nobody says."""
    try:
        until = datetime.fromisoformat(str(item.held_until or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return until if until.tzinfo is not None else until.replace(tzinfo=timezone.utc)
