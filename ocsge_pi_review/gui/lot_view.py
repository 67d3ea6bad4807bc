# SPDX-License-Identifier: GPL-2.0-or-later
"""An open lot on screen: panel, map and keys in step with the review."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qgis.core import QgsCoordinateTransform, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from inference_backend.contracts.nomenclature import Dimension
from ocsge_common.canvas_profile import without_profile
from ocsge_common.keys import KeyFilter
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import user_language
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.adapters.styles import style_by_code
from ocsge_pi_review.domain.errors import HeldItemError
from ocsge_pi_review.gui.gesture_bench import GestureBench
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_bench import QueueBench
from ocsge_pi_review.gui.signalement_bench import SignalementBench


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
        self.queue = QueueBench(panel, canvas, lot, settings, messages, QgsProject.instance(), self)
        self.bench = GestureBench(
            panel, canvas, lot.review, lot.layers, settings, messages, self.queue.next_todo, self
        )
        self.remarks = SignalementBench(panel, canvas, lot, messages, self)
        self._keys = KeyFilter(self, {}, lambda: panel.isVisible())
        self._actions = {**self.bench.actions(), **self.queue.gestures, **self._own_actions()}
        self._links = self._make_links()
        self._profile_again = without_profile(canvas)
        self._fill_panel()

    def close(self, *, layers_are_leaving: bool = False) -> None:
        """Take everything off panel and map; safe to call again.

        Args:
            layers_are_leaving: the project is removing layers of the lot by itself.
        """
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links.clear()
        self._keys.stop()
        self._profile_again()
        self.remarks.close()
        self.bench.close()
        self.queue.close(layers_are_leaving=layers_are_leaving)
        self._panel.set_open(False)

    def start(self) -> None:
        """Show the first item that is left to do, or the first of all."""
        if not self._review.next_todo():
            self._review.step(1)
        self.bench.tools.rest()
        self._on_extent()
        self._canvas.setFocus()
        # In an empty project QGIS goes to the whole of the first layers, once this returns.
        QTimer.singleShot(0, partial(self._stay_at, self._canvas.extent()))

    @guarded
    def _stay_at(self, extent: QgsRectangle) -> None:
        if self._links and self._canvas.extent() != extent:
            self._canvas.setExtent(extent)
            self._canvas.refresh()

    def _own_actions(self) -> dict[str, Callable[[], object]]:
        review = self._review
        return {
            "next": partial(review.step, 1),
            "previous": partial(review.step, -1),
            "next_todo": self.queue.next_todo,
            "align": self._align,
            "colours": self._toggle_colours,
            "hide": self._toggle_hidden,
        }

    def _make_links(self) -> list[tuple[object, object]]:
        panel, review = self._panel, self._review
        links = [
            (panel.gesture, self._on_gesture),
            (panel.cover_colours_button.clicked, self._show_cover_colours),
            (panel.use_colours_button.clicked, self._show_use_colours),
            (panel.opacity_slider.valueChanged, self._on_opacity),
            (review.focus_changed, self.bench.show_focus),
            (review.item_changed, self._on_item),
            (review.polygons_changed, self._on_polygons),
            (review.item_held, self._on_held),
            (self.bench.palette.keys_changed, self._bind_keys),
            (self._canvas.extentsChanged, self._on_extent),
        ]
        for signal, slot in links:
            signal.connect(slot)
        return links

    def _fill_panel(self) -> None:
        panel = self._panel
        panel.lot_label.setText(self._lot.name)
        panel.lot_label.setToolTip(self._lot.store.label)
        panel.set_open(True)
        panel.show_keys(self._settings.keys)
        panel.cover_colours_button.setChecked(True)
        panel.opacity_slider.setValue(round(100 * self._lot.layers.occupation.opacity()))
        for widget in (self._canvas, panel, panel.queue_view):
            self._keys.watch(widget)

    @guarded
    def _on_gesture(self, name: str) -> None:
        self._actions[name]()
        # The next key must reach the map, not the button; the search line keeps it.
        if name != "search":
            self._canvas.setFocus()

    @guarded
    def _bind_keys(self) -> None:
        self._keys.set_bindings(self.bench.keys(self._actions))

    # What is in front

    @guarded
    def _on_item(self, item_id: int) -> None:
        if item_id == self._review.item_id:
            self._refresh_later()

    @guarded
    def _on_polygons(self, polygon_ids: tuple[str, ...]) -> None:
        if self._review.polygon_id in polygon_ids:
            self._refresh_later()

    def _refresh_later(self) -> None:
        # Once the gesture is over: a merge moves the focus first.
        QTimer.singleShot(0, self._refresh_if_open)

    @guarded
    def _refresh_if_open(self) -> None:
        if self._links:
            self.bench.palette.refresh()

    @guarded
    def _on_held(self, error: HeldItemError) -> None:
        self.messages.warning(error.text(user_language()))

    # The map

    def _align(self) -> None:
        """Take the tool; where no other layer is shown to aim at, show the references of the lot."""
        if not self.bench.tools.other_layers() and not self.queue.references.is_shown:
            self.queue.gestures["references"]()
        self.bench.tools.take("align")

    def _toggle_colours(self) -> None:
        button = self._panel.cover_colours_button
        (self._show_use_colours if button.isChecked() else self._show_cover_colours)()

    @guarded
    def _show_cover_colours(self) -> None:
        self._panel.cover_colours_button.setChecked(True)
        self._colour_by("cs")

    @guarded
    def _show_use_colours(self) -> None:
        self._panel.use_colours_button.setChecked(True)
        self._colour_by("us")

    def _colour_by(self, dimension: Dimension) -> None:
        style_by_code(self._lot.layers.occupation, self._nomenclature, dimension)

    def _toggle_hidden(self) -> None:
        node = self._lot.layers.group.findLayer(self._lot.layers.occupation.id())
        node.setItemVisibilityChecked(not node.itemVisibilityChecked())
        self._panel.hide_button.setChecked(not node.itemVisibilityChecked())

    @guarded
    def _on_opacity(self, percent: int) -> None:
        self._lot.layers.occupation.setOpacity(percent / 100)
        self._lot.layers.occupation.triggerRepaint()

    @guarded
    def _on_extent(self) -> None:
        """Items are shown for what the map shows."""
        crs = self._canvas.mapSettings().destinationCrs()
        way = QgsCoordinateTransform(crs, self._review.store.crs, QgsProject.instance())
        self._lot.overlay.show(way.transformBoundingBox(self._canvas.extent()))
