# SPDX-License-Identifier: GPL-2.0-or-later
"""Whose turn it is: of several questions about one patch only the newest is worth an answer."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Hashable

from inference_backend.service.web.api_errors import SupersededError


class Turn:
    """One question. `check` is asked by whoever works on it, in another thread."""

    def __init__(self, turns: Turns, subject: Hashable, number: int) -> None:
        self._turns, self.subject, self.number = turns, subject, number
        self._is_given_up = False

    def give_up(self) -> None:
        """Nobody waits for the answer any more."""
        self._is_given_up = True

    def check(self) -> None:
        """Raise where the answer is not wanted any more.

        Raises:
            SupersededError: a newer question was asked, or the client has gone.
        """
        if self._is_given_up or not self._turns.is_newest(self):
            raise SupersededError()


class Turns:
    """Turns by subject; a subject that nobody asks about takes no room."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._newest: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def take(self, subject: Hashable) -> Turn:
        """A new question, which takes the place of older ones of the same subject."""
        with self._lock:
            turn = Turn(self, subject, next(self._numbers))
            self._newest[subject] = turn.number
            return turn

    def end(self, turn: Turn) -> None:
        """The question is answered."""
        with self._lock:
            if self._newest.get(turn.subject) == turn.number:
                del self._newest[turn.subject]

    def is_newest(self, turn: Turn) -> bool:
        """Whether no other question of its subject came later."""
        with self._lock:
            return self._newest.get(turn.subject, turn.number) <= turn.number
