# SPDX-License-Identifier: GPL-2.0-or-later
"""Blended tiles: seams shrink, and the pixels are those of one pass, in whatever order blocks come."""

from dataclasses import replace

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.contracts.prediction import NODATA
from inference_backend.errors import Cancelled
from inference_backend.predict.blocks import block_work
from inference_backend.predict.blocks.blend import weights
from inference_backend.predict.blocks.lattice import make_lattice
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .rasters import pixels, random_image, write_raster

RGB = ("red", "green", "blue")
CROP, BLEND = PredictOptions("onnxruntime"), PredictOptions("onnxruntime", blend=True)


def read(path):
    with rasterio.open(path) as raster:
        return raster.read()


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of some tiles, so that a small raster has many."""
    monkeypatch.setattr(block_work, "MAX_SIDE_PX", 192)


@settings(deadline=None)
@given(st.integers(20, 60), st.integers(1, 4), st.integers(1, 10), st.integers(1, 19))
def test_weights_add_up_everywhere(core, cores, ramp, last):
    ramp = min(ramp, core // 2)
    length = core * cores + last
    total = np.zeros(length + 2 * ramp, int)
    for start in range(0, length, core):
        stop = min(start + core, length)
        total[start : stop + 2 * ramp] += weights(slice(start, stop), length, ramp)
    assert (total[ramp:-ramp] == 128).all()


def test_what_does_not_depend_on_the_tile_stays_as_it_is(tmp_path, image, model, small_blocks):
    ortho = write_raster(tmp_path / "o.tif", random_image(400, 500) // 60, RGB)
    cropped = read(predict([ortho], model, tmp_path / "crop.tif", CROP))
    blended = read(predict([ortho], model, tmp_path / "blend.tif", BLEND))
    np.testing.assert_array_equal(blended[0], cropped[0])
    assert np.abs(blended[1].astype(int) - cropped[1]).max() <= 1


def edge_blind(tmp_path):
    """A network that sees 15 px around a pixel with a margin of 8, so that the place of a seam shows."""
    weights = np.zeros((3, 3, 31, 31))
    weights[[0, 1, 2], [0, 1, 2]] = 0.1 / 31**2
    return write_conv_model(tmp_path / "m.onnx", weights, card(tile_px=64, overlap_px=8))


def seam_jump(planes, lattice):
    """Mean step of the confidence across tile seams, less that beside them."""
    step = np.abs(np.diff(planes[1].astype(int), axis=1))
    block = next(iter(lattice))
    seams = sorted({p.cols.start for p in lattice.tiles_of(block)} - {0})
    inner = [s for s in seams if s < step.shape[1] - 8]
    return step[:, [s - 1 for s in inner]].mean() - step[:, [s + 5 for s in inner]].mean()


def test_seams_shrink(tmp_path):
    smooth = np.kron(random_image(20, 30), np.ones((1, 20, 20), np.uint8))
    ortho = write_raster(tmp_path / "o.tif", smooth, RGB)
    model = edge_blind(tmp_path)
    blended_at = make_lattice(smooth.shape[1:], 64, 8)
    cropped_at = make_lattice(smooth.shape[1:], 64, 8, to_the_edge=True)
    cropped = read(predict([ortho], model, tmp_path / "crop.tif", CROP))
    blended = read(predict([ortho], model, tmp_path / "blend.tif", BLEND))
    jump = seam_jump(cropped, cropped_at)
    assert jump > 1
    assert seam_jump(blended, blended_at) < 0.4 * jump


def test_the_edges_of_blocks_do_not_show(tmp_path, monkeypatch):
    """Blocks of 96 px and one block for all give the same pixels where both have the same tiles."""
    image = random_image(300, 420)
    ortho = write_raster(tmp_path / "o.tif", image, RGB)
    model = edge_blind(tmp_path)
    lattice = make_lattice((300, 420), 64, 8, 192)
    assert lattice.side_px == 192
    assert len(lattice) > 4
    assert lattice.side_px // lattice.tiles == 48
    whole = read(predict([ortho], model, tmp_path / "one.tif", BLEND))
    big = make_lattice((300, 420), 64, 8)
    assert len(big) == 1
    assert big.side_px // big.tiles == 48
    monkeypatch.setattr(block_work, "MAX_SIDE_PX", 192)
    options = replace(BLEND, probabilities=True)
    parts = read(predict([ortho], model, tmp_path / "parts.tif", options))
    np.testing.assert_array_equal(parts, whole)
    classes = read(tmp_path / "parts_probabilities.tif")
    np.testing.assert_array_equal(classes.max(0), parts[1])


def test_holes_stay_holes_and_their_rims_are_decided(tmp_path, model, small_blocks):
    image = random_image(300, 420)
    image[:, 90:210, 100:300] = 0
    ortho = write_raster(tmp_path / "o.tif", image, RGB, nodata=0)
    planes = read(predict([ortho], model, tmp_path / "p.tif", BLEND))
    cropped = read(predict([ortho], model, tmp_path / "c.tif", CROP))
    np.testing.assert_array_equal(planes == NODATA, cropped == NODATA)
    np.testing.assert_array_equal(planes[0], cropped[0])


@pytest.mark.parametrize("last", ["ArgMax", "Softmax"])
def test_other_outputs_are_blended(tmp_path, last, small_blocks):
    kind = {"ArgMax": "argmax", "Softmax": "softmax"}[last]
    model = write_conv_model(tmp_path / "m.onnx", brightest_band(), card(output=kind), last=last)
    ortho = write_raster(tmp_path / "o.tif", random_image(130, 200), RGB)
    blended = read(predict([ortho], model, tmp_path / "b.tif", BLEND))
    np.testing.assert_array_equal(blended[0], read(predict([ortho], model, tmp_path / "c.tif", CROP))[0])


def test_a_stopped_run_goes_on_to_the_same_pixels(tmp_path, small_blocks):
    ortho = write_raster(tmp_path / "o.tif", random_image(300, 420), RGB)
    model, output = edge_blind(tmp_path), tmp_path / "p.tif"
    whole = pixels(predict([ortho], model, tmp_path / "whole.tif", BLEND))

    class StopAt:
        def update(self, share, message=""):
            if message == "blending" and share > 0.98:
                raise Cancelled

    with pytest.raises(Cancelled):
        predict([ortho], model, output, BLEND, progress=StopAt())
    assert pixels(predict([ortho], model, output, BLEND)) == whole


def test_tiles_without_overlap_have_nothing_to_mix(tmp_path, ortho, model):
    without = [replace(options, overlap_px=0) for options in (CROP, BLEND)]
    crop, blend = (
        read(predict([ortho], model, tmp_path / f"{number}.tif", options))
        for number, options in enumerate(without)
    )
    clear = crop[3] > 1
    np.testing.assert_array_equal(blend[0][clear], crop[0][clear])
    np.testing.assert_allclose(blend[1].astype(int), crop[1], atol=1)
