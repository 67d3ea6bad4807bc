# SPDX-License-Identifier: GPL-2.0-or-later
"""What each gesture's key and button does: decisions, tools, codes, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from qgis.core import QgsCoordinateTransform, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from inference_backend.contracts.nomenclature import Dimension
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.lot_layers import LotLayers
from ocsge_pi_review.adapters.lot_store import OPEN_STATES
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.domain.errors import LostPolygonError, ReviewError
from ocsge_pi_review.domain.keymap import bindings
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.selection import alike
from ocsge_pi_review.domain.unlikely import unlikely_pair
from ocsge_pi_review.gui.effect_line import EffectLine
from ocsge_pi_review.gui.gestures import DRAWN
from ocsge_pi_review.gui.map_tools_box import REST, MapToolsBox
from ocsge_pi_review.gui.palette_bench import PaletteBench
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.tool_hints import tool_hint
from ocsge_pi_review.map_tools.desk import Preview

TOOL_NAMES = tuple(name for name in DRAWN if name != "absorb")
SIZES = ("finer", "coarser")
"""Gestures of tools that have a size."""


class GestureBench(QObject):
    """The gestures on one lot, until `close`.

    Args:
        panel: the dock's content.
        canvas: the map.
        review: what is reviewed.
        layers: of the lot.
        settings: the operator's choices.
        messages: where to speak.
        go_on: takes the next item to do, or says that there is none.
    """

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        review: Review,
        layers: LotLayers,
        settings: ReviewSettings,
        messages: MessageLog,
        go_on: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages, self._go_on = messages, go_on
        self._panel, self._canvas, self._review, self._settings = panel, canvas, review, settings
        self.gestures = ReviewGestures(review)
        self.tools = MapToolsBox(canvas, review, self.gestures, layers, self)
        self.palette = PaletteBench(panel, review, settings, self)
        self.effects = EffectLine(canvas, review.profile.nomenclature, self)
        self._links = [
            (panel.palette_grid.code_chosen, self.choose_code),
            (panel.palette_grid.code_pointed, self._on_code_pointed),
            (panel.use_strip.code_chosen, self.choose_code),
            (panel.use_strip.code_pointed, self._on_code_pointed),
            (panel.palette_grid.search_left, self._on_search_left),
            (self.tools.changed, self._on_tool),
            (self.tools.previewed, self.effects.show),
            (self.tools.sized, self._on_sized),
            (self.tools.made, self._on_made),
            (self.tools.codes.changed, self._on_codes),
            (self.tools.selection.changed, self._on_selection),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def close(self) -> None:
        """Take everything off panel and map; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links.clear()
        self.tools.remove()
        self.effects.remove()
        self._panel.gesture_bar.mark("")
        self.effects.hint("")

    def actions(self) -> dict[str, Callable[[], object]]:
        """What each gesture does, by name."""
        return {
            "accept": self.accept,
            "runner_up": self._take_runner_up,
            "use": self._toggle_use,
            "search": self._panel.palette_grid.begin_search,
            **{name: partial(self.tools.take, name) for name in TOOL_NAMES if name in self.tools.tools},
            "absorb": self._absorb,
            "alike": self._choose_alike,
            "finer": partial(self._step, -1),
            "coarser": partial(self._step, 1),
            "undo": self._undo,
            "redo": self._redo,
            "cancel": self.cancel,
        }

    def keys(self, actions: Mapping[str, Callable[[], object]]) -> dict[str, Callable[[], object]]:
        """Key to action, codes included."""
        tool = self.tools.current
        # On a French keyboard the minus is the key of 6: without a size to change it gives its code.
        idle = () if tool is not None and tool.has_size else SIZES
        bound = bindings(self._settings.keys).items()
        keys = {key: actions[name] for key, name in bound if name in actions and name not in idle}
        given = {**self.palette.codes, **self.palette.direct}
        codes = {key: partial(self.choose_code, code) for key, code in given.items()}
        return {**keys, **codes}

    @guarded
    def show_focus(self) -> None:
        """Another polygon is in front: a choice elsewhere, perhaps out of sight, is not what keys decide."""
        if self._review.polygon_id not in self.tools.selection.ids:
            self.tools.selection.clear()
        self.palette.turn("cs")

    # Decisions

    def accept(self) -> None:
        """Accept the proposal, or all that is chosen, and go on; while something is drawn, finish it."""
        tool = self.tools.current
        if tool is not None and tool.finish():
            return
        if self.tools.selection.ids:
            self._decide(self.gestures.accept(self.tools.selection.ids))
            if self._is_front_open:
                return
        elif self._review.item is not None and self._review.item.is_open:
            self._decide(self.gestures.accept((self._review.row().id,)))
        self._go_on()

    @guarded
    def choose_code(self, code: str) -> None:
        """Give a code to what is drawn, to all that is chosen, or to the polygon in front."""
        dimension = self._review.profile.nomenclature[code].dimension
        tool = self.tools.current
        if tool is not None and tool.uses_codes:
            self.palette.dimension = "cs"
            self.tools.codes.take(**{dimension: code})
            return
        ids = self.tools.selection.ids or (self._review.row().id,)
        self._decide(self.gestures.set_codes(ids, {dimension: code}))
        if dimension == "cs" and self._is_unlikely(ids[-1]):
            return
        if self._is_front_open or not self._advance():
            self.palette.turn("cs")

    @guarded
    def cancel(self) -> None:
        """Give up what is drawn, then the selection."""
        if self.tools.name == REST:
            self.tools.selection.clear()
        self.tools.rest()
        self.palette.turn("cs")

    def _take_runner_up(self) -> None:
        runner_up = self._review.row().attributes.get("runner_up_cs")
        if runner_up:
            self.choose_code(str(runner_up))
        else:
            self.messages.info(tr("The model gave no second choice for this polygon."))

    def _absorb(self) -> None:
        plan = self.gestures.absorb()
        self._decide(plan)
        self._advance()

    def _choose_alike(self) -> None:
        row = self._review.row()
        rows = self._review.store.rows_in(self._view_box())
        items = self._review.store.items_of(other.id for other in rows)
        # What was put aside or asked about is decided by itself.
        is_open = {polygon_id for polygon_id, item in items.items() if item.state in OPEN_STATES}
        self.tools.selection.choose(alike(row, [other for other in rows if other.id in is_open]))

    def _undo(self) -> None:
        if self._review.undo() is None:
            self.messages.info(tr("Nothing to undo."))

    def _redo(self) -> None:
        if self._review.redo() is None:
            self.messages.info(tr("Nothing to redo."))

    def _decide(self, plan: Plan) -> None:
        """Write a plan; a selection ends with it."""
        self.effects.show(None)
        self.gestures.make(plan)
        self.tools.selection.clear()

    @property
    def _is_front_open(self) -> bool:
        """Whether the item in front is still to be decided: it was not among those chosen."""
        item = self._review.item
        return item is not None and item.is_open

    def _advance(self) -> bool:
        return self._settings.advance_after_code and self._review.next_todo()

    def _is_unlikely(self, polygon_id: str) -> bool:
        """Whether the couple wants a second look: then its use is asked for before going on."""
        row = self._review.store.row(polygon_id)
        pair = unlikely_pair(row.cs, row.us, self._review.profile)
        if pair is None or polygon_id != self._review.polygon_id:
            return False
        self.palette.turn("us")
        reason = pair.text(user_language())
        self.effects.hint(tr("Unlikely couple: {}. Choose the use, or accept to keep it.").format(reason))
        return True

    # Tools and codes

    def _toggle_use(self) -> None:
        self.palette.turn("cs" if self.palette.dimension == "us" else "us")

    def _step(self, steps: int) -> None:
        if self.tools.current is not None:
            self.tools.current.step(steps)

    @guarded
    def _on_tool(self, name: str) -> None:
        self._panel.gesture_bar.mark(name)
        self.palette.dimension = "cs"
        self._on_codes()
        self.palette.keys_changed.emit()
        self._on_sized()

    @guarded
    def _on_made(self, plan: Plan) -> None:
        """A merge settles the item in front: then the next one follows."""
        if plan.settles:
            self._advance()

    @guarded
    def _on_codes(self) -> None:
        tool = self.tools.current
        self.palette.in_hand = tool.codes() if tool is not None and tool.uses_codes else None
        self.palette.refresh()

    @guarded
    def _on_sized(self) -> None:
        self.effects.hint(self._hint())

    def _hint(self) -> str:
        """What the map waits for."""
        tool = self.tools.current
        return "" if tool is None else tool_hint(self.tools.name, tool.size_text())

    @guarded
    def _on_selection(self) -> None:
        count = len(self.tools.selection.ids)
        text = tr("{} polygons chosen: a code or {} decides them all; Esc gives up.")
        self.effects.hint(text.format(count, tr("Space")) if count else self._hint())

    @guarded
    def _on_code_pointed(self, code: str) -> None:
        """Say what a code would do while the mouse is over it."""
        tool = self.tools.current
        if not code or (tool is not None and tool.uses_codes):
            self.effects.show(None)
            return
        dimension: Dimension = self._review.profile.nomenclature[code].dimension
        try:
            plan = self.gestures.set_codes((self._review.row().id,), {dimension: code})
            self.effects.show(Preview(plan, self.gestures.effects(plan)))
        except LostPolygonError:
            self.effects.show(None)
        except ReviewError as error:
            self.effects.show(Preview(refusal=error))

    @guarded
    def _on_search_left(self) -> None:
        # Once the line has had its key: else the map would get it too.
        QTimer.singleShot(0, self._canvas.setFocus)

    def _view_box(self) -> QgsRectangle:
        crs = self._canvas.mapSettings().destinationCrs()
        way = QgsCoordinateTransform(crs, self._review.store.crs, QgsProject.instance())
        return way.transformBoundingBox(self._canvas.extent())
