# SPDX-License-Identifier: GPL-2.0-or-later
"""What an ONNX file says of its own input and outputs; knows nothing of cards or rasters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from onnx import ModelProto, TensorProto, ValueInfoProto

from inference_backend.models.kinds import refuse_other_inputs, refuse_other_kinds, refuse_other_outputs
from inference_backend.models.onnx_file import metadata_of, open_onnx, without_weights
from inference_backend.models.reach import reach_px
from inference_backend.models.shapes import Shape, shape_of, shapes_for_tile

_TYPE_NAMES = {TensorProto.FLOAT: "float32", TensorProto.DOUBLE: "float64", TensorProto.STRING: "string"}
_MOVING = {
    *("Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Gather", "Slice", "Concat"),
    *("Cast", "CastLike", "Resize", "Upsample", "Crop", "QuantizeLinear", "DequantizeLinear"),
}
"""Operators after which a score still is the score that it was."""
_ASSUMED_CHANNELS, _ASSUMED_TILE_PX = 3, 512


@dataclass(frozen=True)
class OutputFacts:
    """One score output.

    Attributes:
        name: of the tensor.
        dtype: numpy name of its type.
        shape: [N, K, H, W] or [N, H, W], None for a size that is only known at run time.
        operator: the ONNX operator that makes the scores, for instance `Softmax`.
        lost_px: pixels that the output lacks on each side of the input, None where it is not known.
    """

    name: str
    dtype: str
    shape: Shape
    operator: str
    lost_px: int | None

    @property
    def classes(self) -> int | None:
        """Size of axis 1; 1 for [N, H, W]."""
        return self.shape[1] if len(self.shape) == 4 else 1

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Height and width, px."""
        return self.shape[-2], self.shape[-1]

    @property
    def is_integer(self) -> bool:
        """Whether it holds class indices."""
        return self.dtype.startswith(("int", "uint"))


@dataclass(frozen=True)
class GraphFacts:
    """One image input, one or several score outputs. None stands for a size only known at run time.

    Attributes:
        input_name: name of the image tensor.
        channels: size of axis 1 of the input.
        tile: (height, width) of the input, px.
        outputs: score tensors, in the graph's order.
        metadata: `metadata_props` as text.
        input_dtype: numpy name of the type that the network takes: float32, float16, uint8 or uint16.
        batch: number of images that the network takes at once, None where any number will do.
        reach_px: how far around a pixel the scores depend on the image, None where that is not known.
    """

    input_name: str
    channels: int | None
    tile: tuple[int | None, int | None]
    outputs: tuple[OutputFacts, ...]
    metadata: dict[str, str]
    input_dtype: str = "float32"
    batch: int | None = None
    reach_px: int | None = None

    @property
    def output_name(self) -> str:
        """Name of the first output."""
        return self.outputs[0].name

    def output(self, name: str) -> OutputFacts | None:
        """The output of this name."""
        return next((output for output in self.outputs if output.name == name), None)


def read_graph(path: Path) -> GraphFacts:
    """Read the structure of an ONNX file, weights kept aside.

    Raises:
        ModelError: damaged, hostile, or not a segmentation network that can be run.
    """
    return facts_of(path, open_onnx(path))


def facts_of(path: Path, model: ModelProto) -> GraphFacts:
    """What a checked model says of itself; a network of any size is looked at with a tile of 512 px.

    Raises:
        ModelError: hostile, or not a segmentation network that can be run.
    """
    metadata = metadata_of(path, model)
    refuse_other_kinds(path, metadata)
    weights = {tensor.name for tensor in model.graph.initializer}
    images = [value for value in model.graph.input if value.name not in weights]
    refuse_other_inputs(path, [(value.name, type_name(value), shape_of(value)) for value in images])
    image = images[0]
    batch, channels, height, width = shape_of(image)
    size = tile_looked_at(shape_of(image))
    shapes = shapes_for_tile(path, without_weights(model), image.name, size)
    outputs = [_output(model, value, shapes, size[2:]) for value in model.graph.output]
    usable = refuse_other_outputs(path, size, [(o.name, o.dtype, o.shape) for o in outputs])
    free = (height is None, width is None)
    kept = tuple(_forget_free(output, free) for output in outputs if output.name in usable)
    return GraphFacts(
        image.name,
        channels,
        (height, width),
        kept,
        metadata,
        type_name(image),
        batch,
        _reach(model, image, kept),
    )


def tile_looked_at(shape: Shape) -> tuple[int, int, int, int]:
    """N, C, H, W of an input, with usual sizes for those that are only known at run time."""
    usual = (1, _ASSUMED_CHANNELS, _ASSUMED_TILE_PX, _ASSUMED_TILE_PX)
    batch, channels, height, width = (size or free for size, free in zip(shape, usual, strict=True))
    return batch, channels, height, width


def type_name(value: ValueInfoProto) -> str:
    """Numpy's name of a tensor's type, lower case ONNX name where numpy has none."""
    kind = value.type.tensor_type.elem_type
    if kind not in TensorProto.DataType.values():
        return f"type {kind}"
    return _TYPE_NAMES.get(kind) or str(TensorProto.DataType.Name(kind)).lower()


def _output(
    model: ModelProto, value: ValueInfoProto, shapes: dict[str, Shape], tile: tuple[int, int]
) -> OutputFacts:
    """Facts for one tile: what the file declares may be wrong, what follows from its operators is not."""
    declared, inferred = shape_of(value), shapes.get(value.name, ())
    shape = declared
    if len(inferred) == len(declared) or not declared:
        # Sizes that are declared stand in for those that cannot be told.
        known = declared or (None,) * len(inferred)
        shape = tuple(a if a is not None else b for a, b in zip(inferred, known, strict=True))
    lost = tile[1] - (shape[-1] or 0) if len(shape) in (3, 4) and shape[-1] else None
    operator = _operator_of(model, value.name)
    return OutputFacts(value.name, type_name(value), (None, *shape[1:]), operator, lost and lost // 2)


def _reach(model: ModelProto, image: ValueInfoProto, outputs: Sequence[OutputFacts]) -> int | None:
    """The furthest of all outputs' reaches."""
    reaches = [reach_px(model, image.name, output.name, output.lost_px) for output in outputs]
    known = [reach for reach in reaches if reach is not None]
    return max(known) if known and len(known) == len(reaches) else None


def _forget_free(output: OutputFacts, free: tuple[bool, bool]) -> OutputFacts:
    """Sizes that depend on the tile are not the output's."""
    height, width = (None if is_free else size for size, is_free in zip(output.size, free, strict=True))
    return replace(output, shape=(*output.shape[:-2], height, width))


def _operator_of(model: ModelProto, tensor: str) -> str:
    """The operator that made the scores, those that only move them left aside."""
    makers = {name: node for node in model.graph.node for name in node.output}
    last = makers.get(tensor)
    node, seen = last, set()
    while node is not None and node.op_type in _MOVING and node.input and node.output[0] not in seen:
        seen.add(node.output[0])
        node = makers.get(node.input[0])
    named = node if node is not None else last
    return str(named.op_type) if named is not None else ""
