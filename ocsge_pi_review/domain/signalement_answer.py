# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers that the profile prepares: a status and a text in French for each motive.

They are sent to people in the territory: French whatever the language of the interface. A profile may come
with a lot from outside: only the names below are filled in, nothing else of the text is interpreted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference_backend.contracts.lot import Operation
from inference_backend.contracts.signalement import FINAL_STATUSES, Motive, ReportStatus
from ocsge_pi_review.domain.signalement import status_of

WITHOUT_CHANGE = (
    Operation.ACCEPT,
    Operation.COMMENT,
    Operation.POSTPONE,
    Operation.ASK,
    Operation.UNDO,
    Operation.REDO,
)
"""Operations that leave the polygons as they were."""


@dataclass(frozen=True)
class Facts:
    """What a text may say of the place.

    Attributes:
        millesime: year of the image.
        cover, use: French names.
        minimum_m2: least area that the profile allows there, m2.
    """

    millesime: str
    cover: str
    use: str
    minimum_m2: float


@dataclass(frozen=True)
class Prepared:
    """A status and a text to begin with."""

    status: ReportStatus
    text: str


def prepared(answers: Mapping[str, Any], motive: Motive, facts: Facts) -> Prepared:
    """The answer of a motive; empty and rejected where the profile has none.

    Args:
        answers: `signalements.answers` of the profile.
        motive: why.
        facts: fill the text.
    """
    entry = answers.get(motive.value)
    entry = entry if isinstance(entry, dict) else {}
    status = status_of(str(entry.get("status") or ""))
    if status not in FINAL_STATUSES:
        status = ReportStatus.REJECT_SPECIFICATIONS
    values = {
        "{millesime}": facts.millesime,
        "{cover}": facts.cover,
        "{use}": facts.use,
        "{minimum_m2}": f"{facts.minimum_m2:,.0f}".replace(",", "\u202f"),
    }
    text = str(entry.get("text") or "")
    for name, value in values.items():
        text = text.replace(name, value)
    return Prepared(status, text)


def likely_motive(operations: list[str]) -> Motive | None:
    """`CORRECTED` where one of the gestures made for a remark changed polygons; None: nobody can say."""
    unchanged = [operation.value for operation in WITHOUT_CHANGE]
    return Motive.CORRECTED if any(name not in unchanged for name in operations) else None
