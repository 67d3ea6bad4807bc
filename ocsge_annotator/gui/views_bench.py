# SPDX-License-Identifier: GPL-2.0-or-later
"""The part of the window with the views beside the map: their dock, their panel, their keys."""

from __future__ import annotations

from functools import partial

from qgis.core import QgsSettings
from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import QMainWindow

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.gui.controller import Controller
from ocsge_annotator.gui.dock import AnnotatorDock
from ocsge_annotator.gui.gestures import GestureTable
from ocsge_annotator.gui.panels.views import MOST_KEYS, ViewsPanel, view_gestures
from ocsge_annotator.map_tools.views import Views
from ocsge_common.slots import guarded
from ocsge_common.translation import tr

SETTING = "ocsge/annotator/views"


class ViewsBench(QObject):
    """Brings the views to the window.

    Args:
        session: the work.
        canvas: the map.
        window: takes the dock of the views.
        dock: takes the panel.
        table: takes the gestures.
        controller: takes what the gestures do.
    """

    def __init__(
        self,
        session: AnnotationSession,
        canvas: QgsMapCanvas,
        window: QMainWindow,
        dock: AnnotatorDock,
        table: GestureTable,
        controller: Controller,
    ) -> None:
        super().__init__(dock)
        self._session, self._window = session, window
        self.views = Views(canvas, session)
        self.dock: QgsDockWidget | None = QgsDockWidget(tr("OCS GE annotation: views"), window)
        self.dock.setObjectName("OcsgeAnnotatorViews")
        self.dock.setWidget(self.views)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.dock)
        self.dock.hide()
        self.panel = ViewsPanel(self.views)
        dock.add_panel("views", tr("Views"), self.panel, is_open=False)
        table.add(view_gestures)
        actions = {f"view{number + 1}": partial(self.views.toggle, number) for number in range(MOST_KEYS)}
        actions["views"] = self.toggle
        actions["view_labels"] = lambda: self.views.show_labels(not self.views.shows_labels)
        controller.add_actions(actions)
        self._before: list[str] = []
        self.views.changed.connect(self._on_views)
        session.campaign_changed.connect(self._on_campaign)

    def toggle(self) -> None:
        """Hide all views, or show those of before (the first two at first)."""
        if self.views.shown:
            self._before = self.views.shown
            for name in self.views.shown:
                self.views.want(name, False)
            return
        names = [choice.name for choice in self.views.choices]
        wanted = [name for name in self._before if name in names] or names[1:3] or names[:1]
        for name in wanted:
            self.views.want(name, True)

    def unload(self) -> None:
        """Take the views away; safe to call again."""
        if self.dock is None:
            return
        self.views.changed.disconnect(self._on_views)
        self._session.campaign_changed.disconnect(self._on_campaign)
        self.views.remove()
        self._window.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.dock = None

    @guarded
    def _on_views(self) -> None:
        if self.dock is not None:
            self.dock.setVisible(bool(self.views.shown))
        if self._session.campaign is not None:
            QgsSettings().setValue(SETTING, ",".join(self.views.shown))

    @guarded
    def _on_campaign(self) -> None:
        """Show the views that were on when QGIS was last used."""
        if self._session.campaign is not None and not self.views.shown:
            kept = str(QgsSettings().value(SETTING, "") or "").split(",")
            for choice in self.views.choices:
                if choice.name in kept:
                    self.views.want(choice.name, True)
