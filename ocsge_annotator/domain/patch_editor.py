# SPDX-License-Identifier: GPL-2.0-or-later
"""The labels of one patch while somebody works on them: the only place where they change.

A gesture is begun, paints any number of regions, and is committed: journal first, then history. A gesture
that fails is taken back as a whole.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ocsge_annotator.domain.active_clock import ActiveClock
from ocsge_annotator.domain.history import Change, History
from ocsge_annotator.domain.holes import count_unlabelled
from ocsge_annotator.domain.journal import GestureKind, Journal, Record
from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow, Region, Shape, changed_window


class PatchEditor:
    """Labels, journal and history of one patch.

    Attributes:
        has_new: whether there is a gesture since the opening or the last saving, not only recovered ones.
        require: asked before anything is written down; raises where the patch may be written no more.

    Args:
        labels: (H, W) uint8, as last saved; owned by the editor from now on.
        journal: of this patch; its records are replayed onto `labels`.
        clock: active time on this patch.
        gestures: number of gestures of earlier sessions.
    """

    def __init__(self, labels: Labels, journal: Journal, clock: ActiveClock, gestures: int = 0) -> None:
        self.labels = labels
        self.clock = clock
        self.gestures = gestures
        self.recovered = 0
        self.require: Callable[[], None] = lambda: None
        self._journal = journal
        self._history = History()
        self._before: Labels | None = None
        self._touched: PixelWindow | None = None
        self._painted: Mask | None = None
        self._unsaved = self.has_new = False
        self._replay()

    @property
    def shape(self) -> Shape:
        """Size of the patch."""
        return Shape(*self.labels.shape)

    @property
    def is_unsaved(self) -> bool:
        """Whether the label raster on the disk lacks a gesture, which the journal then has."""
        return self._unsaved

    @property
    def is_in_gesture(self) -> bool:
        """Whether a gesture has been begun and not yet committed."""
        return self._before is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a gesture to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a gesture to do again."""
        return self._history.can_redo

    @property
    def unlabelled_px(self) -> int:
        """Number of pixels without label."""
        return count_unlabelled(self.labels)

    @property
    def before(self) -> Labels:
        """Labels as they were when the gesture in hand began, or as they are where there is none."""
        return self.labels if self._before is None else self._before

    def begin(self) -> None:
        """Start a gesture; one left open is taken back."""
        self.abort()
        self._before = self.labels.copy()
        self._touched, self._painted = None, np.zeros(self.labels.shape, dtype=bool)

    def paint(self, region: Region | None, value: int, *, fence: Mask | None = None) -> PixelWindow | None:
        """Give a class to the pixels of a region, within the gesture.

        Args:
            region: pixels of the patch, None for no pixel.
            value: class value, or `UNLABELLED`.
            fence: (H, W) bool of the pixels that may change, None for all.

        Returns:
            The window that may have changed.
        """
        if region is None or self._before is None or self._painted is None:
            return None
        slices = region.window.slices
        mask = region.mask if fence is None else region.mask & fence[slices]
        self.labels[slices][mask] = value
        self._painted[slices] |= mask
        self._touch(region.window)
        return region.window

    def replace(self, labels: Labels, *, fence: Mask | None = None) -> PixelWindow | None:
        """Set all labels at once, within the gesture.

        Args:
            labels: (H, W) uint8.
            fence: (H, W) bool of the pixels that may change, None for all.

        Returns:
            The window that may have changed: the whole patch.
        """
        if self._before is None or self._painted is None:
            return None
        np.copyto(self.labels, labels, where=True if fence is None else fence)
        self._painted |= self.labels != self._before
        self._touch(PixelWindow(0, 0, *self.shape))
        return self._touched

    def restart(self) -> PixelWindow | None:
        """Take back what the gesture has painted, and go on with it.

        Returns:
            The window that may have changed, None where the gesture has painted nothing.
        """
        window, self._touched = self._touched, None
        if window is not None and self._before is not None and self._painted is not None:
            self.labels[window.slices] = self._before[window.slices]
            self._painted[window.slices] = False
        return window

    @property
    def painted(self) -> Mask:
        """(H, W) bool, the pixels that the latest gesture gave a class, also the one they had."""
        return np.zeros(self.labels.shape, dtype=bool) if self._painted is None else self._painted

    def commit(self, tool: str) -> PixelWindow | None:
        """End the gesture: journal it, then count it.

        Returns:
            The window that changed, None where the gesture changed nothing (it is then forgotten).

        Raises:
            LockLostError: somebody else took the patch over; likewise.
            WriteError: the journal cannot be written; the labels are as before the gesture.
        """
        if self._before is None:
            return None
        window = changed_window(self._before, self.labels)
        if window is not None:
            change = Change.between(window, self._before, self.labels)
            try:
                self._write(GestureKind.PAINT, tool, change)
            except BaseException:
                self.abort()
                raise
            self._history.record(change)
        self._before = None
        return window

    def _touch(self, window: PixelWindow) -> None:
        self._touched = window if self._touched is None else self._touched.union(window)

    def abort(self) -> None:
        """Take back the gesture in hand."""
        if self._before is not None:
            self.labels[...] = self._before
            self._before = None

    def undo(self) -> PixelWindow | None:
        """Take back the last gesture; None where there is none.

        Raises:
            LockLostError: somebody else took the patch over; likewise.
            WriteError: the journal cannot be written; nothing is taken back.
        """
        self.abort()
        if not self._history.can_undo:
            return None
        change = self._history.peek_undo().reversed()
        self._write(GestureKind.UNDO, "undo", change)
        self._history.undone()
        change.apply(self.labels)
        return change.window

    def redo(self) -> PixelWindow | None:
        """Do the last undone gesture again; None where there is none.

        Raises:
            LockLostError: somebody else took the patch over; likewise.
            WriteError: the journal cannot be written; nothing is done.
        """
        self.abort()
        if not self._history.can_redo:
            return None
        change = self._history.peek_redo()
        self._write(GestureKind.REDO, "redo", change)
        self._history.redone()
        change.apply(self.labels)
        return change.window

    def saved(self) -> None:
        """The label raster now holds `labels`: the journal starts over."""
        self._journal.clear()
        self._unsaved = self.has_new = False

    def close(self) -> None:
        """Release the journal's file."""
        self._journal.close()

    def _write(self, kind: GestureKind, tool: str, change: Change) -> None:
        self.require()
        self.clock.touch()
        self._journal.append(Record(kind, tool, change, self.clock.active_s, self.gestures + 1))
        self.gestures += 1
        self._unsaved = self.has_new = True

    def _replay(self) -> None:
        for record in self._journal.read():
            record.change.apply(self.labels)
            if record.kind is GestureKind.PAINT:
                self._history.record(record.change)
            elif record.kind is GestureKind.UNDO and self._history.can_undo:
                self._history.undone()
            elif record.kind is GestureKind.REDO and self._history.can_redo:
                self._history.redone()
            self.gestures = record.gestures
            self.clock.resume(record.active_s)
            self.recovered += 1
            self._unsaved = True
