# SPDX-License-Identifier: GPL-2.0-or-later
"""Unlike rasters read as one stack: resolutions, extents, types, no-data, masks, sparse files."""

import os
from dataclasses import replace

import numpy as np
import pytest
import rasterio

from inference_backend.errors import RasterError
from inference_backend.predict.blocks.tile_plan import Tile
from inference_backend.predict.errors import (
    GridMismatchError,
    RasterChangedError,
    UnreadableRasterError,
    WrongResolutionError,
)
from inference_backend.predict.inputs.band_sources import BandChoice, find_bands
from inference_backend.predict.inputs.input_stack import open_stack
from tests.backend.models.onnx_files import card

from .rasters import ORIGIN, random_image, write_raster

RGB = ("red", "green", "blue")
RGBNH = (*RGB, "nir", "height")


def read(rasters, bands=RGB, tile=None, choice=None, **options):
    """Values and mask of `tile`, or of the whole grid."""
    model_card = card(bands=bands, classes="abc")
    with open_stack(find_bands(rasters, model_card, choice or BandChoice()), model_card, **options) as stack:
        found = stack.read(tile or Tile(0, 0, max(stack.grid.shape), 0))
        height, width = stack.grid.shape
        return found if tile else replace_window(found, height, width)


def replace_window(found, height, width):
    return replace(found, values=found.values[:, :height, :width], inside=found.inside[:height, :width])


@pytest.fixture
def ortho(tmp_path):
    return write_raster(tmp_path / "o.tif", random_image(100, 120), RGB)


def test_bytes_stay_bytes_and_a_margin_beyond_the_raster_is_mirrored(ortho):
    with rasterio.open(ortho) as raster:
        image = raster.read()
    found = read([ortho], tile=Tile(0, 96, 48, 16))
    assert found.values.dtype == np.uint8
    expected = np.pad(image, ((0, 0), (16, 36), (0, 40)), mode="symmetric")[:, :80, 80:160]
    np.testing.assert_array_equal(found.values, expected)
    assert found.inside[16:, :40].all()
    assert not found.inside[:16].any()
    assert not found.inside[:, 40:].any()


@pytest.mark.parametrize(
    ("fill", "dtype"), [("height=0", np.uint8), ("height=2.5", np.float32), ("height=-1", np.float32)]
)
def test_a_constant_that_is_no_byte_makes_the_stack_float(ortho, fill, dtype):
    found = read([ortho], (*RGB, "height"), choice=BandChoice.parse("", fill))
    assert found.values.dtype == dtype
    assert (found.values[3] == float(fill.partition("=")[2])).all()


def test_sixteen_bits_are_read_as_they_are(tmp_path):
    values = np.random.default_rng(0).integers(0, 65535, (3, 40, 50)).astype(np.uint16)
    found = read([write_raster(tmp_path / "o.tif", values, RGB)])
    assert found.values.dtype == np.float32
    np.testing.assert_array_equal(found.values, values)


def test_a_coarser_raster_that_is_aligned_needs_no_resampling(tmp_path, ortho):
    height = np.arange(30 * 30, dtype=np.float32).reshape(1, 30, 30)
    around = (ORIGIN[0] - 3, ORIGIN[1] + 2)  # reaches further than the ortho-image on every side
    coarse = write_raster(tmp_path / "h.tif", height, ("height",), pixel_m=1.0, origin=around)
    for rasters in ([ortho, coarse], [coarse, ortho]):
        found = read(rasters, (*RGB, "height"))
        large = np.kron(height[0], np.ones((5, 5)))
        np.testing.assert_array_equal(found.values[3], large[10:110, 15:135])
        part = read(rasters, (*RGB, "height"), tile=Tile(33, 41, 32, 0))
        np.testing.assert_array_equal(part.values[3], large[43:75, 56:88])


def test_rasters_of_other_extents_share_the_grid_of_the_first(tmp_path, ortho):
    infrared = random_image(200, 200, 1)
    wide = write_raster(
        tmp_path / "n.tif", infrared, ("nir",), origin=(ORIGIN[0] - 4, ORIGIN[1] + 6), nodata=0
    )
    found = read([ortho, wide], (*RGB, "nir"))
    np.testing.assert_array_equal(found.values[3], infrared[0, 30:130, 20:140])


