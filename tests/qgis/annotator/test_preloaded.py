# SPDX-License-Identifier: GPL-2.0-or-later
"""The next patch is on the screen as soon as it is taken."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt


def test_the_next_view_is_rendered_ahead_and_shown_till_the_map_is_there(work, qtbot, qgis_canvas):
    view = work.preloaded
    qtbot.waitUntil(lambda: view.is_ready, timeout=20_000)
    work.mouse.key(Qt.Key.Key_D)
    assert view.is_shown
    qtbot.waitUntil(lambda: not view.is_shown, timeout=20_000)
    qtbot.waitUntil(lambda: view.is_ready, timeout=20_000)  # and the one after it


def test_a_view_on_another_place_or_size_is_not_shown(work, qtbot, qgis_canvas):
    qtbot.waitUntil(lambda: work.preloaded.is_ready, timeout=20_000)
    qgis_canvas.setRotation(30)
    try:
        work.mouse.key(Qt.Key.Key_D)
        assert not work.preloaded.is_shown
    finally:
        qgis_canvas.setRotation(0)


def test_moving_the_map_uncovers_it(work, qtbot, qgis_canvas):
    qtbot.waitUntil(lambda: work.preloaded.is_ready, timeout=20_000)
    work.mouse.key(Qt.Key.Key_D)
    assert work.preloaded.is_shown
    qgis_canvas.zoomByFactor(0.5)
    assert not work.preloaded.is_shown
