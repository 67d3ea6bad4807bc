# SPDX-License-Identifier: GPL-2.0-or-later
"""A control as its tables tell it: design, strata, units with what was delivered, answers by role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inference_backend.contracts.control import AnswerRole, ControlDesign, ControlState, Stratum


@dataclass(frozen=True)
class Answer:
    """What one controller says of one unit.

    Attributes:
        answer_id: UUID.
        sample_id: the unit.
        controller: who.
        role: whether it counts, measures agreement, or settles.
        control_cs: cover seen, None if it cannot be said.
        control_us: use seen, None if it cannot be said.
        kinds: ErrorKind values that the eye sees: `omission`, `geometry`, `threshold`.
        comment: text from outside; escape it where it is shown.
        decided_at: ISO 8601, UTC.
        duration_s: how long the unit was in front of the controller, s.
    """

    answer_id: str
    sample_id: int
    controller: str
    role: AnswerRole
    control_cs: str | None
    control_us: str | None
    kinds: tuple[str, ...] = ()
    comment: str = ""
    decided_at: str = ""
    duration_s: float = 0.0


@dataclass(frozen=True)
class DrawnUnit:
    """A unit of the sample with what the lot delivered there; see `contracts.control.CONTROL_SAMPLE`.

    Attributes:
        sample_id: 1..n.
        polygon_id: the polygon.
        fingerprint: row fingerprint of it when drawn, as `contracts.fingerprint.to_text` writes it.
        stratum: name of its stratum.
        probability: inclusion probability, or expected hits (points).
        area_m2: of the polygon, by the design's surface.
        map_cs: delivered cover.
        map_us: delivered use.
        x: easting of the point to judge, or of a point inside.
        y: northing likewise.
        second_opinion: whether two controllers answer it.
        place: place along the line or grid of a systematic draw, else None.
        answers: answers in force by role.
    """

    sample_id: int
    polygon_id: str
    fingerprint: str
    stratum: str
    probability: float
    area_m2: float
    map_cs: str
    map_us: str
    x: float
    y: float
    second_opinion: bool
    place: int | None = None
    answers: dict[AnswerRole, Answer] = field(default_factory=dict)

    @property
    def answer(self) -> Answer | None:
        """The answer that counts: the arbiter's, else the first, else the second; None without any."""
        order = (AnswerRole.ARBITER, AnswerRole.FIRST, AnswerRole.SECOND)
        return next((self.answers[role] for role in order if role in self.answers), None)


@dataclass(frozen=True)
class Control:
    """One control of one lot.

    Attributes:
        control_id: UUID.
        lot_uuid: the lot.
        lot_name: its name when drawn.
        label: where it was read: path or address, for messages.
        created_utc: when the sample was drawn, ISO 8601.
        created_by: by whom.
        software_version: of what drew it.
        design: how.
        controllers: names that files were made for, the first one first.
        strata: the population.
        fingerprint: of the population when drawn.
        state: where it stands.
        decision: ControlReport without its lists once decided, else None.
        decided_by: who signed, empty before.
        decided_utc: when, empty before.
        units: in order of `sample_id`.
        changed: ids of drawn polygons that are not what they were; empty if none or not looked at.
        population_changed: whether ids, codes, areas or shapes of the population changed; None if not looked
            at.
    """

    control_id: str
    lot_uuid: str
    lot_name: str
    label: str
    created_utc: str
    created_by: str
    software_version: str
    design: ControlDesign
    controllers: tuple[str, ...]
    strata: tuple[Stratum, ...]
    fingerprint: str
    state: ControlState
    decision: dict[str, Any] | None
    decided_by: str
    decided_utc: str
    units: tuple[DrawnUnit, ...]
    changed: tuple[str, ...] = ()
    population_changed: bool | None = None
