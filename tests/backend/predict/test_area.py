# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction kept to an area of interest."""

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.warp import transform_geom

from inference_backend.area.errors import AreaError
from inference_backend.errors import InputError
from inference_backend.predict.blocks.tile_plan import Tile
from inference_backend.predict.errors import RefusedSourceError
from inference_backend.predict.inputs.band_sources import BandChoice, find_bands
from inference_backend.predict.inputs.input_stack import open_stack
from inference_backend.predict.inputs.source_policy import SourcePolicy
from tests.backend.models.onnx_files import card

from .rasters import ORIGIN, random_image, write_raster

RGB = ("red", "green", "blue")
X, Y = ORIGIN
TRIANGLE = shapely.Polygon([(X + 10.1, Y - 5), (X + 30, Y - 25.3), (X + 4.05, Y - 20)])


@pytest.fixture
def ortho(tmp_path):
    return write_raster(tmp_path / "o.tif", random_image(200, 240), RGB)


def layer(path, *geometries, crs="EPSG:2154", name="area", geometry_type="Polygon", **options):
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(geometries, dtype=object)),
        [],
        [],
        geometry_type=geometry_type,
        crs=crs,
        layer=name,
        **options,
    )
    return path


def stack_of(ortho, aoi, **options):
    return open_stack(find_bands([ortho], card(), BandChoice()), card(), aoi=aoi, **options)


def whole(stack):
    """Mask of the whole grid, read in tiles."""
    height, width = stack.grid.shape
    mask = np.zeros((height, width), bool)
    for row in range(0, height, 48):
        for col in range(0, width, 48):
            tile = Tile(row, col, 48, 8)
            part = stack.read(tile).inside[8:-8, 8:-8]
            rows, cols = slice(row, min(row + 48, height)), slice(col, min(col + 48, width))
            mask[rows, cols] = part[: rows.stop - row, : cols.stop - col]
            if stack.is_empty(rows, cols):
                assert not mask[rows, cols].any()
    return mask


def expected_mask(ortho, polygon):
    with rasterio.open(ortho) as raster:
        return rasterize([polygon], raster.shape, transform=raster.transform).astype(bool)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.fgb"])
def test_the_grid_is_the_areas_box_on_the_rasters_pixels(tmp_path, ortho, name):
    with stack_of(ortho, layer(tmp_path / name, TRIANGLE)) as stack:
        assert stack.grid.shape == (102, 130)
        assert stack.grid.transform.c == pytest.approx(X + 4.0)
        assert stack.grid.transform.f == pytest.approx(Y - 5)
        mask = whole(stack)
    np.testing.assert_array_equal(mask, expected_mask(ortho, TRIANGLE)[25:127, 20:150])


def test_around_the_area_real_pixels_are_read(tmp_path, ortho):
    with rasterio.open(ortho) as raster:
        image = raster.read()
    with stack_of(ortho, layer(tmp_path / "a.gpkg", TRIANGLE)) as stack:
        found = stack.read(Tile(0, 0, 32, 16))
        np.testing.assert_array_equal(found.values, image[:, 9:73, 4:68])
        assert not found.inside[:16].any()
        beyond = stack.read(Tile(0, 0, 32, 40))  # 40 px around: the raster ends after 20 and 25
        np.testing.assert_array_equal(beyond.values[:, 15:, 20:], image[:, :97, :92])
        np.testing.assert_array_equal(beyond.values[:, 14], beyond.values[:, 15])


def test_an_area_in_degrees_bends_as_it_should(tmp_path):
    """The north side of 20 km along a parallel lies metres from the straight line between its ends."""
    ortho = write_raster(
        tmp_path / "o.tif", random_image(400, 1100), RGB, pixel_m=20.0, origin=(700000, 6700000)
    )
    flat = card(resolution_m=20.0)
    west, south, east, north = 3.01, 47.33, 3.28, 47.38
    area = layer(tmp_path / "a.geojson", shapely.box(west, south, east, north), crs="EPSG:4326")
    with open_stack(find_bands([ortho], flat, BandChoice()), flat, aoi=area) as stack:
        fine = shapely.segmentize(shapely.box(west, south, east, north), 0.0005)
        exact = shapely.geometry.shape(transform_geom("EPSG:4326", "EPSG:2154", fine))
        rows, cols = stack.grid.shape
        found = stack.read(Tile(0, 0, max(rows, cols), 0)).inside[:rows, :cols]
        burnt = rasterize([exact], stack.grid.shape, transform=stack.grid.transform).astype(bool)
    assert (found != burnt).mean() < 2e-4


@pytest.mark.parametrize("shift", [6.47, 0.0, 51.0])
def test_neighbouring_areas_share_no_pixel_and_miss_none(tmp_path, ortho, shift):
    """Borders askew, through the centres of a column, and through those of a diagonal."""
    line = [(X + 11.3, Y + 1), (X + 11.3 + shift, Y - 50)]
    left = shapely.Polygon([(X - 1, Y + 1), *line, (X - 1, Y - 50)])
    right = shapely.Polygon([line[0], (X + 70, Y + 1), (X + 70, Y - 50), line[1]])
    count = np.zeros((200, 240), int)
    for polygon in (left, right):
        path = layer(tmp_path / f"{polygon.area}.gpkg", polygon)
        with stack_of(ortho, path) as stack, rasterio.open(ortho) as raster:
            col = round((stack.grid.transform.c - raster.transform.c) / 0.2)
            count[:, col : col + stack.grid.width_px] += whole(stack)
    assert (count == 1).all()


