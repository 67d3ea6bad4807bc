# SPDX-License-Identifier: GPL-2.0-or-later
"""The outbox of a lot: answers written first, then sent one by one, each step on the disk before the next.

`next_one` and `settle` are called where the store lives; `deliver` between them may run in a task.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.signalement import Motive, Outbox, ReportStatus
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.signalement_client import EspaceClient, service_address
from ocsge_pi_review.adapters.signalement_delivery import Delivery, Outcome, deliver
from ocsge_pi_review.domain.errors import ReviewError
from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_errors import StaleSignalementError

SETTLING_S = 60.0
"""How long a request without answer may still be taken by the service, s; then it is sent again."""


def write_answer(
    store: LotStore, one: Signalement, status: ReportStatus, motive: Motive, text: str, *, is_ready: bool
) -> Signalement:
    """Keep an answer, to be sent or as a draft; returns the row as it is now.

    Raises:
        StaleSignalementError: the row was changed meanwhile, or its answer is on its way; nothing is written.
        JournalError: it cannot be written.
    """
    if one.outbox == Outbox.SENDING.value:
        raise StaleSignalementError(remote_id=one.remote_id)
    after = replace(
        one,
        answer_status=status.value,
        motive=motive.value,
        answer=text.strip(),
        answered_by=store.operator,
        answered_at=_now(),
        outbox=(Outbox.READY if is_ready else Outbox.NONE).value,
        # A text that was changed is another answer: its mark has never been on the way.
        answer_id=str(uuid.uuid4()),
    )
    store.signalements.replace(one, after)
    return after


def take_back(store: LotStore, one: Signalement) -> Signalement:
    """Keep an answer that has not left from leaving; one on its way stays as it is."""
    if one.outbox != Outbox.READY.value:
        return one
    after = replace(one, outbox=Outbox.NONE.value)
    store.signalements.replace(one, after)
    return after


@dataclass
class Sent:
    """What a run of the outbox did: how many of each outcome, and what to tell."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    errors: dict[str, OcsgeError] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Answers to try again."""
        return self.counts[Outcome.KEPT] + self.counts[Outcome.UNKNOWN]


@dataclass(frozen=True)
class Claim:
    """An answer in hand: the row as it is now on the disk, and what may be done with it."""

    signalement: Signalement
    may_post: bool
    was_sending: bool


class OutboxRun:
    """Sends what waits in a lot, one answer after the other.

    Args:
        store: the lot.
        url: address of the service; remarks of other services and of files stay.
        settling_s: see `SETTLING_S`.
    """

    def __init__(self, store: LotStore, url: str, settling_s: float = SETTLING_S) -> None:
        self._store, self.url, self._settling_s = store, service_address(url), settling_s
        self._queue: list[Signalement] = []
        self._first_look: dict[str, float] = {}
        self.sent = Sent()

    def start(self) -> int:
        """Begin anew with all that waits; how many there are."""
        self.sent = Sent()
        self._queue = waiting(self._store, self.url)
        return len(self._queue)

    def next_one(self) -> Claim | None:
        """Take the next answer in hand, marked on the disk as on its way; None when none is left."""
        table = self._store.signalements
        while self._queue:
            one = self._queue.pop(0)
            if not table.hold(one):
                continue
            was_sending = one.outbox == Outbox.SENDING.value
            claimed = replace(one, outbox=Outbox.SENDING.value)
            try:
                table.replace(one, claimed)
            except StaleSignalementError:
                # A colleague sent or changed it since the list was made.
                table.let_go(one)
                continue
            except ReviewError:
                # Held on, it could be sent by nobody before this connection ends.
                table.let_go(one)
                raise
            return Claim(claimed, not was_sending or self._has_settled(one), was_sending)
        return None

    def settle(self, claim: Claim, delivery: Delivery) -> None:
        """Write what became of an answer."""
        one, outcome = claim.signalement, delivery.outcome
        try:
            self._store.signalements.replace(one, _after(one, delivery))
        except StaleSignalementError:
            # An import wrote the row meanwhile: it still says that the answer is on its way.
            outcome = Outcome.UNKNOWN
        finally:
            self._store.signalements.let_go(one)
        self.sent.counts[outcome] += 1
        if outcome is Outcome.CHANGED:
            self.sent.changed.append(one.remote_id)
        if delivery.error is not None:
            self.sent.errors[one.remote_id] = delivery.error
        if outcome is Outcome.UNKNOWN:
            self._first_look.setdefault(str(one.answer_id), time.monotonic())
        if delivery.stops_all:
            self._queue.clear()

    def _has_settled(self, one: Signalement) -> bool:
        """Whether an earlier request would show by now: it was looked for, long enough ago."""
        if self._settling_s <= 0:
            return True
        looked = self._first_look.get(str(one.answer_id))
        return looked is not None and time.monotonic() - looked >= self._settling_s


def send_all(
    run: OutboxRun, client: EspaceClient, goes_on: Callable[[int], bool] = lambda _done: True
) -> Sent:
    """Send what waits, one after the other, and wait for each."""
    run.start()
    done = 0
    while goes_on(done) and (claim := run.next_one()) is not None:
        delivery = deliver(client, claim.signalement, may_post=claim.may_post, was_sending=claim.was_sending)
        run.settle(claim, delivery)
        done += 1
    return run.sent


def waiting(store: LotStore, url: str) -> list[Signalement]:
    """Answers to be sent to a service; those on their way first."""
    address = service_address(url)
    found = [one for one in store.signalements.all() if one.is_waiting and one.source == address]
    return sorted(found, key=lambda one: one.outbox != Outbox.SENDING.value)


def _after(one: Signalement, delivery: Delivery) -> Signalement:
    states = {
        Outcome.SENT: Outbox.SENT,
        Outcome.CHANGED: Outbox.NONE,
        Outcome.REFUSED: Outbox.REFUSED,
        Outcome.KEPT: Outbox.READY,
        Outcome.UNKNOWN: Outbox.SENDING,
    }
    read = delivery.report
    after = replace(one, outbox=states[delivery.outcome].value)
    if read is not None and delivery.outcome in (Outcome.SENT, Outcome.CHANGED):
        # What the report says now; place and sketch stay in the CRS of the lot.
        after = replace(
            after, status=read.status, replies=read.replies, updated_at=read.updated_at, text=read.text
        )
    if delivery.outcome is Outcome.SENT:
        after = replace(after, sent_at=_now())
    return after


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
