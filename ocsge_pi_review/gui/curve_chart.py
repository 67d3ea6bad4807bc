# SPDX-License-Identifier: GPL-2.0-or-later
"""A curve over time, drawn by Qt alone: what is done against what was planned."""

from __future__ import annotations

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from inference_backend.contracts.indicators import Curve, Line
from ocsge_common.translation import user_language
from ocsge_pi_review.domain.chart_scale import day_number, month_marks, round_marks
from ocsge_pi_review.domain.figures import figure_text, number_text

COLOURS = ("#0b3a6b", "#d55e00", "#008a6c", "#7b4a9e", "#666666")
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
"""Each line differs by its dashes too: colours alone are not seen by everybody."""
_RIGHT_PX, _BOTTOM_PX = 12, 24
_DOT_PX = 3.5


class CurveChart(QWidget):
    """Draws one `Curve`; empty without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: Curve | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(190)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(420, 220)

    def show_curve(self, curve: Curve | None) -> None:
        """Draw a curve in place of the present one."""
        self._curve = curve
        self.setVisible(curve is not None)
        self.setAccessibleName(curve.label.get(user_language(), curve.label["en"]) if curve else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, legend, axes, lines."""
        lines = [line for line in self._curve.lines if line.points] if self._curve else []
        if not lines:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        text = QFontMetrics(self.font())
        top = self._draw_head(painter, lines, text)
        days = [day_number(day) for line in lines for day, _ in line.points]
        marks = round_marks(max(value for line in lines for _, value in line.points))
        left = 12 + max(text.horizontalAdvance(label) for label in self._labels(marks))
        height = max(self.height() - top - _BOTTOM_PX, 20)
        frame = QRectF(left, top, self.width() - left - _RIGHT_PX, height)
        span = (min(days), max(max(days), min(days) + 1))
        self._draw_axes(painter, frame, span, marks)
        for number, line in enumerate(lines):
            points, pen = _polyline(line, frame, span, marks[-1]), self._pen(line, number)
            painter.setPen(pen)
            painter.drawPolyline(points)
            if not line.is_reference:
                # A line of one day is a point.
                painter.setBrush(pen.color())
                painter.drawEllipse(points.at(points.size() - 1), _DOT_PX, _DOT_PX)
        painter.end()

    def _draw_head(self, painter: QPainter, lines: list[Line], text: QFontMetrics) -> float:
        language = user_language()
        painter.setPen(self.palette().text().color())
        height = text.height()
        painter.drawText(QPointF(8, height), self._curve.label.get(language, self._curve.label["en"]))
        x, y = 8.0, 2.3 * height
        for number, line in enumerate(lines):
            label = line.label.get(language, line.label["en"])
            needed = 34 + text.horizontalAdvance(label) + 16
            if x > 8 and x + needed > self.width():
                x, y = 8.0, y + height
            painter.setPen(self._pen(line, number))
            painter.drawLine(QPointF(x, y - height / 3), QPointF(x + 26, y - height / 3))
            painter.setPen(self.palette().text().color())
            painter.drawText(QPointF(x + 32, y), label)
            x += needed
        return y + 10

    def _draw_axes(self, painter: QPainter, frame: QRectF, span: tuple[int, int], marks: list[float]) -> None:
        text, faint = self.palette().text().color(), QPen(QColor("#d5d9de"), 1)
        for mark, label in zip(marks, self._labels(marks)):
            y = frame.bottom() - frame.height() * mark / marks[-1]
            painter.setPen(faint)
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            painter.setPen(text)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 9, frame.left() - 6, 18), flags, label)
        for month in month_marks(span, max(2, int(frame.width() // 64))):
            x = frame.left() + frame.width() * (month.toordinal() - span[0]) / (span[1] - span[0])
            painter.setPen(faint)
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.setPen(text)
            label = f"{month.month:02d}/{month.year}"
            box = QRectF(x - 32, frame.bottom() + 3, 64, _BOTTOM_PX - 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, label)

    def _labels(self, marks: list[float]) -> list[str]:
        """Texts of the marks; the last one bears the unit."""
        language, decimals = user_language(), 0 if marks[1] >= 1 else 2
        texts = [number_text(mark, decimals, language) for mark in marks[:-1]]
        return [*texts, figure_text(marks[-1], self._curve.unit, language)]

    def _pen(self, line: Line, number: int) -> QPen:
        if line.is_reference:
            return QPen(QColor("#777777"), 1, Qt.PenStyle.DashLine)
        return QPen(QColor(COLOURS[number % len(COLOURS)]), 2, DASHES[number % len(DASHES)])


def _polyline(line: Line, frame: QRectF, span: tuple[int, int], top: float) -> QPolygonF:
    points = QPolygonF()
    for day, value in line.points:
        x = frame.left() + frame.width() * (day_number(day) - span[0]) / (span[1] - span[0])
        y = frame.bottom() - frame.height() * value / top
        if line.is_stepped and points.size():
            points.append(QPointF(x, points.at(points.size() - 1).y()))
        points.append(QPointF(x, y))
    return points
