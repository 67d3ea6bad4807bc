# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of a real map server become files: the same pixels, once, and without half-made ones."""

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsApplication

from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.map_service import (
    _complaints,
    fetch_windows,
    host_of,
    open_service,
    with_context,
)
from ocsge_annotator.adapters.mosaic import require_one_lattice, write_mosaic
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import ImageError, SourceError
from tests.qgis.annotator.conftest import write_raster
from tests.qgis.inputs.map_server import ORIGIN, PIXEL_M, map_server

X, Y = ORIGIN
AREA = Bounds(X - 20, Y - 100, X + 100.05, Y + 10)
WINDOWS = [PixelWindow(0, 0, 64, 64), PixelWindow(200, 100, 64, 64)]


@pytest.fixture(scope="module")
def served(qgis_app, tmp_path_factory):
    with map_server(tmp_path_factory.mktemp("map")) as running:
        yield running


def wms(server):
    return f"crs=EPSG:2154&format=image/png&layers=ortho&styles=&url={server.url}"


def quiet(share):
    """Progress that nobody looks at."""


def test_a_service_is_laid_on_whole_pixels(served):
    service = open_service(wms(served[0]), PIXEL_M, AREA)
    assert (service.grid.left, service.grid.top) == (X, Y)
    assert (service.grid.width_px, service.grid.height_px) == (501, 500)


def test_what_is_fetched_is_what_the_server_has(served, tmp_path):
    server, image = served
    service = open_service(wms(server), PIXEL_M, AREA)
    files = fetch_windows(service, [with_context(window, 0.25) for window in WINDOWS], tmp_path, quiet)
    write_mosaic(tmp_path / "image.vrt", files, service.grid)
    made = read_image(tmp_path / "image.vrt")
    assert made.grid == service.grid
    dataset = gdal.Open(str(tmp_path / "image.vrt"))
    pixels, drawn = dataset.ReadAsArray(), dataset.GetRasterBand(1).GetMaskBand().ReadAsArray()
    np.testing.assert_array_equal(pixels[:, :80, :80], image[:, :80, :80])
    np.testing.assert_array_equal(pixels[:, 184:280, 84:180], image[:, 184:280, 84:180])
    assert (drawn[:80, :80] == 255).all()
    assert not drawn[300:].any()
    dataset = None
    (tmp_path / "image.vrt").rename(tmp_path / "moved.vrt")
    assert str(tmp_path) not in (tmp_path / "moved.vrt").read_text()


def test_fetching_again_asks_for_what_is_missing_alone(served, tmp_path):
    service = open_service(wms(served[0]), PIXEL_M, AREA)
    files = fetch_windows(service, WINDOWS, tmp_path, quiet)
    files[0].unlink()
    before = files[1].stat().st_mtime_ns
    seen = []
    fetch_windows(service, WINDOWS, tmp_path, seen.append)
    assert files[0].exists()
    assert files[1].stat().st_mtime_ns == before
    assert seen == [0.5, 1.0]


def test_a_server_that_dies_leaves_whole_files_alone(tmp_path, qgis_app):
    """A WMTS: for a tile that fails QGIS draws one of a neighbouring level instead."""
    with map_server(tmp_path) as (server, image):
        address = wms(server) + "?SERVICE%3DWMTS%26REQUEST%3DGetCapabilities&tileMatrixSet=EPSG:2154"
        service = open_service(address, PIXEL_M, Bounds(X, Y - 250, X + 250, Y))
        windows = [WINDOWS[0], PixelWindow(1000, 1000, 64, 64)]

        def stop_after_the_first(share):
            server.stop()

        with pytest.raises(SourceError) as caught:
            fetch_windows(service, windows, tmp_path / "f", stop_after_the_first)
    assert server.url.strip("/") in caught.value.text("fr")
    (made,) = (tmp_path / "f").iterdir()
    # The server draws some rows of some pictures one too low, whoever asks.
    pixels = gdal.Open(str(made)).ReadAsArray()
    assert ((pixels == image[:, :64, :64]) | (pixels == image[:, 1:65, :64])).all()


def test_what_is_no_service_is_said(qgis_app):
    with pytest.raises(SourceError) as caught:
        open_service("crs=EPSG:2154&format=image/png&layers=a&styles=&url=http://127.0.0.1:9/", 0.2, None)
    assert "127.0.0.1:9" in caught.value.text("fr")


def test_files_of_another_lattice_are_named(tmp_path, qgis_app):
    bands = np.zeros((1, 40, 40), dtype=np.uint8)
    first, second = tmp_path / "a.tif", tmp_path / "b.tif"
    write_raster(first, bands)
    write_raster(second, bands, left=651000.0 + 40 * 0.2)
    require_one_lattice([first, second])
    write_mosaic(tmp_path / "m.vrt", [first, second])
    assert read_image(tmp_path / "m.vrt").grid.width_px == 80
    for change in ({"left": 651000.1}, {"pixel": 0.25}, {"epsg": 32631}):
        write_raster(second, bands, **change)
        with pytest.raises(ImageError) as caught:
            require_one_lattice([first, second])
        assert str(second) in caught.value.text("fr")
    write_raster(second, np.zeros((2, 40, 40), dtype=np.uint8))
    with pytest.raises(ImageError):
        require_one_lattice([first, second])


def test_the_failure_of_another_service_is_not_ours(served, tmp_path):
    """QGIS has one log: its map may be drawing a service that does not answer."""
    server, _ = served
    service = open_service(wms(server), PIXEL_M, AREA)
    assert host_of(service.uri) == server.url.split("/")[2]
    elsewhere = "Map request failed [error: refused url: http://127.0.0.1:9/?SERVICE=WMS]"

    ours = f"Map request failed [error: refused url: {server.url}?SERVICE=WMS]"
    with _complaints(service.uri) as heard:
        for message in (elsewhere, ours):
            QgsApplication.messageLog().logMessage(message, "WMS", Qgis.MessageLevel.Warning)
    assert heard == [ours]
