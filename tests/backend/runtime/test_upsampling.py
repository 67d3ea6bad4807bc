# SPDX-License-Identifier: GPL-2.0-or-later
"""Repeated pixels and the convolution after them are merged where that gives the same scores."""

import numpy as np
import pytest
from onnx import helper, numpy_helper

from inference_backend.models.reader import default_model_path, read_model
from inference_backend.runtime import openvino_engine
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.openvino_graph import prepared_graph
from inference_backend.runtime.openvino_library import openvino
from inference_backend.runtime.openvino_upsampling import merge_upsampling
from tests.backend.models.onnx_files import card

from .networks import write_network

TORCH = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
SAME = {"pads": [1, 1, 1, 1]}
RANDOM = np.random.default_rng(5)


def constant(name, values):
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(values, name))


def decoder(tmp_path, *, resize=TORCH, conv=SAME, scale=2, kernel=3, joined=True, name="decoder"):
    """Image, a smaller map of it brought back to size by `resize`, joined with the image, and convolved."""
    inputs = 6 if joined else 3
    weights = RANDOM.normal(0, 1, (3, inputs, kernel, kernel)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["image"], ["small"], kernel_shape=[scale] * 2, strides=[scale] * 2),
        constant("scales", np.array([1, 1, scale, scale], np.float32)),
        helper.make_node("Resize", ["small", "", "scales"], ["large"], **resize),
        helper.make_node("Concat", ["large", "image"], ["both"], axis=1),
        constant("weights", weights),
        constant("bias", np.array([1, -2, 3], np.float32)),
        helper.make_node("Conv", ["both" if joined else "large", "weights", "bias"], ["scores"], **conv),
    ]
    if not joined:
        nodes = [node for node in nodes if node.op_type != "Concat"]
    return write_network(tmp_path / f"{name}.onnx", card(), nodes, {"scores": ["N", 3, "h", "w"]})


def test_other_maps_stay_joined(tmp_path):
    weights = RANDOM.normal(0, 1, (3, 15, 3, 3)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["image"], ["small"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Neg", ["small"], ["other"]),
        helper.make_node("Abs", ["image"], ["second"]),
        helper.make_node("Neg", ["image"], ["third"]),
        constant("scales", np.array([1, 1, 2, 2], np.float32)),
        helper.make_node("Resize", ["small", "", "scales"], ["large"], **TORCH),
        helper.make_node("Resize", ["other", "", "scales"], ["larger"], **TORCH),
        helper.make_node("Concat", ["second", "large", "third", "larger", "image"], ["all"], axis=1),
        constant("weights", weights),
        helper.make_node("Conv", ["all", "weights"], ["scores"], **SAME),
    ]
    model = write_network(tmp_path / "m.onnx", card(), nodes, {"scores": ["N", 3, "h", "w"]})
    left = kinds(prepared_graph(model, np.uint8, (1, 3, 64, 64)))
    counts = [
        left.count(kind) for kind in ("ConvolutionBackpropData", "Convolution", "Concat", "Interpolate")
    ]
    assert counts == [2, 1, 1, 0]
    tile = RANDOM.integers(0, 256, (1, 3, 64, 64)).astype(np.uint8)
    expected = open_engine("onnxruntime", model).infer(tile)
    np.testing.assert_allclose(open_engine("openvino-f32", model).infer(tile), expected, rtol=1e-5, atol=5e-3)


def merged(model):
    graph = prepared_graph(model, np.uint8, (1, 3, 64, 64), merge=False)
    return merge_upsampling(graph)


def kinds(graph):
    return [node.get_type_name() for node in graph.get_ordered_ops()]


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize(
    ("coordinates", "rounding"),
    [
        ("asymmetric", "floor"),
        ("half_pixel", "round_prefer_floor"),
        ("half_pixel", "round_prefer_ceil"),
    ],
)
def test_a_merged_decoder_gives_the_scores_of_the_file(coordinates, rounding, joined, tmp_path):
    way = {"mode": "nearest", "coordinate_transformation_mode": coordinates, "nearest_mode": rounding}
    model = decoder(tmp_path, resize=way, joined=joined)
    left = kinds(prepared_graph(model, np.uint8, (1, 3, 64, 64)))
    assert "ConvolutionBackpropData" in left
    assert not {"Interpolate", "Concat"} & set(left)
    tile = RANDOM.integers(0, 256, (1, 3, 64, 64)).astype(np.uint8)
    expected = open_engine("onnxruntime", model).infer(tile)
    got = open_engine("openvino-f32", model).infer(tile)
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=2e-3)  # of some thousands


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (
            {"resize": {**TORCH, "mode": "linear", "coordinate_transformation_mode": "half_pixel"}},
            "not repeated",
        ),
        ({"resize": {**TORCH, "coordinate_transformation_mode": "half_pixel"}}, "shifted by half a pixel"),
        ({"resize": {**TORCH, "coordinate_transformation_mode": "align_corners"}}, "stretched"),
        ({"scale": 4}, "repeated four times"),
        ({"kernel": 1, "conv": {}}, "one product for a pixel"),
        ({"conv": {}}, "without a border"),
        ({"conv": {"pads": [2, 2, 2, 2], "dilations": [2, 2]}}, "spread out"),
        ({"kernel": 5, "conv": {"pads": [2, 2, 2, 2]}}, "another kernel"),
    ],
)
def test_other_steps_stay_as_they_are(changed, why, tmp_path):
    assert merged(decoder(tmp_path, **changed)) == 0, why


def test_a_processor_without_kernels_for_it_gets_the_network_as_it_is(tmp_path, monkeypatch):
    model = decoder(tmp_path)
    compiled = []

    def slow(network):
        compiled.append(network)
        return True

    monkeypatch.setattr(openvino_engine, "lacks_kernels", slow)
    engine = openvino_engine.OpenvinoEngine(model, precision="f32")
    tile = RANDOM.integers(0, 256, (1, 3, 64, 64)).astype(np.uint8)
    expected = open_engine("onnxruntime", model).infer(tile)
    np.testing.assert_allclose(engine.infer(tile), expected, rtol=1e-5, atol=2e-3)
    assert len(compiled) == 1
    network = engine._compiled[("uint8", (3, 64, 64), True)].network
    assert "Deconvolution" not in {
        node.get_rt_info()["layerType"].astype(str) for node in network.get_runtime_model().get_ordered_ops()
    }


def test_weights_of_half_precision_stay_as_they_are(tmp_path):
    model = decoder(tmp_path)
    graph = openvino().Core().read_model(str(model.path))
    openvino().save_model(graph, tmp_path / "half.xml", compress_to_fp16=True)
    half = openvino().Core().read_model(str(tmp_path / "half.xml"))
    half.reshape({half.inputs[0]: [1, 3, 64, 64]})
    assert merge_upsampling(half) == 0


def test_the_embedded_model_is_merged():
    model = read_model(default_model_path())
    graph = prepared_graph(model, np.uint8, (1, len(model.card.bands), 256, 256), merge=False)
    assert merge_upsampling(graph) == 4
