# SPDX-License-Identifier: GPL-2.0-or-later
"""The views beside the map: made when first wanted, kept in step, with the labels or without."""

from __future__ import annotations

from math import ceil, sqrt

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QWidget

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.adapters.views import ViewChoice, view_choices
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.map_tools.view_canvas import ViewCanvas
from ocsge_common.following_canvas import add_cross, place
from ocsge_common.slots import guarded


class Views(QWidget):
    """A grid of the views that are switched on.

    Signals:
        changed(): other views are on, or can be.

    Args:
        main: the map.
        session: the work.
        parent: owner.
    """

    changed = pyqtSignal()

    def __init__(self, main: QgsMapCanvas, session: AnnotationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ocsge_views")
        self._main, self._session = main, session
        self.choices: tuple[ViewChoice, ...] = ()
        self.unreadable: set[str] = set()
        self._wanted: list[str] = []
        self._made: dict[str, ViewCanvas] = {}
        self.shows_labels = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 2, 2, 2)
        self._grid.setSpacing(4)
        self._cross = add_cross(main)
        self._connections = [
            (session.campaign_changed, self._on_campaign),
            (session.patch_changed, self._on_patch),
            (session.labels_changed, self._on_labels),
            (main.extentsChanged, self._on_extent),
            (main.destinationCrsChanged, self._on_patch),
            (main.xyCoordinates, self._on_mouse),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)
        main.viewport().installEventFilter(self)
        self._on_campaign()

    @property
    def shown(self) -> list[str]:
        """Names of the views that are on."""
        return list(self._wanted)

    def view(self, name: str) -> ViewCanvas | None:
        """The view of a name, None while it was never on."""
        return self._made.get(name)

    def want(self, name: str, wanted: bool) -> bool:
        """Switch a view on or off; False where it cannot be read."""
        if wanted and name not in self._made and not self._make(name):
            self.unreadable.add(name)
            self.changed.emit()
            return False
        if wanted != (name in self._wanted):
            self._wanted = [c.name for c in self.choices if (c.name in self._wanted) ^ (c.name == name)]
            self._arrange()
            self.changed.emit()
        return True

    def toggle(self, index: int) -> None:
        """Switch the view of a key; nothing where there is none."""
        if index < len(self.choices):
            name = self.choices[index].name
            self.want(name, name not in self._wanted)

    def show_labels(self, shows: bool) -> None:
        """Draw the labels in the views too, or not."""
        self.shows_labels = shows
        self._on_patch()
        self.changed.emit()

    def remove(self) -> None:
        """Take everything apart; safe to call again."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        if self._connections:
            self._main.viewport().removeEventFilter(self)
            self._main.scene().removeItem(self._cross)
        self._connections = []
        self._forget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide the crosses of the views when the mouse leaves the main map."""
        if event.type() == QEvent.Type.Leave:
            self._point(None, None)
        return False

    def _make(self, name: str) -> bool:
        choice = next((choice for choice in self.choices if choice.name == name), None)
        layer = choice.make() if choice is not None else None
        if choice is None or layer is None:
            return False
        view = ViewCanvas(choice.title, layer, self._main, self)
        view.pointed.connect(lambda point, source=view: self._point(point, source))
        self._made[name] = view
        self._label(view)
        return True

    def _arrange(self) -> None:
        columns = max(1, ceil(sqrt(len(self._wanted))))
        for view in self._made.values():
            self._grid.removeWidget(view)
            view.hide()
        for position, name in enumerate(self._wanted):
            self._grid.addWidget(self._made[name], position // columns, position % columns)
            self._made[name].show()
        rows = ceil(len(self._wanted) / columns)
        for line in range(max(self._grid.rowCount(), self._grid.columnCount())):
            self._grid.setColumnStretch(line, int(line < columns))
            self._grid.setRowStretch(line, int(line < rows))

    def _forget(self) -> None:
        self._wanted = []
        for view in self._made.values():
            self._grid.removeWidget(view)
            view.remove()
        self._made.clear()
        self.unreadable.clear()

    def _label(self, view: ViewCanvas) -> None:
        """Give a view the labels of the patch in hand, or take them away."""
        opened, image, campaign = self._session.opened, self._session.image, self._session.campaign
        if not self.shows_labels or opened is None or image is None or campaign is None:
            view.overlay.show_patch(None, None, ())
            view.overlay.setVisible(False)
            return
        where = PatchPlace(image, opened.window, view.canvas.mapSettings().destinationCrs())
        view.overlay.set_opacity(self._session.settings.opacity_percent / 100)
        view.overlay.show_patch(where, opened.editor.labels, campaign.classes)
        view.overlay.setVisible(True)

    def _point(self, point: QgsPointXY | None, source: ViewCanvas | None) -> None:
        """The mouse is at a point of one map: show it in the others."""
        for name in self._wanted:
            if self._made[name] is not source:
                self._made[name].point_at(point)
        if source is not None:
            place(self._cross, point)

    @guarded
    def _on_campaign(self) -> None:
        campaign = self._session.campaign
        kept = self._wanted
        self._forget()
        self.choices = view_choices(campaign) if campaign is not None else ()
        for name in kept:
            if any(choice.name == name for choice in self.choices):
                self.want(name, True)
        self.changed.emit()

    @guarded
    def _on_patch(self) -> None:
        for view in self._made.values():
            view.follow()
            self._label(view)

    @guarded
    def _on_labels(self, window: PixelWindow) -> None:
        if self.shows_labels:
            for name in self._wanted:
                self._made[name].overlay.refresh(window)

    @guarded
    def _on_extent(self) -> None:
        for name in self._wanted:
            self._made[name].follow()

    @guarded
    def _on_mouse(self, point: QgsPointXY) -> None:
        place(self._cross, None)
        self._point(QgsPointXY(point), None)
