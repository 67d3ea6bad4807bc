# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiny interactive models with the signatures of SAM and SAM 2, for tests and for trying the tool.

Nothing is learnt: the embedding of a pixel is its smoothed colours and where it is, and a mask is what lies
nearer to the positive points than to the negative ones in that space. Enough to segment a field or a roof;
the real models come as files of the same form, from samexporter for instance.

    python -m scripts.interactive_models FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE_PX, MASK_PX = 1024, 256
REACHES = (0.02, 0.06, 0.2)
"""Squared distances that are still the same thing, a mask each: a part, a thing, a whole."""
PLACE_WEIGHT = 0.6
CHANNELS, SAM2_CHANNELS = 256, (256, 64, 32)


class Graph:
    """Nodes and constants of one model, gathered in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: object, kind: type = np.float32) -> str:
        """Name of a constant."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def add(self, kind: str, *inputs: str, out: str = "", **attributes: object) -> str:
        """Name of a node's output."""
        name = out or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def write(self, path: Path, inputs: dict[str, list[object]], outputs: dict[str, list[object]]) -> None:
        """Check and write the model."""
        entries = [
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in named.items()]
            for named in (inputs, outputs)
        ]
        graph = helper.make_graph(self.nodes, path.stem, *entries, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)


def _features(graph: Graph, image: str, side: int, channels: int, out: str) -> None:
    """Colours at a resolution of `side`, places, zeros up to `channels`; `image` is NCHW around [-2, 2]."""
    step = SIDE_PX // side
    small = graph.add("AveragePool", image, kernel_shape=[step, step], strides=[step, step])
    scaled = graph.add("Mul", small, graph.constant(0.25))
    ramp = np.linspace(0, PLACE_WEIGHT, side, dtype=np.float32)
    places = np.stack(np.meshgrid(ramp, ramp))[None]
    empty = graph.add("ConstantOfShape", graph.constant([1, channels - 5, side, side], np.int64))
    graph.add("Concat", scaled, graph.constant(places), empty, axis=1, out=out)


def _sam_encoder(path: Path) -> None:
    """`input_image` (H, W, 3) in 0..255, its longer side 1024, as the exports with preprocessing take it."""
    graph = Graph()
    centred = graph.add("Sub", "input_image", graph.constant([123.675, 116.28, 103.53]))
    normal = graph.add("Div", centred, graph.constant([58.395, 57.12, 57.375]))
    planes = graph.add(
        "Unsqueeze", graph.add("Transpose", normal, perm=[2, 0, 1]), graph.constant([0], np.int64)
    )
    size = graph.add("Shape", planes)
    missing = graph.add("Sub", graph.constant([1, 3, SIDE_PX, SIDE_PX], np.int64), size)
    pads = graph.add("Concat", graph.constant([0, 0, 0, 0], np.int64), missing, axis=0)
    padded = graph.add("Pad", planes, pads)
    shaped = graph.add("Reshape", padded, graph.constant([1, 3, SIDE_PX, SIDE_PX], np.int64))
    _features(graph, shaped, 64, CHANNELS, "image_embeddings")
    graph.write(path, {"input_image": ["height", "width", 3]}, {"image_embeddings": [1, CHANNELS, 64, 64]})


def _sam2_encoder(path: Path) -> None:
    graph, outputs = Graph(), {}
    names = ("image_embed", "high_res_feats_1", "high_res_feats_0")
    for name, channels, side in zip(names, SAM2_CHANNELS, (64, 128, 256), strict=True):
        _features(graph, "image", side, channels, name)
        outputs[name] = [1, channels, side, side]
    ordered = {name: outputs[name] for name in ("high_res_feats_0", "high_res_feats_1", "image_embed")}
    graph.write(path, {"image": [1, 3, SIDE_PX, SIDE_PX]}, ordered)


