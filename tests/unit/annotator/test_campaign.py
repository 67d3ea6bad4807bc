# SPDX-License-Identifier: GPL-2.0-or-later
import dataclasses
import json

import numpy as np
import pytest

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from inference_backend.contracts.prediction import NODATA, UNDECIDED, PredictedClass, decode_classes
from inference_backend.contracts.profile import Profile
from ocsge_annotator.domain.active_clock import IDLE_LIMIT_S, ActiveClock
from ocsge_annotator.domain.campaign import Patch, count_done, next_index, next_open_index
from ocsge_annotator.domain.class_mapping import labels_from_prediction, mapping_table, merge_labels
from ocsge_annotator.domain.image_grid import Bounds, ImageGrid
from ocsge_annotator.domain.label_classes import (
    class_tag,
    cover_classes,
    physical_classes,
    read_class_file,
    with_keys,
)
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow
from ocsge_annotator.errors import ClassTableError

GRID = ImageGrid(1000, 700, 651000.0, 6862000.0, 0.2, 0.2)


@pytest.fixture(scope="module")
def profile():
    return Profile.load()


def test_a_patch_goes_from_pixels_to_metres_and_back():
    window = PixelWindow(100, 256, 256, 256)
    assert GRID.window_of(GRID.bounds_of(window)) == window
    assert GRID.to_pixel(window, *GRID.to_map(window, PixelPoint(3.25, 7.5))) == pytest.approx((3.25, 7.5))


@pytest.mark.parametrize("shift_px", [0.5, 0.02, -0.3])
def test_a_patch_off_the_pixels_is_recognised(shift_px):
    bounds = GRID.bounds_of(PixelWindow(10, 10, 64, 64))
    moved = Bounds(bounds.xmin + shift_px * 0.2, bounds.ymin, bounds.xmax + shift_px * 0.2, bounds.ymax)
    assert GRID.window_of(moved) is None


def test_a_patch_outside_the_image_is_recognised():
    assert GRID.window_of(GRID.bounds_of(PixelWindow(690, 0, 64, 64))) is None
    assert GRID.window_of(GRID.bounds_of(PixelWindow(0, -1, 64, 64))) is None


def test_the_grid_holds_whole_patches_alone():
    cells = lay_cells(GRID, 256, 256)
    assert [(c.row, c.col) for c in cells] == [(r, c) for r in range(2) for c in range(3)]
    assert cells[-1].window == PixelWindow(256, 512, 256, 256)
    assert len(lay_cells(GRID, 256, 128)) == 4 * 6
    assert lay_cells(GRID, 256, 256, margin_px=100)[0].window == PixelWindow(100, 100, 256, 256)
    assert lay_cells(GRID, 701, 701) == []


def test_all_patches_come_as_a_walk():
    order = [(c.row, c.col) for c in rank_cells(lay_cells(GRID, 256, 256))]
    assert order == [(0, 0), (0, 1), (0, 2), (1, 2), (1, 1), (1, 0)]


def test_a_sample_depends_on_its_seed_alone():
    cells = lay_cells(GRID, 64, 64)
    first, again = rank_cells(cells, 10, seed=7), rank_cells(cells, 10, seed=7)
    assert first == again
    assert [c.rank for c in first] == list(range(1, 11))
    assert first != rank_cells(cells, 10, seed=8)
    assert rank_cells(cells, 4, seed=7) == first[:4]
    assert len(rank_cells(cells, 10_000, seed=7)) == len(cells)


def test_the_profile_gives_both_class_tables(profile):
    physical, cover = physical_classes(profile), cover_classes(profile)
    assert len(physical) == 15
    assert physical[0].name == "building"
    assert len(cover) == 14
    assert cover[0].colour == profile.nomenclature["CS1.1.1.1"].colour
    for classes in (physical, cover):
        assert all(profile.cover_of_class(entry.name) for entry in classes)
        assert len({entry.key for entry in classes}) == len(classes)
        assert [entry.key for entry in classes[:10]] == list("1234567890")


