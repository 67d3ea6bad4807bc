# SPDX-License-Identifier: GPL-2.0-or-later
"""An open lot on screen: panel, map and keys in step with the review."""

from __future__ import annotations

from functools import partial

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QModelIndex, QObject, QTimer
from qgis.PyQt.QtWidgets import QDialog

from inference_backend.contracts.nomenclature import Dimension
from ocsge_common.keys import KeyFilter
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.adapters.review import SmallPart
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.adapters.styles import style_by_code
from ocsge_pi_review.domain.errors import LostPolygonError
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS, bindings
from ocsge_pi_review.domain.palette import by_context, by_frequency, keys_for
from ocsge_pi_review.gui.comment_dialog import CommentDialog
from ocsge_pi_review.gui.focus_view import FocusView
from ocsge_pi_review.gui.item_card import ItemCard
from ocsge_pi_review.gui.map_tools_box import MapToolsBox
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_model import ITEM_ROLE, QueueFilter, QueueModel
from ocsge_pi_review.gui.texts import area_text, progress_text


class LotView(QObject):
    """Connects one lot to the panel and the map until `close`.

    Args:
        panel: the dock's content.
        canvas: the map.
        lot: what is reviewed.
        settings: the operator's choices.
        messages: where to speak.
    """

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        lot: OpenLot,
        settings: ReviewSettings,
        messages: MessageLog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._panel, self._canvas, self._lot, self._settings = panel, canvas, lot, settings
        self._review = lot.review
        self._nomenclature = lot.profile.nomenclature
        self._dimension: Dimension = "cs"
        self._shares = {d: lot.review.coverage.shares(f"code_{d}") for d in ("cs", "us")}
        self._codes: dict[str, str] = {}
        self._card = ItemCard(panel, self._nomenclature)
        self._focus = FocusView(canvas)
        self.tools = MapToolsBox(canvas, lot.review, self)
        self._model = QueueModel(lot.review.queue, self._nomenclature, self)
        self._filter = QueueFilter(self._model, lot.review.queue, self)
        self._keys = KeyFilter(self, {}, lambda: panel.isVisible())
        self._gestures = self._named_gestures()
        self._links = self._make_links()
        self._fill_panel()

    def close(self) -> None:
        """Take everything off panel and map; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links.clear()
        self._keys.stop()
        self.tools.remove()
        self._focus.remove()
        self._panel.queue_view.setModel(None)
        self._card.clear("")
        self._panel.set_open(False)
        self._panel.hint("")
        self._panel.lot_progress.reset()

    def start(self) -> None:
        """Show the first item that is left to do, or the first of all."""
        if not self._review.next_todo():
            self._review.step(0)
        self.tools.rest()
        self._canvas.setFocus()

    def _named_gestures(self) -> dict[str, object]:
        review = self._review
        return {
            "accept": self._accept,
            "runner_up": self._take_runner_up,
            "use": self._toggle_use,
            "merge": partial(self.tools.take, "merge"),
            "split": partial(self.tools.take, "split"),
            "comment": self._comment,
            "next": partial(review.step, 1),
            "previous": partial(review.step, -1),
            "next_todo": self._next_todo,
            "undo": self._undo,
            "redo": self._redo,
            "colours": self._toggle_colours,
            "hide": self._toggle_hidden,
            "cancel": self._cancel,
        }

    def _make_links(self) -> list[tuple[object, object]]:
        panel, review = self._panel, self._review
        links = [
            (panel.gesture, self._on_gesture),
            (panel.palette_grid.code_chosen, self._choose_code),
            (panel.queue_view.clicked, self._on_row_clicked),
            (panel.filter_combo.currentIndexChanged, self._on_filter),
            (panel.cover_colours_button.clicked, self._show_cover_colours),
            (panel.use_colours_button.clicked, self._show_use_colours),
            (panel.opacity_slider.valueChanged, self._on_opacity),
            (review.focus_changed, self._on_focus),
            (review.item_changed, self._on_item),
            (review.polygons_changed, self._on_polygons),
            (review.left_small, self._on_small),
            (self.tools.changed, self._on_tool),
        ]
        for signal, slot in links:
            signal.connect(slot)
        return links

    def _fill_panel(self) -> None:
        panel = self._panel
        panel.lot_label.setText(self._lot.name)
        panel.lot_label.setToolTip(str(self._lot.path))
        panel.queue_view.setModel(self._filter)
        panel.fit_columns()
        panel.set_open(True)
        panel.show_keys({**DEFAULT_KEYS, **self._settings.keys})
        panel.cover_colours_button.setChecked(True)
        panel.opacity_slider.setValue(round(100 * self._lot.layers.occupation.opacity()))
        for widget in (self._canvas, panel, panel.queue_view):
            self._keys.watch(widget)
        self._on_filter()
        self._show_progress()

    @guarded
    def _on_gesture(self, name: str) -> None:
        self._gestures[name]()
        # The next key must reach the map, not the button.
        self._canvas.setFocus()

    def _accept(self) -> None:
        if not self._review.accept():
            self._say_finished()

    def _next_todo(self) -> None:
        if not self._review.next_todo():
            self._say_finished()

    def _say_finished(self) -> None:
        progress = self._review.queue.progress()
        left = progress.total - progress.done
        if left:
            self.messages.info(tr("Every item was looked at; {} are postponed or asked.").format(left))
        else:
            self.messages.success(tr("The queue is finished."))

    def _take_runner_up(self) -> None:
        if self._review.take_runner_up():
            self._advance()
        else:
            self.messages.info(tr("The model gave no second choice for this polygon."))

    @guarded
    def _choose_code(self, code: str) -> None:
        dimension, self._dimension = self._dimension, "cs"
        self._review.set_code(dimension, code)
        if not self._advance():
            self._on_focus_kept()

    def _advance(self) -> bool:
        return self._settings.advance_after_code and self._review.next_todo()

    def _toggle_use(self) -> None:
        self._dimension = "cs" if self._dimension == "us" else "us"
        self._show_palette()

    def _comment(self) -> None:
        if self._review.item is None:
            self.messages.info(tr("This polygon is not in the queue: there is no item to comment."))
            return
        dialog = CommentDialog(self._review.item.comment or "", self._panel)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._review.postpone(dialog.comment, dialog.ask)
            self._next_todo()

    def _undo(self) -> None:
        if self._review.undo() is None:
            self.messages.info(tr("Nothing to undo."))

    def _redo(self) -> None:
        if self._review.redo() is None:
            self.messages.info(tr("Nothing to redo."))

    def _cancel(self) -> None:
        self._dimension = "cs"
        self._show_palette()
        self.tools.rest()

    def _toggle_colours(self) -> None:
        button = self._panel.cover_colours_button
        (self._show_use_colours if button.isChecked() else self._show_cover_colours)()

    @guarded
    def _show_cover_colours(self) -> None:
        self._panel.cover_colours_button.setChecked(True)
        style_by_code(self._lot.layers.occupation, self._nomenclature, "cs")

    @guarded
    def _show_use_colours(self) -> None:
        self._panel.use_colours_button.setChecked(True)
        style_by_code(self._lot.layers.occupation, self._nomenclature, "us")

    def _toggle_hidden(self) -> None:
        node = self._lot.layers.group.findLayer(self._lot.layers.occupation.id())
        node.setItemVisibilityChecked(not node.itemVisibilityChecked())
        self._panel.hide_button.setChecked(not node.itemVisibilityChecked())

    @guarded
    def _on_opacity(self, percent: int) -> None:
        self._lot.layers.occupation.setOpacity(percent / 100)
        self._lot.layers.occupation.triggerRepaint()

    @guarded
    def _on_filter(self) -> None:
        self._filter.show_states(self._panel.filter_combo.currentData())

    @guarded
    def _on_row_clicked(self, index: QModelIndex) -> None:
        self._review.show_item(index.data(ITEM_ROLE))
        self._canvas.setFocus()

    @guarded
    def _on_focus(self) -> None:
        self._dimension = "cs"
        self._on_focus_kept()
        if self._review.coverage.has(self._review.polygon_id or ""):
            geometry = self._review.coverage.feature(self._review.polygon_id).geometry()
            self._focus.zoom_to(geometry, self._lot.layers.occupation, self._settings.minimum_scale)

    def _on_focus_kept(self) -> None:
        """Show the polygon in front without moving the map."""
        self._mark_current_row()
        try:
            row = self._review.row()
        except LostPolygonError as error:
            self._focus.clear()
            self._card.clear(error.text(user_language()))
            return
        geometry = self._review.coverage.feature(row.id).geometry()
        self._focus.show(geometry, self._lot.layers.occupation)
        self._card.show(row, self._review.item, self._review.minimum_m2(row))
        self._show_palette()

    def _mark_current_row(self) -> None:
        previous, self._model.current = self._model.current, self._review.item_id
        for item_id in (previous, self._review.item_id):
            if item_id is not None:
                self._model.refresh(item_id)
        self._filter.invalidateFilter()
        if self._review.item_id is None:
            self._panel.queue_view.clearSelection()
            return
        source = self._model.index(self._model.row_of(self._review.item_id), 0)
        shown = self._filter.mapFromSource(source)
        self._panel.queue_view.selectRow(shown.row())
        self._panel.queue_view.scrollTo(shown, self._panel.queue_view.ScrollHint.PositionAtCenter)

    def _show_palette(self) -> None:
        row, dimension = self._review.row(), self._dimension
        current = row.cs if dimension == "cs" else row.us
        if dimension == "cs" and not self._settings.palette_by_context:
            codes = by_frequency(self._nomenclature, dimension, self._shares[dimension])
        else:
            runner_up = row.attributes.get("runner_up_cs") if dimension == "cs" else None
            borders = self._review.borders_m(row, dimension)
            codes = by_context(
                self._nomenclature, dimension, current, runner_up, borders, self._shares[dimension]
            )
        self._codes = keys_for(codes, letters=dimension == "us")
        self._panel.palette_grid.show_codes(self._nomenclature, codes, self._codes, current)
        self._panel.use_button.setChecked(dimension == "us")
        title = tr("Cover: keys 1 to 9, 0") if dimension == "cs" else tr("Use: press its key")
        self._panel.palette_title.setText(title)
        self._bind_keys()

    def _bind_keys(self) -> None:
        keys = {key: self._gestures[name] for key, name in bindings(self._settings.keys).items()}
        keys.update({key: partial(self._choose_code, code) for key, code in self._codes.items()})
        self._keys.set_bindings(keys)

    @guarded
    def _on_item(self, item_id: int) -> None:
        self._model.refresh(item_id)
        self._show_progress()

    @guarded
    def _on_polygons(self, polygon_ids: tuple[str, ...]) -> None:
        if self._review.polygon_id in polygon_ids:
            # Once the gesture is over: a merge moves the focus first.
            QTimer.singleShot(0, self._refresh_if_open)

    @guarded
    def _refresh_if_open(self) -> None:
        if self._links:
            self._on_focus_kept()

    @guarded
    def _on_small(self, parts: list[SmallPart]) -> None:
        lines = [
            tr("{}: {}, minimum {}").format(p.polygon_id, area_text(p.area_m2), area_text(p.minimum_m2))
            for p in parts
        ]
        text = tr("Under the minimum area after the split: {}. Merge it, or undo.")
        self.messages.warning(text.format("; ".join(lines)))

    @guarded
    def _on_tool(self, name: str) -> None:
        hints = {
            "merge": tr(
                "Merge: click the neighbour that absorbs the polygon. Right click or Esc to give up."
            ),
            "split": tr("Split: click the line's vertices, right click to cut, Esc to give up."),
        }
        self._panel.hint(hints.get(name, ""))

    def _show_progress(self) -> None:
        progress = self._review.queue.progress()
        self._panel.lot_progress.setMaximum(max(progress.total, 1))
        self._panel.lot_progress.setValue(progress.done)
        self._panel.lot_progress.setFormat(progress_text(progress))
