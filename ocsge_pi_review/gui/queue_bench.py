# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything of a lot that shows and chooses without changing the coverage: queue, card, map around the item.

The window of a lot makes one, binds its `gestures` to keys and closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from qgis.core import QgsGeometry, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from ocsge_common.messages import MessageLog
from ocsge_common.preloaded_view import PreloadedView
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.lot_images import LotImages
from ocsge_pi_review.adapters.lot_store import OPEN_STATES
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.adapters.references import ReferenceLayers
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.adapters.views import ViewSources
from ocsge_pi_review.domain.errors import LostPolygonError
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.gui.comment_box import CommentBox
from ocsge_pi_review.gui.focus_view import FocusView
from ocsge_pi_review.gui.fresh_polygons import FreshPolygons
from ocsge_pi_review.gui.item_card import ItemCard
from ocsge_pi_review.gui.neighbours import NeighbourCodes
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_table import QueueTable
from ocsge_pi_review.gui.views_bench import ROLES, ViewsBench


class QueueBench(QObject):
    """The reading side of an open lot until `close`.

    Args:
        panel: the dock's content.
        canvas: the map.
        lot: what is reviewed.
        settings: the operator's choices.
        messages: where to speak.
        project: takes images and references of the lot.

    Attributes:
        gestures: by name of `domain.keymap`, what its keys and buttons do.
    """

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        lot: OpenLot,
        settings: ReviewSettings,
        messages: MessageLog,
        project: QgsProject,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._panel, self._lot, self._settings, self._review = panel, lot, settings, lot.review
        nomenclature, occupation = lot.profile.nomenclature, lot.layers.occupation
        self.card = ItemCard(panel, nomenclature, lot.store.operator)
        self.focus = FocusView(canvas)
        self.fresh = FreshPolygons(canvas, occupation, nomenclature)
        self._is_due = False
        self.next_view = PreloadedView(canvas, self._coming)
        self.queue = QueueTable(panel, canvas, lot.review, nomenclature, settings.show_names, self)
        self.comments = CommentBox(canvas, panel, lot.review, occupation, messages, self.next_todo, self)
        sources = ViewSources(lot.store, project)
        self.views = ViewsBench(canvas, panel.views_layout, sources, occupation, messages, self)
        self.views.show_keys(settings.keys)
        self.images = LotImages(sources, lot.layers.group, project)
        self.references = ReferenceLayers(lot.store, lot.layers.group, project)
        self.neighbours = NeighbourCodes(occupation, lot.review)
        self.gestures = self._named_gestures()
        buttons = self.views.buttons
        buttons.offer_image(self.images.is_remote)
        self._links = [
            (buttons.help_pressed, self._on_help),
            (buttons.image_wanted, self._on_image_wanted),
            (self._review.focus_changed, self._on_focus),
            (self._review.item_changed, self._on_item),
            (self._review.polygons_changed, self._on_polygons),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.images.show(self._refuse)

    def close(self, *, layers_are_leaving: bool = False) -> None:
        """Take everything off panel, map and project; safe to call again.

        Args:
            layers_are_leaving: the project is removing layers of the lot by itself.
        """
        if not self._links:
            return
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self.comments.remove()
        self.views.close()
        self.queue.close()
        self.references.remove(layers_are_leaving=layers_are_leaving)
        self.images.remove(layers_are_leaving=layers_are_leaving)
        self.next_view.remove()
        self.fresh.remove()
        self.focus.remove()
        self.card.clear("")

    def next_todo(self) -> bool:
        """Go to the next item to do; says so where none is left."""
        if self._review.next_todo():
            return True
        self.say_finished()
        return False

    def say_finished(self) -> None:
        """Nothing is left to do: say what was put aside."""
        left = self.queue.counts_left
        if self.queue.filters.is_narrow:
            self.messages.info(tr("Nothing is left to do under these filters."))
        elif left:
            self.messages.info(tr("Every item was looked at; {} are postponed or asked.").format(left))
        else:
            self.messages.success(tr("The queue is finished."))

    def _named_gestures(self) -> Mapping[str, Callable[[], object]]:
        views = {role.value: partial(self.views.toggle, role) for role in ROLES}
        return {
            **views,
            "swipe": self.views.toggle_swipe,
            "references": self._toggle_references,
            "neighbour_codes": self._toggle_neighbours,
            "comment": self.comments.open,
        }

    def _toggle_references(self) -> None:
        if not self.references.toggle():
            self.messages.info(tr("This lot brings no reference vectors."))
        if self.references.unread:
            tables = ", ".join(self.references.unread)
            self.messages.warning(tr("References that the lot names and does not hold: {}").format(tables))
            self.references.unread = []
        self.views.buttons.mark_help("references", self.references.is_shown)

    def _toggle_neighbours(self) -> None:
        self.views.buttons.mark_help("neighbour_codes", self.neighbours.toggle())

    @guarded
    def _on_help(self, name: str) -> None:
        self.gestures[name]()

    @guarded
    def _on_image_wanted(self) -> None:
        self.images.show(self._refuse, ask_network=True)

    @guarded
    def _on_focus(self) -> None:
        row = self._show_front()
        if row is not None:
            geometry = _geometry(row)
            self.focus.zoom_to(geometry, self._lot.layers.occupation, self._settings.minimum_scale)
            self.next_view.take(row.id)

    def _coming(self) -> tuple[str, QgsRectangle] | None:
        """The polygon that comes when the one in front is decided, and the view on it."""
        item, wanted = self._review.item, self._review.filter
        following = None
        if item is not None:
            open_only = replace(
                wanted, states=tuple(s for s in OPEN_STATES if s in wanted.states) or OPEN_STATES
            )
            following = self._lot.store.neighbour(open_only, item.rank, 1)
        if following is None:
            return None
        row = self._lot.store.rows([following.polygon_id]).get(following.polygon_id)
        if row is None:
            return None
        layer, nearest = self._lot.layers.occupation, self._settings.minimum_scale
        return row.id, self.focus.extent_of(_geometry(row), layer, nearest)

    @guarded
    def _on_item(self, item_id: int) -> None:
        if item_id == self._review.item_id:
            self._show_later()

    @guarded
    def _on_polygons(self, polygon_ids: tuple[str, ...]) -> None:
        rows = self._lot.store.rows(polygon_ids).values()
        self.fresh.show(rows)
        for row in rows:
            self.next_view.forget(self.focus.box_of(_geometry(row), self._lot.layers.occupation))
        if self._review.polygon_id in polygon_ids:
            self._show_later()

    def _show_later(self) -> None:
        # Once the gesture is over: a merge moves the focus first. Item and polygon may both have changed.
        if not self._is_due:
            self._is_due = True
            QTimer.singleShot(0, self._show_again)

    @guarded
    def _show_again(self) -> None:
        self._is_due = False
        if self._links:
            self._show_front()

    def _show_front(self) -> PolygonRow | None:
        """Card and outline of the polygon in front, the map left where it is."""
        try:
            row = self._review.row()
        except LostPolygonError as error:
            self.focus.clear()
            self.views.show_focus(QgsGeometry())
            self.card.clear(error.text(user_language()))
            return None
        geometry = _geometry(row)
        self.focus.show(geometry, self._lot.layers.occupation)
        self.views.show_focus(geometry)
        self.card.show(row, self._review.item, self._review.minimum_m2(row))
        self.comments.show_sketch()
        self.neighbours.refresh()
        return row

    @guarded
    def _refuse(self, error: BaseException) -> None:
        self.messages.report(error)


def _geometry(row: PolygonRow) -> QgsGeometry:
    geometry = QgsGeometry()
    geometry.fromWkb(row.wkb)
    return geometry
