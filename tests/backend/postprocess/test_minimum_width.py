# SPDX-License-Identifier: GPL-2.0-or-later
"""Slivers go to the neighbour along which they lie; corners, buildings and the skeleton stay."""

import numpy as np
import pytest

from inference_backend.postprocess.merge_rules import merge_rules
from inference_backend.postprocess.minimum_width import widen
from inference_backend.postprocess.regions import label_regions, paint
from inference_backend.postprocess.thin import thin_parts

PIXEL_M = 0.2


def _labels(width_px, angle_deg=0.0, side=240):
    """A strip of that width across the middle, label 1, on label 0."""
    rows, cols = np.mgrid[:side, :side] - side / 2 + 0.5
    across = rows * np.cos(np.radians(angle_deg)) + cols * np.sin(np.radians(angle_deg))
    return (np.abs(across) < width_px / 2).astype(np.int32)


@pytest.mark.parametrize("angle_deg", [0, 20, 45, 70])
@pytest.mark.parametrize(("width_px", "is_thin"), [(20, True), (28, False)])
def test_the_width_of_a_strip_decides_in_every_direction(width_px, is_thin, angle_deg):
    labels = _labels(width_px, angle_deg)
    thin = thin_parts(labels, np.array([0, 12], np.float32))
    inner = labels.copy()
    inner[:40] = inner[-40:] = inner[:, :40] = inner[:, -40:] = 0
    share = thin[inner == 1].mean()
    assert share > 0.99 if is_thin else share < 0.01
    assert not thin[labels == 0].any()


def test_the_edge_of_the_image_is_no_border():
    labels = np.zeros((30, 60), np.int32)
    labels[:, 50:] = 1
    assert not thin_parts(labels, np.array([8, 8], np.float32)).any()


def test_what_lies_outside_is_not_thin():
    labels = np.full((10, 10), -1, np.int32)
    assert not thin_parts(labels, np.zeros(0, np.float32)).any()


@pytest.fixture(scope="module")
def widened(profile, codes, make_planes):
    def run(cover, ossature=None):
        cs = np.array([codes.cs_index[c] for c in ("CS2.2.1", "CS2.1.1.1", "CS1.1.1.1")], np.uint8)[cover]
        planes = make_planes(cs, PIXEL_M)
        no = np.zeros(cs.shape, bool)
        graph = label_regions(cs, np.zeros_like(cs), no if ossature is None else ossature, planes.inside)
        result = widen(graph, planes, no, merge_rules(profile, codes), profile)
        return planes.cs, paint(result, result.cs)

    return run


def test_a_hedge_narrower_than_its_width_goes_and_a_wide_one_stays(widened):
    cover = np.zeros((200, 400), np.uint8)
    cover[40:60] = 1  # 4 m
    cover[120:150] = 1  # 6 m
    before, after = widened(cover)
    assert (after[40:60] == before[0, 0]).all()
    assert (after[120:150] == before[120:150]).all()


def test_the_tail_of_a_wood_goes_and_its_corners_stay(widened):
    cover = np.zeros((200, 400), np.uint8)
    cover[60:140, 40:140] = 1
    cover[95:105, 140:360] = 1
    before, after = widened(cover)
    assert (after[60:140, 40:140] == before[60:140, 40:140]).all()
    assert (after[95:105, 160:360] == before[0, 0]).all()


def test_narrow_buildings_and_the_skeleton_stay(widened):
    cover = np.zeros((100, 200), np.uint8)
    cover[40:50] = 2
    before, after = widened(cover)
    assert (before == after).all()
    cover[40:50] = 1
    before, after = widened(cover, ossature=cover == 1)
    assert (before == after).all()
