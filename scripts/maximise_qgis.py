# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by QGIS at its start: a fresh profile opens a window too small for the plugins' buttons."""

from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

QTimer.singleShot(0, iface.mainWindow().showMaximized)
