# SPDX-License-Identifier: GPL-2.0-or-later
"""What a gesture changed is on the screen at once, and the map takes it over."""

from __future__ import annotations

import time

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QEvent, QObject

from ocsge_common.messages import MessageLog
from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_bench import QueueBench

MAP_S = 30.0


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def bench(lot, qgis_canvas, qgis_parent):
    """The first item of a lot in front, on a map that has come to rest."""
    qgis_parent.show()
    qgis_canvas.show()
    qgis_canvas.setDestinationCrs(lot.store.crs)
    qgis_canvas.setLayers([lot.layers.occupation])
    panel = ReviewPanel()
    made = QueueBench(panel, qgis_canvas, lot, ReviewSettings(), MessageLog("essai"), QgsProject.instance())
    lot.review.show_item(1)
    wait_for(lambda: not qgis_canvas.isDrawing())
    yield made
    made.close()
    qgis_canvas.setLayers([])
    panel.deleteLater()


def wait_for(condition):
    """Let QGIS work until it is so."""
    until = time.monotonic() + MAP_S
    for _ in range(3):
        QgsApplication.processEvents()
    while not condition():
        assert time.monotonic() < until
        QgsApplication.processEvents()


def colour_of(row, canvas):
    """What the canvas shows in the middle of a polygon."""
    middle = geometry_of(row).pointOnSurface().asPoint()
    place = canvas.getCoordinateTransform().transform(middle).toQPointF().toPoint()
    return canvas.grab().toImage().pixelColor(place).name()


def change_cover(review):
    gestures, row = ReviewGestures(review), review.row()
    gestures.make(gestures.set_codes([row.id], {"cs": "CS1.2.2" if row.cs != "CS1.2.2" else "CS1.1.1.1"}))


def test_a_new_code_is_on_the_screen_before_the_map_is_drawn_again(bench, lot, qgis_canvas):
    row = lot.review.row()
    before, paints = colour_of(row, qgis_canvas), Paints(qgis_canvas.viewport())
    change_cover(lot.review)
    assert paints.count == 1, "in the gesture itself, not in the next round of events"
    assert colour_of(row, qgis_canvas) != before
    wait_for(lambda: not bench.fresh.bands)
    assert colour_of(row, qgis_canvas) != before


def test_nothing_is_painted_over_a_hidden_layer(bench, lot):
    lot.layers.group.findLayer(lot.layers.occupation.id()).setItemVisibilityChecked(False)
    change_cover(lot.review)
    assert bench.fresh.bands == []
