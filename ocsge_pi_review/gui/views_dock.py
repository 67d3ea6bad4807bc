# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the views are: docked beside the map, as wide as what is left of it."""

from __future__ import annotations

from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, Qt, QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow, QWidget

from ocsge_common.slots import guarded
from ocsge_common.translation import tr

LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
ACROSS = Qt.Orientation.Horizontal


class ViewsDock(QObject):
    """A dock between the docks on the left and the map, which get their widths back when it closes.

    Args:
        canvas: the map.

    Attributes:
        holder: takes the views.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._window = canvas.window() if isinstance(canvas.window(), QMainWindow) else None
        self._widths: dict[QDockWidget, int] = {}
        self.holder = QWidget()
        self.dock: QgsDockWidget | None = QgsDockWidget(tr("OCS GE review: views"), canvas.window())
        self.dock.setObjectName("OcsgeReviewViews")
        self.dock.setWidget(self.holder)
        self.dock.hide()

    @property
    def is_shown(self) -> bool:
        """Whether the views are on the screen."""
        return self.dock is not None and self.dock.isVisible()

    def show(self, wanted: bool) -> None:
        """Show the dock, or hide it."""
        if self.dock is None or wanted != self.dock.isHidden():
            return
        if wanted:
            self._put_beside_the_map()
            self.dock.show()
            QTimer.singleShot(0, self._share)
        else:
            self.dock.hide()
            QTimer.singleShot(0, self._give_back)

    def remove(self) -> None:
        """Take the dock away for good; safe to call again."""
        if self.dock is None:
            return
        if self._window is not None:
            self._window.removeDockWidget(self.dock)
            self._give_back()
        self.dock.deleteLater()
        self.dock = None

    def _put_beside_the_map(self) -> None:
        if self._window is None or self.dock.isFloating():
            return
        there = [
            other
            for other in self._window.findChildren(QDockWidget)
            if other is not self.dock
            and self._window.dockWidgetArea(other) == LEFT
            and not other.isFloating()
            and other.isVisible()
        ]
        self._widths = {other: other.width() for other in there}
        self._window.addDockWidget(LEFT, self.dock)
        if there:
            self._window.splitDockWidget(there[0], self.dock, ACROSS)

    @guarded
    def _share(self) -> None:
        """Give views and map the same room, and the other docks what they had."""
        if self.dock is not None and self._window is not None and not self.dock.isFloating():
            present = {dock: width for dock, width in self._widths.items() if not sip.isdeleted(dock)}
            taken = self.dock.width() + self._canvas.width() + sum(dock.width() for dock in present)
            half = (taken - max(present.values(), default=0)) // 2
            self._window.resizeDocks([*present, self.dock], [*present.values(), half], ACROSS)

    @guarded
    def _give_back(self) -> None:
        present = {dock: width for dock, width in self._widths.items() if not sip.isdeleted(dock)}
        if self._window is not None and present:
            self._window.resizeDocks(list(present), list(present.values()), ACROSS)
