# SPDX-License-Identifier: GPL-2.0-or-later
"""Other looks at the place in front: beside the map, or over one side of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil, sqrt

from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout

from inference_backend.contracts.lot import ImageryRole
from ocsge_common.following_canvas import FollowingCanvas, add_cross, place
from ocsge_common.messages import MessageLog, report_error
from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.views import ViewSources
from ocsge_pi_review.gui.focus_view import focus_band
from ocsge_pi_review.gui.texts import role_text
from ocsge_pi_review.gui.view_buttons import HELPS, ViewButtons
from ocsge_pi_review.gui.views_dock import ViewsDock
from ocsge_pi_review.map_tools.swipe import SwipeItem

ROLES = (ImageryRole.OTHER_DATE, ImageryRole.INFRARED, ImageryRole.HEIGHT, ImageryRole.PREDICTION)
"""Kinds of view, in the order of their buttons."""


class ViewsBench(QObject):
    """The views of one lot until `close`.

    Args:
        canvas: the map.
        row: takes the buttons.
        sources: what can be shown.
        occupation: in whose CRS the polygon in front is.
        messages: where to speak.
        roles: kinds of view that are offered, in the order of their buttons.
        helps: gestures that get a button below those of the views.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        row: QHBoxLayout,
        sources: ViewSources,
        occupation: QgsVectorLayer,
        messages: MessageLog,
        parent: QObject | None = None,
        roles: Sequence[ImageryRole] = ROLES,
        helps: Sequence[str] = HELPS,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._canvas, self._row, self.sources, self._occupation = canvas, row, sources, occupation
        self._geometry = QgsGeometry()
        self._wanted: list[ImageryRole] = []
        self.views: dict[ImageryRole, FollowingCanvas] = {}
        self.swipe: SwipeItem | None = None
        self._roles = tuple(roles)
        self._swiped = self._roles[0]
        self.is_swiping = False
        self._cross = add_cross(canvas)
        self.place = ViewsDock(canvas)
        self._grid = QGridLayout(self.place.holder)
        self._grid.setContentsMargins(2, 2, 2, 2)
        self._grid.setSpacing(4)
        self.buttons = ViewButtons(self._roles, sources, QgsProject.instance(), helps)
        row.addWidget(self.buttons)
        self._links = [
            (self.buttons.toggled, self.toggle),
            (self.buttons.source_chosen, self._on_source),
            (canvas.extentsChanged, self._on_extent),
            (canvas.xyCoordinates, self._on_mouse),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def close(self) -> None:
        """Take every view away; safe to call again."""
        if not self._links:
            return
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        for role in list(self.views):
            self._take_away(role)
        self._end_swipe()
        self._canvas.scene().removeItem(self._cross)
        self._row.removeWidget(self.buttons)
        self.buttons.hide()
        self.buttons.deleteLater()
        self.place.remove()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Write the keys on the buttons."""
        self.buttons.show_keys(keys)

    def show_focus(self, geometry: QgsGeometry) -> None:
        """Outline the polygon in front in every view."""
        self._geometry = geometry
        for view in self.views.values():
            view.focus.setToGeometry(geometry, self._occupation)

    @guarded
    def toggle(self, role: ImageryRole) -> None:
        """Show a kind of view, or take it away; while swiping, swipe to it."""
        if self.is_swiping:
            if role is self._swiped:
                self.toggle_swipe()
            else:
                self._begin_swipe(role)
        elif role in self._wanted:
            self._wanted.remove(role)
            self._take_away(role)
            self._arrange()
        else:
            self._wanted.append(role)
            name = self.sources.title(role, role_text(role))
            self.sources.make(role, name, partial(self._add, role), partial(self._refuse, role))
        self._mark()

    @guarded
    def toggle_swipe(self) -> None:
        """Lay the view looked at last over one side of the map, or take it away."""
        if self.is_swiping:
            self._end_swipe()
        else:
            role = next(
                (r for r in (*self._wanted[::-1], self._swiped, *self._roles) if self.sources.chosen(r)), None
            )
            self._begin_swipe(role or self._roles[0])
        self._mark()

    @guarded
    def _add(self, role: ImageryRole, layer: QgsRasterLayer) -> None:
        if role not in self._wanted or not self._links:
            return  # taken away, or closed, before the map service answered
        title = self.sources.title(role, role_text(role))
        view = FollowingCanvas(title, layer, self._canvas, parent=self.place.holder)
        view.focus = focus_band(view.canvas)
        view.focus.setToGeometry(self._geometry, self._occupation)
        view.pointed.connect(partial(self._point, view))
        self.views[role] = view
        self._arrange()

    @guarded
    def _refuse(self, role: ImageryRole, error: BaseException) -> None:
        if role in self._wanted:
            self._wanted.remove(role)
        if role is self._swiped:
            self._end_swipe()
        self._mark()
        report_error(error, self.messages)

    def _take_away(self, role: ImageryRole) -> None:
        view = self.views.pop(role, None)
        if view is not None:
            self._grid.removeWidget(view)
            view.remove()

    def _arrange(self) -> None:
        shown = [self.views[role] for role in self._roles if role in self.views]
        for view in shown:
            self._grid.removeWidget(view)
        columns = max(1, ceil(sqrt(len(shown) / 2)))
        rows = ceil(len(shown) / columns)
        for position, view in enumerate(shown):
            self._grid.addWidget(view, position // columns, position % columns)
            view.show()
        for line in range(len(ROLES)):
            self._grid.setColumnStretch(line, int(line < columns))
            self._grid.setRowStretch(line, int(line < rows))
        self.place.show(bool(shown))

    def _begin_swipe(self, role: ImageryRole) -> None:
        self._end_swipe()
        self.is_swiping, self._swiped = True, role
        name = self.sources.title(role, role_text(role))
        self.sources.make(role, name, partial(self._lay_over, role), partial(self._refuse, role))

    @guarded
    def _lay_over(self, role: ImageryRole, layer: QgsRasterLayer) -> None:
        if self.is_swiping and role is self._swiped and self._links:
            self.swipe = SwipeItem(self._canvas, layer, self.sources.title(role, role_text(role)))

    def _end_swipe(self) -> None:
        self.is_swiping = False
        if self.swipe is not None:
            self.swipe.remove()
            self.swipe = None

    def _mark(self) -> None:
        shown = {self._swiped} if self.is_swiping else set(self._wanted)
        self.buttons.mark(shown, self.is_swiping)

    @guarded
    def _on_source(self, role: ImageryRole, source: object) -> None:
        """Another source was chosen: show it."""
        self.sources.choose(role, source)
        if self.is_swiping:
            self._begin_swipe(role)
        else:
            if role in self._wanted:
                self._wanted.remove(role)
                self._take_away(role)
            self.toggle(role)
        self._mark()

    @guarded
    def _on_extent(self) -> None:
        for view in self.views.values():
            view.follow()

    @guarded
    def _on_mouse(self, point: QgsPointXY) -> None:
        place(self._cross, None)
        for view in self.views.values():
            view.point_at(point)

    @guarded
    def _point(self, source: FollowingCanvas, point: QgsPointXY | None) -> None:
        place(self._cross, point)
        for view in self.views.values():
            if view is not source:
                view.point_at(point)
