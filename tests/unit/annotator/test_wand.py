# SPDX-License-Identifier: GPL-2.0-or-later
"""The magic wand."""

import itertools

import numpy as np
import pytest

from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.wand import MAX_TOLERANCE, Wand


@pytest.fixture
def colours():
    """Grey 100 with two squares of 140, and a ramp in the last band of the lower half."""
    image = np.full((3, 60, 60), 100, dtype=np.uint8)
    image[:, 5:20, 5:20] = image[:, 5:20, 30:45] = 140
    image[2, 40:] = np.arange(60) * 4
    return image


def mask_of(region, shape=(60, 60)):
    mask = np.zeros(shape, dtype=bool)
    mask[region.window.slices] = region.mask
    return mask


def test_it_takes_the_connected_pixels_of_one_colour(colours):
    mask = mask_of(Wand(colours, PixelPoint(12, 12)).region(10))
    assert mask[6:19, 6:19].all()
    assert mask.sum() <= 15 * 15
    assert not mask[5:20, 30:45].any()


def test_without_connection_it_takes_every_area_of_the_colour(colours):
    mask = mask_of(Wand(colours, PixelPoint(12, 12)).region(10, is_connected=False))
    assert mask[6:19, 6:19].all()
    assert mask[6:19, 31:44].all()


def test_a_larger_tolerance_never_takes_less(colours):
    wand = Wand(colours, PixelPoint(30.9, 50.2))
    masks = [mask_of(wand.region(tolerance)) for tolerance in (0, 5, 20, 60, MAX_TOLERANCE)]
    for smaller, larger in itertools.pairwise(masks):
        assert (larger | smaller == larger).all()
    assert masks[0][50, 30]
    assert masks[-1].all()


def test_the_band_that_differs_most_decides(colours):
    mask = mask_of(Wand(colours, PixelPoint(30.5, 50)).region(8))
    assert mask[42:, 29:32].all()
    assert not mask[42:, :25].any()
    assert not mask[42:, 37:].any()


def test_noise_of_one_pixel_does_not_break_the_area():
    image = np.full((1, 40, 40), 80, dtype=np.uint8)
    image[0, ::4, ::4] = 110
    assert mask_of(Wand(image, PixelPoint(20.5, 21.5)).region(12), (40, 40)).all()
