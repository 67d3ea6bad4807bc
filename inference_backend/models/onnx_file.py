# SPDX-License-Identifier: GPL-2.0-or-later
"""An ONNX file opened with distrust: parsed and checked, nothing of it run and no other file opened."""

from __future__ import annotations

import math
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from onnx import ModelProto

from inference_backend.models.errors import UnreadableModelError, UnsupportedModelError
from inference_backend.models.tensors import check_tensors

MAX_FILE_BYTES = 2**31 - 1
"""Protocol buffers end there."""
_LARGE_VALUES = 1024
_NOT_TEXT = ("a name in it is not UTF-8 text", "un nom n'y est pas du texte UTF-8")
_KNOWN_DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")


def open_onnx(path: Path) -> ModelProto:
    """Parse and check a file; the graph's shapes are not looked at.

    Raises:
        UnreadableModelError: missing, empty, damaged, or not ONNX.
        ExternalWeightsError: weights in another file.
        FalseTensorError: a tensor is not of the size that it declares.
        UnsupportedModelError: operators that no engine here has.
    """
    model = parse_onnx(path)
    check_onnx(path, model)
    return model


def check_onnx(path: Path, model: ModelProto) -> None:
    """The checks of `open_onnx`."""
    try:
        check_tensors(path, model)
        _check_domains(path, model)
        onnx.checker.check_model(without_weights(model))
    except UnicodeDecodeError as error:
        raise _unreadable(path, *_NOT_TEXT) from error
    except (onnx.checker.ValidationError, ValueError, DecodeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise _unreadable(path, reason, reason) from error


def parse_onnx(path: Path) -> ModelProto:
    """The file as a message, its weights not looked at.

    Raises:
        UnreadableModelError: missing, empty, too large, or not ONNX.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise _unreadable(path, "it is not a file", "ce n'est pas un fichier")
        if size == 0:
            raise _unreadable(path, "the file is empty", "le fichier est vide")
        if size > MAX_FILE_BYTES:
            raise _unreadable(path, "it is larger than 2 GiB", "il dépasse 2 Gio")
        model = ModelProto.FromString(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, *(error.strerror or str(error),) * 2) from error
    except DecodeError as error:
        what = ("it is truncated, or not an ONNX file", "il est tronqué, ou n'est pas un fichier ONNX")
        raise _unreadable(path, *what) from error
    if not model.HasField("graph") or not model.graph.node:
        raise _unreadable(path, "there is no network in it", "il ne contient pas de réseau")
    return model


def metadata_of(path: Path, model: ModelProto) -> dict[str, str]:
    """`metadata_props`.

    Raises:
        UnreadableModelError: a key or value is not UTF-8 text.
    """
    found = {}
    for entry in model.metadata_props:
        # Where the text is not UTF-8, protobuf gives bytes.
        if isinstance(entry.key, bytes) or isinstance(entry.value, bytes):
            key = entry.key if isinstance(entry.key, str) else ascii(entry.key)
            raise _unreadable(
                path, f"metadata {key} is not UTF-8 text", f"la métadonnée {key} n'est pas du texte UTF-8"
            )
        found[entry.key] = entry.value
    return found


def without_weights(model: ModelProto) -> ModelProto:
    """A copy in which large weights are inputs, so that checks do not carry them around."""
    light = ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    light.functions.MergeFrom(model.functions)
    source, graph = model.graph, light.graph
    graph.name = "graph"
    graph.node.MergeFrom(source.node)
    graph.input.MergeFrom(source.input)
    graph.output.MergeFrom(source.output)
    graph.value_info.MergeFrom(source.value_info)
    graph.sparse_initializer.MergeFrom(source.sparse_initializer)
    inputs = {value.name for value in source.input}
    for tensor in source.initializer:
        if len(tensor.dims) <= 1 and math.prod(tensor.dims) <= _LARGE_VALUES:
            graph.initializer.append(tensor)  # shapes may depend on it
        elif tensor.name not in inputs:
            kind = onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            graph.input.append(kind)
    return light


def _check_domains(path: Path, model: ModelProto) -> None:
    own = {function.domain for function in model.functions}
    for node in model.graph.node:
        if any(isinstance(name, bytes) for name in (node.op_type, node.domain, node.name)):
            raise _unreadable(path, *_NOT_TEXT)
        if node.domain not in _KNOWN_DOMAINS and node.domain not in own:
            name = f"{node.domain}.{node.op_type}"
            raise UnsupportedModelError(
                path=path,
                why_en=f"its operator {name} belongs to no library that is installed",
                why_fr=f"son opérateur {name} n'appartient à aucune bibliothèque installée",
                remedy_en="Export it with the standard operators of ONNX.",
                remedy_fr="Exportez-le avec les opérateurs standard d'ONNX.",
            )


def _unreadable(path: Path, reason_en: str, reason_fr: str) -> UnreadableModelError:
    return UnreadableModelError(path=path, reason_en=reason_en, reason_fr=reason_fr)
