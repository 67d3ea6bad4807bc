# SPDX-License-Identifier: GPL-2.0-or-later
"""Undo and redo of gestures, each kept as the compressed window that it changed."""

from __future__ import annotations

import zlib
from collections import deque
from dataclasses import dataclass

import numpy as np

from ocsge_annotator.domain.pixels import Labels, PixelWindow

DEFAULT_BUDGET_BYTES = 64 * 1024 * 1024
"""Memory that undo may take, bytes: thousands of strokes, since a stroke packs into a few hundred bytes."""


@dataclass(frozen=True)
class Change:
    """What one gesture did to a window of the labels.

    Attributes:
        window: the pixels concerned.
        before: zlib of the window's bytes before, row by row.
        after: the same afterwards.
    """

    window: PixelWindow
    before: bytes
    after: bytes

    @classmethod
    def between(cls, window: PixelWindow, before: Labels, after: Labels) -> Change:
        """Pack a window; `before` and `after` are whole (H, W) arrays."""
        packed = (zlib.compress(array[window.slices].tobytes(), 1) for array in (before, after))
        return cls(window, *packed)

    @property
    def size_bytes(self) -> int:
        """Memory taken, bytes."""
        return len(self.before) + len(self.after)

    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(self.window, self.after, self.before)

    def apply(self, labels: Labels) -> None:
        """Write the window's `after` into `labels`.

        Raises:
            ValueError: the window does not fit the array, or the bytes do not fill the window.
        """
        shape = (self.window.height, self.window.width)
        labels[self.window.slices] = np.frombuffer(zlib.decompress(self.after), dtype=np.uint8).reshape(shape)


class History:
    """Done and undone changes; the oldest are forgotten beyond a budget of memory."""

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._done: deque[Change] = deque()
        self._undone: list[Change] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a gesture to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a gesture to do again."""
        return bool(self._undone)

    @property
    def size_bytes(self) -> int:
        """Memory taken by the changes, bytes."""
        return sum(change.size_bytes for change in (*self._done, *self._undone))

    def record(self, change: Change) -> None:
        """A new gesture: nothing can be redone any more."""
        self._undone.clear()
        self._done.append(change)
        while len(self._done) > 1 and self.size_bytes > self._budget_bytes:
            self._done.popleft()

    def peek_undo(self) -> Change:
        """The last gesture, to be taken back."""
        return self._done[-1]

    def peek_redo(self) -> Change:
        """The last undone gesture, to be done again."""
        return self._undone[-1]

    def undone(self) -> None:
        """The last gesture has been taken back."""
        self._undone.append(self._done.pop())

    def redone(self) -> None:
        """The last undone gesture has been done again."""
        self._done.append(self._undone.pop())