def _logits(graph: Graph, embedding: str, channels: int, side: int) -> str:
    """(1, 3, side, side): below 0 where a pixel is nearer to a negative point, or too far from every one."""
    labels = graph.add("Unsqueeze", "point_labels", graph.constant([2], np.int64))  # (1, N, 1)
    corner = {n: graph.add("Equal", labels, graph.constant(float(n))) for n in (2, 3)}
    zero = graph.constant(0.0)
    low, high = (
        graph.add(
            "ReduceSum",
            graph.add("Where", corner[n], "point_coords", zero),
            graph.constant([1], np.int64),
            keepdims=1,
        )
        for n in (2, 3)
    )  # (1, 1, 2)
    is_box = graph.add("ReduceMax", graph.add("Cast", corner[3], to=TensorProto.FLOAT), axes=[1], keepdims=1)
    middle = graph.add("Mul", graph.add("Add", low, high), graph.constant(0.5))
    points = graph.add("Concat", "point_coords", middle, axis=1)  # a box counts as its middle, too
    kinds = graph.add(
        "Concat",
        labels,
        graph.add("Sub", graph.add("Mul", is_box, graph.constant(2.0)), graph.constant(1.0)),
        axis=1,
    )
    grid = graph.add("Sub", graph.add("Mul", points, graph.constant(2.0 / SIDE_PX)), graph.constant(1.0))
    spots = graph.add("Unsqueeze", grid, graph.constant([1], np.int64))  # (1, 1, N, 2)
    seen = graph.add("GridSample", embedding, spots, mode="bilinear", padding_mode="border", align_corners=0)
    seen = graph.add("Reshape", seen, graph.constant([channels, -1], np.int64))  # (C, N)
    flat = graph.add("Reshape", embedding, graph.constant([channels, side * side], np.int64))
    inner = graph.add("MatMul", graph.add("Transpose", seen, perm=[1, 0]), flat)  # (N, P)
    squares = [
        graph.add("ReduceSum", graph.add("Mul", x, x), graph.constant([0], np.int64), keepdims=0)
        for x in (seen, flat)
    ]
    summed = graph.add("Add", graph.add("Unsqueeze", squares[0], graph.constant([1], np.int64)), squares[1])
    distance = graph.add("Sub", summed, graph.add("Mul", inner, graph.constant(2.0)))
    far = graph.constant(100.0)
    column = graph.add("Reshape", kinds, graph.constant([-1, 1], np.int64))
    nearest = [
        graph.add(
            "ReduceMin",
            graph.add("Where", graph.add("Equal", column, graph.constant(kind)), distance, far),
            axes=[0],
            keepdims=1,
        )
        for kind in (1.0, 0.0)
    ]  # (1, P) each
    reach = graph.constant(np.array(REACHES)[:, None])
    logits = graph.add("Sub", graph.add("Min", nearest[1], reach), nearest[0])  # (3, P)
    planes = graph.add("Reshape", logits, graph.constant([1, len(REACHES), side, side], np.int64))
    return _outside_box(graph, planes, low, high, is_box, side)


def _outside_box(graph: Graph, planes: str, low: str, high: str, is_box: str, side: int) -> str:
    """Nothing is inside the mask that is outside the box, where there is one."""
    centres = (np.arange(side, dtype=np.float32) + 0.5) * SIDE_PX / side
    grid = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(1, side * side, 2)
    places = graph.constant(grid)
    inside = graph.add(
        "And", graph.add("GreaterOrEqual", places, low), graph.add("LessOrEqual", places, high)
    )
    both = graph.add("ReduceMin", graph.add("Cast", inside, to=TensorProto.FLOAT), axes=[2], keepdims=0)
    plane = graph.add("Reshape", both, graph.constant([1, 1, side, side], np.int64))
    without = graph.add(
        "Sub", graph.constant(1.0), graph.add("Reshape", is_box, graph.constant([1, 1, 1, 1], np.int64))
    )
    kept = graph.add("Max", plane, without)
    return graph.add("Where", graph.add("Greater", kept, graph.constant(0.5)), planes, graph.constant(-1.0))


