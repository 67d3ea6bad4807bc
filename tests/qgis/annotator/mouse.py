# SPDX-License-Identifier: GPL-2.0-or-later
"""Real mouse and key events on the canvas, aimed at pixels of the patch."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent, QWheelEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from ocsge_annotator.domain.pixels import PixelPoint

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton


class Mouse:
    """Works on the canvas of a plugin.

    Args:
        plugin: loaded, with a patch in hand.
        canvas: its canvas.
    """

    def __init__(self, plugin, canvas) -> None:
        self._plugin, self._canvas = plugin, canvas

    def at(self, x: float, y: float) -> QPoint:
        """Canvas position of a pixel position of the patch."""
        point = self._plugin.bench.place.to_map(PixelPoint(x, y))
        return self._canvas.getCoordinateTransform().transform(point).toQPointF().toPoint()

    def exact(self, x: float, y: float) -> PixelPoint:
        """Where an event at `at(x, y)` really is: the screen has whole pixels."""
        place = self._canvas.getCoordinateTransform().toMapCoordinates(self.at(x, y))
        return self._plugin.bench.place.to_pixel(place)

    def drag(
        self,
        *points: tuple[float, float],
        button=LEFT,
        release: bool = True,
        modifiers=Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press at the first point, move along the others, release."""
        first, *others = [self.at(*point) for point in points]
        viewport = self._canvas.viewport()
        QTest.mousePress(viewport, button, modifiers, first)
        for position in others:
            self._send(QEvent.Type.MouseMove, position, NONE, button)
        if release:
            last = others[-1] if others else first
            QTest.mouseRelease(viewport, button, modifiers, last)

    def click(self, x: float, y: float, button=LEFT, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        """One click."""
        self.drag((x, y), button=button, modifiers=modifiers)

    def move(self, x: float, y: float) -> None:
        """Move without button."""
        self._send(QEvent.Type.MouseMove, self.at(x, y), NONE, NONE)

    def wheel(self, notches: int, modifiers=Qt.KeyboardModifier.ControlModifier) -> None:
        """Turn the wheel over the canvas."""
        centre = QPointF(self._canvas.viewport().rect().center())
        event = QWheelEvent(
            centre,
            QPointF(self._canvas.viewport().mapToGlobal(centre.toPoint())),
            QPoint(0, 0),
            QPoint(0, 120 * notches),
            NONE,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self._canvas.viewport(), event)

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier, widget=None) -> None:
        """Press and release a key."""
        QTest.keyClick(widget or self._canvas, key, modifiers)

    def _send(self, kind, position: QPoint, button, buttons) -> None:
        viewport = self._canvas.viewport()
        where = QPointF(position)
        event = QMouseEvent(
            kind,
            where,
            QPointF(viewport.mapToGlobal(position)),
            button,
            buttons,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)
