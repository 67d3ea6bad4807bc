# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lots count: no square metre twice, whether a lot was copied, shared or cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from inference_backend.contracts.lot import LotState
from inference_backend.indicators.collect import FoundLot
from inference_backend.indicators.lot_summary import LotSummary

_ACCEPTED = LotState.ACCEPTED.value
_HANDED_IN = {state.value for state in (
    LotState.DELIVERED, LotState.IN_CONTROL, LotState.ACCEPTED, LotState.REJECTED)}  # fmt: skip
"""States of a parent that counts itself: its lots came back into it."""


@dataclass(frozen=True)
class CountedLot:
    """A lot that counts.

    Attributes:
        departement: its code.
        label: path or address.
        summary: what it says.
        is_stale: whether that is from an earlier report.
    """

    departement: str
    label: str
    summary: LotSummary
    is_stale: bool

    @property
    def is_accepted(self) -> bool:
        """Whether it is accepted now."""
        return self.summary.state == _ACCEPTED


@dataclass(frozen=True)
class Standing:
    """Lots that count, and those that do not because others stand for them.

    Attributes:
        counted: in the order found.
        copies: (copy, the one that counts).
        parents: cut lots that count through their parts.
        parts: parts that count through their parent, which was handed in itself.
        lacking: (parent, number of its lots that the production does not have).
    """

    counted: tuple[CountedLot, ...]
    copies: tuple[tuple[str, str], ...]
    parents: tuple[str, ...]
    parts: tuple[str, ...]
    lacking: tuple[tuple[str, int], ...]


def standing_of(lots: Sequence[FoundLot]) -> Standing:
    """Take each piece of ground once.

    Of copies of one lot, that with most gestures counts. Of a lot and those cut from it, the parts count,
    until the parent is handed in itself.
    """
    readable = [
        CountedLot(lot.departement, lot.label, lot.summary, lot.is_stale) for lot in lots if lot.summary
    ]
    single, copies = _without_copies(readable)
    by_id = {lot.summary.lot_id: lot for lot in single if lot.summary.lot_id}
    children: dict[str, list[CountedLot]] = defaultdict(list)
    for lot in single:
        if lot.summary.parent_id in by_id:
            children[lot.summary.parent_id].append(lot)
    dropped: dict[str, list[str]] = {"parents": [], "parts": []}
    lacking: list[tuple[str, int]] = []
    out: set[str] = set()
    for lot in single:
        parts = children.get(lot.summary.lot_id, [])
        if not parts or lot.label in out:
            continue
        if lot.summary.state in _HANDED_IN:
            found = _descendants(lot, children)
            out.update(found)
            dropped["parts"] += found
        else:
            out.add(lot.label)
            dropped["parents"].append(lot.label)
            known = set(lot.summary.children) - {part.summary.lot_id for part in parts}
            if known:
                lacking.append((lot.label, len(known)))
    counted = tuple(lot for lot in single if lot.label not in out)
    return Standing(
        counted, tuple(copies), tuple(dropped["parents"]), tuple(dropped["parts"]), tuple(lacking)
    )


def _without_copies(lots: Sequence[CountedLot]) -> tuple[list[CountedLot], list[tuple[str, str]]]:
    best: dict[str, CountedLot] = {}
    for lot in lots:
        key = lot.summary.lot_id or lot.label
        if key not in best or _advance(lot) > _advance(best[key]):
            best[key] = lot
    single = [lot for lot in lots if best[lot.summary.lot_id or lot.label] is lot]
    copies = [
        (lot.label, best[lot.summary.lot_id].label)
        for lot in lots
        if lot.summary.lot_id and best[lot.summary.lot_id] is not lot
    ]
    return single, copies


def _advance(lot: CountedLot) -> tuple[int, int]:
    return lot.summary.last_seq, len(lot.summary.history)


def _descendants(lot: CountedLot, children: dict[str, list[CountedLot]]) -> list[str]:
    found: list[str] = []
    rest = list(children.get(lot.summary.lot_id, []))
    while rest:
        part = rest.pop()
        if part.label not in found:
            found.append(part.label)
            rest += children.get(part.summary.lot_id, [])
    return found
