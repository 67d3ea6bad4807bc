# SPDX-License-Identifier: GPL-2.0-or-later
"""What QGIS's window gives to the plugin; nothing else sees `iface`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QDialog, QDockWidget, QMainWindow
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

    def open_algorithm(self, algorithm_id: str, parameters: Mapping[str, Any]) -> QDialog | None:
        """Open the form of a Processing algorithm beside the map, where Processing is loaded.

        Args:
            algorithm_id: with that of its provider.
            parameters: filled in already, by name.
        """
        if plugins.get("processing") is None:
            return None
        tools = import_module("processing")  # it is on the path once its plugin is loaded
        dialog = tools.createAlgorithmDialog(algorithm_id, dict(parameters))
        if dialog is not None:
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()
        return dialog
