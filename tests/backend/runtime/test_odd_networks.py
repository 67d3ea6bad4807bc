# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that are not one float image in, one map of scores out."""

from dataclasses import replace

import numpy as np
import pytest
from onnx import TensorProto, helper

from inference_backend.contracts.model_card import InputBand
from inference_backend.runtime.choose import open_engine
from tests.backend.models.onnx_files import card

from .networks import write_network

LOCAL = pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
COPY = [helper.make_node("Identity", ["image"], ["scores"])]


def tiles(count=1, size=64, dtype=np.uint8):
    return np.random.default_rng(0).integers(0, 256, (count, 3, size, size)).astype(dtype)


@LOCAL
@pytest.mark.parametrize("count", [1, 4, 5])
def test_a_fixed_batch_is_filled_up(name, count, tmp_path):
    model = write_network(tmp_path / "m.onnx", card(), COPY, {"scores": [4, 3, 64, 64]}, batch=4)
    values = tiles(count)
    np.testing.assert_array_equal(open_engine(name, model).infer(values), values)


@LOCAL
def test_several_outputs_are_joined_in_the_order_of_the_card(name, tmp_path):
    nodes = [
        helper.make_node("Split", ["image"], ["a", "b", "c"], axis=1),
        helper.make_node("Neg", ["a"], ["minus"]),
    ]
    outputs = {"minus": ["N", 1, 64, 64], "c": ["N", 1, 64, 64], "b": ["N", 1, 64, 64]}
    named = card(output_tensors=("b", "minus", "c"))
    values = tiles(2)
    scores = open_engine(name, write_network(tmp_path / "m.onnx", named, nodes, outputs)).infer(values)
    expected = np.stack((values[:, 1], -values[:, 0].astype(float), values[:, 2]), axis=1)
    np.testing.assert_array_equal(scores, expected)


@LOCAL
@pytest.mark.parametrize(
    ("onnx_type", "dtype", "top"),
    [(TensorProto.UINT8, np.uint8, 255), (TensorProto.UINT16, np.uint16, 65535)],
)
def test_networks_that_take_integers_get_them_whole(name, onnx_type, dtype, top, tmp_path):
    nodes = [helper.make_node("Cast", ["image"], ["scores"], to=TensorProto.FLOAT)]
    model = write_network(tmp_path / "m.onnx", card(), nodes, {"scores": ["N", 3, 64, 64]}, dtype=onnx_type)
    values = tiles(dtype=np.float32)
    values[0, 0, 0, 0] = top
    engine = open_engine(name, model)
    np.testing.assert_array_equal(engine.infer(values), values)
    np.testing.assert_array_equal(engine.infer(tiles()), tiles())


@LOCAL
def test_networks_of_half_precision_give_floats(name, tmp_path):
    scaled = replace(card(), bands=tuple(InputBand(band, 1 / 255) for band in ("red", "green", "blue")))
    half = TensorProto.FLOAT16
    model = write_network(
        tmp_path / "m.onnx", scaled, COPY, {"scores": ["N", 3, 64, 64]}, dtype=half, out_dtype=half
    )
    scores = open_engine(name, model).infer(tiles())
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, tiles() / 255, atol=1e-3)


@LOCAL
def test_networks_of_any_size_take_the_tile_that_is_sent(name, tmp_path):
    model = write_network(
        tmp_path / "m.onnx", card(any_size=True), COPY, {"scores": ["N", 3, "H", "W"]}, tile="S"
    )
    engine = open_engine(name, model)
    for size in (64, 128, 192, 256, 320, 384, 64):  # more shapes than are kept
        np.testing.assert_array_equal(engine.infer(tiles(size=size)), tiles(size=size))


@LOCAL
def test_scores_may_be_smaller_than_the_tile(name, tmp_path):
    nodes = [helper.make_node("AveragePool", ["image"], ["scores"], kernel_shape=[5, 5])]
    model = write_network(tmp_path / "m.onnx", card(), nodes, {"scores": ["N", 3, 60, 60]})
    assert open_engine(name, model).infer(tiles(2)).shape == (2, 3, 60, 60)
