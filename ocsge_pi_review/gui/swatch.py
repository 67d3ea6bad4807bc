# SPDX-License-Identifier: GPL-2.0-or-later
"""Codes as they are shown anywhere: squares of an official colour, tooltips."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap

from inference_backend.contracts.nomenclature import Nomenclature

UNKNOWN = "#ffffff"


def swatch_pixmap(nomenclature: Nomenclature, code: str | None, size_px: int = 16) -> QPixmap:
    """A bordered square of the code's colour, white for an unknown code."""
    colour = nomenclature[code].colour if code and code in nomenclature else UNKNOWN
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(QColor(colour))
    painter = QPainter(pixmap)
    painter.setPen(QColor(70, 70, 70))
    painter.drawRect(0, 0, size_px - 1, size_px - 1)
    painter.end()
    return pixmap


def plain_tip(text: str) -> str:
    """A tooltip that is shown as it is: labels come with a lot, and Qt takes what looks like HTML for it."""
    return escape(text) if "<" in text else text


def swatch_icon(nomenclature: Nomenclature, code: str | None) -> QIcon:
    """The same as an icon."""
    return QIcon(swatch_pixmap(nomenclature, code))
