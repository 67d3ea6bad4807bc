# SPDX-License-Identifier: GPL-2.0-or-later
"""Sizes of every tensor of a network for one tile, told without running it."""

from __future__ import annotations

import os
from pathlib import Path

import onnx
from onnx import ModelProto, TensorProto, ValueInfoProto

from inference_backend.models.errors import HugeTensorError, UnreadableModelError
from inference_backend.models.tensors import size_bytes

MAX_TENSOR_ENVIRONMENT = "OCSGE_MAX_TENSOR_GB"
_DEFAULT_MAX_TENSOR_GB = 4.0
_GB = 1e9
_LONGEST_SIZE_TENSOR = 10_000

Shape = tuple[int | None, ...]


def shape_of(value: ValueInfoProto) -> Shape:
    """Sizes of a tensor, None for one that is only known at run time."""
    dims = value.type.tensor_type.shape.dim
    return tuple(
        int(dim.dim_value) if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in dims
    )


def shapes_for_tile(
    path: Path, light: ModelProto, image: str, size: tuple[int, int, int, int]
) -> dict[str, Shape]:
    """Sizes of all tensors when the image is of `size`; refuses what would fill the memory.

    What cannot be told from the graph is left out.

    Args:
        path: named in errors.
        light: the model without its large weights; changed.
        image: name of the image input.
        size: N, C, H, W.

    Raises:
        HugeTensorError: a tensor is larger than `OCSGE_MAX_TENSOR_GB`, 4 by default.
        UnreadableModelError: the sizes contradict each other.
    """
    for value in light.graph.input:
        if value.name == image:
            for dim, known in zip(value.type.tensor_type.shape.dim, size, strict=True):
                dim.dim_value = known
    _forget_sizes(light)
    shapes = _checked_shapes(path, light, values_too=False)
    if _values_may_be_followed(light, shapes):
        _cut_ranges(light)
        shapes |= {
            name: shape for name, shape in _checked_shapes(path, light, values_too=True).items() if shape
        }
    return shapes


def _checked_shapes(path: Path, light: ModelProto, values_too: bool) -> dict[str, Shape]:
    """Sizes that follow from the operators, and from computed sizes where `values_too`."""
    try:
        inferred = onnx.shape_inference.infer_shapes(light, data_prop=values_too)
    except (onnx.shape_inference.InferenceError, ValueError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UnreadableModelError(path=path, reason_en=reason, reason_fr=reason) from error
    makers = {name: node.op_type for node in light.graph.node for name in node.output}
    shapes = {}
    for value in (*inferred.graph.value_info, *inferred.graph.output):
        if value.type.tensor_type.HasField("shape"):
            shapes[value.name] = shape_of(value)
            _refuse_huge(path, value, makers.get(value.name, "?"))
    return shapes


def _values_may_be_followed(light: ModelProto, shapes: dict[str, Shape]) -> bool:
    """Whether ONNX may compute with the values of size tensors.

    It does so with all of their values in memory, so a file that makes long ones could fill it; subgraphs and
    functions are not looked into here.
    """
    has_parts = bool(light.functions) or any(
        attribute.HasField("g") or attribute.graphs
        for node in light.graph.node
        for attribute in node.attribute
    )
    longest = max((shape[0] or 0 for shape in shapes.values() if len(shape) == 1), default=0)
    return not has_parts and longest <= _LONGEST_SIZE_TENSOR


def _cut_ranges(light: ModelProto) -> None:
    """Take out the one operator that makes a long tensor from three numbers."""
    ranges = [node for node in light.graph.node if node.op_type == "Range"]
    for node in ranges:
        name = node.output[0]
        light.graph.input.append(
            onnx.helper.make_tensor_value_info(name, TensorProto.INT64, [f"{name}_length"])
        )
        light.graph.node.remove(node)


def _forget_sizes(light: ModelProto) -> None:
    """Sizes declared for a free tile hide those of this one."""
    del light.graph.value_info[:]
    for value in light.graph.output:
        rank = len(value.type.tensor_type.shape.dim)
        for axis in range(rank):
            value.type.tensor_type.shape.dim[axis].Clear()


def _refuse_huge(path: Path, value: ValueInfoProto, operator: str) -> None:
    known = [size for size in shape_of(value) if size is not None]
    size_gb = size_bytes(known, value.type.tensor_type.elem_type) / _GB
    limit_gb = _limit_gb()
    if size_gb > limit_gb:
        raise HugeTensorError(
            path=path,
            tensor=value.name,
            operator=operator,
            size_gb=f"{size_gb:.3g}",
            limit_gb=f"{limit_gb:g}",
        )


def _limit_gb() -> float:
    try:
        return float(os.environ.get(MAX_TENSOR_ENVIRONMENT, _DEFAULT_MAX_TENSOR_GB))
    except ValueError:
        return _DEFAULT_MAX_TENSOR_GB
