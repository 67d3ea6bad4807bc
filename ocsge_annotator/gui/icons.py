# SPDX-License-Identifier: GPL-2.0-or-later
"""Icons of gestures, ours or QGIS's, and of classes."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SWATCH = QSize(18, 14)
THEME_ICONS = {
    "undo": "mActionUndo.svg",
    "redo": "mActionRedo.svg",
    "labels": "mActionShowAllLayers.svg",
    "view": "mActionZoomToArea.svg",
    "views": "mActionNewMap.svg",
    "view_labels": "mActionShowAllLayers.svg",
    "previous": "mActionArrowLeft.svg",
    "next": "mActionArrowRight.svg",
    "submit": "mActionAllEdits.svg",
    "open": "mActionFileOpen.svg",
    "create": "mActionFileNew.svg",
    "predict": "mActionStart.svg",
    "stop": "mActionStop.svg",
    "control_next": "mActionArrowDown.svg",
    "accept_patch": "mIconSuccess.svg",
    "reject_patch": "mActionRollbackEdits.svg",
}


def icon(name: str) -> QIcon:
    """Icon of a gesture: one of QGIS's, or `resources/icons/<name>.svg`; empty where there is neither."""
    if name in THEME_ICONS:
        return QgsApplication.getThemeIcon(THEME_ICONS[name])
    path = RESOURCES / "icons" / f"{name}.svg"
    return QIcon(str(path)) if path.is_file() else QIcon()


def swatch(rgb: tuple[int, int, int], size: QSize = SWATCH) -> QIcon:
    """A class's colour with a thin border."""
    pixmap = QPixmap(size)
    pixmap.fill(QColor(*rgb))
    painter = QPainter(pixmap)
    painter.setPen(QColor(60, 60, 60))
    painter.drawRect(0, 0, size.width() - 1, size.height() - 1)
    painter.end()
    # The same picture when the row is selected: a tint would change the class's colour.
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icon.addPixmap(pixmap, mode)
    return icon
