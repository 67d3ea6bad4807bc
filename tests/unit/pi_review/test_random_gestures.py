# SPDX-License-Identifier: GPL-2.0-or-later
"""Random gestures, undo and redo on part of a post-processed commune; `make fuzz-review` tries thousands."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.fuzz_review.coverages import read_window
from benchmarks.fuzz_review.judge import judge
from benchmarks.fuzz_review.machine import ReviewMachine
from tests.unit.pi_review.review_coverage import make_rows

WINDOW = Path(__file__).parent / "scene_window.json"


class MachineOnAScene(ReviewMachine):
    load = staticmethod(lambda number: read_window(WINDOW))


class MachineOnALattice(ReviewMachine):
    load = staticmethod(lambda number: make_rows(1 + number % 6, cells=12, regions=12))


def test_the_window_is_a_coverage_with_skeleton_margin_and_holes():
    rows = read_window(WINDOW)
    judge(rows, rows)
    assert any(row.is_locked for row in rows.values())
    assert any(row.is_margin for row in rows.values())
    assert any(len(row.polygon) > 1 for row in rows.values())


def test_any_gestures_keep_a_scene_whole_and_undo_exactly():
    run_state_machine_as_test(MachineOnAScene, settings=_few(10))


def test_any_gestures_keep_a_lattice_whole_and_undo_exactly():
    run_state_machine_as_test(MachineOnALattice, settings=_few(10))


def _few(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=6,
        deadline=None,
        database=None,
        # Shrinking takes minutes: it is for `make fuzz-review`.
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
