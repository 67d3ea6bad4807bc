# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory over 10,000 decisions on a lot of a million polygons: keys alone, the map drawn as they come."""

import os
import statistics
import time

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from stage import resident_mb

DECISIONS = int(os.environ.get("OCSGE_UI_DECISIONS", "10000"))
WARM_UP = DECISIONS // 10
STEP = max(DECISIONS // 100, 1)


def measure(stage):
    suffix = os.environ.get("OCSGE_UI_SUFFIX", "")
    stage.open()
    stage.settle()
    held, start = [], time.perf_counter()
    for number in range(WARM_UP + DECISIONS):
        # One code in four: a change of the coverage, its journal row and its colour.
        if number % 4 == 0:
            stage.key(Qt.Key.Key_1)
        stage.key(Qt.Key.Key_Space)
        QgsApplication.processEvents()
        if number >= WARM_UP and number % STEP == 0:
            stage.canvas.waitWhileRendering()
            held.append(resident_mb())
    seconds = time.perf_counter() - start
    quarter = max(len(held) // 4, 1)
    growth = statistics.median(held[-quarter:]) - statistics.median(held[:quarter])
    return {
        f"decisions_made{suffix}": WARM_UP + DECISIONS,
        f"decisions_memory_mb{suffix}": round(held[-1], 1),
        f"decisions_memory_growth_mb{suffix}": round(growth, 1),
        f"decisions_per_s{suffix}": round((WARM_UP + DECISIONS) / seconds, 1),
    }
