# SPDX-License-Identifier: GPL-2.0-or-later
"""What an ONNX file says of its own input and output; knows nothing of cards or rasters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types

from inference_backend.models.errors import ModelShapeMismatchError, UnreadableModelError

_IMAGE = "[N or 1, C, H, W] float32"
_OUT = "[N, K, H, W] or [N, H, W]"
_INTEGER_TYPES = (onnx.TensorProto.INT64, onnx.TensorProto.INT32, onnx.TensorProto.UINT8)


@dataclass(frozen=True)
class GraphFacts:
    """One image input, one score output. None stands for a size that is only known at run time.

    Attributes:
        input_name: name of the image tensor.
        channels: size of axis 1 of the input.
        tile: (height, width) of the input, px.
        output_name: name of the score tensor.
        classes: size of axis 1 of the output; 1 for a [N, H, W] output.
        last_operator: ONNX operator that makes the output, for instance `Softmax`.
        integer_output: whether the output holds class indices.
        metadata: `metadata_props` as text.
    """

    input_name: str
    channels: int | None
    tile: tuple[int | None, int | None]
    output_name: str
    classes: int | None
    last_operator: str
    integer_output: bool
    metadata: dict[str, str]


def read_graph(path: Path) -> GraphFacts:
    """Read the structure of an ONNX file, weights kept aside.

    Raises:
        UnreadableModelError: missing, damaged, or not ONNX.
        ModelShapeMismatchError: not one 4-D float32 input and one 3-D or 4-D output.
    """
    model = _load(path)
    weights = {tensor.name for tensor in model.graph.initializer}
    image = _only(path, "input", [value for value in model.graph.input if value.name not in weights])
    scores = _only(path, "output", list(model.graph.output))
    shape_in, shape_out = _shape(image), _shape(scores)
    one_by_one = len(shape_in) == 4 and shape_in[0] in (None, 1)
    if not one_by_one or image.type.tensor_type.elem_type != onnx.TensorProto.FLOAT:
        raise ModelShapeMismatchError(path=path, tensor=image.name, shape=_describe(image), expected=_IMAGE)
    if len(shape_out) not in (3, 4):
        raise ModelShapeMismatchError(path=path, tensor=scores.name, shape=_describe(scores), expected=_OUT)
    return GraphFacts(
        input_name=image.name,
        channels=shape_in[1],
        tile=(shape_in[2], shape_in[3]),
        output_name=scores.name,
        classes=shape_out[1] if len(shape_out) == 4 else 1,
        last_operator=_operator_of(model, scores.name),
        integer_output=scores.type.tensor_type.elem_type in _INTEGER_TYPES,
        metadata={entry.key: entry.value for entry in model.metadata_props},
    )


def _load(path: Path) -> onnx.ModelProto:
    try:
        model = onnx.load(str(path), load_external_data=False)
        onnx.checker.check_model(model)
    except (OSError, DecodeError, onnx.checker.ValidationError, ValueError) as error:
        reason = str(error).strip().splitlines()
        raise UnreadableModelError(path=path, reason=reason[0] if reason else type(error).__name__) from error
    return model


def _only(path: Path, role: str, values: list[onnx.ValueInfoProto]) -> onnx.ValueInfoProto:
    if len(values) != 1:
        names = ", ".join(value.name for value in values) or "-"
        raise ModelShapeMismatchError(
            path=path, tensor=f"{role} ({names})", shape=f"x {len(values)}", expected="x 1"
        )
    return values[0]


def _shape(value: onnx.ValueInfoProto) -> list[int | None]:
    dims = value.type.tensor_type.shape.dim
    return [int(dim.dim_value) if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in dims]


def _describe(value: onnx.ValueInfoProto) -> str:
    sizes = ", ".join("?" if size is None else str(size) for size in _shape(value))
    return f"[{sizes}] {onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type).lower()}"


def _operator_of(model: onnx.ModelProto, tensor: str) -> str:
    return next((str(node.op_type) for node in model.graph.node if tensor in node.output), "")
