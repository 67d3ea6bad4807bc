# SPDX-License-Identifier: GPL-2.0-or-later
"""The only writer of a lot: the journal first, on disk, then the layer's edit buffer.

QGIS keeps undo commands until the layer is saved; the journal keeps them for ever. An undo uses QGIS's
command while it exists, and the journal's rows after that, so it reaches back over saves and sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from inference_backend.contracts.lot import Operation
from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.coverage_layer import CoverageLayer
from ocsge_pi_review.adapters.lot_file import LotFile
from ocsge_pi_review.domain.errors import SaveError
from ocsge_pi_review.domain.journal import Gesture

Describe = Callable[[Gesture], str]


class JournalledLayer(QObject):
    """Performs, undoes and saves gestures.

    Signals:
        journalled(object): a `Gesture` is in the journal and in the layer.
        saved(): the layer on disk contains every gesture.
        foreign_edit_refused(): another tool edited the layer; that edit was taken back.
    """

    journalled = pyqtSignal(object)
    saved = pyqtSignal()
    foreign_edit_refused = pyqtSignal()

    def __init__(
        self,
        lot: LotFile,
        coverage: CoverageLayer,
        operator: str,
        describe: Describe,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.operator = operator
        self._lot, self._coverage, self._describe = lot, coverage, describe
        self._history = lot.history()
        self._commands: list[Gesture] = []
        self._index = 0
        self._busy = False
        self._unsaved = 0
        layer = coverage.layer
        self._links = [
            (layer.undoStack().indexChanged, self._on_index_changed),
            (layer.beforeRollBack, self._on_discard),
            (layer.afterRollBack, self._on_discarded),
            (layer.afterCommitChanges, self._on_saved),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def detach(self) -> None:
        """Leave the layer alone from now on; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links.clear()

    @property
    def unsaved(self) -> int:
        """Journal rows that the layer on disk does not contain yet."""
        return self._unsaved

    @property
    def can_undo(self) -> bool:
        """Whether a gesture is left to take back."""
        return bool(self._history.done)

    @property
    def can_redo(self) -> bool:
        """Whether a gesture was taken back last."""
        return bool(self._history.undone)

    def perform(self, gesture: Gesture, duration_s: float) -> None:
        """Journal a gesture, then apply it as one undo command.

        Raises:
            StalePolygonError: the layer changed meanwhile; nothing is written.
            InvalidResultError: the result is invalid; nothing is written.
            SaveError: the layer refuses; the journal then holds the gesture and what takes it back.
        """
        self._coverage.require_current(gesture.patch)
        self._coverage.require_valid(gesture.patch)
        self._journal(gesture, duration_s)
        # QGIS drops what could be done again, whether the new command stays or is destroyed.
        del self._commands[self._index :]
        try:
            with self._own_edit():
                self._coverage.apply(gesture.patch, self._describe(gesture))
        except BaseException:
            self._journal(_taken_back(gesture), 0.0)
            raise
        self._commands.append(gesture)
        self._index = len(self._commands)
        self.journalled.emit(gesture)

    def undo(self) -> Gesture | None:
        """Take the last gesture back; None when there is none."""
        if not self._history.done:
            return None
        gesture_id = self._history.done[-1]
        top = self._commands[self._index - 1] if self._index else None
        if top is not None and top.gesture_id == gesture_id and top.operation is not Operation.UNDO:
            return self._step(top.turned(Operation.UNDO), -1)
        turned = self._lot.gesture(gesture_id).turned(Operation.UNDO)
        self.perform(turned, 0.0)
        return turned

    def redo(self) -> Gesture | None:
        """Do the last undone gesture again; None when there is none."""
        if not self._history.undone:
            return None
        gesture_id = self._history.undone[-1]
        ahead = self._commands[self._index] if self._index < len(self._commands) else None
        if ahead is not None and ahead.gesture_id == gesture_id and ahead.operation is not Operation.UNDO:
            return self._step(_as(ahead, Operation.REDO), +1)
        made = _as(self._lot.gesture(gesture_id), Operation.REDO)
        self.perform(made, 0.0)
        return made

    def save(self) -> None:
        """Write the layer to disk and mark its journal rows applied.

        Raises:
            SaveError: the layer could not be written; the journal still has everything.
        """
        layer = self._coverage.layer
        if self._unsaved == 0 or not layer.isEditable():
            return
        with self._own_edit():
            written = layer.commitChanges(False)
        if not written:
            reason = "; ".join(layer.commitErrors()[-2:])
            raise SaveError(path=self._lot.path, reason=reason, count=self._unsaved)

    def _step(self, gesture: Gesture, step: int) -> Gesture:
        """Move QGIS's own undo stack by one command, journalled first."""
        self._coverage.require_current(gesture.patch)
        self._journal(gesture, 0.0)
        stack = self._coverage.layer.undoStack()
        with self._own_edit():
            stack.setIndex(stack.index() + step)
        self._index += step
        self.journalled.emit(gesture)
        return gesture

    def _journal(self, gesture: Gesture, duration_s: float) -> None:
        self._lot.append(gesture, self.operator, duration_s)
        self._history = self._history.after(gesture.operation, gesture.gesture_id)
        self._unsaved += 1

    @contextmanager
    def _own_edit(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    @guarded
    def _on_index_changed(self, index: int) -> None:
        """Follow QGIS's own Undo and Redo, and refuse edits made by other tools."""
        stack = self._coverage.layer.undoStack()
        if self._busy or stack.count() == 0:
            return
        if not self._are_ours(index):
            # Undoing inside the stack's own signal would confuse it.
            QTimer.singleShot(0, self._refuse_foreign_edit)
            return
        while self._index > index:
            self._index -= 1
            self._follow(self._commands[self._index], back=True)
        while self._index < index:
            self._follow(self._commands[self._index], back=False)
            self._index += 1

    def _are_ours(self, index: int) -> bool:
        """Whether gestures lead to `index`; another tool's command may have taken their place."""
        if index > len(self._commands):
            return False
        stack = self._coverage.layer.undoStack()
        return all(stack.text(i) == self._describe(self._commands[i]) for i in range(self._index, index))

    def _follow(self, command: Gesture, back: bool) -> None:
        is_undo = command.operation is Operation.UNDO
        again = Operation.UNDO if is_undo else Operation.REDO
        gesture = _taken_back(command) if back else _as(command, again)
        self._journal(gesture, 0.0)
        self.journalled.emit(gesture)

    @guarded
    def _refuse_foreign_edit(self) -> None:
        stack = self._coverage.layer.undoStack()
        with self._own_edit():
            stack.setIndex(self._index)
        del self._commands[self._index :]
        self.foreign_edit_refused.emit()

    @guarded
    def _on_discard(self) -> None:
        """The operator throws unsaved edits away in QGIS: that is an undo of each, journalled as such."""
        while self._index > 0:
            self._index -= 1
            self._follow(self._commands[self._index], back=True)
        self._busy = True

    @guarded
    def _on_discarded(self) -> None:
        self._busy = False
        self._forget_commands()
        self._mark_saved()

    @guarded
    def _on_saved(self) -> None:
        self._forget_commands()
        self._mark_saved()

    def _mark_saved(self) -> None:
        self._lot.mark_applied()
        self._unsaved = 0
        self.saved.emit()

    def _forget_commands(self) -> None:
        self._commands.clear()
        self._index = 0


def _as(gesture: Gesture, operation: Operation) -> Gesture:
    return Gesture(gesture.gesture_id, operation, gesture.patch, gesture.item_before, gesture.item_after)


def _taken_back(gesture: Gesture) -> Gesture:
    return gesture.turned(Operation.REDO if gesture.operation is Operation.UNDO else Operation.UNDO)
