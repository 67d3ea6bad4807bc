# SPDX-License-Identifier: GPL-2.0-or-later
import itertools
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.history import Change, History
from ocsge_annotator.domain.pixels import PixelWindow, Region
from ocsge_annotator.errors import JournalError, WriteError


def rectangle(row, col, height, width):
    return Region(PixelWindow(row, col, height, width), np.ones((height, width), dtype=bool))


def paint(editor, region, value, **options):
    editor.begin()
    editor.paint(region, value, **options)
    return editor.commit("brush")


def test_every_pixel_has_one_class_and_the_last_gesture_wins(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 10, 10), 1)
    paint(editor, rectangle(5, 5, 10, 10), 2)
    assert (editor.labels == 1).sum() == 75
    assert (editor.labels == 2).sum() == 100
    assert editor.unlabelled_px == 64 * 64 - 175


def test_several_regions_of_one_gesture_are_one_undo(make_editor):
    editor = make_editor()
    editor.begin()
    editor.paint(rectangle(0, 0, 3, 3), 1)
    editor.paint(rectangle(20, 20, 3, 3), 1)
    assert editor.commit("brush") == PixelWindow(0, 0, 23, 23)
    editor.undo()
    assert editor.unlabelled_px == 64 * 64
    editor.redo()
    assert (editor.labels == 1).sum() == 18
    assert editor.gestures == 3


def test_a_fence_keeps_a_gesture_from_what_is_outside(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    paint(editor, rectangle(0, 0, 8, 8), 2, fence=editor.labels == UNLABELLED)
    assert (editor.labels == 1).sum() == 16
    assert (editor.labels == 2).sum() == 48


def test_a_gesture_that_starts_again_leaves_only_what_it_paints_last(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    editor.begin()
    editor.paint(rectangle(2, 2, 8, 8), 2)
    assert editor.restart() == PixelWindow(2, 2, 8, 8)
    editor.paint(rectangle(20, 20, 2, 2), 2)
    assert editor.commit("wand") == PixelWindow(20, 20, 2, 2)
    assert (editor.labels == 1).sum() == 16
    assert (editor.labels == 2).sum() == 4


def test_a_whole_array_is_set_as_far_as_the_fence_allows(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    editor.begin()
    editor.replace(np.full((64, 64), 7, dtype=np.uint8), fence=editor.before == UNLABELLED)
    editor.commit("accept")
    assert (editor.labels == 1).sum() == 16
    assert (editor.labels == 7).sum() == 64 * 64 - 16


def test_a_gesture_that_changes_nothing_is_forgotten(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    assert paint(editor, rectangle(1, 1, 2, 2), 1) is None
    assert editor.gestures == 1


def test_an_aborted_gesture_leaves_no_trace(make_editor):
    editor = make_editor()
    editor.begin()
    editor.paint(rectangle(0, 0, 4, 4), 1)
    editor.abort()
    assert editor.unlabelled_px == 64 * 64
    assert not editor.can_undo
    assert not editor.is_unsaved


def test_reopening_replays_the_journal_with_its_undo_stack(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    paint(editor, rectangle(2, 2, 4, 4), 2)
    editor.undo()
    again = make_editor()
    assert np.array_equal(again.labels, editor.labels)
    assert again.recovered == again.gestures == 3
    assert again.is_unsaved
    again.redo()
    assert (again.labels == 2).sum() == 16
    again.undo()
    again.undo()
    assert again.unlabelled_px == 64 * 64


def test_replaying_onto_a_saved_raster_changes_nothing(make_editor, tmp_path):
    """A kill between the rename of the raster and the removal of the journal."""
    editor = make_editor()
    paint(editor, rectangle(0, 0, 9, 9), 1)
    paint(editor, rectangle(4, 4, 9, 9), 2)
    paint(editor, rectangle(2, 2, 3, 3), UNLABELLED)
    final = editor.labels.copy()
    again = make_editor()
    again.labels[...] = final
    again._replay()
    assert np.array_equal(again.labels, final)


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_torn_record_is_dropped_and_work_goes_on(make_editor, tmp_path, cut):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    paint(editor, rectangle(8, 8, 4, 4), 2)
    editor.close()
    path = tmp_path / "p.journal"
    os.truncate(path, path.stat().st_size - cut)
    again = make_editor()
    assert (again.labels == 1).sum() == 16
    assert not (again.labels == 2).any()
    paint(again, rectangle(30, 30, 2, 2), 3)
    last = make_editor()
    assert (last.labels == 3).sum() == 4
    assert last.recovered == 2


def test_a_corrupt_byte_ends_the_replay(make_editor, tmp_path):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    paint(editor, rectangle(8, 8, 4, 4), 2)
    editor.close()
    path = tmp_path / "p.journal"
    data = bytearray(path.read_bytes())
    data[-3] ^= 0xFF
    path.write_bytes(data)
    assert make_editor().recovered == 1


def test_a_journal_of_another_patch_is_refused(make_editor):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    with pytest.raises(JournalError) as caught:
        make_editor(32)
    assert "p.journal" in caught.value.text("fr")


def test_a_gesture_that_cannot_be_journalled_is_taken_back(make_editor, tmp_path):
    editor = make_editor()
    (tmp_path / "p.journal").mkdir()  # opening it for appending fails, for root as well
    with pytest.raises(WriteError):
        paint(editor, rectangle(0, 0, 4, 4), 1)
    assert editor.unlabelled_px == 64 * 64
    assert not editor.is_in_gesture
    assert not editor.can_undo
    assert editor.gestures == 0


def test_saving_empties_the_journal_and_keeps_undo(make_editor, tmp_path):
    editor = make_editor()
    paint(editor, rectangle(0, 0, 4, 4), 1)
    editor.saved()
    assert not (tmp_path / "p.journal").exists()
    assert editor.can_undo
    editor.undo()
    assert editor.unlabelled_px == 64 * 64
    assert editor.is_unsaved


def test_the_oldest_gestures_are_forgotten_beyond_the_budget():
    rng = np.random.default_rng(0)
    history, window = History(budget_bytes=20_000), PixelWindow(0, 0, 64, 64)
    arrays = [rng.integers(0, 255, (64, 64), dtype=np.uint8) for _ in range(12)]
    for before, after in itertools.pairwise(arrays):
        history.record(Change.between(window, before, after))
    assert history.size_bytes <= 20_000
    assert history.can_undo


gesture = st.tuples(
    st.integers(0, 60), st.integers(0, 60), st.integers(1, 20), st.sampled_from([0, 1, 2, 255])
)
step = st.one_of(gesture, st.sampled_from(["undo", "redo"]))


@given(st.lists(step, max_size=25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_undo_and_redo_walk_through_the_same_states(make_editor, tmp_path, steps):
    (tmp_path / "p.journal").unlink(missing_ok=True)
    editor = make_editor()
    states, position = [editor.labels.copy()], 0
    for item in steps:
        if item == "undo":
            editor.undo()
            position = max(0, position - 1)
        elif item == "redo":
            editor.redo()
            position = min(len(states) - 1, position + 1)
        else:
            row, col, size, value = item
            region = rectangle(row, col, min(size, 64 - row), min(size, 64 - col))
            if paint(editor, region, value) is not None:
                del states[position + 1 :]
                states.append(editor.labels.copy())
                position += 1
        assert np.array_equal(editor.labels, states[position])
    assert np.array_equal(make_editor().labels, states[position])
