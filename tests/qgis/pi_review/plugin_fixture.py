# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin in the stub of QGIS's interface, completed where it lacks what QGIS has."""

from __future__ import annotations

from collections.abc import Iterator

from ocsge_pi_review import classFactory
from ocsge_pi_review.plugin import ReviewPlugin

LACKS = (
    "registerOptionsWidgetFactory",
    "unregisterOptionsWidgetFactory",
    "addPluginToVectorMenu",
    "removePluginVectorMenu",
    "removeToolBarIcon",
    "removeDockWidget",
)


def loaded_plugin(iface, canvas, window, monkeypatch) -> Iterator[ReviewPlugin]:
    """The plugin with its dock shown; unloaded afterwards."""
    for name in LACKS:
        monkeypatch.setattr(iface, name, lambda *args: None, raising=False)
    canvas.resize(800, 600)
    window.show()
    canvas.show()
    plugin = classFactory(iface)
    plugin.initGui()
    plugin._dock.show()
    yield plugin
    plugin.unload()
