# SPDX-License-Identifier: GPL-2.0-or-later
"""Talking to the service in the background; what is read or sent is written by whoever started the task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ocsge_common.tasks import BaseTask, TaskProgress
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.signalement_client import EspaceClient, LongLat
from ocsge_pi_review.adapters.signalement_delivery import Delivery, deliver
from ocsge_pi_review.adapters.signalement_outbox import Claim
from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_report import from_report


class ServiceTask(BaseTask):
    """A task whose end ends its request.

    Args:
        description: what it does.
        client: the service.
    """

    def __init__(self, description: str, client: EspaceClient) -> None:
        super().__init__(description)
        self._client = client

    def cancel(self) -> None:
        """Stop, the request under way included."""
        self._client.feedback.cancel()
        super().cancel()


class FetchTask(ServiceTask):
    """Reads reports; succeeds with remarks in longitude and latitude.

    Args:
        client: the service.
        box: in degrees.
        communities: their numbers; empty for all.
        opened_after: date, or empty.
    """

    def __init__(
        self, client: EspaceClient, box: LongLat, communities: Sequence[int], opened_after: str
    ) -> None:
        super().__init__(tr("Reading remarks"), client)
        self._box, self._communities, self._opened_after = box, tuple(communities), opened_after

    def work(self, progress: TaskProgress) -> list[Signalement]:
        """Read page after page."""
        found = []
        for report in self._client.reports(self._box, self._communities, self._opened_after):
            progress.update(0.0, str(len(found)))
            if report.get("id") not in (None, ""):
                found.append(from_report(report, self._client.url))
        return found


class DeliverTask(ServiceTask):
    """Takes one answer to the service; succeeds with a `Delivery`.

    Args:
        client: the service.
        claim: the answer in hand.
    """

    def __init__(self, client: EspaceClient, claim: Claim) -> None:
        super().__init__(tr("Sending an answer"), client)
        self.claim = claim

    def work(self, progress: TaskProgress) -> Delivery:
        """Send it; what goes wrong is in the delivery."""
        claim = self.claim
        return deliver(
            self._client, claim.signalement, may_post=claim.may_post, was_sending=claim.was_sending
        )


class AskTask(ServiceTask):
    """Asks the service something.

    Args:
        client: the service.
        question: called with the client.
    """

    def __init__(self, client: EspaceClient, question: Callable[[EspaceClient], Any]) -> None:
        super().__init__(tr("Asking the collaborative service"), client)
        self._question = question

    def work(self, progress: TaskProgress) -> Any:
        """Ask it."""
        return self._question(self._client)