def test_several_polygons_holes_and_bow_ties_are_done_right(tmp_path, ortho):
    ring = TRIANGLE.difference(TRIANGLE.buffer(-3))
    bow_tie = shapely.Polygon([(X + 32, Y - 2.03), (X + 40, Y - 10), (X + 40, Y - 2), (X + 32, Y - 10.07)])
    collection = shapely.MultiPolygon([shapely.box(X + 1, Y - 38, X + 3, Y - 35), ring])
    path = layer(tmp_path / "a.gpkg", collection, bow_tie, geometry_type="Unknown")
    with stack_of(ortho, path) as stack, rasterio.open(ortho) as raster:
        col, row = (round(v) for v in ~raster.transform * (stack.grid.transform.c, stack.grid.transform.f))
        mask = whole(stack)
    both = shapely.union_all([collection, shapely.make_valid(bow_tie)])
    wanted = expected_mask(ortho, both)[row : row + mask.shape[0], col : col + mask.shape[1]]
    np.testing.assert_array_equal(mask, wanted)


def test_a_window_far_from_the_area_is_empty(tmp_path, ortho):
    far = shapely.box(X + 40, Y - 39, X + 44, Y - 35)
    with stack_of(ortho, layer(tmp_path / "a.gpkg", shapely.box(X, Y - 4, X + 4, Y), far)) as stack:
        assert stack.is_empty(slice(100, 150), slice(0, 100))
        assert not stack.is_empty(slice(0, 10), slice(0, 10))
        assert not stack.is_empty(slice(170, 190), slice(200, 220))


def test_one_layer_of_several_is_named_as_qgis_does(tmp_path, ortho):
    path = layer(tmp_path / "a.gpkg", TRIANGLE, name="lot")
    layer(path, shapely.Point(X, Y), name="points", geometry_type="Point", append=False)
    with stack_of(ortho, path) as stack:  # the only one with polygons
        assert stack.grid.shape == (102, 130)
    layer(path, shapely.box(X, Y - 4, X + 4, Y), name="other", append=False)
    with pytest.raises(AreaError) as caught, stack_of(ortho, path):
        pass
    assert "lot, other" in str(caught.value)
    assert f"{path}|layername=lot" in caught.value.text("fr")
    with stack_of(ortho, Path(f"{path}|layername=other")) as stack:
        assert stack.grid.shape == (20, 20)
    with (
        pytest.raises(AreaError, match="no layer lots"),
        stack_of(ortho, Path(f"{path}|layername=lots")),
    ):
        pass


def _absent(folder):
    return folder / "absent.gpkg"


def _text(folder):
    (folder / "a.gpkg").write_text("hello")
    return folder / "a.gpkg"


def _points(folder):
    return layer(folder / "a.gpkg", shapely.Point(X, Y), geometry_type="Point")


def _empty(folder):
    (folder / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    return folder / "a.geojson"


def _no_crs(folder):
    return layer(folder / "a.shp", TRIANGLE, crs=None)


def _outside(folder):
    return layer(folder / "a.gpkg", shapely.box(X + 1000, Y, X + 1010, Y + 10))


def _around_a_hole(folder):
    hole = shapely.box(X - 100, Y - 100, X + 100, Y + 100)
    return layer(folder / "a.gpkg", hole.buffer(50).difference(hole))


@pytest.mark.parametrize("make", [_absent, _text, _points, _empty, _no_crs, _outside, _around_a_hole])
def test_an_area_that_cannot_be_used_is_said(tmp_path, ortho, make):
    path = make(tmp_path)
    with pytest.raises(InputError) as caught, stack_of(ortho, path):
        pass
    assert str(path) in str(caught.value)
    assert str(path) in caught.value.text("fr")
    if make in (_outside, _around_a_hole):
        assert str(ortho) in str(caught.value)


def test_an_area_obeys_the_policy(tmp_path, ortho):
    (tmp_path / "in").mkdir()
    path = layer(tmp_path / "a.gpkg", TRIANGLE)
    policy = SourcePolicy(roots=(tmp_path / "in",), hosts=())
    inside = write_raster(tmp_path / "in" / "o.tif", random_image(200, 240), RGB)
    with pytest.raises(RefusedSourceError), stack_of(inside, path, policy=policy):
        pass
    trap = tmp_path / "in" / "a.vrt"
    trap.write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='area'><SrcDataSource>{path}</SrcDataSource></OGRVRTLayer>"
        "</OGRVRTDataSource>"
    )
    with pytest.raises(AreaError, match="GeoPackage"), stack_of(inside, trap, policy=policy):
        pass
    with stack_of(inside, layer(tmp_path / "in" / "a.gpkg", TRIANGLE), policy=policy) as stack:
        assert stack.grid.shape == (102, 130)
