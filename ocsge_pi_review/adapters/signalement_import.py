# SPDX-License-Identifier: GPL-2.0-or-later
"""Bringing remarks into a lot: a row each, and an item at the top of the queue for the polygon it lies on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsProject

from inference_backend.contracts.lot import ItemState, Operation
from inference_backend.contracts.lot_states import STATE_NAMES, state_of
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.signalement import Outbox, ReportStatus
from ocsge_pi_review.adapters.lot_handover import HANDED_IN
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.signalement_store import Placed
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.lot_errors import ClosedLotError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.signalement import Signalement

DEGREES = "EPSG:4326"
SECTION = "signalements"


@dataclass
class Brought:
    """What an import did; remarks are named by their numbers.

    Attributes:
        new: now in the lot, each with its item.
        updated: were there and say something else now.
        same: were there and say the same.
        outside: lie on no polygon of this lot; kept without item.
        nowhere: have no place on Earth; kept without item.
        held_back: of those updated, the ones whose answer was about to leave: it has to be looked at again.
        closed: answered for good, or trials: left out.
        items: of those that are new, by number.
    """

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    items: dict[str, int] = field(default_factory=dict)


def bring_in(store: LotStore, profile: Profile, incoming: Iterable[Signalement]) -> Brought:
    """Write remarks that came in longitude and latitude; twice the same changes nothing.

    Raises:
        ClosedLotError: the lot was handed in.
        JournalError: it cannot be written; nothing is.
    """
    _require_open(store)
    way = _Way(store.crs)
    rule = placing_rule(profile)
    done, placed = Brought(), []
    ordered = _oldest_first(incoming)
    known = _known(store, ordered)
    for one in ordered:
        found = _placed(store, way.into_lot(one), known.get(one.key), done, rule)
        if found is not None:
            placed.append(found)
    items = store.signalements.bring_in(placed)
    done.items = {p.signalement.remote_id: items[p.polygon.id] for p in placed if p.polygon is not None}
    _open_again(store, done.items.values())
    return done


def placing_rule(profile: Profile) -> Mapping[str, Any]:
    """How the profile puts items made of remarks into the queue.

    Raises:
        ProfileError: it says nothing of them.
    """
    rule: Mapping[str, Any] = profile.section(SECTION, "placing")
    return rule


def _known(store: LotStore, ordered: Iterable[Signalement]) -> dict[tuple[str, str], Signalement]:
    numbers: dict[str, list[str]] = {}
    for one in ordered:
        numbers.setdefault(one.source, []).append(one.remote_id)
    found = (store.signalements.known(source, some) for source, some in numbers.items())
    return {one.key: one for some in found for one in some.values()}


def _placed(
    store: LotStore, one: Signalement, known: Signalement | None, done: Brought, rule: Mapping[str, Any]
) -> Placed | None:
    """What to write of a remark; None for nothing."""
    if known is not None:
        after = known.with_read(one)
        if _has_lost_its_item(store, after):
            done.updated.append(one.remote_id)
            return Placed(after, _ground(store, after, None), **_values(rule))
        if after == known:
            done.same.append(one.remote_id)
            return None
        done.updated.append(one.remote_id)
        if known.outbox == Outbox.READY.value and known.says_other_than(one):
            done.held_back.append(one.remote_id)
            after = replace(after, outbox=Outbox.NONE.value)
        has_moved_in = known.item_id is None and not one.is_closed
        return Placed(after, _ground(store, after, None) if has_moved_in else None, **_values(rule))
    if one.is_closed or one.status == ReportStatus.TEST.value:
        done.closed.append(one.remote_id)
        return None
    polygon = _ground(store, one, done)
    if polygon is not None:
        done.new.append(one.remote_id)
    return Placed(one, polygon, **_values(rule))


def _has_lost_its_item(store: LotStore, one: Signalement) -> bool:
    """Whether a gesture on another polygon took the item of a remark that nobody answered."""
    if one.item_id is None or one.is_answered or one.is_closed:
        return False
    item = store.item(one.item_id)
    return item is None or item.state is ItemState.GONE


def _values(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {"priority": float(rule["priority"]["value"]), "is_first": rule["place"] == "first"}


def _ground(store: LotStore, one: Signalement, done: Brought | None) -> PolygonRow | None:
    """The polygon of this lot under a remark."""
    row = None if one.x is None or one.y is None else store.row_at((one.x, one.y))
    if row is not None and row.attributes.get("margin_of") is None:
        return row
    if done is not None:
        (done.nowhere if one.x is None else done.outside).append(one.remote_id)
    return None


def _oldest_first(incoming: Iterable[Signalement]) -> list[Signalement]:
    """The last of each number, in the order in which they were opened."""
    last = {one.key: one for one in incoming}
    return sorted(last.values(), key=lambda one: (one.opened_at or "", one.remote_id.zfill(20)))


def _require_open(store: LotStore) -> None:
    state = state_of(store.metadata)
    if state in HANDED_IN:
        english, french = STATE_NAMES[state]
        raise ClosedLotError(label=store.label, state_en=english, state_fr=french)


def _open_again(store: LotStore, item_ids: Iterable[int]) -> None:
    """Items that were decided before the remark came have to be looked at once more."""
    items = [item for item_id in dict.fromkeys(item_ids) if (item := store.item(item_id)) is not None]
    decided = [item.decision for item in items if item.state in (ItemState.DONE, ItemState.POSTPONED)]
    if decided:
        after = tuple({**decision, "state": ItemState.TODO.value} for decision in decided)
        gesture = Gesture(str(uuid.uuid4()), Operation.COMMENT, Patch((), ()), tuple(decided), after)
        store.perform(gesture, 0.0)


class _Way:
    """From longitude and latitude into the CRS of a lot."""

    def __init__(self, crs: QgsCoordinateReferenceSystem) -> None:
        degrees = QgsCoordinateReferenceSystem(DEGREES)
        self._transform = QgsCoordinateTransform(degrees, crs, QgsProject.instance())

    def into_lot(self, one: Signalement) -> Signalement:
        """The same remark there; without the sketch or the place that has no coordinates there."""
        x, y = one.x, one.y
        if x is not None and y is not None:
            moved = self._point([x, y])
            x, y = (None, None) if moved is None else moved
        return replace(one, x=x, y=y, sketch=self._sketch(one.sketch))

    def _sketch(self, text: str | None) -> str | None:
        if text is None:
            return None
        sketch = json.loads(text)
        for feature in sketch["features"]:
            moved = self._moved(feature["geometry"]["coordinates"])
            if moved is None:
                return None
            feature["geometry"]["coordinates"] = moved
        return json.dumps(sketch, ensure_ascii=False)

    def _moved(self, found: list[Any]) -> list[Any] | None:
        if not isinstance(found[0], list):
            return self._point(found)
        parts = [self._moved(part) for part in found]
        return None if any(part is None for part in parts) else parts

    def _point(self, place: list[float]) -> list[float] | None:
        try:
            point = self._transform.transform(place[0], place[1])
        except QgsCsException:
            return None
        return [round(point.x(), 3), round(point.y(), 3)]
