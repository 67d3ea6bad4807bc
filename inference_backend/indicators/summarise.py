# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks a lot's tables, in a GeoPackage or in PostGIS, for what the indicators need of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from inference_backend.contracts.lot import WORKABLE_SCHEMAS, ItemState, LotKey, LotState, Operation
from inference_backend.contracts.signalement import FINAL_STATUSES, Outbox
from inference_backend.indicators.control_figures import control_of
from inference_backend.indicators.errors import Trouble, UnreadLotError
from inference_backend.indicators.footprint import Footprint, measured
from inference_backend.indicators.journal_figures import rework_of
from inference_backend.indicators.lot_summary import ControlSummary, LotSummary, Remark, Work

NEEDED = ("occupation_sol", "review_item", "edit_journal", "lot")
_KEYS = (
    LotKey.SCHEMA, LotKey.NAME, LotKey.MILLESIME, LotKey.FOOTPRINT, LotKey.LOT_ID, LotKey.PARENT_ID,
    LotKey.STATE, LotKey.ASSIGNED_TO, LotKey.HISTORY, LotKey.LOTS,
)  # fmt: skip
_TURNS = (Operation.UNDO.value, Operation.REDO.value)
_FINAL = {status.value for status in FINAL_STATUSES}


@dataclass(frozen=True)
class Limits:
    """Thresholds of the profile and of the production.

    Attributes:
        longest_gesture_s: a longer gesture counts for this.
        changed_area_m2: see `rework_of`.
        area_distortion: see `measured`.
    """

    longest_gesture_s: float
    changed_area_m2: float
    area_distortion: float


