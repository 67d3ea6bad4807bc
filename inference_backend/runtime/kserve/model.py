# SPDX-License-Identifier: GPL-2.0-or-later
"""What a server says of one of its models, and whether a card's raster values may be sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.kserve.errors import BadServerAnswerError, RemoteModelMismatchError
from inference_backend.runtime.kserve.wire import BINARY_EXTENSION, MAX_DIMENSIONS

PARAMETER_CARD = "ocsge_card"
PARAMETER_INPUT = "ocsge_input"
RASTER_VALUES = "raster"
"""Value of `ocsge_input`: the server takes raster values of any type and standardises them itself."""
PARAMETER_PRECISION = "ocsge_precision"
PARAMETER_WORKERS = "ocsge_workers"
PARAMETER_MIN_CONFIDENCE = "min_confidence"
PLANES = "planes"
"""Output with the four bytes of a prediction for each pixel, see `contracts.prediction`."""
INPUT_TYPES = ("UINT8", "UINT16", "INT16", "FP16", "FP32")
SCORE_TYPES = ("FP16", "FP32", "FP64")
INDEX_TYPES = ("UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64")
DEFAULT_WORKERS = 4
_MAX_WORKERS = 64


@dataclass(frozen=True)
class RemoteModel:
    """A server's model, found to fit the card.

    Attributes:
        path: of the model, from `/v2` on.
        input_name: name of the image tensor.
        input_type: datatype of the image tensor, for instance `UINT8`.
        takes_raster_values: whether the server standardises; always true of integers.
        takes_any_type: whether raster values of every type of `INPUT_TYPES` are welcome.
        has_batch_axis: whether the image tensor is (N, C, H, W) rather than (C, H, W).
        outputs: names of the score tensors.
        is_binary: whether tensors may follow the JSON.
        has_planes: whether the server makes the prediction's planes itself.
        precision: of its arithmetic, `remote` where it does not say.
        workers: requests that should be under way at once.
    """

    path: str
    input_name: str
    input_type: str
    takes_raster_values: bool
    takes_any_type: bool
    has_batch_axis: bool
    outputs: tuple[str, ...]
    is_binary: bool
    has_planes: bool
    precision: str
    workers: int


@dataclass(frozen=True)
class _TensorFacts:
    """One line of a model's metadata; a size of None is known at run time only."""

    name: str
    datatype: str
    shape: tuple[int | None, ...]


def remote_model(
    url: str, path: str, server: dict[str, Any], metadata: dict[str, Any], model: ModelFile
) -> RemoteModel:
    """Read a server's and a model's metadata and compare them with a card.

    Args:
        url: of the model, for messages.
        path: of the model, from `/v2` on.
        server: answer of `GET v2`.
        metadata: answer of `GET v2/models/NAME`; some servers leave inputs and outputs out.
        model: whose card says what is needed.

    Raises:
        BadServerAnswerError: metadata that is none.
        RemoteModelMismatchError: another number of channels or classes, tile size or type of values.
    """
    inputs, outputs = (_tensors(url, metadata, side) for side in ("inputs", "outputs"))
    parameters = metadata.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    image = _image(url, inputs, model)
    own = parameters.get(PARAMETER_INPUT) == RASTER_VALUES
    scores = _scores(url, [tensor for tensor in outputs if not own or tensor.name != PLANES], model, own)
    extensions = server.get("extensions")
    workers = parameters.get(PARAMETER_WORKERS)
    return RemoteModel(
        path=path,
        input_name=image.name,
        input_type=image.datatype,
        takes_raster_values=own or not image.datatype.startswith("FP"),
        takes_any_type=own,
        has_batch_axis=len(image.shape) != 3,
        outputs=tuple(tensor.name for tensor in scores),
        is_binary=isinstance(extensions, list) and BINARY_EXTENSION in extensions,
        has_planes=own and any(tensor.name == PLANES for tensor in outputs),
        precision=str(parameters.get(PARAMETER_PRECISION, "remote"))[:20],
        # One more than the server computes at once, so that it never waits for the network.
        workers=min(workers, _MAX_WORKERS) + 1 if type(workers) is int and workers > 0 else DEFAULT_WORKERS,
    )


