# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks of every signature that people bring, of a few hundred bytes: which run, and which are refused.

A network that runs gives class k where band k is the brightest, so that a raster of coloured stripes tells
whether its answer was read as it is meant.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TILE = 64
STEEP = 20.0
"""Logits of a tile of 0..1 times this: softmax and sigmoid are then sure."""

Shape = list[int | str]


def value(name: str, shape: Shape, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def weights(array: np.ndarray, name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(array, name)


def save(path: Path, nodes, inputs, outputs, constants=(), props=None, opset: int = 17) -> Path:
    graph = helper.make_graph(nodes, "kind", inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    helper.set_model_props(model, props or {})
    onnx.save(model, str(path))
    return path


def _identity(bands: int = 3, kernel: int = 1) -> onnx.TensorProto:
    array = np.zeros((bands, bands, kernel, kernel), np.float32)
    for band in range(bands):
        array[band, band, kernel // 2, kernel // 2] = STEEP
    return weights(array, "w")


def image(batch: int | str = "N", bands: int = 3, tile: int | str = TILE, kind: int = TensorProto.FLOAT):
    return value("image", [batch, bands, tile, tile], kind)


def conv(name: str = "scores", source: str = "image", **attributes) -> onnx.NodeProto:
    return helper.make_node("Conv", [source, "w"], [name], **attributes)


def logits(path: Path, batch: int | str = "N", tile: int | str = TILE) -> Path:
    return save(
        path, [conv()], [image(batch, tile=tile)], [value("scores", [batch, 3, tile, tile])], [_identity()]
    )


def softmax(path: Path) -> Path:
    """As exporters of old opsets write it: the last operator only moves the scores."""
    nodes = [
        conv("c"),
        helper.make_node("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]),
        helper.make_node("Softmax", ["t"], ["s"], axis=3),
        helper.make_node("Transpose", ["s"], ["scores"], perm=[0, 3, 1, 2]),
    ]
    return save(path, nodes, [image()], [value("scores", ["N", 3, TILE, TILE])], [_identity()], opset=12)


def sigmoids(path: Path) -> Path:
    """One network, three independent classes."""
    nodes = [
        conv("c"),
        helper.make_node("Add", ["c", "b"], ["d"]),
        helper.make_node("Sigmoid", ["d"], ["scores"]),
    ]
    offset = weights(np.float32([-STEEP / 2]), "b")
    return save(path, nodes, [image()], [value("scores", ["N", 3, TILE, TILE])], [_identity(), offset])


def one_sigmoid(path: Path, flat: bool = False) -> Path:
    """One class against the rest: red or not. `flat` drops the class axis, as some exporters do."""
    first = weights(_red_only(), "w")
    offset = weights(np.float32([-STEEP / 2]), "b")
    nodes = [
        conv("c"),
        helper.make_node("Add", ["c", "b"], ["d"]),
        helper.make_node("Sigmoid", ["d"], ["s" if flat else "scores"]),
    ]
    shape: Shape = ["N", 1, TILE, TILE]
    constants = [first, offset]
    if flat:
        nodes.append(helper.make_node("Reshape", ["s", "shape"], ["scores"]))
        constants.append(weights(np.array([-1, TILE, TILE]), "shape"))
        shape = ["N", TILE, TILE]
    return save(path, nodes, [image()], [value("scores", shape)], constants)


def two_sigmoids(path: Path, flat: bool = False, props=None) -> Path:
    """Two outputs of one class each: red, and green."""
    nodes = [conv("c"), helper.make_node("Add", ["c", "b"], ["d"]), helper.make_node("Sigmoid", ["d"], ["s"])]
    constants = [_identity(), weights(np.float32([-STEEP / 2]), "b")]
    outputs = []
    for k, name in enumerate(("output", "output2")):
        index = weights(np.array(k if flat else [k]), f"i{k}")
        nodes.append(helper.make_node("Gather", ["s", f"i{k}"], [name], axis=1))
        constants.append(index)
        outputs.append(value(name, ["N", TILE, TILE] if flat else ["N", 1, TILE, TILE]))
    return save(path, nodes, [image()], outputs, constants, props)


def two_softmaxes(path: Path, props=None) -> Path:
    """Two questions: red against the rest, and green against the rest."""
    nodes, outputs, constants = [], [], []
    for name, band in (("output", 0), ("output2", 1)):
        array = np.zeros((2, 3, 1, 1), np.float32)
        array[0] = STEEP / 6
        array[1, band] = STEEP
        constants.append(weights(array, f"w{band}"))
        nodes.append(helper.make_node("Conv", ["image", f"w{band}"], [f"c{band}"]))
        nodes.append(helper.make_node("Softmax", [f"c{band}"], [name], axis=1))
        outputs.append(value(name, ["N", 2, TILE, TILE]))
    return save(path, nodes, [image()], outputs, constants, props)


def argmax(path: Path, keep: bool = False, kind: int = TensorProto.INT64) -> Path:
    nodes = [conv("c"), helper.make_node("ArgMax", ["c"], ["a"], axis=1, keepdims=int(keep))]
    nodes.append(helper.make_node("Cast", ["a"], ["scores"], to=kind))
    shape: Shape = ["N", 1, TILE, TILE] if keep else ["N", TILE, TILE]
    return save(path, nodes, [image()], [value("scores", shape, kind)], [_identity()])


def smaller(path: Path) -> Path:
    """The answer lacks 7 px on each side."""
    kernel, out = 15, TILE - 14
    return save(path, [conv()], [image(1)], [value("scores", [1, 3, out, out])], [_identity(kernel=kernel)])


def integer_input(path: Path, kind: int) -> Path:
    """It takes raster values as they are and divides by 255 itself."""
    nodes = [
        helper.make_node("Cast", ["image"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["f", "byte"], ["x"]),
        conv(source="x"),
    ]
    constants = [_identity(), weights(np.float32(255), "byte")]
    return save(path, nodes, [image(kind=kind)], [value("scores", ["N", 3, TILE, TILE])], constants)


def half(path: Path) -> Path:
    array = numpy_helper.to_array(_identity()).astype(np.float16)
    kind = TensorProto.FLOAT16
    scores = value("scores", ["N", 3, TILE, TILE], kind)
    return save(path, [conv()], [image(kind=kind)], [scores], [weights(array, "w")])


def coarse(path: Path) -> Path:
    """Scores at a quarter of the resolution, as SegFormer gives them."""
    nodes = [conv("c"), helper.make_node("MaxPool", ["c"], ["scores"], kernel_shape=[4, 4], strides=[4, 4])]
    return save(path, nodes, [image()], [value("scores", ["N", 3, TILE // 4, TILE // 4])], [_identity()])


def super_resolution(path: Path) -> Path:
    node = helper.make_node("Resize", ["image", "", "scales"], ["scores"])
    scales = weights(np.float32([1, 1, 2, 2]), "scales")
    return save(path, [node], [image(1)], [value("scores", [1, 3, 2 * TILE, 2 * TILE])], [scales])


def detection(path: Path) -> Path:
    """YOLO's signature: boxes in a list."""
    nodes = [
        helper.make_node("AveragePool", ["image"], ["p"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Reshape", ["p", "shape"], ["boxes"]),
    ]
    constants = [weights(np.array([0, 3, 64]), "shape")]
    return save(path, nodes, [image(1)], [value("boxes", [1, 3, 64])], constants)


def recognition(path: Path) -> Path:
    node = helper.make_node("ReduceMean", ["image"], ["vector"], axes=[1, 3], keepdims=0)
    return save(path, [node], [image()], [value("vector", ["N", TILE])])


def regression(path: Path) -> Path:
    node = helper.make_node("ReduceMean", ["image"], ["scores"], axes=[1], keepdims=1)
    props = {"model_type": json.dumps("Regressor"), "class_names": '{"0": "a"}', "resolution": "5.5"}
    return save(path, [node], [image(1)], [value("scores", [1, 1, TILE, TILE])], props=props)


def add_and_subtract(path: Path, kind: int = TensorProto.INT32) -> Path:
    nodes = [
        helper.make_node("Add", ["a", "b"], ["sum"]),
        helper.make_node("Sub", ["a", "b"], ["difference"]),
    ]
    inputs = [value(name, ["N", 16], kind) for name in ("a", "b")]
    return save(path, nodes, inputs, [value(name, ["N", 16], kind) for name in ("sum", "difference")])


def text_input(path: Path) -> Path:
    node = helper.make_node("Identity", ["image"], ["scores"])
    text = TensorProto.STRING
    return save(path, [node], [image(kind=text)], [value("scores", ["N", 3, TILE, TILE], text)])


def bands_last(path: Path) -> Path:
    node = helper.make_node("Relu", ["image"], ["scores"])
    shape: Shape = ["N", TILE, TILE, 3]
    return save(path, [node], [value("image", shape)], [value("scores", shape)])


def classes_last(path: Path) -> Path:
    nodes = [conv("c"), helper.make_node("Transpose", ["c"], ["scores"], perm=[0, 2, 3, 1])]
    return save(path, nodes, [image()], [value("scores", ["N", TILE, TILE, 3])], [_identity()])


def off_centre(path: Path) -> Path:
    return save(
        path, [conv()], [image()], [value("scores", ["N", 3, TILE - 1, TILE - 1])], [_identity(kernel=2)]
    )


def _red_only() -> np.ndarray:
    array = np.zeros((1, 3, 1, 1), np.float32)
    array[0, 0] = STEEP
    return array