@pytest.mark.parametrize(
    ("pixel_m", "origin", "shape", "named"),
    [
        (1.0, (ORIGIN[0] - 0.5, ORIGIN[1] + 1), (40, 40), "origin"),
        (0.5, ORIGIN, (40, 60), "pixel"),
        (1.0, ORIGIN, (10, 24), "size"),
        (1.0, (ORIGIN[0] + 5, ORIGIN[1]), (40, 40), "origin"),
        (0.1, ORIGIN, (200, 240), "pixel"),
    ],
)
def test_pixels_that_do_not_fit_are_refused(tmp_path, ortho, pixel_m, origin, shape, named):
    other = write_raster(
        tmp_path / "h.tif", np.zeros((1, *shape), np.float32), ("height",), pixel_m=pixel_m, origin=origin
    )
    with pytest.raises(GridMismatchError) as caught:
        read([ortho, other], (*RGB, "height"))
    assert named in str(caught.value)
    assert str(other) in str(caught.value)


def test_resampling_brings_a_raster_of_another_system_and_type_onto_the_grid(tmp_path, ortho):
    y, x = np.mgrid[0:60, 0:60]
    slope = (x + 2 * y).astype(np.float32)[None]
    height = write_raster(
        tmp_path / "h.tif", slope, ("height",), pixel_m=0.7, origin=(ORIGIN[0] - 5, ORIGIN[1] + 5)
    )
    found = read([ortho, height], (*RGB, "height"), resample=True)
    with rasterio.open(ortho) as raster:
        np.testing.assert_array_equal(found.values[:3], raster.read())  # on the grid already: untouched
    rows, cols = np.mgrid[0:100, 0:120] * 0.2 + 0.1 + 5
    np.testing.assert_allclose(found.values[3], cols / 0.7 - 0.5 + 2 * (rows / 0.7 - 0.5), atol=0.01)


def test_an_infrared_called_alpha_makes_no_hole_when_resampled(tmp_path):
    image = random_image(100, 100, 4)
    image[3, 50:] = 0
    path = write_raster(tmp_path / "o.tif", image, (*RGB, "nir"), photometric="RGB", ALPHA="YES", pixel_m=0.1)
    found = read([path], (*RGB, "nir"), resample=True)
    assert found.inside.all()
    assert (found.values[:3, 30:] > 0).all()
    assert (found.values[3, 26:] == 0).all()
    unused = read([path], RGB, resample=True)
    assert unused.inside.all()  # not a mask either where the model does without infrared


def test_an_alpha_band_and_a_mask_say_where_the_image_is(tmp_path):
    image = random_image(60, 80, 4)
    image[3] = 255
    image[3, :, 40:] = 0
    alpha = write_raster(tmp_path / "a.tif", image, (*RGB, ""), photometric="RGB", ALPHA="YES")
    masked = write_raster(tmp_path / "m.tif", image[:3], RGB)
    with rasterio.open(masked, "r+") as raster:
        raster.write_mask(image[3] > 0)
    for path in (alpha, masked):
        for options in ({}, {"resample": True}):
            found = read([path], **options)
            np.testing.assert_array_equal(found.inside, image[3] > 0)


def test_no_data_of_several_rasters_is_outside_where_all_agree(tmp_path):
    image = random_image(60, 80, 4)
    image[:3, :, 40:] = 255
    image[3, :, 60:] = 0
    colour = write_raster(tmp_path / "c.tif", image[:3], RGB, nodata=255)
    infrared = write_raster(tmp_path / "n.tif", image[3:], ("nir",), nodata=0)
    found = read([colour, infrared], (*RGB, "nir"))
    np.testing.assert_array_equal(found.inside, np.broadcast_to(np.arange(80) < 60, (60, 80)))


