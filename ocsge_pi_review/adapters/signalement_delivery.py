# SPDX-License-Identifier: GPL-2.0-or-later
"""Taking one answer to the service, never twice.

The answer's UUID is written into the reply. Before anything is sent, the report is read: a reply with the
UUID was sent before, by whatever came to nothing here; a report that somebody changed is not answered
unseen. What was perhaps accepted is not sent again before the service had time to show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from inference_backend.contracts.errors import OcsgeError
from ocsge_common.errors import TaskCancelledError
from ocsge_pi_review.adapters.signalement_client import EspaceClient
from ocsge_pi_review.domain.signalement import Signalement, status_of
from ocsge_pi_review.domain.signalement_errors import (
    BusyServiceError,
    NotSignedInError,
    RefusedRequestError,
    ServiceError,
)
from ocsge_pi_review.domain.signalement_report import from_report

_GONE = (404, 410)


class Outcome(Enum):
    """What became of an answer.

    `SENT`: it is on the server. `CHANGED`: somebody changed the report; nothing was sent. `REFUSED`: for
    good. `KEPT`: surely not sent, to be tried again. `UNKNOWN`: perhaps sent, to be looked for.
    """

    SENT = "sent"
    CHANGED = "changed"
    REFUSED = "refused"
    KEPT = "kept"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Delivery:
    """The outcome, the report as it was read last, and what went wrong."""

    outcome: Outcome
    report: Signalement | None = None
    error: OcsgeError | None = None

    @property
    def stops_all(self) -> bool:
        """Whether the others would fare no better now."""
        return isinstance(self.error, NotSignedInError | BusyServiceError | TaskCancelledError)


def reply_text(signalement: Signalement) -> str:
    """The reply as it is sent: the answer, and the mark by which it is found again."""
    return f"{(signalement.answer or '').strip()}\n\n[OCS GE {signalement.answer_id}]"


def deliver(client: EspaceClient, one: Signalement, *, may_post: bool, was_sending: bool) -> Delivery:
    """Take an answer to the service.

    Args:
        client: the service that the remark comes from.
        one: the remark with its answer.
        may_post: whether to send it where it is not found; False: only look.
        was_sending: whether an earlier try came to no clear end.
    """
    kept = Outcome.UNKNOWN if was_sending else Outcome.KEPT
    try:
        report = client.report(one.remote_id)
        now = from_report(report, one.source)
    except RefusedRequestError as error:
        is_gone = error.values["status"] in _GONE
        return Delivery(Outcome.REFUSED if is_gone or not was_sending else kept, error=error)
    except (ServiceError, TaskCancelledError) as error:
        return Delivery(kept, error=error)
    if _position(one, now) is not None:
        return _finished(client, one, now)
    if was_sending and not may_post:
        return Delivery(Outcome.UNKNOWN, now)
    if one.says_other_than(now):
        return Delivery(Outcome.CHANGED, now)
    return _posted(client, one)


def _posted(client: EspaceClient, one: Signalement) -> Delivery:
    try:
        client.reply(one.remote_id, reply_text(one), str(one.answer_status))
    except RefusedRequestError as error:
        return Delivery(Outcome.REFUSED, error=error)
    except (NotSignedInError, BusyServiceError) as error:
        return Delivery(Outcome.KEPT, error=error)
    except (ServiceError, TaskCancelledError) as error:
        return _looked_for(client, one, error)
    return _looked_for(client, one, None)


def _looked_for(client: EspaceClient, one: Signalement, error: OcsgeError | None) -> Delivery:
    """Look for a reply that was sent, be it that its sending ended badly."""
    if isinstance(error, TaskCancelledError):
        return Delivery(Outcome.UNKNOWN, error=error)
    try:
        now = from_report(client.report(one.remote_id), one.source)
    except (ServiceError, TaskCancelledError) as again:
        return Delivery(Outcome.UNKNOWN, error=error or again)
    if _position(one, now) is None:
        return Delivery(Outcome.UNKNOWN, now, error)
    return _finished(client, one, now)


def _finished(client: EspaceClient, one: Signalement, now: Signalement) -> Delivery:
    """The reply is there; see that the report has the status that goes with it."""
    is_last = _position(one, now) == len(now.reply_list) - 1
    if now.status == status_of(one.answer_status).value or not is_last:
        # Whoever replied after us has said what the status is to be.
        return Delivery(Outcome.SENT, now)
    try:
        client.set_status(one.remote_id, str(one.answer_status))
        now = from_report(client.report(one.remote_id), one.source)
    except RefusedRequestError as error:
        return Delivery(Outcome.SENT, now, error)
    except (ServiceError, TaskCancelledError) as error:
        return Delivery(Outcome.UNKNOWN, now, error)
    return Delivery(Outcome.SENT, now)


def _position(one: Signalement, now: Signalement) -> int | None:
    """Place of our reply among those of a report."""
    if not one.answer_id:
        return None
    replies: tuple[Any, ...] = now.reply_list
    return next((place for place, reply in enumerate(replies) if one.answer_id in reply.content), None)
