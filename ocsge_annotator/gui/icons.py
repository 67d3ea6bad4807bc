# SPDX-License-Identifier: GPL-2.0-or-later
"""Icons of gestures, ours or QGIS's."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtGui import QIcon

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
THEME_ICONS = {
    "undo": "mActionUndo.svg",
    "redo": "mActionRedo.svg",
    "labels": "mActionShowAllLayers.svg",
    "view": "mActionZoomToArea.svg",
    "previous": "mActionArrowLeft.svg",
    "next": "mActionArrowRight.svg",
    "submit": "mActionAllEdits.svg",
    "open": "mActionFileOpen.svg",
    "create": "mActionFileNew.svg",
    "predict": "mActionStart.svg",
    "stop": "mActionStop.svg",
}


def icon(name: str) -> QIcon:
    """Icon of a gesture: one of QGIS's, or `resources/icons/<name>.svg`; empty where there is neither."""
    if name in THEME_ICONS:
        return QgsApplication.getThemeIcon(THEME_ICONS[name])
    path = RESOURCES / "icons" / f"{name}.svg"
    return QIcon(str(path)) if path.is_file() else QIcon()