def test_sixteen_bit_no_data_is_outside(tmp_path):
    values = np.random.default_rng(0).integers(1, 9000, (3, 40, 80)).astype(np.uint16)
    values[:, :, 40:] = 65535
    found = read([write_raster(tmp_path / "o.tif", values, RGB, nodata=65535)])
    np.testing.assert_array_equal(found.inside, np.broadcast_to(np.arange(80) < 40, (40, 80)))


@pytest.mark.parametrize("unknown", [np.nan, np.inf, -np.inf, -9999.0])
def test_floats_without_a_value_become_0_and_are_outside(tmp_path, unknown):
    values = np.random.default_rng(0).random((3, 40, 80)).astype(np.float32)
    values[:, :, 40:] = unknown
    nodata = None if np.isinf(unknown) else unknown
    found = read([write_raster(tmp_path / "o.tif", values, RGB, nodata=nodata)])
    assert np.isfinite(found.values).all()
    assert (found.values[:, :, 40:] == 0).all()
    np.testing.assert_array_equal(found.inside, np.broadcast_to(np.arange(80) < 40, (40, 80)))


@pytest.mark.parametrize("unknown", [np.nan, -9999.0])
def test_a_height_without_a_value_is_0_and_the_image_goes_on(tmp_path, ortho, unknown):
    height = np.full((1, 100, 120), 3, np.float32)
    height[:, :, 50:] = unknown
    found = read(
        [ortho, write_raster(tmp_path / "h.tif", height, ("height",), nodata=unknown)], (*RGB, "height")
    )
    assert found.inside.all()
    assert (found.values[3, :, :50] == 3).all()
    assert (found.values[3, :, 50:] == 0).all()


def test_a_no_data_value_that_bytes_cannot_have_masks_nothing(tmp_path):
    path = write_raster(tmp_path / "o.tif", random_image(30, 30), RGB)
    text = (
        '<VRTDataset rasterXSize="30" rasterYSize="30"><SRS>EPSG:2154</SRS>'
        f"<GeoTransform>{ORIGIN[0]}, 0.2, 0, {ORIGIN[1]}, 0, -0.2</GeoTransform>"
    )
    for band, name in enumerate(RGB, start=1):
        text += (
            f'<VRTRasterBand dataType="Byte" band="{band}"><Description>{name}</Description>'
            f"<NoDataValue>-9999</NoDataValue>"
            f'<SimpleSource><SourceFilename relativeToVRT="1">{path.name}</SourceFilename>'
            f"<SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
        )
    (tmp_path / "v.vrt").write_text(text + "</VRTDataset>")
    found = read([tmp_path / "v.vrt"])
    assert found.inside.all()
    assert found.values.dtype == np.uint8


SPARSE = {"tiled": True, "blockxsize": 64, "blockysize": 64, "SPARSE_OK": True, "compress": "deflate"}


@pytest.mark.parametrize("nodata", [None, 255])
@pytest.mark.parametrize("interleave", ["pixel", "band"])
def test_blocks_that_a_sparse_file_lacks_are_no_image(tmp_path, nodata, interleave):
    path = tmp_path / "s.tif"
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "height": 300, "width": 400, "nodata": nodata}
    transform = rasterio.transform.from_origin(*ORIGIN, 0.2, 0.2)
    with rasterio.open(
        path, "w", crs="EPSG:2154", transform=transform, interleave=interleave, **profile, **SPARSE
    ) as raster:
        raster.write(random_image(64, 64), window=((64, 128), (128, 192)))
        raster.descriptions = RGB
    found = read([path])
    expected = np.zeros((300, 400), bool)
    expected[64:128, 128:192] = True
    np.testing.assert_array_equal(found.inside, expected)
    with open_stack(find_bands([path], card(), BandChoice()), card()) as stack:
        assert stack.is_empty(slice(128, 300), slice(0, 400))
        assert stack.is_empty(slice(0, 64), slice(0, 400))
        assert not stack.is_empty(slice(127, 300), slice(0, 400))
        assert not stack.is_empty(slice(64, 128), slice(191, 400))
        assert stack.is_empty(slice(64, 128), slice(192, 400))


