# SPDX-License-Identifier: GPL-2.0-or-later
"""What QGIS's window gives to the plugin; nothing else sees `iface`."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow
from qgis.utils import plugins

from ocsge_common.translation import tr


class Host:
    """The main window.

    Args:
        interface: QGIS's interface.
    """

    def __init__(self, interface: Any) -> None:
        self._iface = interface

    @property
    def window(self) -> QMainWindow:
        """The main window."""
        return self._iface.mainWindow()

    @property
    def canvas(self) -> QgsMapCanvas:
        """The main map."""
        return self._iface.mapCanvas()

    @property
    def bar(self) -> QgsMessageBar:
        """The message bar."""
        return self._iface.messageBar()

    def add(self, action: QAction, dock: QDockWidget) -> None:
        """Show the plugin's entry, button and dock."""
        self._iface.addPluginToMenu(tr("OCS GE annotation"), action)
        self._iface.addToolBarIcon(action)
        self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)

    def remove(self, action: QAction, dock: QDockWidget) -> None:
        """Undo `add`."""
        self._iface.removePluginMenu(tr("OCS GE annotation"), action)
        self._iface.removeToolBarIcon(action)
        self._iface.removeDockWidget(dock)

    def register_options(self, factory: Any) -> None:
        """Add a page to the options."""
        self._iface.registerOptionsWidgetFactory(factory)

    def unregister_options(self, factory: Any) -> None:
        """Take the page away."""
        self._iface.unregisterOptionsWidgetFactory(factory)

    def open_algorithm(self, algorithm_id: str) -> None:
        """Open the form of a Processing algorithm, where Processing is loaded."""
        processing = plugins.get("processing")
        if processing is not None:
            processing.executeAlgorithm(algorithm_id, self.window)