def _ending(graph: Graph, logits: str, out: str, side: int) -> None:
    """The mask given before counts as well, and how clear a mask is says how good."""
    prior = graph.add(
        "Mul", "mask_input", graph.add("Reshape", "has_mask_input", graph.constant([1, 1, 1, 1], np.int64))
    )
    if side != MASK_PX:
        step = MASK_PX // side
        prior = graph.add("AveragePool", prior, kernel_shape=[step, step], strides=[step, step])
    summed = graph.add("Add", logits, graph.add("Mul", prior, graph.constant(0.01)))
    if side != MASK_PX:
        sizes = graph.constant([1, len(REACHES), MASK_PX, MASK_PX], np.int64)
        graph.nodes.append(helper.make_node("Resize", [summed, "", "", sizes], [out], mode="linear"))
    else:
        graph.add("Identity", summed, out=out)
    clear = graph.add(
        "Greater", graph.add("Abs", summed), graph.constant(np.array(REACHES)[None, :, None, None] / 4)
    )
    share = graph.add("ReduceMean", graph.add("Cast", clear, to=TensorProto.FLOAT), axes=[2, 3], keepdims=0)
    graph.add("Mul", share, graph.constant([[0.9, 1.0, 0.95]]), out="iou_predictions")


PROMPT: dict[str, list[object]] = {
    "point_coords": [1, "points", 2],
    "point_labels": [1, "points"],
    "mask_input": [1, 1, MASK_PX, MASK_PX],
    "has_mask_input": [1],
}


def _sam_decoder(path: Path) -> None:
    graph = Graph()
    _ending(graph, _logits(graph, "image_embeddings", CHANNELS, 64), "low_res_masks", 64)
    # Enlarged without cropping: right for square images, like the exports that freeze a shape.
    size = graph.add("Cast", "orig_im_size", to=TensorProto.INT64)
    sizes = graph.add("Concat", graph.constant([1, len(REACHES)], np.int64), size, axis=0)
    graph.nodes.append(helper.make_node("Resize", ["low_res_masks", "", "", sizes], ["masks"], mode="linear"))
    inputs = {"image_embeddings": [1, CHANNELS, 64, 64], **PROMPT, "orig_im_size": [2]}
    outputs = {
        "masks": [1, len(REACHES), "height", "width"],
        "iou_predictions": [1, len(REACHES)],
        "low_res_masks": [1, len(REACHES), MASK_PX, MASK_PX],
    }
    graph.write(path, inputs, outputs)


def _sam2_decoder(path: Path) -> None:
    graph = Graph()
    logits = _logits(graph, "high_res_feats_0", SAM2_CHANNELS[2], MASK_PX)
    # The coarser embeddings say no more than the finest one here; they are inputs all the same.
    for name in ("image_embed", "high_res_feats_1"):
        nothing = graph.add("Mul", graph.add("ReduceMean", name, keepdims=1), graph.constant(0.0))
        logits = graph.add("Add", logits, nothing)
    _ending(graph, logits, "masks", MASK_PX)
    embeddings = zip(
        ("image_embed", "high_res_feats_0", "high_res_feats_1"),
        ((256, 64), (32, 256), (64, 128)),
        strict=True,
    )
    inputs = {name: [1, channels, side, side] for name, (channels, side) in embeddings}
    outputs = {"masks": [1, len(REACHES), MASK_PX, MASK_PX], "iou_predictions": [1, len(REACHES)]}
    graph.write(path, {**inputs, **PROMPT}, outputs)


def write_models(folder: Path) -> None:
    """Two pairs: `toy-sam` and `toy-sam2`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, encoder, decoder in (
        ("toy-sam", _sam_encoder, _sam_decoder),
        ("toy-sam2", _sam2_encoder, _sam2_decoder),
    ):
        encoder(folder / f"{name}.encoder.onnx")
        decoder(folder / f"{name}.decoder.onnx")


def main() -> int:
    """Write the models into the folder given."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    write_models(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
