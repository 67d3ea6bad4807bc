# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory over 10,000 decisions on a lot of a million polygons: keys alone, the map drawn as they come."""

import gc
import os
import statistics
import sys
import time

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from stage import heap_mb, resident_mb

DECISIONS = int(os.environ.get("OCSGE_UI_DECISIONS", "10000"))
WARM_UP = DECISIONS // 10
STEP = max(DECISIONS // 100, 1)


def measure(stage):
    suffix = os.environ.get("OCSGE_UI_SUFFIX", "")
    stage.open()
    stage.settle()
    held, asked, objects, start = [], [], [], time.perf_counter()
    for number in range(WARM_UP + DECISIONS):
        # One code in four: a change of the coverage, its journal row and its colour.
        if number % 4 == 0:
            stage.key(Qt.Key.Key_1)
        stage.key(Qt.Key.Key_Space)
        QgsApplication.processEvents()
        if number >= WARM_UP and number % STEP == 0:
            stage.canvas.waitWhileRendering()
            held.append(resident_mb())
            gc.collect()
            asked.append(heap_mb())
            objects.append(sys.getallocatedblocks())
    seconds = time.perf_counter() - start
    return {
        f"decisions_made{suffix}": WARM_UP + DECISIONS,
        f"decisions_memory_mb{suffix}": round(held[-1], 1),
        f"decisions_memory_growth_mb{suffix}": round(_growth(held), 1),
        f"decisions_memory_growth_late_mb{suffix}": round(_growth(held[len(held) // 2 :]), 1),
        f"decisions_heap_growth_mb{suffix}": round(_growth(asked), 1),
        f"decisions_objects_growth{suffix}": round(_growth(objects)),
        f"decisions_per_s{suffix}": round((WARM_UP + DECISIONS) / seconds, 1),
    }


def _growth(values):
    """Median of the last quarter less that of the first: single moments swing by the pictures under way."""
    quarter = max(len(values) // 4, 1)
    return statistics.median(values[-quarter:]) - statistics.median(values[:quarter])
