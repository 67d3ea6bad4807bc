# SPDX-License-Identifier: GPL-2.0-or-later
"""What the indicators need of one lot: small, plain, kept in the index until the lot changes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

SUMMARY_VERSION = 1
"""Raised when a summary means something else: those that are kept are then reckoned anew."""


@dataclass(frozen=True)
class Work:
    """Decisions of one person for one reason.

    Attributes:
        operator: who.
        reason: the strongest reason why the item was in the queue.
        items: items decided.
        changed: of them, those whose decision differs from the proposal.
        timed: of them, those whose time is known.
        spent_s: time in front of the timed ones, pauses cut.
    """

    operator: str
    reason: str
    items: int
    changed: int
    timed: int
    spent_s: float


@dataclass(frozen=True)
class Rework:
    """What people changed of the automatic layer.

    Attributes:
        automatic: polygons of the automatic layer.
        changed: of them, those that got another code, another area, or vanished.
        changed_m2: area whose cover or use changed, gesture by gesture.
    """

    automatic: int
    changed: int
    changed_m2: float


@dataclass(frozen=True)
class Share:
    """An estimated share with its interval; None where it is not known."""

    value: float
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True)
class ControlSummary:
    """One control of a lot.

    Attributes:
        control_id: UUID.
        decided_utc: ISO 8601, empty while undecided.
        verdict: Verdict value, empty while undecided.
        severity: of ISO 2859-1, else empty.
        units: units answered.
        errors: of them, those that differ from the lot; None where the report does not say.
        accuracy: by `cs_area`, `us_count`…, overall at the leaves.
    """

    control_id: str
    decided_utc: str
    verdict: str
    severity: str
    units: int
    errors: int | None
    accuracy: dict[str, Share]


@dataclass(frozen=True)
class Remark:
    """One signalement.

    Attributes:
        source: where it came from.
        remote_id: its number there.
        opened: ISO 8601, or empty.
        closed: when its answer was sent, or given where nothing is sent; empty while open.
        status: the final status, or the last one known.
        motive: Motive value, or empty.
        is_waiting: answered here, and not yet sent.
    """

    source: str
    remote_id: str
    opened: str
    closed: str
    status: str
    motive: str
    is_waiting: bool


@dataclass(frozen=True)
class LotSummary:
    """One lot.

    Attributes:
        name: its name.
        lot_id: UUID, empty where it has none.
        parent_id: UUID of the lot it was cut from, or empty.
        children: UUIDs of the lots cut from it.
        millesime: year.
        state: LotState value.
        history: (time, state), oldest first.
        assigned_to: who has it.
        last_seq: last row of its journal.
        polygons: of its own.
        area_m2: of its own polygons, in the layer's projection or on the ellipsoid.
        is_ellipsoid: whether the area is the ellipsoid's: its projection distorts areas.
        footprint: WKB in hexadecimal, EPSG:4326, simplified; empty where unknown.
        items: review items by state.
        journal_s: time in the journal, pauses cut.
        cut_pauses: gestures longer than the longest that counts.
        untimed: gestures without a time.
        control_s: time in the answers of its controls; None where an answer has no time.
        work: decisions by person and reason.
        rework: what people changed.
        controls: oldest first.
        remarks: its signalements.
        is_old: of a schema without controls and signalements.
    """

    name: str
    lot_id: str
    parent_id: str
    children: tuple[str, ...]
    millesime: str
    state: str
    history: tuple[tuple[str, str], ...]
    assigned_to: str
    last_seq: int
    polygons: int
    area_m2: float
    is_ellipsoid: bool
    footprint: str
    items: dict[str, int]
    journal_s: float
    cut_pauses: int
    untimed: int
    control_s: float | None
    work: tuple[Work, ...] = ()
    rework: Rework = field(default_factory=lambda: Rework(0, 0, 0.0))
    controls: tuple[ControlSummary, ...] = ()
    remarks: tuple[Remark, ...] = ()
    is_old: bool = False

    @property
    def area_km2(self) -> float:
        """Its surface."""
        return self.area_m2 / 1e6

    def to_json(self) -> str:
        """Text for the index."""
        # `asdict` copies every value: ten times slower.
        return json.dumps(self, default=vars, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> LotSummary:
        """Inverse of `to_json`.

        Raises:
            ValueError, KeyError, TypeError: another text.
        """
        values: dict[str, Any] = json.loads(text)
        values["children"] = tuple(values["children"])
        values["history"] = tuple((time, state) for time, state in values["history"])
        values["work"] = tuple(Work(**work) for work in values["work"])
        values["rework"] = Rework(**values["rework"])
        values["controls"] = tuple(
            ControlSummary(
                **{**control, "accuracy": {key: Share(**share) for key, share in control["accuracy"].items()}}
            )
            for control in values["controls"]
        )
        values["remarks"] = tuple(Remark(**remark) for remark in values["remarks"])
        return cls(**values)
