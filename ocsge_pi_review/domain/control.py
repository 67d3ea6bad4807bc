# SPDX-License-Identifier: GPL-2.0-or-later
"""What a controller says of one unit of a sample, and what was said before.

Nothing here knows a delivered code: a control file has none (docs/decisions/0014).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from inference_backend.contracts.control import AnswerRole, ErrorKind
from inference_backend.contracts.nomenclature import Dimension, Nomenclature

CANNOT_SAY = ""
"""Stands for a code where the controller says that it cannot be said; null in the table."""
SEEN_KINDS = (ErrorKind.OMISSION, ErrorKind.GEOMETRY, ErrorKind.THRESHOLD)
"""Errors that the eye sees; those of cover and use follow from the codes."""


@dataclass(frozen=True)
class ControlUnit:
    """A polygon or point to judge.

    Attributes:
        sample_id: place in the order of work.
        x, y: the point to judge, or a point inside, in the file's CRS.
        is_second: whether this answer is a second opinion.
        wkb: outline of the polygon; empty for a bare point.
    """

    sample_id: int
    x: float
    y: float
    is_second: bool = False
    wkb: bytes = b""


@dataclass(frozen=True)
class Judgement:
    """What is said of a unit so far.

    Attributes:
        cs, us: code at any level, `CANNOT_SAY`, or None while nothing is said.
        kinds: errors that the eye sees.
        comment: in words.
        sketch: see `domain.sketch`.
    """

    cs: str | None = None
    us: str | None = None
    kinds: tuple[ErrorKind, ...] = ()
    comment: str = ""
    sketch: str | None = None

    @property
    def missing(self) -> Dimension | None:
        """What nothing is said of yet, the cover first."""
        if self.cs is None:
            return "cs"
        return "us" if self.us is None else None

    def of(self, dimension: Dimension) -> str | None:
        """What is said of the cover or of the use."""
        return self.cs if dimension == "cs" else self.us

    def saying(self, dimension: Dimension, code: str | None) -> Judgement:
        """The same with another cover or use."""
        return replace(self, cs=code) if dimension == "cs" else replace(self, us=code)

    def toggling(self, kind: ErrorKind) -> Judgement:
        """The same with one kind of error more, or less."""
        kinds = set(self.kinds) ^ {kind}
        return replace(self, kinds=tuple(known for known in SEEN_KINDS if known in kinds))


@dataclass(frozen=True)
class Answer:
    """One row of `control_answer`."""

    answer_id: str
    sample_id: int
    controller: str
    role: AnswerRole
    judgement: Judgement
    decided_at: str
    duration_s: float
    replaces: str | None = None
    in_force: bool = True

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Answer:
        """Read a database row.

        Raises:
            ValueError: a role that no answer has.
        """
        known = {kind.value: kind for kind in SEEN_KINDS}
        kinds = tuple(known[part] for part in (row["kinds"] or "").split(",") if part in known)
        judgement = Judgement(
            row["control_cs"] or CANNOT_SAY,
            row["control_us"] or CANNOT_SAY,
            kinds,
            row["comment"] or "",
            row["sketch"],
        )
        return cls(
            str(row["answer_id"]),
            int(row["sample_id"]),
            str(row["controller"] or ""),
            AnswerRole(row["role"]),
            judgement,
            str(row["decided_at"] or ""),
            float(row["duration_s"] or 0.0),
            row["replaces"],
            bool(row["in_force"]),
        )

    def to_row(self) -> dict[str, Any]:
        """Columns of the table, without the control's id."""
        said = self.judgement
        return {
            "answer_id": self.answer_id,
            "sample_id": self.sample_id,
            "controller": self.controller,
            "role": self.role.value,
            "control_cs": said.cs or None,
            "control_us": said.us or None,
            "kinds": ",".join(kind.value for kind in said.kinds) or None,
            "comment": said.comment or None,
            "sketch": said.sketch,
            "decided_at": self.decided_at,
            "duration_s": self.duration_s,
            "replaces": self.replaces,
            "in_force": int(self.in_force),
        }


def broader(nomenclature: Nomenclature, code: str | None) -> str | None:
    """One level up, for who sees trees and not which; None above the top, and of what is no code."""
    if not code or code not in nomenclature:
        return None
    return nomenclature[code].parent
