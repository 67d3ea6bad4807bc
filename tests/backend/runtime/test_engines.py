# SPDX-License-Identifier: GPL-2.0-or-later
"""The local engines on the real libraries."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import onnx
import pytest
from scipy.ndimage import correlate

from inference_backend.contracts.model_card import InputBand
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.onnxruntime_engine import OnnxruntimeEngine
from inference_backend.runtime.openvino_engine import OpenvinoEngine
from tests.backend.models.onnx_files import card, write_conv_model

LOCAL = pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
CLASSES = pytest.mark.parametrize("engine", [OnnxruntimeEngine, OpenvinoEngine])
SCALED = (
    InputBand("red", 1 / 255, 0.4, 0.2),
    InputBand("green", 1 / 255, 0.5, 0.3),
    InputBand("height", 1.0, 3.0, 5.0),
)


@pytest.fixture
def model(tmp_path):
    weights = np.random.default_rng(1).normal(size=(3, 3, 9, 9))
    return read_model(write_conv_model(tmp_path / "m.onnx", weights, replace(card(), bands=SCALED)))


@pytest.fixture
def tiles():
    return np.random.default_rng(0).integers(0, 256, (2, 3, 64, 64)).astype(np.uint8)


def expected_scores(model, tile):
    """By the card's formula and another library's convolution, in double precision."""
    weights = onnx.numpy_helper.to_array(onnx.load(str(model.path)).graph.initializer[0]).astype(float)
    image = [
        (x * b.scale - b.mean) / b.std for x, b in zip(tile.astype(float), model.card.bands, strict=True)
    ]
    convolved = [[correlate(x, w, mode="constant") for x, w in zip(image, k, strict=True)] for k in weights]
    return np.sum(convolved, axis=1)


@LOCAL
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_scores_are_those_of_the_card_and_the_weights(name, dtype, model, tiles):
    scores = open_engine(name, model).infer(tiles.astype(dtype))
    expected = np.stack([expected_scores(model, tile) for tile in tiles])
    assert scores.dtype == np.float32
    assert scores.flags.c_contiguous
    # bf16 keeps 8 bits of each number.
    tolerance = 0.02 if open_engine(name, model).precision == "bf16" else 1e-4
    np.testing.assert_allclose(scores, expected, atol=tolerance * np.abs(expected).max())


@LOCAL
def test_values_beyond_bytes_are_not_cut_off(name, model, tiles):
    heights = tiles.astype(np.float32)
    heights[:, 2] += 1000.5
    scores = open_engine(name, model).infer(heights)
    expected = expected_scores(model, heights[1])
    np.testing.assert_allclose(scores[1], expected, atol=0.02 * np.abs(expected).max())


@CLASSES
def test_results_do_not_depend_on_the_number_of_workers(engine):
    model = read_model(default_model_path())
    tiles = np.random.default_rng(3).integers(0, 256, (4, 1, 5, 512, 512)).astype(np.uint8)
    alone = engine(model, workers=1)
    expected = [alone.infer(tile) for tile in tiles]
    crowd = engine(model, workers=3)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(crowd.infer, tiles))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one, other)


@LOCAL
def test_a_result_outlives_the_next_call(name, model, tiles):
    engine = open_engine(name, model)
    first = engine.infer(tiles[:1])
    kept = first.copy()
    engine.infer(tiles[1:])
    engine.close()
    engine.close()
    np.testing.assert_array_equal(first, kept)


@LOCAL
def test_argmax_models_give_whole_numbers(name, tmp_path):
    weights = np.eye(3)[:, :, None, None]
    path = write_conv_model(tmp_path / "m.onnx", weights, card(output="argmax"), last="ArgMax")
    tile = np.random.default_rng(5).integers(0, 256, (1, 3, 64, 64)).astype(np.uint8)
    indices = open_engine(name, read_model(path)).infer(tile)
    assert indices.dtype.kind in "iu"
    np.testing.assert_array_equal(indices.reshape(64, 64), tile[0].argmax(axis=0))


@LOCAL
def test_tiles_need_not_be_contiguous_in_memory(name, model, tiles):
    engine = open_engine(name, model)
    turned = np.ascontiguousarray(tiles.transpose(0, 1, 3, 2)).transpose(0, 1, 3, 2)
    np.testing.assert_array_equal(engine.infer(turned), engine.infer(tiles))


def test_half_the_precision_moves_scores_by_little(model, tiles):
    """On a processor without matrix units OpenVINO emulates bf16, or goes on in f32."""
    exact = OpenvinoEngine(model, precision="f32").infer(tiles)
    engine = OpenvinoEngine(model, precision="bf16")
    assert engine.precision == "bf16"
    np.testing.assert_allclose(engine.infer(tiles), exact, atol=0.02 * np.abs(exact).max())
