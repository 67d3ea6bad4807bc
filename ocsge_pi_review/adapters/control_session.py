# SPDX-License-Identifier: GPL-2.0-or-later
"""A control in progress: which unit is in front, what is said of it, and how answers are written."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace

from qgis.core import QgsGeometry
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.control import AnswerRole
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.control_store import ControlStore
from ocsge_pi_review.domain.control import Answer, ControlUnit, Judgement
from ocsge_pi_review.domain.control_progress import Progress, progress
from ocsge_pi_review.domain.decisions import now_utc


class ControlSession(QObject):
    """Units in order, one in front.

    Signals:
        focus_changed(): another unit is in front.
        said(): something else is said of the unit in front, confirmed or not.
        answered(): an answer was written, taken back or given again.

    Args:
        store: the control file.
        profile: the codes that may be said.
    """

    focus_changed = pyqtSignal()
    said = pyqtSignal()
    answered = pyqtSignal()

    def __init__(self, store: ControlStore, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self.profile = store, profile
        self._answers = store.answers()
        self._drafts: dict[int, Judgement] = {}
        """What was said and not confirmed, by unit: a step aside loses nothing."""
        self._taken_back: list[Answer] = []
        """What a redo gives again, the last one first to come; a new answer ends it."""
        self._place = 0
        self._since_s = time.monotonic()

    @property
    def unit(self) -> ControlUnit:
        """The unit in front."""
        return self.store.units[self._place]

    @property
    def place(self) -> int:
        """Its place in the order of work, from 0."""
        return self._place

    @property
    def judgement(self) -> Judgement:
        """What is said of it: the draft, else the answer in force."""
        draft = self._drafts.get(self.unit.sample_id)
        if draft is not None:
            return draft
        given = self.answer
        return Judgement() if given is None else given.judgement

    @property
    def answer(self) -> Answer | None:
        """The controller's answer in force on the unit in front."""
        return self.answer_of(self.unit.sample_id)

    @property
    def is_changed(self) -> bool:
        """Whether what is said waits to be confirmed."""
        given = self.answer
        return self.judgement != (Judgement() if given is None else given.judgement)

    @property
    def unconfirmed(self) -> tuple[int, ...]:
        """Units whose answer was changed on the screen and not confirmed: the earlier one counts."""
        given = {answer.sample_id: answer.judgement for answer in self._answers if answer.in_force}
        return tuple(
            unit_id
            for unit_id, said in sorted(self._drafts.items())
            if unit_id in given and said != given[unit_id]
        )

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The controller's answers, in the order in which they were given."""
        return tuple(self._answers)

    def answer_of(self, sample_id: int) -> Answer | None:
        """The answer in force on a unit."""
        given = (a for a in reversed(self._answers) if a.in_force and a.sample_id == sample_id)
        return next(given, None)

    def outline(self, sample_id: int) -> QgsGeometry:
        """Outline of a unit; empty for a bare point."""
        geometry = QgsGeometry()
        wkb = self.store.outline(sample_id)
        if wkb:
            geometry.fromWkb(wkb)
        return geometry

    def progress(self) -> Progress:
        """Where the work stands."""
        return progress(self.store.units, self._answers, now_utc())

    def show_place(self, place: int) -> None:
        """Put a unit in front by its place; outside the order nothing happens."""
        if 0 <= place < len(self.store.units):
            self._place = place
            self._since_s = time.monotonic()
            self.focus_changed.emit()

    def show_unit(self, sample_id: int) -> None:
        """Put a unit in front by its number."""
        ids = [unit.sample_id for unit in self.store.units]
        if sample_id in ids:
            self.show_place(ids.index(sample_id))

    def step(self, places: int) -> None:
        """Go forward or back."""
        self.show_place(self._place + places)

    def following(self) -> int | None:
        """Place of the next unit to do, from the top again after the end; None when nothing is left."""
        left = set(self.progress().left_ids)
        count = len(self.store.units)
        order = ((self._place + step) % count for step in range(1, count + 1))
        return next((place for place in order if self.store.units[place].sample_id in left), None)

    def next_todo(self) -> bool:
        """Go to the next unit to do; False when none is left."""
        place = self.following()
        if place is not None:
            self.show_place(place)
        return place is not None

    def start(self) -> None:
        """Go to the first unit to do, or to the first of all."""
        left = self.progress().left_ids
        self.show_unit(left[0] if left else self.store.units[0].sample_id)

    def say(self, judgement: Judgement) -> None:
        """Say something else of the unit in front; nothing is written before `confirm`."""
        self._drafts[self.unit.sample_id] = judgement
        self.said.emit()

    def confirm(self) -> bool:
        """Write what is said of the unit in front; False where nothing changed since the last answer.

        Raises:
            ValueError: cover or use is missing.
            AnswerNotWrittenError: nothing is written, what was said stays.
        """
        said, earlier = self.judgement, self.answer
        if said.missing is not None:
            raise ValueError(said.missing)
        if earlier is not None and not self.is_changed:
            return False
        answer = Answer(
            str(uuid.uuid4()),
            self.unit.sample_id,
            self.store.controller,
            self._role(),
            said,
            now_utc(),
            round(time.monotonic() - self._since_s, 1),
            None if earlier is None else earlier.answer_id,
        )
        self.store.append(answer)
        if earlier is not None:
            self._put(replace(earlier, in_force=False))
        self._answers.append(answer)
        self._taken_back.clear()
        self._drafts.pop(self.unit.sample_id, None)
        self.answered.emit()
        return True

    def undo(self) -> bool:
        """Take the newest answer back, over sessions, and show its unit; False without any."""
        answer = next((known for known in reversed(self._answers) if known.in_force), None)
        if answer is None:
            return False
        self.store.take_back(answer)
        self._taken_back.append(answer)
        self._turned(answer, False)
        return True

    def redo(self) -> bool:
        """Give again the answer that was taken back last, since the last new one; False without any."""
        if not self._taken_back:
            return False
        answer = self._taken_back[-1]
        self.store.give_again(answer)
        self._taken_back.pop()
        self._turned(answer, True)
        return True

    def _turned(self, answer: Answer, in_force: bool) -> None:
        self._put(replace(answer, in_force=in_force))
        self._drafts.pop(answer.sample_id, None)
        if not in_force:
            # Still on the screen: one of its codes is to be mended, not all of it said again.
            self._drafts[answer.sample_id] = answer.judgement
        for known in self._answers:
            if known.answer_id == answer.replaces:
                self._put(replace(known, in_force=not in_force))
        self.answered.emit()
        self.show_unit(answer.sample_id)

    def _put(self, answer: Answer) -> None:
        ids = [known.answer_id for known in self._answers]
        self._answers[ids.index(answer.answer_id)] = answer

    def _role(self) -> AnswerRole:
        if self.store.role is AnswerRole.ARBITER:
            return AnswerRole.ARBITER
        return AnswerRole.SECOND if self.unit.is_second else AnswerRole.FIRST
