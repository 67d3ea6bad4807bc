# SPDX-License-Identifier: GPL-2.0-or-later
"""Which items of the queue an operator wants to see."""

from __future__ import annotations

from dataclasses import dataclass

from inference_backend.contracts.lot import ItemState, Reason


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
