# SPDX-License-Identifier: GPL-2.0-or-later
"""Real mouse and key events on the map, aimed at places of the lot."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from qgis.PyQt.QtTest import QTest

from ocsge_pi_review.domain.patch import PolygonRow

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
BARE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
THOUGHT_MS = 120
"""After that a preview is there."""


class Hands:
    """Mouse and keyboard on one canvas.

    Args:
        canvas: the map, in the lot's CRS.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self.canvas = canvas

    def at(self, point: tuple[float, float]) -> QPoint:
        """Pixel of a place."""
        pixel = self.canvas.getCoordinateTransform().transform(QgsPointXY(*point))
        return QPoint(round(pixel.x()), round(pixel.y()))

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        """The place that an event aimed at a place really has: pixels are whole."""
        there = self.canvas.getCoordinateTransform().toMapCoordinates(self.at(point))
        return there.x(), there.y()

    def press(self, key, modifiers=BARE) -> None:
        """A key, pressed and released."""
        QTest.keyClick(self.canvas, key, modifiers)
        QgsApplication.processEvents()

    def send(self, key, text: str, modifiers=BARE) -> None:
        """A key as the keyboard driver sends it; QTest only knows Latin-1 letters without accent."""
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QgsApplication.sendEvent(self.canvas, QKeyEvent(kind, key, modifiers, text))
        QgsApplication.processEvents()

    def click(self, point, button=LEFT, modifiers=BARE) -> None:
        """One click."""
        QTest.mouseClick(self.canvas.viewport(), button, modifiers, self.at(point))
        QgsApplication.processEvents()

    def double_click(self, point) -> None:
        """Two clicks."""
        QTest.mouseDClick(self.canvas.viewport(), LEFT, pos=self.at(point))
        QTest.mouseRelease(self.canvas.viewport(), LEFT, pos=self.at(point))
        QgsApplication.processEvents()

    def move(self, point, buttons=NONE, modifiers=BARE, thinks=True) -> None:
        """Move, and rest until a preview was made."""
        viewport, where = self.canvas.viewport(), QPointF(self.at(point))
        there = QPointF(viewport.mapToGlobal(where.toPoint()))
        event = QMouseEvent(QEvent.Type.MouseMove, where, there, NONE, buttons, modifiers)
        QgsApplication.sendEvent(viewport, event)
        if thinks:
            QTest.qWait(THOUGHT_MS)

    def drag(self, points, modifiers=BARE) -> None:
        """Press at the first point, move along the others, release."""
        QTest.mousePress(self.canvas.viewport(), LEFT, modifiers, self.at(points[0]))
        for point in points[1:]:
            self.move(point, LEFT, modifiers, thinks=False)
        QTest.mouseRelease(self.canvas.viewport(), LEFT, modifiers, self.at(points[-1]))
        QgsApplication.processEvents()

    def wheel(self, notches: int, modifiers=CTRL) -> None:
        """Turn the wheel over the middle of the map."""
        viewport = self.canvas.viewport()
        centre = QPointF(viewport.rect().center())
        there = QPointF(viewport.mapToGlobal(centre.toPoint()))
        turn = QPoint(0, 120 * notches)
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(centre, there, QPoint(0, 0), turn, NONE, modifiers, phase, False)
        QgsApplication.sendEvent(viewport, event)
        QgsApplication.processEvents()


def geometry(row: PolygonRow) -> QgsGeometry:
    """For QGIS."""
    made = QgsGeometry()
    made.fromWkb(row.wkb)
    return made


def inner(row: PolygonRow, within: QgsGeometry | None = None) -> tuple[float, float]:
    """A place inside a polygon."""
    shape = geometry(row) if within is None else geometry(row).intersection(within)
    point = shape.pointOnSurface().asPoint()
    return point.x(), point.y()
