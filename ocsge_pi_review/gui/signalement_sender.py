# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends the outbox of an open lot in the background, answer by answer, and tries again what did not leave."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ocsge_common.errors import TaskCancelledError
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.tasks import start_task
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.signalement_client import EspaceClient
from ocsge_pi_review.adapters.signalement_delivery import Delivery, Outcome
from ocsge_pi_review.adapters.signalement_outbox import SETTLING_S, OutboxRun, Sent
from ocsge_pi_review.adapters.signalement_tasks import DeliverTask
from ocsge_pi_review.domain.signalement_errors import BusyServiceError, NotSignedInError

MOST_TRIES = 5
"""Runs that follow by themselves where something was left; then the user is told."""
MARGIN_S = 2.0


class SignalementSender(QObject):
    """Walks through the outbox; the store is used on the main thread alone.

    Signals:
        written(): rows changed.
        finished(object): a run ended: `Sent`.

    Args:
        store: the lot.
        connect: makes a client of the service that the settings name.
        messages: where to speak.
        settling_s: see `OutboxRun`.
    """

    written = pyqtSignal()
    finished = pyqtSignal(object)

    def __init__(
        self,
        store: LotStore,
        connect: Callable[[], EspaceClient],
        messages: MessageLog,
        settling_s: float = SETTLING_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._store, self._connect, self._settling_s = store, connect, settling_s
        self._run: OutboxRun | None = None
        self._client: EspaceClient | None = None
        self._task: DeliverTask | None = None
        self._tries = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._again)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._task is not None

    def start(self) -> None:
        """Send what waits; nothing happens while it is being sent.

        Raises:
            UnsafeAddressError: credentials would travel readable.
        """
        self._tries = 0
        self._begin()

    def stop(self) -> None:
        """Send no more; what is on its way stays marked so, and is looked for at the next run."""
        self._timer.stop()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _begin(self) -> None:
        if self.is_busy:
            return
        self._timer.stop()
        self._client = self._connect()
        if self._run is None or self._run.url != self._client.url:
            self._run = OutboxRun(self._store, self._client.url, self._settling_s)
        if self._run.start() == 0:
            self.messages.info(tr("No answer waits to be sent to {}.").format(self._client.url))
            return
        self._next()

    @guarded
    def _again(self) -> None:
        self._begin()

    def _next(self) -> None:
        claim = self._run.next_one()
        self.written.emit()
        if claim is None:
            self._on_end()
            return
        self._task = DeliverTask(self._client, claim)
        self._task.succeeded.connect(self._on_delivered)
        self._task.failed.connect(self._on_failed)
        self._task.cancelled.connect(self._on_cancelled)
        start_task(self._task)

    @guarded
    def _on_delivered(self, delivery: Delivery) -> None:
        task, self._task = self._task, None
        if task is not None:
            self._run.settle(task.claim, delivery)
            self._next()

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        """What nobody foresaw: the row stays marked as on its way, the others go on."""
        task, self._task = self._task, None
        if task is not None:
            self.messages.report(error)
            self._run.settle(task.claim, Delivery(Outcome.UNKNOWN))
            self._next()

    @guarded
    def _on_cancelled(self) -> None:
        if self._task is not None:
            self._task = None
            self._on_end()

    def _on_end(self) -> None:
        sent = self._run.sent
        errors = list(sent.errors.values())
        is_stopped = any(isinstance(error, NotSignedInError | TaskCancelledError) for error in errors)
        is_retried = bool(sent.left) and not is_stopped and self._tries < MOST_TRIES
        self._tell(sent, is_retried)
        if is_retried:
            self._tries += 1
            waits = [float(e.values["wait_s"]) for e in errors if isinstance(e, BusyServiceError)]
            self._timer.start(round(1000 * (max([self._settling_s, *waits]) + MARGIN_S)))
        self.finished.emit(sent)

    def _tell(self, sent: Sent, is_retried: bool) -> None:
        done = sent.counts[Outcome.SENT]
        if done:
            self.messages.success(tr("{} answers sent.").format(done))
        for number in sent.changed:
            self.messages.warning(
                tr("Remark {} was changed on the server: read it again before you answer.").format(number)
            )
        texts = {error.text(user_language()): number for number, error in sent.errors.items()}
        for text, number in texts.items():
            self.messages.warning(tr("Remark {}: {}").format(number, text))
        if sent.left and is_retried:
            self.messages.info(tr("{} answers stay in the outbox and are tried again.").format(sent.left))
        elif sent.left:
            text = tr("{} answers stay in the outbox: menu Remarks > Send the answers tries again.")
            self.messages.warning(text.format(sent.left))
