# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin takes from QGIS's interface, handed on piece by piece."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QWidget


class Host:
    """QGIS's main window.

    Args:
        interface: the interface that QGIS gives to a plugin.
        menu: name of the plugin's submenu, translated.
    """

    def __init__(self, interface: Any, menu: str) -> None:
        self._iface, self._menu = interface, menu

    @property
    def canvas(self) -> QgsMapCanvas:
        """The main map."""
        return self._iface.mapCanvas()

    @property
    def window(self) -> QWidget:
        """Parent of dialogs and docks."""
        return self._iface.mainWindow()

    @property
    def message_bar(self) -> QgsMessageBar:
        """Where messages appear."""
        return self._iface.messageBar()

    def add_action(self, action: QAction) -> None:
        """Put an action into toolbar and menu."""
        self._iface.addToolBarIcon(action)
        self._iface.addPluginToVectorMenu(self._menu, action)

    def remove_action(self, action: QAction) -> None:
        """Undo `add_action`."""
        self._iface.removeToolBarIcon(action)
        self._iface.removePluginVectorMenu(self._menu, action)

    def add_dock(self, dock: QDockWidget, *, below: bool = False) -> None:
        """Dock on the right, or below the map."""
        areas = Qt.DockWidgetArea
        self._iface.addDockWidget(areas.BottomDockWidgetArea if below else areas.RightDockWidgetArea, dock)

    def remove_dock(self, dock: QDockWidget) -> None:
        """Undo `add_dock`."""
        self._iface.removeDockWidget(dock)

    def add_options(self, factory: Any) -> None:
        """Add a page to Settings > Options."""
        self._iface.registerOptionsWidgetFactory(factory)

    def remove_options(self, factory: Any) -> None:
        """Undo `add_options`."""
        self._iface.unregisterOptionsWidgetFactory(factory)
