# SPDX-License-Identifier: GPL-2.0-or-later
"""How far a network looks: as told from its operators, and as seen when one pixel of its image changes."""

import numpy as np
import onnxruntime
import pytest
import rasterio
from onnx import TensorProto, helper, numpy_helper

from inference_backend.contracts.prediction import NODATA
from inference_backend.models.reach import reach_px
from inference_backend.models.reader import read_model
from inference_backend.predict.blocks.block_work import plan_work
from inference_backend.predict.inputs.inside_mask import REACH_PX
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model
from tests.backend.predict.rasters import random_image, write_raster

SIDE, BANDS = 32, 3


def node(kind, inputs="x", output="y", **attributes):
    return helper.make_node(kind, inputs.split(), [output], **attributes)


def network(*nodes, opset=17, kernel=(3, 3), **constants):
    """A network from `x` to `y`; `w` are weights of a convolution, the other constants numbers."""
    random = np.random.default_rng(0)
    constants = {
        "w": random.normal(size=(BANDS, BANDS, *kernel)),
        "one": np.array(0.5),
        "per_band": random.uniform(0.5, 1, (BANDS, 1, 1)),
        "bands": random.uniform(0.5, 1, BANDS),
        "per_pixel": random.uniform(0.5, 1, (SIDE, SIDE)),
        **constants,
    }
    used = {name for made in nodes for name in made.input}
    values = [
        numpy_helper.from_array(np.asarray(value, np.float32), name)
        for name, value in constants.items()
        if name in used
    ]
    ends = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, BANDS, SIDE, SIDE]),
        helper.make_tensor_value_info("y", TensorProto.FLOAT, None),
    ]
    graph = helper.make_graph(list(nodes), "g", ends[:1], ends[1:], values)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def seen_reach_px(model, lost_px):
    """The furthest pixel whose scores change with the one in the middle."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = np.random.default_rng(1).uniform(0, 1, (1, BANDS, SIDE, SIDE)).astype(np.float32)
    other = image.copy()
    other[0, :, SIDE // 2, SIDE // 2] = 100 * np.roll(image[0, :, SIDE // 2, SIDE // 2], 1)
    before, after = (session.run(None, {"x": values})[0] for values in (image, other))
    rows, cols = np.nonzero((before != after).reshape(-1, *before.shape[-2:]).any(0))
    return int(np.abs(np.stack((rows, cols)) + lost_px - SIDE // 2).max())


KNOWN = {
    "one pixel": (network(node("Conv", "x w"), kernel=(1, 1)), 0),
    "3 x 3": (network(node("Conv", "x w", pads=[1, 1, 1, 1])), 0),
    "without padding": (network(node("Conv", "x w")), 1),
    "wider than high": (network(node("Conv", "x w", pads=[1, 3, 1, 3]), kernel=(3, 7)), 0),
    "dilated": (network(node("Conv", "x w", pads=[4, 4, 4, 4], dilations=[4, 4])), 0),
    "padded on one side": (network(node("Conv", "x w", pads=[0, 0, 2, 2])), 0),
    "padded before": (network(node("Conv", "x w", auto_pad="SAME_LOWER"), kernel=(4, 4)), 0),
    "padded behind": (network(node("Conv", "x w", auto_pad="SAME_UPPER"), kernel=(4, 4)), 0),
    "one after the other": (
        network(
            node("Conv", "x w", "a", pads=[1, 1, 1, 1]),
            node("Relu", "a", "b"),
            node("Conv", "b w", pads=[1] * 4),
        ),
        0,
    ),
    "two branches": (
        network(
            node("Conv", "x w", "a", pads=[1, 1, 1, 1]),
            node("Conv", "a w", "b", pads=[1, 1, 1, 1]),
            node("Concat", "a b", axis=1),
        ),
        0,
    ),
    "numbers, and one per band": (
        network(node("Mul", "x one", "a"), node("Add", "a per_band", "b"), node("Softmax", "b", axis=1)),
        0,
    ),
    "normalised": (
        network(
            node("BatchNormalization", "x bands bands bands bands", "a"),
            node("Conv", "a w", pads=[1, 1, 1, 1]),
        ),
        0,
    ),
    "the best class": (
        network(node("ArgMax", "x", "a", axis=1, keepdims=0), node("Cast", "a", to=TensorProto.FLOAT)),
        0,
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_operators_say_is_what_is_seen(name):
    model, lost_px = KNOWN[name]
    assert reach_px(model, "x", "y", lost_px) == seen_reach_px(model, lost_px)


UNKNOWN = {
    "dilated along one axis of two": network(node("Conv", "x w", dilations=[2])),
    "padded on three sides": network(node("Conv", "x w", pads=[1, 1, 1])),
    "padded as nobody knows": network(node("Conv", "x w", auto_pad="SOMEHOW")),
    "a step of two pixels": network(node("Conv", "x w", strides=[2, 2])),
    "pooling": network(node("MaxPool", kernel_shape=[2, 2])),
    "the whole tile": network(node("GlobalAveragePool", "x", "a"), node("Mul", "x a")),
    "normalised as in training": network(
        node("BatchNormalization", "x bands bands bands bands", training_mode=1)
    ),
    "normalised over the tile": network(node("InstanceNormalization", "x bands bands")),
    "softmax along rows": network(node("Softmax", axis=2)),
    "softmax of all that follows": network(node("Softmax", axis=1), opset=11),
    "where a pixel lies": network(node("Add", "x per_pixel")),
    "rows beside each other": network(node("Concat", "x x", axis=2)),
    "moved": network(node("Transpose", perm=[0, 1, 3, 2])),
    "classes gone, then rows beside each other": network(
        node("ArgMax", "x", "a", axis=1, keepdims=0),
        node("Cast", "a", "b", to=TensorProto.FLOAT),
        node("Concat", "b b", axis=1),
    ),
    "classes gone, then across images": network(
        node("ArgMax", "x", "a", axis=1, keepdims=0),
        node("Cast", "a", "b", to=TensorProto.FLOAT),
        node("Add", "x b"),
    ),
    "weights made from the image": network(node("Conv", "x x", "y", pads=[16] * 4)),
    "an operator of others": network(node("Relu", domain="com.microsoft")),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_sure_is_not_said(name):
    assert reach_px(UNKNOWN[name], "x", "y", 0) is None


def test_tiles_see_enough_to_tell_saturated_roofs_from_the_end_of_the_image(tmp_path):
    """A patch of the nodata value that a tile's edge cuts is as large as it is."""
    image = random_image(200, 300)
    image[:, 40:60, 118:138] = 0  # tiles without overlap would end at 128
    ortho = write_raster(tmp_path / "o.tif", image, ("red", "green", "blue"), nodata=0)
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), card(tile_px=128, overlap_px=30), tile=128)
    work = plan_work([ortho], path, PredictOptions(engine="onnxruntime"))
    assert work.lattice.margin_px == REACH_PX
    planes = rasterio.open(predict([ortho], path, tmp_path / "p.tif", work.options)).read(1)
    assert (planes[40:60, 118:138] == NODATA).all()


@pytest.mark.parametrize(("kernel", "margin_px"), [(1, 0), (9, 4), (21, 8)])
def test_tiles_overlap_no_more_than_the_network_looks_around(tmp_path, kernel, margin_px):
    weights = np.random.default_rng(1).normal(size=(BANDS, BANDS, kernel, kernel)) / 1000
    path = write_conv_model(tmp_path / "m.onnx", weights, card(overlap_px=8))
    assert read_model(path).graph.reach_px == kernel // 2
    ortho = write_raster(tmp_path / "o.tif", random_image(150, 170), ("red", "green", "blue"))
    for options, expected in (
        (PredictOptions(engine="onnxruntime"), margin_px),
        (PredictOptions(engine="onnxruntime", overlap_px=20), 20),
        (PredictOptions(engine="onnxruntime", blend=True), 8),
    ):
        assert plan_work([ortho], path, options).lattice.margin_px == expected
