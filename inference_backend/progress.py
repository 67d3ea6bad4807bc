# SPDX-License-Identifier: GPL-2.0-or-later
"""How long work reports progress and learns that it was cancelled; bound to no interface."""

from __future__ import annotations

from typing import Protocol

from inference_backend.errors import Cancelled


class Progress(Protocol):
    """Receives the share of work done; `update` raises `Cancelled` once the user asked to stop."""

    def update(self, share: float, message: str = "") -> None:
        """Report `share` in [0, 1]; `message` names the step in hand.

        Raises:
            Cancelled: the user asked to stop.
        """


class Silent:
    """Progress that nobody watches."""

    def update(self, share: float, message: str = "") -> None:
        """Do nothing."""


class Span:
    """A part of another progress: 0..1 here is `start`..`end` there."""

    def __init__(self, parent: Progress, start: float, end: float, message: str = "") -> None:
        self._parent, self._start, self._end, self._message = parent, start, end, message

    def update(self, share: float, message: str = "") -> None:
        """Scale `share` into the parent's range."""
        self._parent.update(self._start + share * (self._end - self._start), message or self._message)


__all__ = ["Cancelled", "Progress", "Silent", "Span"]
