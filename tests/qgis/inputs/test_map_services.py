# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend reads WMS and WMTS of a real server, pixel for pixel."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from .map_server import ORIGIN, map_server

ROOT = Path(__file__).parents[3]
BACKEND = ROOT / ".venv" / "bin" / "python"
X, Y = ORIGIN
BOX = f"{X + 20},{Y - 220},{X + 120},{Y - 40}"


@pytest.fixture(scope="module")
def served(qgis_app, tmp_path_factory):
    with map_server(tmp_path_factory.mktemp("map")) as running:
        yield running


def run(command, cwd):
    # The system's PROJ and GDAL are not the backend's.
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}
    return subprocess.run(
        [str(BACKEND), *command], env=kept, cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )


def read(tmp_path, raster, aoi="", victim=""):
    script = Path(__file__).with_name("read_stack.py")
    done = run([str(script), str(tmp_path / "read.npz"), raster, str(aoi), str(victim)], ROOT)
    assert done.returncode in (0, 2), done.stderr
    return done.stdout if done.returncode else np.load(tmp_path / "read.npz")


def area(tmp_path, *corners):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    ring = [list(corner) for corner in (*corners, corners[0])]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    return path


def test_a_wms_is_drawn_at_the_models_resolution(served, tmp_path):
    server, image = served
    found = read(tmp_path, f"WMS:{server.url}?LAYERS=ortho&CRS=EPSG:2154&BBOX={BOX}")
    np.testing.assert_array_equal(found["values"], image[:, 200:1100, 100:600])
    assert found["inside"].all()
    np.testing.assert_allclose(found["corner"], (X + 20, Y - 40))


def test_beyond_its_image_a_wms_is_no_image(served, tmp_path):
    server, image = served
    box = f"{X - 20},{Y - 20},{X + 20},{Y + 10}"
    found = read(tmp_path, f"WMS:{server.url}?LAYERS=ortho&CRS=EPSG:2154&BBOX={box}")
    expected = np.zeros((150, 200), bool)
    expected[50:, 100:] = True
    np.testing.assert_array_equal(found["inside"], expected)
    np.testing.assert_array_equal(found["values"][:, 50:, 100:], image[:, :100, :100])


def test_an_area_of_interest_says_where_to_draw(served, tmp_path):
    server, image = served
    triangle = area(tmp_path, (X + 30, Y - 30), (X + 90, Y - 30), (X + 30, Y - 90))
    for version in ("1.1.1", "1.3.0"):
        found = read(tmp_path, f"WMS:{server.url}?LAYERS=ortho&VERSION={version}", triangle)
        np.testing.assert_array_equal(found["values"], image[:, 150:450, 150:450])
        assert found["inside"].mean() == pytest.approx(0.5, abs=0.01)


def test_a_wmts_is_read_at_the_level_of_the_models_resolution(served, tmp_path):
    server, image = served
    square = area(tmp_path, (X + 30, Y - 30), (X + 90, Y - 30), (X + 90, Y - 90), (X + 30, Y - 90))
    found = read(tmp_path, f"WMTS:{server.url}?SERVICE=WMTS&REQUEST=GetCapabilities,layer=ortho", square)
    assert found["values"].shape == (3, 300, 300)
    # The server draws the lower part of some tiles one row too low, whoever asks.
    exact = (found["values"] == image[:, 150:450, 150:450]).all(0)
    one_row_off = (found["values"] == image[:, 149:449, 150:450]).all(0)
    assert (exact | one_row_off).all()
    assert exact.mean() > 0.9
    assert found["inside"].all()


def test_a_description_in_a_file_is_read_as_well(served, tmp_path):
    server, image = served
    left, bottom, right, top = BOX.split(",")
    (tmp_path / "flow.xml").write_text(
        f"""<GDAL_WMS><Service name="WMS"><Version>1.3.0</Version><ServerUrl>{server.url}?</ServerUrl>
        <Layers>ortho</Layers><CRS>EPSG:2154</CRS><ImageFormat>image/png</ImageFormat></Service>
        <DataWindow><UpperLeftX>{left}</UpperLeftX><UpperLeftY>{top}</UpperLeftY>
        <LowerRightX>{right}</LowerRightX><LowerRightY>{bottom}</LowerRightY>
        <SizeX>500</SizeX><SizeY>900</SizeY></DataWindow>
        <Projection>EPSG:2154</Projection><BandsCount>3</BandsCount></GDAL_WMS>"""
    )
    found = read(tmp_path, str(tmp_path / "flow.xml"))
    np.testing.assert_array_equal(found["values"], image[:, 200:1100, 100:600])


def test_what_a_server_answers_instead_of_a_map_is_said(served, tmp_path):
    server, _ = served
    address = f"WMS:{server.url}?LAYERS=absent&CRS=EPSG:2154&BBOX={BOX}"
    found = read(tmp_path, address)
    assert isinstance(found, str)
    assert "The layer 'absent' does not exist" in found
    assert address in found


def test_a_server_that_dies_half_way_is_said(tmp_path, qgis_app):
    with map_server(tmp_path) as (server, _):
        address = f"WMS:{server.url}?LAYERS=ortho&CRS=EPSG:2154&BBOX={X},{Y - 300},{X + 300},{Y}"
        found = read(tmp_path, address, victim=server.pid)
        server.stop(may_have_ended=True)
    assert isinstance(found, str)
    assert address in found
    assert "injoignable" in found


def test_the_command_predicts_on_a_wms(served, tmp_path):
    server, _ = served
    corners = ((X + 30, Y - 30), (X + 60, Y - 30), (X + 60, Y - 55), (X + 30, Y - 55))
    done = run(
        [
            *("-m", "inference_backend", "predict"),
            f"WMS:{server.url}?LAYERS=ortho&CRS=EPSG:2154",
            *("--aoi", str(area(tmp_path, *corners)), "--fill", "nir=0,height=0"),
            *("-o", str(tmp_path / "p.tif")),
        ],
        ROOT,
    )
    assert done.returncode == 0, done.stderr
    from osgeo import gdal

    raster = gdal.Open(str(tmp_path / "p.tif"))
    assert (raster.RasterXSize, raster.RasterYSize) == (150, 125)
    assert (raster.GetRasterBand(1).ReadAsArray() < 255).all()
