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
OPEN_FOR_WORK = (LotState.PREPARED, LotState.ASSIGNED, LotState.IN_INTERPRETATION, LotState.REJECTED)
"""States in which an interpreter may still change the lot."""
MERGEABLE = (LotState.DELIVERED, LotState.IN_CONTROL, LotState.ACCEPTED)
"""States in which a lot may go back into the one it was cut from."""


class LotStateError(OcsgeError):
    """A state that may not follow: `path`, `state`, `wanted`, `possible`."""

    templates = {
        "en": "{path}: a lot that is {state} cannot become {wanted}. Possible now: {possible}.",
        "fr": "{path} : un lot dans l'état {state} ne peut pas passer à {wanted}. "
        "Possible maintenant : {possible}.",
    }


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
        possible = ", ".join(follower.value for follower in NEXT[state])
        raise LotStateError(path=label, state=state.value, wanted=wanted.value, possible=possible)
    entry = {"state": wanted.value, "time_utc": time_utc, "by": by, "comment": comment}
    lines = [*history_of(metadata), entry]
    return {
        LotKey.STATE.value: wanted.value,
        LotKey.HISTORY.value: json.dumps(lines, ensure_ascii=False),
    }