class LotTables(Protocol):
    """The tables of one lot. Names are the contract's, so that one statement fits both databases."""

    label: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a statement without parameters."""

    def columns(self, table: str) -> set[str]:
        """Columns of a table, none where there is no such table."""

    def crs(self) -> str:
        """Coordinate system of the polygons: authority code or WKT."""

    def box(self) -> tuple[float, float, float, float] | None:
        """Extent of the polygons, where the database says it at once."""


def summarise(lot: LotTables, limits: Limits) -> LotSummary:
    """Read one lot.

    Raises:
        UnreadLotError: no lot, of another version, or what it says is nonsense.
    """
    metadata = _metadata(lot)
    try:
        return _summary(lot, metadata, limits)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadLotError(lot.label, Trouble.DAMAGED, error) from error


def _metadata(lot: LotTables) -> dict[str, str]:
    if not all(lot.columns(name) for name in NEEDED):
        raise UnreadLotError(lot.label, Trouble.NO_LOT)
    wanted = ", ".join(f"'{key.value}'" for key in _KEYS)
    query = f"SELECT key, value FROM lot WHERE key IN ({wanted})"  # nosec B608 - the contract's names
    metadata = {str(key): str(value) for key, value in lot.rows(query) if value is not None}
    version = metadata.get(LotKey.SCHEMA.value, "1")
    if version not in WORKABLE_SCHEMAS:
        is_old = version.isdigit() and int(version) < int(WORKABLE_SCHEMAS[0])
        raise UnreadLotError(lot.label, Trouble.OLD if is_old else Trouble.NEW, version)
    return metadata


def _summary(lot: LotTables, metadata: dict[str, str], limits: Limits) -> LotSummary:
    state = LotState(metadata.get(LotKey.STATE.value) or LotState.PREPARED.value)
    history = [(line["time_utc"], line["state"]) for line in _list(metadata, LotKey.HISTORY)]
    polygons, area_m2 = _area(lot)
    place: Footprint = measured(
        metadata.get(LotKey.FOOTPRINT.value, ""), lot.box(), lot.crs(), area_m2, limits.area_distortion
    )
    journal_s, cut, untimed, last_seq = _journal_time(lot, limits.longest_gesture_s)
    return LotSummary(
        name=metadata.get(LotKey.NAME.value, ""),
        lot_id=metadata.get(LotKey.LOT_ID.value, ""),
        parent_id=metadata.get(LotKey.PARENT_ID.value, ""),
        children=tuple(str(line["lot_uuid"]) for line in _list(metadata, LotKey.LOTS)),
        millesime=metadata.get(LotKey.MILLESIME.value, ""),
        state=state.value,
        history=tuple((time_text(time), str(name)) for time, name in history),
        assigned_to=metadata.get(LotKey.ASSIGNED_TO.value, ""),
        last_seq=last_seq,
        polygons=polygons,
        area_m2=place.area_m2,
        is_ellipsoid=place.is_ellipsoid,
        footprint=place.wkb_hex,
        items={str(name): int(n) for name, n in lot.rows(_ITEMS)},
        journal_s=journal_s,
        cut_pauses=cut,
        untimed=untimed,
        control_s=_control_time(lot, limits.longest_gesture_s),
        work=_work(lot, limits.longest_gesture_s),
        rework=rework_of(lot.rows(_CHANGES), polygons, limits.changed_area_m2),
        controls=_controls(lot),
        remarks=_remarks(lot),
        is_old=not lot.columns("control"),
    )


_ITEMS = "SELECT coalesce(state, 'todo'), count(*) FROM review_item GROUP BY 1"
_CHANGES = (
    "SELECT before, after, changed_m2 FROM edit_journal WHERE in_force = 1 "  # nosec B608 - own constants
    f"AND operation NOT IN ('{_TURNS[0]}', '{_TURNS[1]}') AND length(coalesce(after, '')) + "
    "length(coalesce(before, '')) > 4 ORDER BY seq"
)
_DONE = (
    "SELECT coalesce(operator, ''), coalesce(reasons, ''), duration_s, "  # nosec B608 - own constants
    "CASE WHEN decision_cs <> proposed_cs OR decision_us <> proposed_us THEN 1 ELSE 0 END "
    f"FROM review_item WHERE state = '{ItemState.DONE.value}'"
)


def _list(metadata: dict[str, str], key: LotKey) -> list[dict[str, Any]]:
    found = json.loads(metadata.get(key.value) or "[]")
    if not isinstance(found, list):
        raise ValueError(key.value)
    return found


def _area(lot: LotTables) -> tuple[int, float | None]:
    """Own polygons and their area; None where one has no area."""
    where = " WHERE margin_of IS NULL" if "margin_of" in lot.columns("occupation_sol") else ""
    query = f"SELECT count(*), count(area_m2), sum(area_m2) FROM occupation_sol{where}"  # nosec B608
    count, known, area_m2 = lot.rows(query)[0]
    return int(count), float(area_m2 or 0.0) if known == count else None


def _journal_time(lot: LotTables, longest_s: float) -> tuple[float, int, int, int]:
    spent = f"CASE WHEN duration_s > {longest_s!r} THEN {longest_s!r} ELSE duration_s END"
    query = (
        f"SELECT sum({spent}), count(CASE WHEN duration_s > {longest_s!r} THEN 1 END), "  # nosec B608 - own constants
        "count(*) - count(duration_s), max(seq) FROM edit_journal"
    )
    spent_s, cut, untimed, last = lot.rows(query)[0]
    return float(spent_s or 0.0), int(cut), int(untimed), int(last or 0)


def _control_time(lot: LotTables, longest_s: float) -> float | None:
    if not lot.columns("control_answer"):
        return 0.0
    spent = f"CASE WHEN duration_s > {longest_s!r} THEN {longest_s!r} ELSE duration_s END"
    query = f"SELECT count(*), count(duration_s), sum({spent}) FROM control_answer"  # nosec B608 - a number
    count, known, spent_s = lot.rows(query)[0]
    return float(spent_s or 0.0) if count == known else None


def _work(lot: LotTables, longest_s: float) -> tuple[Work, ...]:
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0, 0.0])
    for operator, reasons, duration_s, changed in lot.rows(_DONE):
        found = sums[str(operator), str(reasons).partition(",")[0].strip()]
        found[0] += 1
        found[1] += changed
        if duration_s is not None:
            found[2] += 1
            found[3] += min(float(duration_s), longest_s)
    return tuple(
        Work(operator, reason, int(n), int(changed), int(timed), spent_s)
        for (operator, reason), (n, changed, timed, spent_s) in sorted(sums.items())
    )


def _controls(lot: LotTables) -> tuple[ControlSummary, ...]:
    if not lot.columns("control"):
        return ()
    query = "SELECT control_id, decided_utc, decision_json FROM control WHERE state <> 'cancelled'"
    found = [control_of(str(key), time_text(time), text) for key, time, text in lot.rows(query)]
    return tuple(sorted(found, key=lambda control: (control.decided_utc or "9999", control.control_id)))


def _remarks(lot: LotTables) -> tuple[Remark, ...]:
    if not lot.columns("signalement"):
        return ()
    query = (
        "SELECT source, remote_id, opened_at, sent_at, answered_at, updated_at, status, answer_status, "
        "motive, outbox FROM signalement ORDER BY source, remote_id"
    )
    return tuple(_remark(row) for row in lot.rows(query))


def _remark(row: Sequence[Any]) -> Remark:
    source, remote_id, opened, sent, answered, updated, status, answer, motive, outbox = row
    given = str(answer or "") if str(answer or "") in _FINAL else ""
    final = given or (str(status or "") if str(status or "") in _FINAL else "")
    closed = (sent or answered) if given else updated
    return Remark(
        str(source or ""),
        str(remote_id or ""),
        time_text(opened),
        time_text(closed) if final else "",
        final or str(status or ""),
        str(motive or ""),
        bool(given) and outbox not in (Outbox.SENT.value, Outbox.NONE.value, None),
    )


def time_text(value: Any) -> str:
    """A moment as ISO 8601 in UTC, to the second; empty where there is none.

    Raises:
        ValueError: a text that is no moment.
    """
    if value in (None, ""):
        return ""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
