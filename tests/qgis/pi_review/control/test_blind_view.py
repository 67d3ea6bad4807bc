# SPDX-License-Identifier: GPL-2.0-or-later
"""A control by keys and mouse in the plugin: what is written, and what is never shown."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt

KEY = Qt.Key


def test_opening_shows_the_first_unit(opened, qgis_canvas):
    control = opened.control.control
    assert control.session.unit.sample_id == 1
    box = control.session.outline(1).boundingBox()
    assert qgis_canvas.extent().contains(box)
    assert opened.control.panel.isVisible()
    assert not opened.panel.isVisible()
