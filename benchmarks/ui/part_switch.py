# SPDX-License-Identifier: GPL-2.0-or-later
"""Taking the next patch: until its labels and its image are on the screen; memory over 500 patches."""

import statistics
import time

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from stage import figures, resident_mb

PATCHES_TIMED = 15
PATCHES_FOR_MEMORY = 500
WARM_UP = 130
MEMORY_STEP = 25
REST_S = 1.5
"""Time that an annotator spends on a patch at the very least: the next one is made ready meanwhile."""


def measure(stage):
    stage.open(512)
    labels, whole = [], []
    for _ in range(PATCHES_TIMED):
        rest(REST_S)
        done = []
        stage.canvas.mapCanvasRefreshed.connect(lambda done=done: done.append(time.perf_counter()))
        start = time.perf_counter()
        labels.append(stage.time_to_paint_ms(lambda: stage.key(Qt.Key.Key_D)))
        while not done:
            QgsApplication.processEvents()
        whole.append(1000 * (done[0] - start))
        stage.canvas.mapCanvasRefreshed.disconnect()
    return figures("patch_switch_ms", whole) | figures("patch_labels_ms", labels) | memory(stage)


def memory(stage):
    """Growth over many patches, after those that fill every cache: what the last hundred hold more."""
    held = []
    for place in range(WARM_UP + PATCHES_FOR_MEMORY):
        stage.session.go_to(place % len(stage.session.patches))
        QgsApplication.processEvents()
        if place >= WARM_UP and place % MEMORY_STEP == 0:
            stage.canvas.waitWhileRendering()
            held.append(resident_mb())
    quarter = len(held) // 4
    growth = statistics.median(held[-quarter:]) - statistics.median(held[:quarter])
    return {"patches_visited": PATCHES_FOR_MEMORY, "memory_growth_mb": round(growth, 1)}


def rest(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QgsApplication.processEvents()
        time.sleep(0.005)
