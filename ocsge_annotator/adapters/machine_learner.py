# SPDX-License-Identifier: GPL-2.0-or-later
"""After each gesture the backend's learner proposes the rest of the patch, without anyone waiting for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.machine_material import Material
from ocsge_annotator.adapters.machine_memory import LearnerMemory
from ocsge_annotator.adapters.machine_proposals import ProposalDesk
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.proposal import Proposal, ProposalSource
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.backend.live_reply import LiveReply
from ocsge_common.slots import guarded

Scores = Callable[[PixelWindow], np.ndarray | None]


class LearnerSource(QObject):
    """Proposes what the strokes painted so far teach.

    An answer that comes after another gesture or on another patch is dropped.

    Signals:
        asked(): a question is on its way, or answered.
        failed(object): why there is no proposal.

    Args:
        session: the work.
        desk: takes the proposal.
        live: client of the live service.
        memory: what finished patches teach.
        material: gives the patch in hand, None until it is read.
        scores: gives what a model said of the patch, None where none did.
        parent: owner.
    """

    asked = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(
        self,
        session: AnnotationSession,
        desk: ProposalDesk,
        live: LiveClient,
        memory: LearnerMemory,
        material: Callable[[], Material | None],
        scores: Scores,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._desk, self._live, self._memory = session, desk, live, memory
        self._material, self._scores = material, scores
        self._is_on = False
        self._reply: LiveReply | None = None
        session.gesture_done.connect(self._on_news)
        memory.taught.connect(self._on_news)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is on its way."""
        return self._reply is not None

    def start(self) -> None:
        """Propose for the patch in hand, now and after each gesture."""
        self._is_on = True
        self._ask()

    def stop(self) -> None:
        """Propose no more."""
        self._is_on = False
        self._drop()

    @guarded
    def _on_news(self) -> None:
        if self._is_on:
            self._ask()

    def _ask(self) -> None:
        self._drop()
        material, labels = self._material(), self._desk.labels_by_people
        if material is None or labels is None or not self._can_learn(labels):
            return
        reply = self._live.proposal(
            material.pixels, labels, self._scores(material.window), self._memory.lesson
        )
        reply.done.connect(lambda answer: self._on_answer(reply, answer))
        reply.failed.connect(lambda error: self._on_failed(reply, error))
        self._reply = reply
        self.asked.emit()

    def _can_learn(self, labels: np.ndarray) -> bool:
        """Two classes make a question; what other patches taught may bring them."""
        return self._memory.lesson is not None or np.unique(labels[labels != UNLABELLED]).size > 1

    def _drop(self) -> None:
        if self._reply is not None:
            self._reply.cancel()
            self._reply = None
            self.asked.emit()

    @guarded
    def _on_answer(self, reply: LiveReply, answer: tuple[np.ndarray, np.ndarray]) -> None:
        if reply is not self._reply:
            return
        self._reply = None
        self._desk.put(Proposal(ProposalSource.LEARNER, *answer))
        self.asked.emit()

    @guarded
    def _on_failed(self, reply: LiveReply, error: BaseException) -> None:
        if reply is self._reply:
            self._reply = None
            self.failed.emit(error)
            self.asked.emit()
