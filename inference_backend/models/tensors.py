# SPDX-License-Identifier: GPL-2.0-or-later
"""Every tensor stored in an ONNX file: where its values are, and whether they are as many as it declares.

A model is one file here. Weights in other files are refused before anything is opened: a file that may name
others could read what its author has no right to, and half a model is easily lost when it is copied.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto

from inference_backend.models.errors import ExternalWeightsError, FalseTensorError, UnreadableModelError

MAX_TENSOR_RANK = 64
_BITS = {
    TensorProto.FLOAT: 32,
    TensorProto.UINT8: 8,
    TensorProto.INT8: 8,
    TensorProto.UINT16: 16,
    TensorProto.INT16: 16,
    TensorProto.INT32: 32,
    TensorProto.INT64: 64,
    TensorProto.BOOL: 8,
    TensorProto.FLOAT16: 16,
    TensorProto.DOUBLE: 64,
    TensorProto.UINT32: 32,
    TensorProto.UINT64: 64,
    TensorProto.COMPLEX64: 64,
    TensorProto.COMPLEX128: 128,
    TensorProto.BFLOAT16: 16,
    TensorProto.UINT4: 4,
    TensorProto.INT4: 4,
}
_FIELDS = ("float_data", "int32_data", "int64_data", "double_data", "uint64_data", "string_data")


def check_tensors(path: Path, model: ModelProto) -> None:
    """Refuse tensors that lie elsewhere or are not of the size they declare.

    Raises:
        ExternalWeightsError: a tensor's values are in another file.
        FalseTensorError: a tensor declares more or fewer values than it holds.
        UnreadableModelError: sizes that no tensor can have.
    """
    for tensor in stored_tensors(model):
        if is_external(tensor):
            raise ExternalWeightsError(path=path, tensor=_name(tensor), location=location_of(tensor))
        _check_size(path, tensor)


def is_external(tensor: TensorProto) -> bool:
    """Whether the values are said to be in another file."""
    return bool(tensor.data_location == TensorProto.EXTERNAL or len(tensor.external_data))


def location_of(tensor: TensorProto) -> str:
    """The file that an external tensor names."""
    return next((str(entry.value) for entry in tensor.external_data if entry.key == "location"), "?")


def size_bytes(dims: Iterable[int], element_type: int) -> int:
    """Bytes of a tensor of these sizes; 4 bytes an element where the type is unknown."""
    bits: int = _BITS.get(element_type, 32)
    return (math.prod(dims) * bits + 7) // 8


def stored_tensors(model: ModelProto) -> Iterator[TensorProto]:
    """Tensors of the graph, its subgraphs, the functions and the training part."""
    yield from _of_graph(model.graph)
    for function in model.functions:
        yield from _of_nodes(function.node)
    for training in model.training_info:
        yield from _of_graph(training.initialization)
        yield from _of_graph(training.algorithm)


def _of_graph(graph: GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield sparse.values
        yield sparse.indices
    yield from _of_nodes(graph.node)


def _of_nodes(nodes: Iterable[NodeProto]) -> Iterator[TensorProto]:
    for node in nodes:
        for attribute in node.attribute:
            yield from _of_attribute(attribute)


def _of_attribute(attribute: AttributeProto) -> Iterator[TensorProto]:
    if attribute.HasField("t"):
        yield attribute.t
    yield from attribute.tensors
    for sparse in (
        *((attribute.sparse_tensor,) if attribute.HasField("sparse_tensor") else ()),
        *attribute.sparse_tensors,
    ):
        yield sparse.values
        yield sparse.indices
    for graph in (*((attribute.g,) if attribute.HasField("g") else ()), *attribute.graphs):
        yield from _of_graph(graph)


def _check_size(path: Path, tensor: TensorProto) -> None:
    dims = list(tensor.dims)
    if len(dims) > MAX_TENSOR_RANK or any(size < 0 for size in dims):
        reason = f"{_name(tensor)} {dims[:8]}"
        raise UnreadableModelError(path=path, reason_en=f"tensor {reason}", reason_fr=f"tenseur {reason}")
    declared, present = math.prod(dims), _values_present(tensor)
    if declared != present:
        raise FalseTensorError(path=path, tensor=_name(tensor), dims=dims, declared=declared, present=present)


def _values_present(tensor: TensorProto) -> int:
    bits: int = _BITS.get(tensor.data_type, 8)
    declared: int = math.prod(tensor.dims)
    if tensor.HasField("raw_data"):
        # Two values of 4 bits share a byte, so their number is only known up to one.
        held: int = len(tensor.raw_data)
        return declared if held == (declared * bits + 7) // 8 else held * 8 // bits
    stored: int = max(len(getattr(tensor, field)) for field in _FIELDS)
    if bits == 4 and stored == (declared + 1) // 2:
        return declared
    return stored // 2 if tensor.data_type in (TensorProto.COMPLEX64, TensorProto.COMPLEX128) else stored


def _name(tensor: TensorProto) -> str:
    return str(tensor.name) or f"without a name, {list(tensor.dims)[:8]}"
