# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.transform import from_origin
from scipy import ndimage

from inference_backend.grid import Grid
from inference_backend.postprocess.references.burn_rules import burn_rules
from inference_backend.postprocess.references.reference_survey import (
    finish_survey,
    survey_block,
    whole_window,
)
from inference_backend.postprocess.references.zone_grid import closed


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(1, 7), st.floats(0, 1))
def test_closing_is_that_of_exact_distances(seed, closing_px, share):
    seeds = np.random.default_rng(seed).random((23, 31)) < 0.01
    margin_px = closing_px * share
    pad = 20
    wide = np.pad(seeds, pad)
    if seeds.any():
        grown = ndimage.distance_transform_edt(~wide) <= closing_px
        wide |= ndimage.distance_transform_edt(grown) > closing_px - margin_px

    assert (closed(seeds, closing_px, margin_px) == wide[pad:-pad, pad:-pad]).all()


def zones_of(planes, profile, references):
    window = whole_window(planes.grid)
    part = survey_block(references, planes, window)
    return finish_survey([part], references, planes.grid.bounds, profile).zones


@pytest.fixture(scope="module")
def village(make_planes, codes):
    """Predicted houses 20 m apart, noise, and one house alone."""
    cs = np.full((400, 400), codes.cs_index["CS2.2.1"], np.uint8)
    built = codes.cs_index["CS1.1.1.1"]
    for row in range(60, 200, 30):
        for col in range(60, 200, 30):
            cs[row : row + 10, col : col + 10] = built
    cs[330:340, 330:340] = built
    cs[250:400:7, 10:200:7] = built
    return make_planes(cs)


def test_predicted_houses_alone_make_a_zone_and_noise_does_not(village, profile, make_references):
    zones = zones_of(village, profile, make_references(village.grid))

    assert len(zones) == 1
    assert shapely.is_valid(zones).all()
    assert shapely.covers(zones[0], shapely.box(600_065, 6_699_815, 600_185, 6_699_935))
    assert shapely.area(zones[0]) < 190**2


def test_every_zone_has_the_minimum_area_and_ends_with_the_lot(village, profile, make_references):
    corner = [shapely.box(600_380, 6_699_960, 600_420, 6_700_030)]
    references = make_references(village.grid, batiment=(corner, {}))
    cs = village.cs.copy()
    cs[:40, 380:] = cs[65, 65]
    zones = zones_of(type(village)(**{**vars(village), "cs": cs}), profile, references)

    assert len(zones) == 1, "what is left of a zone at the corner of the lot is too small"
    assert (shapely.area(zones) >= profile.number("zone_construite", "minimum_area")).all()
    assert shapely.covers(shapely.box(*village.grid.bounds), zones).all()


def test_no_building_makes_no_zone(make_planes, codes, profile, make_references):
    planes = make_planes(np.full((50, 50), codes.cs_index["CS2.2.1"]))
    assert len(zones_of(planes, profile, make_references(planes.grid))) == 0


def test_a_coarse_pixel_of_a_very_fine_image_can_be_counted(profile):
    grid = Grid(1000, 1000, from_origin(600_000, 6_700_000, 0.01, 0.01), CRS.from_epsg(2154))
    assert burn_rules(profile, grid).coarse_px ** 2 <= np.iinfo(np.uint16).max
