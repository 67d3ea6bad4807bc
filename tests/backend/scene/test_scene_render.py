# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels of a scene: reproducible, seamless, physically plausible."""

import numpy as np
import pytest

from inference_backend.scene import classes as c
from inference_backend.scene.build import build_plan
from inference_backend.scene.generate import render_arrays
from inference_backend.scene.render import YearRenderer

SEED, SIZE_M, PIXEL_M = 3, 700.0, 0.5


@pytest.fixture(scope="module")
def plan():
    return build_plan(SEED, SIZE_M)


@pytest.fixture(scope="module")
def tile(plan):
    size_px = round(SIZE_M / PIXEL_M)
    return YearRenderer(plan, 2022, PIXEL_M).window(0, 0, size_px, size_px)


def test_same_seed_gives_equal_arrays():
    first, again = (render_arrays(8, 160.0, 0.4, 2019) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize(("seed", "year"), [(9, 2019), (8, 2022)])
def test_other_seed_or_date_gives_other_arrays(seed, year):
    first, other = render_arrays(8, 160.0, 0.4, 2019), render_arrays(seed, 160.0, 0.4, year)
    assert not np.array_equal(first[0], other[0])


def test_arrays_have_the_shape_and_types_that_training_expects():
    bands, height, labels = render_arrays(8, 160.0, 0.4, 2022)
    assert (bands.shape, bands.dtype) == ((4, 400, 400), np.uint8)
    assert (height.shape, height.dtype) == ((400, 400), np.float32)
    assert (labels.shape, labels.dtype) == ((400, 400), np.uint8)
    assert labels.max() < len(c.CLASSES)


@pytest.mark.parametrize("window", [(0, 0, 300, 300), (333, 517, 211, 402), (1000, 1000, 400, 400)])
def test_window_is_the_same_as_that_part_of_the_whole(plan, tile, window):
    row, col, height, width = window
    part = YearRenderer(plan, 2022, PIXEL_M).window(*window)
    inner = (slice(row, row + height), slice(col, col + width))
    assert np.array_equal(part.bands, tile.bands[:, *inner])
    assert np.array_equal(part.height_m, tile.height_m[inner])
    assert np.array_equal(part.labels, tile.labels[inner])


def _mean(tile, band, label):
    return float(tile.bands[band][tile.labels == label].mean())


def test_leaves_are_bright_and_water_dark_in_the_near_infrared(tile):
    red, nir = 0, 3
    for label in (c.HERB, c.DECIDUOUS):
        assert _mean(tile, nir, label) > 1.25 * _mean(tile, red, label)
    if (tile.labels == c.WATER).sum() > 500:
        assert _mean(tile, nir, c.WATER) < 0.6 * _mean(tile, nir, c.HERB)
    assert _mean(tile, nir, c.CONIFEROUS) < _mean(tile, nir, c.DECIDUOUS)


def test_heights_agree_with_classes(tile):
    def median(label):
        return float(np.median(tile.height_m[tile.labels == label]))

    assert median(c.BUILDING) > 3.0
    assert median(c.DECIDUOUS) > 4.0
    assert abs(median(c.HERB)) < 0.3
    assert abs(median(c.IMPERVIOUS)) < 0.3


def test_ground_in_the_shadow_of_a_building_is_darker(plan, tile):
    camera = YearRenderer(plan, 2022, PIXEL_M)._camera
    row_step = round(3.0 / PIXEL_M)
    built = tile.labels == c.BUILDING
    ground = np.isin(tile.labels, (c.IMPERVIOUS, c.HERB)) & (np.abs(tile.height_m) < 0.3)
    north_of_building = np.zeros_like(built)
    north_of_building[:-row_step] = built[row_step:]
    south_of_building = np.zeros_like(built)
    south_of_building[row_step:] = built[:-row_step]
    shaded = tile.bands[1][north_of_building & ~south_of_building & ground].mean()
    sunny = tile.bands[1][south_of_building & ~north_of_building & ground].mean()
    assert camera.sun[1] < 0
    assert shaded < 0.8 * sunny


def test_all_classes_occur_in_a_square_kilometre():
    labels = YearRenderer(build_plan(1, 1000.0), 2022, 1.0).window(0, 0, 1000, 1000).labels
    assert set(np.unique(labels)) == set(range(len(c.CLASSES)))
