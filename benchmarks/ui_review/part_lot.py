# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot of a million polygons: opening, next item, a code, merge, split, reshape, undo; keys and clicks."""

import os

from lines import cut_across, free_neighbour, moved_side
from qgis.PyQt.QtCore import Qt
from stage import RIGHT, Clock

REPEATS = int(os.environ.get("OCSGE_UI_REPEATS", "40"))
LARGEST_SCALE = 20_000
"""The map shows one item and its surroundings, never the whole lot."""
CTRL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


def measure(stage):
    suffix = os.environ.get("OCSGE_UI_SUFFIX", "")
    stage.choose(advance_after_code=False)  # a code and the next item are timed apart
    ready_s, whole_s = stage.open()
    stage.picture(f"review_lot{suffix}")
    assert stage.canvas.scale() < LARGEST_SCALE, "the first item is not in the middle"
    found = {f"lot_open_s{suffix}": round(ready_s, 2), f"lot_open_whole_map_s{suffix}": round(whole_s, 2)}
    for clock in (walk(stage), *codes(stage)):
        found |= clock.figures(suffix)
    for name, act in (("merge", merge), ("split", split), ("reshape", reshape)):
        clock, refused = Clock(stage, name), 0
        for _ in range(REPEATS):
            refused += not act(stage, clock)
        found |= clock.figures(suffix) | {f"{name}_not_possible{suffix}": refused}
    found |= undo(stage).figures(suffix)
    stage.picture(f"review_lot_after{suffix}")
    return found


def walk(stage):
    """From the key to the next item in the middle of the map."""
    clock = Clock(stage, "next_item")
    for _ in range(REPEATS):
        before = stage.review.item_id
        clock.time(lambda: stage.key(KEY.Key_Space))
        assert stage.review.item_id != before
        stage.settle()
    return clock


def codes(stage):
    """From the key of a cover to the polygon painted in its colour; and to the whole map drawn again."""
    clock = Clock(stage, "code_change")
    whole_map = Clock(stage, "code_change_whole_map")
    from ocsge_pi_review.adapters.changed_ground import geometry_of

    for _ in range(REPEATS):
        stage.key(KEY.Key_Right, CTRL)
        stage.settle()
        row = stage.review.row()
        was, middle = row.cs, geometry_of(row).pointOnSurface().asPoint()
        colour = stage.colour_at(middle)
        key = next(
            key for key in (KEY.Key_1, KEY.Key_2, KEY.Key_3) if stage.palette.codes.get(chr(int(key))) != was
        )
        clock.time(lambda key=key: stage.key(key))
        assert stage.review.store.last_done().operation.value == "set_cover"
        assert stage.colour_at(middle) != colour, "painted, but not in its colour"
        whole_map.whole.append(stage.map_ms())
        stage.settle()
    return clock, whole_map


def merge(stage, clock):
    """From the click on a neighbour; False where there is none in sight."""
    row = go_on(stage)
    found = None if row is None else free_neighbour(stage.review, row)
    if found is None or not stage.is_in_sight(found[1]):
        return False
    _, point = found
    stage.key(KEY.Key_M)
    stage.move(point)
    stage.settle()
    return made(stage, clock, lambda: stage.click(point), "merge")


def split(stage, clock):
    """From the right click that ends the line; False where the line does not cut."""
    row = go_on(stage)
    return row is not None and draw(stage, clock, KEY.Key_S, cut_across(row), "split")


def reshape(stage, clock):
    """The same for a new course of a side."""
    row = go_on(stage)
    line = None if row is None else moved_side(stage.review, row)
    return line is not None and draw(stage, clock, KEY.Key_B, line, "reshape")


def undo(stage):
    """From the key to the polygons painted as they were."""
    clock = Clock(stage, "undo")
    for _ in range(REPEATS):
        clock.time(lambda: stage.key(KEY.Key_Z, CTRL))
        stage.settle()
    return clock


def go_on(stage):
    """The polygon of the next item, None where it may not be changed."""
    stage.key(KEY.Key_Right, CTRL)
    stage.settle()
    row = stage.review.row()
    return None if row.is_locked else row


def draw(stage, clock, key, line, operation):
    if not all(map(stage.is_in_sight, line)):
        return False
    stage.key(key)
    for point in line:
        stage.move(point)
        stage.click(point)
    stage.settle()
    return made(stage, clock, lambda: stage.click(line[-1], RIGHT), operation)


def made(stage, clock, act, operation):
    """Whether `act` wrote a gesture, perhaps the second time; its time counts then alone."""
    before = last_seq(stage)
    for _ in range(2):
        clock.time(act)
        if last_seq(stage) != before:
            break
        clock.whole.pop()
        clock.work.pop()
    else:
        stage.key(KEY.Key_Escape)
        return False
    assert stage.review.store.last_done().operation.value == operation
    stage.settle()
    return True


def last_seq(stage):
    done = stage.review.store.last_done()
    return None if done is None else done.gesture_id
