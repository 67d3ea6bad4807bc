# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from scipy import ndimage

from inference_backend.predict.inputs.inside_mask import SPECK_RADIUS_PX, drop_specks


def test_a_saturated_speck_is_image_and_the_end_of_the_image_is_not():
    inside = np.ones((200, 200), bool)
    inside[60:72, 60:72] = False
    inside[:, 150:] = False
    kept = drop_specks(inside)
    assert kept[60:72, 60:72].all()
    assert not kept[:, 150:].any()
    assert kept[:, :150].all()


def test_a_hole_wider_than_a_speck_stays_outside_with_its_corners():
    side = 2 * SPECK_RADIUS_PX + 5
    inside = np.ones((200, 200), bool)
    inside[80 : 80 + side, 80 : 80 + side] = False
    np.testing.assert_array_equal(drop_specks(inside), inside)


def test_all_outside_stays_outside():
    assert not drop_specks(np.zeros((30, 30), bool)).any()


def test_it_is_the_opening_by_a_square_grown_back_inside_its_patches():
    noise = np.random.default_rng(0).normal(size=(150, 170))
    for blur, share in ((4, 0.4), (6, 0.3), (12, 0.2)):
        smooth = ndimage.gaussian_filter(noise, blur)
        outside = smooth < np.quantile(smooth, share)
        square = np.ones((2 * SPECK_RADIUS_PX + 1,) * 2, bool)
        seeds = ndimage.binary_erosion(outside, square, border_value=1)
        assert seeds.any()
        grown = ndimage.binary_dilation(seeds, iterations=3 * SPECK_RADIUS_PX, mask=outside)
        np.testing.assert_array_equal(drop_specks(~outside), ~grown)
