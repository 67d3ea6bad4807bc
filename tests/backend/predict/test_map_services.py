# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses of WMS: what is asked of the server, and what is said of those that leave the place open."""

from xml.etree import ElementTree

import numpy as np
import pyogrio
import pytest
import shapely
from rasterio.crs import CRS

from inference_backend.predict.blocks.tile_plan import Tile
from inference_backend.predict.errors import RasterError, RemoteRasterError, ServiceOptionError
from inference_backend.predict.inputs.band_sources import BandChoice, find_bands
from inference_backend.predict.inputs.input_stack import open_stack
from inference_backend.predict.inputs.sources import parse_source
from inference_backend.predict.inputs.wms import WmsAddress, grid_on_box
from tests.backend.models.onnx_files import card

from .raster_server import raster_server
from .rasters import ORIGIN, random_image, write_raster

X, Y = ORIGIN
HOST = "WMS:http://127.0.0.1:9/wms"


def grid_of(*rasters, bands=("red", "green", "blue"), **options):
    wanted = card(bands=bands)
    with open_stack(find_bands(rasters, wanted, BandChoice()), wanted, **options) as stack:
        return stack.grid


def description(address, **changes):
    wms = WmsAddress.parse(parse_source(address))
    crs = wms.crs or CRS.from_epsg(2154)
    root = ElementTree.fromstring(wms._description(grid_on_box(wms.box or (0, 0, 100, 50), 0.2, crs)))
    return {element.tag: element.text for element in root.iter()}


def test_the_models_pixel_decides_the_size_and_the_box_is_widened_to_whole_pixels():
    grid = grid_of(f"{HOST}?LAYERS=a&CRS=EPSG:2154&BBOX={X + 0.05},{Y},{X + 10},{Y + 5.5}")
    assert grid.shape == (28, 50)
    np.testing.assert_allclose(grid.bounds, (X, Y, X + 10, Y + 5.6))


def test_parameters_that_are_the_servers_own_reach_it():
    asked = description(f"{HOST}?map=/maps/a.map&LAYERS=a,b&STYLES=x&WIDTH=5&apikey=k%26k&FORMAT=image/jpeg")
    assert asked["ServerUrl"] == "http://127.0.0.1:9/wms?map=/maps/a.map&apikey=k%26k&"
    assert (asked["Layers"], asked["Styles"], asked["ImageFormat"]) == ("a,b", "x", "image/jpeg")
    assert (asked["BandsCount"], asked["Transparent"]) == ("3", "FALSE")


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ("CRS=EPSG:2154", "xyXY"),
        ("CRS=EPSG:31467", "yxYX"),  # northing first
        ("VERSION=1.1.1&SRS=EPSG:31467", "xyXY"),
    ],
)
def test_the_order_of_the_axes_is_the_versions(options, order):
    assert description(f"{HOST}?LAYERS=a&{options}")["BBoxOrder"] == order


def test_a_wms_beside_a_file_lies_on_the_files_pixels(tmp_path):
    origin = (X + 0.07, Y + 0.03)
    height = write_raster(tmp_path / "h.tif", random_image(40, 50, 1), ("height",), origin=origin)
    grid = grid_of(f"{HOST}?LAYERS=a", height, bands=("red", "green", "blue", "height"))
    assert grid.shape == (40, 50)
    np.testing.assert_allclose((grid.transform.c, grid.transform.f), origin)


def test_a_wms_beside_coarse_heights_covers_them(tmp_path):
    height = write_raster(tmp_path / "h.tif", random_image(20, 30, 1), ("height",), pixel_m=1.0)
    grid = grid_of(f"{HOST}?LAYERS=a", height, bands=("red", "green", "blue", "height"))
    assert grid.shape == (100, 150)
    np.testing.assert_allclose(grid.bounds, (X, Y - 20, X + 30, Y))


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("?CRS=EPSG:2154", "LAYERS=nom"),
        ("?LAYERS=a&CRS=EPSG:2154", "--aoi"),
        ("?LAYERS=a&CRS=EPSG:2154&BBOX=0,0,900000,900000", "--aoi"),
        ("?LAYERS=a&BBOX=0,0,1,1", "CRS=EPSG:2154"),
        ("?LAYERS=a&CRS=EPSG:4326&BBOX=0,0,1,1", "CRS=EPSG:2154"),
        ("?LAYERS=a&CRS=EPSG:9999999&BBOX=0,0,1,1", "9999999"),
        ("?LAYERS=a&CRS=EPSG:2154&BBOX=1,2,3", "BBOX=1,2,3"),
        ("?LAYERS=a&CRS=EPSG:2154&BBOX=5,5,4,6", "BBOX=5,5,4,6"),
    ],
)
def test_what_an_address_lacks_is_said(rest, said):
    with pytest.raises(ServiceOptionError) as caught:
        grid_of(HOST + rest)
    assert said in caught.value.text("fr")
    assert HOST + rest in str(caught.value)


def test_a_wms_in_another_system_than_the_other_rasters_is_refused(tmp_path):
    height = write_raster(tmp_path / "h.tif", random_image(40, 50, 1), ("height",))
    with pytest.raises(ServiceOptionError, match="CRS=EPSG:2154"):
        grid_of(f"{HOST}?LAYERS=a&CRS=EPSG:3857", height, bands=("red", "green", "blue", "height"))


@pytest.mark.parametrize(
    ("answer", "said"),
    [("exception", "Quota used up"), ("html", ""), ("empty", ""), ("small", ""), ("cut", "")],
)
def test_an_answer_that_is_no_map_is_said_and_never_taken_for_black(tmp_path, answer, said):
    with raster_server(tmp_path) as server:
        address = f"WMS:{server.url}/map/{answer}?LAYERS=a&CRS=EPSG:2154&BBOX={X},{Y - 10},{X + 10},{Y}"
        with (
            open_stack(find_bands([address], card(), BandChoice()), card()) as stack,
            pytest.raises(RemoteRasterError) as caught,
        ):
            stack.read(Tile(0, 0, 50, 0))
    assert said in str(caught.value)
    assert address in str(caught.value)


def test_a_server_that_is_not_there_is_said_at_the_first_tile(tmp_path):
    area = tmp_path / "a.gpkg"
    box = shapely.to_wkb(np.array([shapely.box(X, Y, X + 5, Y + 5)]))
    pyogrio.raw.write(area, box, [], [], geometry_type="Polygon", crs="EPSG:2154")
    sources = find_bands([f"{HOST}?LAYERS=a"], card(), BandChoice())
    with open_stack(sources, card(), aoi=area) as stack:
        assert stack.grid.shape == (25, 25)
        with pytest.raises(RasterError) as caught:
            stack.read(Tile(0, 0, 25, 0))
    assert "cannot be reached" in str(caught.value)
    assert f"{HOST}?LAYERS=a" in str(caught.value)
