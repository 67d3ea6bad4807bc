# SPDX-License-Identifier: GPL-2.0-or-later
"""What a raster argument may be, and what is said of those that cannot be used."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.errors import RasterioError

from inference_backend.cli.main import main
from inference_backend.errors import RasterError
from inference_backend.predict.blocks.block_store import finished_blocks
from inference_backend.predict.blocks.tile_plan import Tile
from inference_backend.predict.errors import RefusedSourceError, RemoteRasterError
from inference_backend.predict.inputs import sources
from inference_backend.predict.inputs.band_sources import BandChoice, find_bands
from inference_backend.predict.inputs.input_stack import open_stack
from inference_backend.predict.inputs.opening import open_raster
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.predict.inputs.sources import parse_source
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .raster_server import raster_server
from .rasters import ORIGIN, pixels, random_image, write_raster

RGB = ("red", "green", "blue")


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "served"
    folder.mkdir()
    with raster_server(folder) as running:
        yield running


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("ortho.tif", "file"),
        (Path("dalles/ortho.vrt"), "file"),
        ("https://host/ortho.tif?v=1", "url"),
        ("HTTP://host:8080/ortho.tif", "url"),
        ("WMS:https://host/wms?LAYERS=ortho", "wms"),
        ("WMTS:https://host/wmts?x=y,layer=ortho", "wmts"),
        ("C:\\dalles\\ortho.tif", "file"),
    ],
)
def test_a_raster_argument_is_a_file_an_address_or_a_service(given, kind):
    source = parse_source(given)
    assert source.kind == kind
    assert source.given == str(given)


@pytest.mark.parametrize(
    "given",
    [
        "/vsizip/a.zip/a.tif",
        "/vsicurl/http://host/a.tif",
        "/VSIMEM/a.tif",
        "\\vsis3\\bucket\\a.tif",
        "s3://bucket/a.tif",
        "ftp://host/a.tif",
        "file:///etc/passwd",
        "vrt://a.tif?bands=1",
        "GTIFF_DIR:1:a.tif",
        "WMS:",
        "WMTS:/etc/capabilities.xml",
    ],
)
def test_other_names_that_gdal_knows_are_refused(given):
    with pytest.raises(RefusedSourceError) as caught:
        parse_source(given)
    assert given in str(caught.value)
    assert given in caught.value.text("fr")


def test_a_file_that_bears_the_name_of_a_connection_string_is_read_as_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_raster(Path("GTIFF_DIR:1:a.tif"), random_image(8, 9), RGB)
    with open_raster(parse_source("GTIFF_DIR:1:a.tif")) as raster:
        assert raster.shape == (8, 9)


def test_secrets_of_an_address_are_not_shown():
    source = parse_source("https://me:secret@host/a.tif?sig=secret&layer=x&apikey=secret")
    assert source.shown == "https://host/a.tif?sig=***&layer=x&apikey=***"
    assert "secret" in source.gdal_name


def test_a_cog_over_http_gives_the_same_pixels_as_the_file(server):
    image = random_image(700, 600)
    write_raster(server.folder / "o.tif", image, RGB, driver="COG", compress="deflate", photometric=None)
    url = f"{server.url}/o.tif"
    with open_stack(find_bands([url], card(), BandChoice()), card()) as stack:
        read = stack.read(Tile(100, 200, 256, 0))
    np.testing.assert_array_equal(read.values, image[:, 100:356, 200:456])
    assert set(server.asked) == {"/o.tif"}  # no folder, no guess of side files


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("absent.tif", "HTTP 404"),
        ("status/401/a.tif", ".netrc"),
        ("status/403/a.tif", "HTTP 403"),
        ("status/500/a.tif", "500"),
        ("whole/o.tif", "ranges"),
    ],
)
def test_what_a_server_refuses_is_said(server, monkeypatch, path, said):
    monkeypatch.setitem(sources._URL_OPTIONS, "max_retry", 0)
    write_raster(server.folder / "o.tif", random_image(1500, 1500), RGB)
    url = f"{server.url}/{path}"
    with pytest.raises(RasterError) as caught:
        find_bands([url], card(), BandChoice())
    assert said in str(caught.value)
    assert url in str(caught.value)
    assert url in caught.value.text("fr")
    caught.value.__cause__ = caught.value.__context__ = None  # GDAL's own exceptions cannot travel
    assert pickle.loads(pickle.dumps(caught.value)).text("fr") == caught.value.text("fr")


def test_a_url_is_asked_again_after_it_failed_and_after_its_file_was_replaced(server):
    url = f"{server.url}/o.tif"
    with pytest.raises(RasterError, match="HTTP 404"):
        find_bands([url], card(), BandChoice())
    for seed in (1, 2):
        image = random_image(200, 200, seed=seed)
        write_raster(server.folder / "o.tif", image, RGB)
        with open_stack(find_bands([url], card(), BandChoice()), card()) as stack:
            np.testing.assert_array_equal(stack.read(Tile(0, 0, 200, 0)).values, image)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.tif", "http://no-such-host.invalid/a.tif"])
def test_a_server_that_is_not_there_is_said(url):
    with pytest.raises(RasterError, match="cannot be reached"):
        find_bands([url], card(), BandChoice())


def test_a_server_that_fails_half_way_is_said(server, monkeypatch):
    monkeypatch.setitem(sources._URL_OPTIONS, "max_retry", 0)
    write_raster(server.folder / "o.tif", random_image(900, 900), RGB, tiled=True)
    url = f"{server.url}/o.tif"
    with open_stack(find_bands([url], card(), BandChoice()), card()) as stack:
        server.left = 0
        with pytest.raises(RasterError) as caught:
            stack.read(Tile(600, 600, 256, 0))
    assert url in str(caught.value)


def test_a_prediction_whose_server_fails_half_way_leaves_no_result(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sources._URL_OPTIONS, "max_retry", 0)
    write_raster(server.folder / "o.tif", random_image(1200, 1200), RGB, tiled=True)
    model = write_conv_model(
        tmp_path / "m.onnx", brightest_band(), card(tile_px=256, overlap_px=32), tile=256
    )
    output = tmp_path / "p.tif"
    options = ["--model", str(model), "-o", str(output), "--engine", "onnxruntime"]
    assert main(["predict", f"{server.url}/o.tif", *options]) == 0
    output.unlink()
    server.left = len(server.asked) // 2
    url = f"{server.url}/o.tif"
    assert main(["predict", url, *options]) == 2
    assert server.left < 0
    assert url in capsys.readouterr().err
    assert not output.exists()


def test_blocks_finished_before_a_server_failed_are_kept(server, tmp_path, monkeypatch):
    monkeypatch.setitem(sources._URL_OPTIONS, "max_retry", 0)
    write_raster(server.folder / "o.tif", random_image(300, 6000), RGB, tiled=True)
    model = write_conv_model(
        tmp_path / "m.onnx", brightest_band(), card(tile_px=256, overlap_px=16), tile=256
    )
    output, options = tmp_path / "p.tif", PredictOptions(engine="onnxruntime")
    url = f"{server.url}/o.tif"

    class FailAfterBlock:
        def update(self, share, message=""):
            if finished_blocks(output):
                server.left = 0

    with pytest.raises(RemoteRasterError):
        predict([url], model, output, options, progress=FailAfterBlock())
    assert finished_blocks(output)
    server.left = None
    whole = predict([server.folder / "o.tif"], model, tmp_path / "whole.tif", options)
    assert pixels(predict([url], model, output, options)) == pixels(whole)


def test_a_policy_limits_files_and_servers(tmp_path, server):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    write_raster(outside / "o.tif", random_image(20, 20), RGB)
    (inside / "link.tif").symlink_to(outside / "o.tif")
    write_raster(inside / "o.tif", random_image(20, 20), RGB)
    host = server.url.removeprefix("http://")
    policy = SourcePolicy(roots=(inside,), hosts=(host,))
    assert parse_source(inside / "o.tif", policy).kind == "file"
    assert parse_source(f"{server.url}/o.tif", policy).kind == "url"
    for refused in (
        outside / "o.tif",
        inside / ".." / "out" / "o.tif",
        inside / "link.tif",
        "http://other/o.tif",
        f"http://{host}@other/o.tif",
        f"http://{host}.other/o.tif",
        f"WMTS:{server.url}/c.xml,x=http://other/",
    ):
        with pytest.raises(RefusedSourceError):
            parse_source(refused, policy)


def test_a_server_that_sends_on_to_another_is_refused_where_servers_are_limited(tmp_path, server):
    write_raster(server.folder / "o.tif", random_image(20, 20), RGB)
    policy = SourcePolicy(roots=(tmp_path,), hosts=(server.url.removeprefix("http://"),))
    elsewhere = f"{server.url}/elsewhere/a.tif?to=http://127.0.0.1:9/o.tif"
    trap = tmp_path / "trap.vrt"
    trap.write_text(_vrt(f"/vsicurl/{elsewhere}"))
    box = f"&LAYERS=a&CRS=EPSG:2154&BBOX={ORIGIN[0]},{ORIGIN[1]},{ORIGIN[0] + 1},{ORIGIN[1] + 1}"
    for given in (elsewhere, trap, f"WMTS:{elsewhere}", f"WMS:{elsewhere}{box}"):
        with pytest.raises(RefusedSourceError, match=r"127\.0\.0\.1:9"):
            _stacked(given, policy)
    _stacked(f"{server.url}/elsewhere/a.tif?to=/o.tif", policy)
    _stacked(f"{server.url}/o.tif", policy)


def _stacked(given, policy):
    with open_stack(find_bands([given], card(), BandChoice(), policy), card(), policy=policy) as stack:
        return stack.grid


def _vrt(source: str, relative: int = 0) -> str:
    return (
        '<VRTDataset rasterXSize="20" rasterYSize="20"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        f'<SourceFilename relativeToVRT="{relative}">{source}</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )


@pytest.fixture
def limited(tmp_path):
    """A policy with a folder of one good raster, beside one that nobody may read."""
    inside = tmp_path / "in"
    inside.mkdir()
    write_raster(inside / "good.tif", random_image(20, 20, 1))
    write_raster(tmp_path / "secret.tif", random_image(20, 20, 1, seed=1))
    return SourcePolicy(roots=(inside,), hosts=("allowed.example",))


def _opened(path, policy):
    with open_raster(parse_source(path, policy), policy) as raster:
        return raster.read(1)


def test_a_vrt_of_allowed_files_is_read(tmp_path, limited):
    (tmp_path / "in" / "inner.vrt").write_text(_vrt("good.tif", 1))
    (tmp_path / "in" / "outer.vrt").write_text(_vrt("inner.vrt", 1))
    with rasterio.open(tmp_path / "in" / "good.tif") as good:
        np.testing.assert_array_equal(_opened(tmp_path / "in" / "outer.vrt", limited), good.read(1))


@pytest.mark.parametrize(
    "text",
    [
        _vrt("../secret.tif", 1),
        _vrt("SECRET"),
        _vrt("SECRET").replace("SourceFilename", "sourcefilename"),
        _vrt("SECRET").replace("SimpleSource>", "ComplexSource>"),
        _vrt("/vsicurl/http://169.254.169.254/latest"),
        _vrt("/vsizip/good.zip/x.tif"),
        _vrt("http://other.example/x.tif"),
        _vrt("GTIFF_DIR:1:SECRET"),
        _vrt("vrt://SECRET"),
        _vrt("&lt;VRTDataset&gt;&lt;SourceFilename&gt;SECRET&lt;/SourceFilename&gt;&lt;/VRTDataset&gt;"),
        _vrt("notes.txt", 1),
        _vrt("good.tif", 1).replace("<SourceBand>1", "<SourceBand filename='SECRET'>1"),
        _vrt("good.tif", 1).replace("</VRTDataset>", "<Overview><F>SECRET</F></Overview></VRTDataset>"),
        _vrt("good.tif", 1).replace("<SourceBand>", "<PixelFunctionCode>x</PixelFunctionCode><SourceBand>"),
        '<!DOCTYPE x [<!ENTITY a "SECRET">]>' + _vrt("&a;"),
        _vrt("good.tif", 1) + _vrt("SECRET"),
        "<GDAL_WMS><Service name='WMS'><ServerUrl>http://169.254.169.254/</ServerUrl></Service></GDAL_WMS>",
        "<GDAL_WMS><Service name='WMS'><ServerUrl>file:///etc/passwd</ServerUrl></Service></GDAL_WMS>",
        "<GDAL_WMS><Service name='WMS'><ServerUrl>https://allowed.example/</ServerUrl></Service><Cache>"
        "<Path>x</Path></Cache></GDAL_WMS>",
        "<GDAL_WMTS><GetCapabilitiesUrl>http://other.example/c</GetCapabilitiesUrl></GDAL_WMTS>",
    ],
)
def test_a_file_that_refers_to_what_is_not_allowed_is_refused(tmp_path, limited, text):
    (tmp_path / "in" / "notes.txt").write_text("no raster")
    trap = tmp_path / "in" / "trap.vrt"
    trap.write_text(text.replace("SECRET", str(tmp_path / "secret.tif")))
    with pytest.raises(RefusedSourceError) as caught:
        _opened(trap, limited)
    assert str(trap) in str(caught.value)


def test_a_vrt_that_refers_to_itself_is_no_endless_walk(tmp_path, limited):
    loop = tmp_path / "in" / "loop.vrt"
    loop.write_text(_vrt("loop.vrt", 1))
    with pytest.raises(RasterioError, match="Read failed"):
        _opened(loop, limited)


def test_side_files_are_looked_through_as_well(tmp_path, limited):
    (tmp_path / "in" / "good.tif.aux.xml").write_text(
        f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{tmp_path / "secret.tif"}</MDI>'
        "</Metadata></PAMDataset>"
    )
    with pytest.raises(RefusedSourceError):
        _opened(tmp_path / "in" / "good.tif", limited)


def test_formats_with_references_of_their_own_are_not_opened_where_sources_are_limited(tmp_path, limited):
    write_raster(tmp_path / "in" / "m.mrf", random_image(20, 20, 1), driver="MRF", photometric=None)
    with pytest.raises(RasterError):
        _opened(tmp_path / "in" / "m.mrf", limited)


def test_without_limits_a_vrt_may_refer_to_everything(tmp_path, limited):
    (tmp_path / "in" / "v.vrt").write_text(_vrt(str(tmp_path / "secret.tif")))
    assert _opened(tmp_path / "in" / "v.vrt", SourcePolicy()).any()


def test_bands_of_services_are_told_apart_in_a_choice():
    choice = BandChoice.parse(
        "red=WMTS:https://h/c,layer=a,style=b:1,nir=irc.tif:1,green=WMS:https://h/?a=1,2:2"
    )
    assert choice.bands == {
        "red": ("WMTS:https://h/c,layer=a,style=b", 1),
        "nir": ("irc.tif", 1),
        "green": ("WMS:https://h/?a=1,2", 2),
    }