def test_keys_already_given_are_kept(profile):
    classes = [dataclasses.replace(entry, key="") for entry in physical_classes(profile)[:3]]
    classes[1] = dataclasses.replace(classes[1], key="1")
    assert [entry.key for entry in with_keys(classes)] == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("change", "culprit"),
    [
        ({"colour": "red"}, "red"),
        ({"value": 254}, "254"),
        ({"value": 1}, "1"),
        ({"name": "Green-House"}, "Green-House"),
    ],
)
def test_a_faulty_class_table_is_refused_in_both_languages(tmp_path, profile, change, culprit):
    rows = [dataclasses.asdict(entry) for entry in physical_classes(profile)[:3]]
    rows[0].update(change)
    path = tmp_path / "classes.json"
    path.write_text(json.dumps({"classes": rows}))
    with pytest.raises(ClassTableError) as caught:
        read_class_file(path)
    for language in ("en", "fr"):
        assert culprit in caught.value.text(language)
        assert str(path) in caught.value.text(language)


def test_the_tag_of_a_label_raster_reads_as_that_of_a_prediction(profile):
    classes = physical_classes(profile)
    decoded = decode_classes(class_tag(classes, profile))
    assert [(c.index, c.name, c.colour) for c in decoded] == [(c.value, c.name, c.colour) for c in classes]
    assert decoded[0].code_cs == "CS1.1.1.1"


def test_a_prediction_maps_by_name_whatever_its_order(profile):
    classes = physical_classes(profile)
    predicted = (
        PredictedClass(0, "Swimming_Pool"),
        PredictedClass(1, "building"),
        PredictedClass(2, "volcano"),
    )
    table = mapping_table(predicted, classes, profile)
    assert table[:3].tolist() == [2, 0, UNLABELLED]
    assert (table[3:] == UNLABELLED).all()
    assert table[NODATA] == table[UNDECIDED] == UNLABELLED


def test_a_prediction_maps_through_the_cover_code(profile):
    classes = cover_classes(profile)
    table = mapping_table((PredictedClass(4, "deciduous"), PredictedClass(5, "snow")), classes, profile)
    by_value = {entry.value: entry.name for entry in classes}
    assert by_value[table[4]] == "CS2.1.1.1"
    assert by_value[table[5]] == "CS1.2.3"


def test_unsure_pixels_stay_unlabelled():
    table = np.full(256, UNLABELLED, dtype=np.uint8)
    table[:2] = [7, 8]
    predicted = np.array([[0, 1, 0], [UNDECIDED, NODATA, 1]], dtype=np.uint8)
    confidence = np.array([[255, 127, 128], [255, 255, 0]], dtype=np.uint8)
    labels = labels_from_prediction(predicted, confidence, table, 0.5)
    assert labels.tolist() == [[7, 255, 7], [255, 255, 255]]
    assert labels_from_prediction(predicted, None, table, 0.5).tolist() == [[7, 8, 7], [255, 255, 8]]


def test_pre_labels_fill_holes_unless_asked_to_replace():
    current = np.array([[1, 255, 255]], dtype=np.uint8)
    proposed = np.array([[2, 2, 255]], dtype=np.uint8)
    assert merge_labels(current, proposed, replace=False).tolist() == [[1, 2, 255]]
    assert merge_labels(current, proposed, replace=True).tolist() == [[2, 2, 255]]


def patches(*states):
    return [
        Patch(f"p{i}", 0, i, i + 1, state, Bounds(0, 0, 1, 1), f"labels/p{i}.tif")
        for i, state in enumerate(states)
    ]


def test_the_next_undone_patch_is_found_round_the_end():
    queue = patches(PatchState.TODO, PatchState.SUBMITTED, PatchState.REJECTED, PatchState.ACCEPTED)
    assert next_open_index(queue, 0) == 2
    assert next_open_index(queue, 2) == 0
    assert next_open_index(patches(PatchState.TODO, PatchState.SUBMITTED), 0) is None
    assert next_open_index(patches(PatchState.SUBMITTED, PatchState.TODO), -1) == 1
    assert next_open_index(queue, 0, lambda patch: patch.patch_id != "p2") is None
    assert count_done(queue) == 2
    assert next_index(queue, 3) is None
    assert next_index(queue, 0, -1) is None
    assert next_index(queue, 1, -1) == 0


def test_a_long_pause_counts_as_the_limit():
    moment = [0.0]
    clock = ActiveClock(100.0, now=lambda: moment[0])
    for at in (5.0, 8.0, 8.0 + 10 * IDLE_LIMIT_S):
        moment[0] = at
        clock.touch()
    assert clock.active_s == 108.0 + IDLE_LIMIT_S