def test_a_black_image_is_not_empty(tmp_path):
    path = write_raster(tmp_path / "b.tif", np.zeros((3, 100, 100), np.uint8), RGB, tiled=True)
    assert read([path]).inside.all()
    with open_stack(find_bands([path], card(), BandChoice()), card()) as stack:
        assert not stack.is_empty(slice(0, 100), slice(0, 100))


def test_a_window_is_empty_only_where_no_image_raster_has_one(tmp_path):
    empty = np.zeros((2, 200, 200), np.uint8)
    colour = write_raster(tmp_path / "c.tif", empty, RGB[:2], **SPARSE)
    full = write_raster(tmp_path / "n.tif", random_image(200, 200, 1), ("blue",))
    with open_stack(find_bands([colour, full], card(), BandChoice()), card()) as stack:
        assert not stack.is_empty(slice(0, 100), slice(0, 100))
    both = card(bands=("red", "height"))
    height = write_raster(tmp_path / "h.tif", random_image(200, 200, 1), ("height",))
    with open_stack(find_bands([colour, height], both, BandChoice()), both) as stack:
        assert stack.is_empty(slice(0, 100), slice(0, 100))


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path, ortho):
    with open_stack(find_bands([ortho], card(), BandChoice()), card()) as stack:
        stack.read(Tile(0, 0, 64, 0))
        write_raster(tmp_path / "new.tif", random_image(100, 120, seed=5), RGB).replace(ortho)
        with pytest.raises(RasterChangedError) as caught:
            stack.read(Tile(0, 0, 64, 0))
    assert str(ortho) in str(caught.value)


def test_a_file_cut_short_while_it_is_read_is_said(tmp_path):
    path = write_raster(tmp_path / "o.tif", random_image(1000, 1000), RGB, tiled=True)
    with open_stack(find_bands([path], card(), BandChoice()), card()) as stack:
        os.truncate(path, path.stat().st_size // 2)
        with pytest.raises((UnreadableRasterError, RasterChangedError)) as caught:
            stack.read(Tile(900, 900, 64, 0))
    assert str(path) in str(caught.value)


def test_a_mercator_pixel_is_measured_on_the_ground(tmp_path):
    origin, step = (334000.0, 6156000.0), 0.2 / np.cos(np.radians(48.3))
    path = write_raster(
        tmp_path / "m.tif", random_image(60, 60), RGB, crs="EPSG:3857", pixel_m=step, origin=origin
    )
    assert read([path]).inside.all()
    plain = write_raster(tmp_path / "p.tif", random_image(60, 60), RGB, crs="EPSG:3857", origin=origin)
    with pytest.raises(WrongResolutionError, match=r"0\.133 m|0\.133\d* m"):
        read([plain])


def test_pictures_without_descriptions_are_not_guessed_from_a_file(tmp_path):
    path = write_raster(tmp_path / "o.tif", random_image(30, 30), photometric="RGB")
    with pytest.raises(RasterError, match="--bands"):
        read([path])


def test_gdal_keeps_what_a_row_of_blocks_needs(tmp_path):
    """Blocks of 256 x 256 px, three bands of a byte: 300 rows lie in three rows of them at most."""
    tiled = {"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate"}
    for name, options, whole, part in (
        ("pixels", {**tiled, "interleave": "pixel"}, 3 * 4 * 256 * 256 * 3, 3 * 3 * 256 * 256 * 3),
        ("strips", {"blockysize": 1, "compress": "deflate"}, 300 * 1000 * 3, None),
    ):
        path = write_raster(tmp_path / f"{name}.tif", random_image(600, 1000), RGB, **options)
        with open_stack(find_bands([path], card(), BandChoice()), card()) as stack:
            assert stack.cache_bytes(300) == whole
            assert stack.cache_bytes(300, 300) == part
    warped = write_raster(tmp_path / "warped.tif", random_image(60, 100), RGB, pixel_m=0.5)
    with open_stack(find_bands([warped], card(), BandChoice()), card(), resample=True) as stack:
        assert stack.cache_bytes(300) is None
