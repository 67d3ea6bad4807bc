# SPDX-License-Identifier: GPL-2.0-or-later
"""Blocks in threads: each once, a fault or a wish to stop at once."""

import threading
import time
from contextlib import ExitStack

import pytest

from inference_backend.cluster.room import Room
from inference_backend.errors import Cancelled
from inference_backend.postprocess.stages.executor import LocalThreads, run_watched, stop_unless

BLOCKS = [(row, col) for row in range(5) for col in range(4)]


def run(task, watch=lambda: None, workers=3, blocks=BLOCKS):
    found = {}
    LocalThreads(workers).run(task, 10, blocks, lambda block: block[0], found.__setitem__, watch)
    return found


@pytest.mark.parametrize("workers", [1, 2, 50])
def test_every_block_is_done_once(workers):
    seen = []

    def task(common, own, _):
        seen.append(own)
        return common + own

    assert run(task, workers=workers) == {block: 10 + block[0] for block in BLOCKS}
    assert len(seen) == len(BLOCKS)
    assert run(task, blocks=[]) == {}


def test_results_are_saved_in_the_thread_that_asked():
    threads = set()
    executor = LocalThreads(2)
    executor.run(
        lambda *_: threading.get_ident(),
        None,
        BLOCKS,
        lambda _: None,
        lambda _block, _result: threads.add(threading.get_ident()),
        lambda: None,
    )
    assert threads == {threading.get_ident()}


def test_a_slow_disk_does_not_let_results_pile_up():
    done, ahead = [], []
    LocalThreads(2).run(
        lambda _common, own, _is_wanted: done.append(own),
        None,
        BLOCKS,
        lambda block: block,
        lambda _block, _result: (time.sleep(0.02), ahead.append(len(done) - len(ahead))),
        lambda: None,
    )
    assert len(ahead) == len(BLOCKS)
    assert max(ahead) <= 5  # one in hand, one beside and one under way for each thread


def test_a_fault_ends_the_stage():
    def task(_common, own, _):
        if own == 2:
            raise ValueError("block of row 2")
        return own

    with pytest.raises(ValueError, match="row 2"):
        run(task)


def test_cancelling_does_not_wait_for_blocks_under_way():
    started, never = threading.Event(), threading.Event()
    wanted = []

    def task(_common, own, is_wanted):
        started.set()
        never.wait()
        wanted.append(is_wanted())

    def watch():
        if started.is_set():
            raise Cancelled

    with pytest.raises(Cancelled):
        run(task, watch)
    never.set()
    while len(wanted) < 3:
        time.sleep(0.001)
    assert not any(wanted)


def test_a_task_that_nobody_wants_ends():
    stop_unless(lambda: True)
    with pytest.raises(Cancelled):
        stop_unless(lambda: False)


def test_a_step_of_the_whole_lot_is_left_at_once():
    never = threading.Event()

    def watch():
        raise Cancelled

    with pytest.raises(Cancelled):
        run_watched(never.wait, watch)
    never.set()
    assert run_watched(lambda: 42, lambda: None) == 42
    with pytest.raises(ZeroDivisionError):
        run_watched(lambda: 1 // 0, lambda: None)


@pytest.mark.parametrize(("weight", "most"), [(1.0, 4), (1.3, 3), (2.0, 2), (9.0, 1)])
def test_blocks_that_take_more_memory_run_fewer_at_a_time(weight, most):
    running, seen = [], []

    def task(_common, own, _is_wanted):
        running.append(own)
        seen.append(len(running))
        time.sleep(0.005)
        running.remove(own)

    found = {}
    LocalThreads(4).run(
        task, None, BLOCKS, lambda block: block, found.__setitem__, lambda: None, weight=weight
    )
    assert len(found) == len(BLOCKS)
    assert 1 <= max(seen) <= most


def test_a_room_holds_what_fits_in_it():
    room, inside, seen = Room(3), [], []

    def enter(weight):
        with room.taken(weight, lambda: True):
            inside.append(min(weight, 3))
            seen.append(sum(inside))
            time.sleep(0.005)
            inside.remove(min(weight, 3))

    threads = [threading.Thread(target=enter, args=(weight,)) for weight in (1, 1, 2, 2.5, 1, 50, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(seen) == len(threads)
    assert max(seen) <= 3


def test_a_room_that_everybody_left_is_empty():
    room, light, heavy = Room(16), 157 / 97, 312 / 97
    with ExitStack() as inside:
        for weight in (light, heavy, light, heavy, light, heavy):
            inside.enter_context(room.taken(weight, lambda: True))
    asked = []
    with room.taken(16, lambda: bool(asked.append(1))):
        assert not asked


def test_nobody_waits_for_room_for_a_task_that_is_not_wanted():
    room, entered = Room(1), []
    with room.taken(1, lambda: True), room.taken(1, lambda: False):
        entered.append(True)
    assert entered
