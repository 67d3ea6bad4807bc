# SPDX-License-Identifier: GPL-2.0-or-later
"""Commenting the item in front: the dialog, the drawing on the map, and what was drawn before."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt
from qgis.PyQt.QtWidgets import QWidget

from inference_backend.contracts.lot import ItemState, Operation
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.gestures import keep
from ocsge_pi_review.domain.sketch import sketch_from_json, sketch_to_json
from ocsge_pi_review.gui.comment_dialog import CommentDialog, CommentUse
from ocsge_pi_review.map_tools.sketch_tool import SketchBand, SketchTool

_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class CommentBox(QObject):
    """Opens one dialog at a time; keys and panel wait until it is closed, the map is free to be drawn on.

    Args:
        canvas: the map.
        panel: what waits meanwhile.
        review: whose item is commented.
        layer: in whose CRS drawings are.
        messages: where to speak.
        go_on: called once the item was put aside.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        panel: QWidget,
        review: Review,
        layer: QgsVectorLayer,
        messages: MessageLog,
        go_on: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._canvas, self._panel, self._review, self._layer = canvas, panel, review, layer
        self._go_on = go_on
        self._seen: SketchBand | None = SketchBand(canvas, layer)
        self._tool: SketchTool | None = None
        self._earlier = None
        self._item_id: int | None = None
        self.dialog: CommentDialog | None = None

    def show_sketch(self) -> None:
        """Show what was drawn with the item in front, nothing where nothing was."""
        item = self._review.item
        if self._seen is not None and self.dialog is None:
            self._seen.show(() if item is None else sketch_from_json(item.sketch))

    def open(self) -> None:
        """Comment the item in front."""
        item = self._review.item
        if item is None:
            self.messages.info(tr("This polygon is not in the queue: there is no item to comment."))
            return
        if self.dialog is not None:
            self.dialog.activateWindow()
            return
        self._item_id = item.item_id
        self._tool = SketchTool(self._canvas, self._layer)
        self._tool.start_from(sketch_from_json(item.sketch))
        self._seen.show(())
        is_asked = item.state is ItemState.ASKED
        self.dialog = CommentDialog(item.comment or "", item.answer or "", is_asked, self._canvas.window())
        self.dialog.drawing.connect(self._on_drawing)
        self.dialog.erased.connect(self._tool.clear)
        self.dialog.settled.connect(self._on_settled)
        self.dialog.rejected.connect(self._leave)
        self._tool.changed.connect(self._on_drawn)
        self._on_drawn()
        self._panel.setEnabled(False)
        self._canvas.installEventFilter(self)
        # Over the panel, which waits: the map is to be drawn on.
        self.dialog.move(self._panel.mapToGlobal(QPoint(0, 0)))
        self.dialog.show()

    def remove(self) -> None:
        """Close everything for good; a comment that is being written is noted first. Safe to call again."""
        if self.dialog is not None:
            self._note_unfinished()
        self._leave()
        if self._seen is not None:
            self._seen.remove()
            self._seen = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys pressed on the map from being gestures; Esc ends the drawing."""
        if event.type() not in _KEYS:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape and self.dialog:
            self.dialog.draw_button.setChecked(False)
        return True

    @guarded
    def _on_drawing(self, is_on: bool) -> None:
        if is_on:
            self._earlier = self._canvas.mapTool()
            self._canvas.setMapTool(self._tool)
        else:
            self._put_tool_back()

    @guarded
    def _on_drawn(self) -> None:
        if self.dialog is not None and self._tool is not None:
            self.dialog.show_drawing(len(self._tool.strokes))

    @guarded
    def _on_settled(self, use: CommentUse) -> None:
        comment, sketch = self.dialog.comment, sketch_to_json(self._tool.strokes)
        if self._review.item_id != self._item_id:
            # A click on the map put another one in front while this was written.
            self._review.show_item(self._item_id)
        if use is CommentUse.NOTE:
            self._review.comment(comment, sketch)
        elif use is CommentUse.ANSWER:
            self._answer(comment, sketch)
        else:
            self._review.postpone(comment, use is CommentUse.ASK, sketch)
        # Only once it is written: a refused comment stays in its dialog.
        self._leave()
        if use is not CommentUse.NOTE:
            self._go_on()

    @guarded
    def _note_unfinished(self) -> None:
        comment, sketch = self.dialog.comment, sketch_to_json(self._tool.strokes)
        item = self._review.store.item(self._item_id)
        if item is None or (comment, sketch) == (item.comment or "", item.sketch):
            return
        if self._review.item_id != self._item_id:
            self._review.show_item(self._item_id)
        self._review.comment(comment, sketch)
        self.messages.info(tr("The comment that was being written is noted with its item."))

    def _answer(self, comment: str, sketch: str | None) -> None:
        """The item comes back to whoever interprets, with the controller's answer."""
        answered = {"state": ItemState.REDO.value, "answer": self.dialog.answer or None}
        decision = {**self._review.item.decision, "comment": comment or None, "sketch": sketch, **answered}
        self._review.perform(Operation.COMMENT, keep(self._review.row()), [decision])

    @guarded
    def _leave(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return
        self._put_tool_back()
        self._canvas.removeEventFilter(self)
        self._panel.setEnabled(True)
        self._tool.remove()
        self._tool.deleteLater()
        self._tool = None
        dialog.rejected.disconnect(self._leave)
        dialog.close()
        dialog.deleteLater()
        self.show_sketch()
        self._canvas.setFocus()

    def _put_tool_back(self) -> None:
        if self._tool is not None and self._canvas.mapTool() is self._tool:
            self._canvas.unsetMapTool(self._tool)
            if self._earlier is not None:
                self._canvas.setMapTool(self._earlier)
        self._earlier = None
