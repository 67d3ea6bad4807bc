# SPDX-License-Identifier: GPL-2.0-or-later
"""Which state of a lot may follow which, and what is written when it changes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .errors import OcsgeError
from .lot import LotKey, LotState

NEXT: dict[LotState, tuple[LotState, ...]] = {
    LotState.PREPARED: (LotState.ASSIGNED, LotState.IN_INTERPRETATION),
    LotState.ASSIGNED: (LotState.IN_INTERPRETATION, LotState.PREPARED),
    LotState.IN_INTERPRETATION: (LotState.DELIVERED, LotState.ASSIGNED),
    LotState.DELIVERED: (LotState.IN_CONTROL, LotState.IN_INTERPRETATION),
    LotState.IN_CONTROL: (LotState.ACCEPTED, LotState.REJECTED),
    LotState.ACCEPTED: (LotState.IN_CONTROL,),
    LotState.REJECTED: (LotState.IN_INTERPRETATION, LotState.ASSIGNED),
}
"""A delivered lot may be called back until its control begins; an accepted one may be controlled again."""
STATE_NAMES = {
    LotState.PREPARED: ("prepared", "préparé"),
    LotState.ASSIGNED: ("assigned", "affecté"),
    LotState.IN_INTERPRETATION: ("in interpretation", "en interprétation"),
    LotState.DELIVERED: ("delivered", "livré"),
    LotState.IN_CONTROL: ("in control", "en contrôle"),
    LotState.ACCEPTED: ("accepted", "accepté"),
    LotState.REJECTED: ("rejected", "rejeté"),
}
"""English and French."""
MERGEABLE = (LotState.DELIVERED, LotState.IN_CONTROL, LotState.ACCEPTED)
"""States in which a lot may go back into the one it was cut from."""


class LotStateError(OcsgeError):
    """A state that may not follow: `path`, and in both languages `state`, `wanted` and what is `possible`."""

    templates = {
        "en": "{path}: a lot that is {state_en} cannot become {wanted_en}. Possible now: {possible_en}.",
        "fr": "{path} : un lot {state_fr} ne peut pas passer à l'état « {wanted_fr} ». "
        "Possible maintenant : {possible_fr}.",
    }

    @classmethod
    def of(cls, label: object, state: LotState, wanted: LotState) -> LotStateError:
        """The error for one change of state."""
        values: dict[str, object] = {"path": label}
        for place, language in enumerate(("en", "fr")):
            values[f"state_{language}"] = STATE_NAMES[state][place]
            values[f"wanted_{language}"] = STATE_NAMES[wanted][place]
            values[f"possible_{language}"] = ", ".join(STATE_NAMES[next_][place] for next_ in NEXT[state])
        return cls(**values)


def state_of(metadata: Mapping[str, str]) -> LotState:
    """State of a lot; one that says nothing was never handed over."""
    return LotState(metadata.get(LotKey.STATE.value) or LotState.PREPARED.value)


def history_of(metadata: Mapping[str, str]) -> list[dict[str, str]]:
    """Lines `{"state", "time_utc", "by", "comment"}`, oldest first."""
    lines: list[dict[str, str]] = json.loads(metadata.get(LotKey.HISTORY.value) or "[]")
    return lines


def changed_state(
    metadata: Mapping[str, str],
    wanted: LotState,
    *,
    by: str,
    time_utc: str,
    comment: str = "",
    label: object = "",
) -> dict[str, str]:
    """Values of the table `lot` to write so that a lot gets another state.

    Args:
        metadata: its values now.
        wanted: the state it shall have.
        by: who says so; for `assigned`, `comment` may name who gets it.
        time_utc: ISO 8601.
        comment: why, or what to do.
        label: what errors call the lot.

    Raises:
        LotStateError: that state may not follow.
    """
    state = state_of(metadata)
    if wanted not in NEXT[state]:
        raise LotStateError.of(label, state, wanted)
    entry = {"state": wanted.value, "time_utc": time_utc, "by": by, "comment": comment}
    lines = [*history_of(metadata), entry]
    return {
        LotKey.STATE.value: wanted.value,
        LotKey.HISTORY.value: json.dumps(lines, ensure_ascii=False),
    }
