# SPDX-License-Identifier: GPL-2.0-or-later
"""A brush event to its painted pixels, and undo, on a patch of 1,024 px."""

import math

from qgis.PyQt.QtCore import Qt
from stage import figures

PATCH_PX = 1024
STROKES = 12
MOVES = 40
CTRL = Qt.KeyboardModifier.ControlModifier


def measure(stage):
    stage.open(PATCH_PX)
    stage.key(Qt.Key.Key_B)
    brush, brush_work, finish = [], [], []
    for stroke in range(STROKES):
        stage.session.choose_class(stroke % 6)
        stage.session.choose_brush(15 + 5 * (stroke % 4))
        path = [wave(stroke, step / MOVES) for step in range(MOVES + 1)]
        stage.press(*path[0])
        moves = (lambda p=p: stage.move(*p, pressed=True) for p in path[1:])
        times, work = stage.times_ms(moves)
        brush, brush_work = brush + times, brush_work + work
        finish.append(stage.time_to_paint_ms(lambda p=path[-1]: stage.release(*p)))
    assert stage.session.opened.editor.gestures == STROKES
    stage.settle()
    stage.picture("brush")
    undo, undo_work = stage.times_ms([lambda: stage.key(Qt.Key.Key_Z, CTRL)] * STROKES)
    assert not stage.session.opened.editor.can_undo
    return (
        figures("brush_ms", brush)
        | figures("brush_cpu_ms", brush_work)
        | figures("stroke_end_ms", finish)
        | figures("undo_ms", undo)
        | figures("undo_cpu_ms", undo_work)
    )


def wave(stroke, share):
    """A point of a wavy stroke across the patch."""
    y = (stroke + 1) / (STROKES + 1) + 0.03 * math.sin(12 * share)
    return (0.05 + 0.9 * share) * PATCH_PX, y * PATCH_PX
