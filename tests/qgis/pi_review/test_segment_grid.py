# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments of pixels become polygons that leave no crumbs."""

from __future__ import annotations

import numpy as np
from osgeo import gdal, osr
from qgis.core import QgsGeometry, QgsRectangle

from ocsge_pi_review.adapters.segments import SegmentGrid, open_in, read_grid
from ocsge_pi_review.domain.rings import area
from ocsge_pi_review.domain.wkb import encode

LEFT, TOP, PIXEL_M = 650_000.0, 6_860_000.0, 0.5


def grid(ids) -> SegmentGrid:
    return SegmentGrid(ids, LEFT, TOP, PIXEL_M, 0.9, lambda value: "")


def at(row: float, col: float) -> tuple[float, float]:
    return LEFT + col * PIXEL_M, TOP - row * PIXEL_M


def box(top, left, bottom, right):
    corners = [at(top, left), at(top, right), at(bottom, right), at(bottom, left)]
    return ((*corners, corners[0]),)


def test_pieces_under_the_threshold_go_with_the_segment():
    ids = np.ones((120, 160), np.uint8)
    ids[20:24, 20:26] = 2  # a hole of 6 m2
    ids[60:120, 100:160] = 3  # a rest of 900 m2
    ids[5:60:7, 5:100:9] = 4  # crumbs
    within = box(0, 0, 120, 160)
    whole, _ = grid(ids).segment_at(at(90, 20), within, smallest_m2=500.0)
    assert len(whole.shape) == 1
    assert not whole.is_whole
    kept = (120 * 160 - 60 * 60) * PIXEL_M**2
    inside = geometry(whole.shape).intersection(geometry(within)).area()
    assert abs(inside - kept) < 0.01 * kept
    everything, _ = grid(ids).segment_at(at(90, 20), within, smallest_m2=2500.0)
    assert everything.is_whole


def test_a_segment_without_bounds_keeps_its_large_holes_and_is_valid():
    rng = np.random.default_rng(3)
    noise = rng.random((200, 200)) < 0.55
    ids = noise.astype(np.uint8)
    ids[60:140, 60:140] = 7
    found, mask = grid(ids).segment_at(at(100, 100), None)
    assert mask.sum() == 80 * 80
    assert geometry(found.shape).isGeosValid()
    assert abs(area(found.shape) - 80 * 80 * PIXEL_M**2) < 0.03 * 80 * 80 * PIXEL_M**2
    assert grid(ids).segment_at((LEFT - 1, TOP), None) is None


def test_a_raster_in_another_projection_is_read_where_the_lot_is(tmp_path):
    path = tmp_path / "utm.tif"
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 400, 400, 1, gdal.GDT_Byte)
    raster.SetProjection(osr.GetUserInputAsWKT("EPSG:2154"))
    raster.SetGeoTransform((LEFT - 100, PIXEL_M, 0, TOP + 100, 0, -PIXEL_M))
    raster.GetRasterBand(1).Fill(5)
    raster = None
    gdal.Warp(str(tmp_path / "other.tif"), str(path), dstSRS="EPSG:32631")
    there = open_in(str(tmp_path / "other.tif"), osr.GetUserInputAsWKT("EPSG:2154"))
    ids, left, top, _ = read_grid(there, QgsRectangle(LEFT - 20, TOP - 20, LEFT + 20, TOP + 20))
    assert (ids == 5).all()
    assert (abs(left - (LEFT - 20)) < 1, abs(top - (TOP + 20)) < 1) == (True, True)
    assert read_grid(there, QgsRectangle(0, 0, 10, 10)) is None
    assert open_in(str(tmp_path / "none.tif"), "") is None


def geometry(shape) -> QgsGeometry:
    made = QgsGeometry()
    made.fromWkb(encode(shape))
    return made
