# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps the items in hand of somebody who works, and lets go of those of somebody who left.

Work is what the review and the map tell of: gestures, items, the mouse on the map. Without any for as long as
a hold lasts, nothing is renewed; the holds end then by themselves, which is said, and the next sign of work
takes them up again where nobody else did.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.postgis_holds import HoldNotice
from ocsge_pi_review.adapters.postgis_store import PostgisStore
from ocsge_pi_review.domain.errors import JournalError

RENEWALS_PER_HOLD = 5
"""A renewal that fails is tried again several times before the hold ends."""


class HoldKeeper(QObject):
    """Renews holds while there is work.

    Signals:
        noticed(object): a `HoldNotice`.
        ended(): nothing was done for so long that the holds have ended.
        failed(object): the database does not answer: a `JournalError`, told once until it answers again.

    Args:
        store: the lot.
        signs: signals that tell of work.
        clock: seconds that only go forward.
    """

    noticed = pyqtSignal(object)
    ended = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(
        self,
        store: PostgisStore,
        signs: Iterable[Any] = (),
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._store, self._clock = store, clock
        self._worked = self._renewed = clock()
        self._has_ended = self._has_failed = False
        store.listen(self._on_notice)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(round(1000 * store.hold_s / RENEWALS_PER_HOLD))
        self._signs = list(signs)
        for sign in self._signs:
            sign.connect(self.note_work)

    def note_work(self, *_values: object) -> None:
        """Somebody is there."""
        self._worked = self._clock()
        if self._has_ended:
            self._has_ended = False
            self.look()

    @guarded
    def look(self) -> None:
        """Renew, or tell that the holds have ended."""
        now = self._clock()
        if now - self._worked < self._store.hold_s:
            self._renew()
        elif now - self._renewed >= self._store.hold_s and not self._has_ended and self._store.held_count:
            self._has_ended = True
            self.ended.emit()

    def stop(self) -> None:
        """Leave the store alone; safe to call again."""
        self._timer.stop()
        for sign in self._signs:
            sign.disconnect(self.note_work)
        self._signs.clear()

    def _renew(self) -> None:
        try:
            self._store.renew()
        except JournalError as error:
            if not self._has_failed:
                self._has_failed = True
                self.failed.emit(error)
            return
        self._renewed, self._has_failed = self._clock(), False

    def _on_notice(self, notice: HoldNotice) -> None:
        self.noticed.emit(notice)