def _tensors(url: str, metadata: dict[str, Any], side: str) -> list[_TensorFacts]:
    entries = metadata.get(side) or []
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        shapes = [entry.get("shape", []) for entry in entries]
        if all(_is_shape(shape) for shape in shapes):
            return [
                _TensorFacts(
                    str(entry.get("name", ""))[:200],
                    str(entry.get("datatype", ""))[:20],
                    tuple(size if size > 0 else None for size in shape),
                )
                for entry, shape in zip(entries, shapes, strict=True)
            ]
    raise BadServerAnswerError(
        url=url,
        problem_en=f"“{side}” of the model's metadata is no list of tensors",
        problem_fr=f"« {side} » dans les métadonnées du modèle n'est pas une liste de tenseurs",
    )


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) <= MAX_DIMENSIONS and all(type(size) is int for size in value)
    )


def _image(url: str, inputs: Sequence[_TensorFacts], model: ModelFile) -> _TensorFacts:
    """The input tensor; where the server tells nothing, the one of the card's own graph in FP32."""
    graph, card = model.graph, model.card
    if not inputs:
        return _TensorFacts(graph.input_name, "FP32", (None,) * 4)
    names = ", ".join(tensor.name for tensor in inputs)
    if len(inputs) > 1:
        raise _mismatch(url, "the list of inputs", "la liste des entrées", names, graph.input_name)
    image = inputs[0]
    if image.datatype not in INPUT_TYPES:
        known = ", ".join(INPUT_TYPES)
        raise _mismatch(url, "the type of its input", "le type de son entrée", image.datatype or "?", known)
    needed = (len(card.bands), card.tile_px, card.tile_px)
    sizes = image.shape[-2:]
    if card.any_size and len(image.shape) in (3, 4) and sizes != (None, None):
        # Prediction gives larger tiles to a network of any size.
        raise _mismatch(
            url, "the size of its input", "la taille de son entrée", _text(sizes), "[?, ?] (any_size)"
        )
    if len(image.shape) not in (3, 4) or not _fits(image.shape[-3:], needed):
        raise _mismatch(
            url, "the shape of its input", "la forme de son entrée", _text(image.shape), _text(needed)
        )
    return image


def _scores(url: str, outputs: Sequence[_TensorFacts], model: ModelFile, own: bool) -> list[_TensorFacts]:
    """The score tensors: those of the card's own graph where the server tells nothing.

    Our own service joins several outputs into one.
    """
    card, wanted = model.card, model.card.output_tensors or (model.graph.output_name,)
    if not outputs:
        return [_TensorFacts(name, "", ()) for name in wanted]
    by_name = {tensor.name: tensor for tensor in outputs}
    if len(outputs) == 1 and (own or len(wanted) == 1):
        found = list(outputs)  # a server may rename tensors
    elif all(name in by_name for name in wanted):
        found = [by_name[name] for name in wanted]
    else:
        raise _mismatch(
            url, "the list of outputs", "la liste des sorties", ", ".join(by_name), ", ".join(wanted)
        )
    allowed = (*SCORE_TYPES, *INDEX_TYPES) if card.output == "argmax" else SCORE_TYPES
    for tensor in found:
        if tensor.datatype not in allowed:
            raise _mismatch(
                url,
                "the type of its output",
                "le type de sa sortie",
                tensor.datatype or "?",
                ", ".join(allowed),
            )
    channels = [tensor.shape[-3] for tensor in found if len(tensor.shape) == 4]
    known = [size for size in channels if size is not None]
    if known and len(known) == len(found) and sum(known) not in class_counts(model):
        raise _mismatch(url, "the number of classes", "le nombre de classes", sum(known), len(card.classes))
    return found


def class_counts(model: ModelFile) -> tuple[int, ...]:
    """Sizes that the class axis of the scores may have: one channel holds indices, or one of two classes."""
    card = model.card
    if card.output == "argmax":
        return (1,)
    return (
        (len(card.classes), 1)
        if card.output == "sigmoid" and len(card.classes) == 2
        else (len(card.classes),)
    )


def _fits(shape: Sequence[int | None], needed: Sequence[int]) -> bool:
    return all(size in (None, wanted) for size, wanted in zip(shape, needed, strict=True))


def _text(shape: Sequence[int | None]) -> str:
    return "[" + ", ".join("?" if size is None else str(size) for size in shape) + "]"


def _mismatch(url: str, english: str, french: str, remote: object, card: object) -> RemoteModelMismatchError:
    return RemoteModelMismatchError(url=url, what_en=english, what_fr=french, remote=remote, card=card)
