# SPDX-License-Identifier: GPL-2.0-or-later
"""One inference request of KServe V2: bytes in, bytes out; knows nothing of HTTP beyond its headers."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.kserve.model import INPUT_TYPES, PARAMETER_MIN_CONFIDENCE, PLANES
from inference_backend.runtime.kserve.wire import (
    BINARY_TYPE,
    JSON_TYPE,
    LENGTH_HEADER,
    Tensor,
    datatype_of,
    decode,
    encode,
)
from inference_backend.service.kserve.errors import BadInferenceError, TensorTooLargeError
from inference_backend.service.kserve.models import ModelPool, version_of

MAX_ANSWER_BYTES = int(os.environ.get("OCSGE_V2_MAX_ANSWER_BYTES", str(256 * 2**20)))
MAX_TILE_PX = int(os.environ.get("OCSGE_V2_MAX_TILE_PX", "2048"))
_MAX_ID = 200
_SCORES = "scores"


@dataclass(frozen=True)
class InferAnswer:
    """Body and headers of a good answer."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class _Wish:
    """An output asked for, and whether it follows the JSON."""

    name: str
    is_binary: bool


def answer_inference(
    pool: ModelPool, name: str, version: str | None, body: bytearray, json_length: int | None
) -> InferAnswer:
    """Run a request.

    Args:
        pool: of the models.
        name: of the model.
        version: None for the only one.
        body: of the request.
        json_length: length of its JSON part, None where it is all JSON.

    Raises:
        MalformedMessageError: parts that contradict each other.
        BadInferenceError: the request does not fit the model.
        TensorTooLargeError: the answer would be too large.
        ApiError, ModelError, EngineError: see `ModelPool.use`.
    """
    model_of_name = pool.model(name, version)
    envelope, tensors = decode(body, json_length, "inputs", MAX_ANSWER_BYTES)
    values = _checked_image(tensors, model_of_name)
    wishes = _wishes(envelope, model_of_name)
    answer: dict[str, Any] = {"model_name": name, "model_version": version_of(model_of_name)}
    if "id" in envelope:
        answer["id"] = _checked_id(envelope["id"])
    min_confidence = _min_confidence(envelope, model_of_name)
    _check_size(values, wishes, model_of_name)
    with pool.use(name, version) as (model, engine):
        outputs = [_outputs(model, engine, image[None], wishes, min_confidence) for image in values]
    joined = [
        Tensor(wish.name, np.concatenate(parts))
        for wish, parts in zip(wishes, zip(*outputs, strict=True), strict=True)
    ]
    content, length = encode(answer, "outputs", joined, [wish.is_binary for wish in wishes])
    if length is None:
        return InferAnswer(content, {"Content-Type": JSON_TYPE})
    return InferAnswer(content, {"Content-Type": BINARY_TYPE, LENGTH_HEADER: str(length)})


def score_name(model: ModelFile) -> str:
    """Name of the output with the scores; several outputs of a graph are joined into one."""
    name = model.graph.output_name
    return _SCORES if name == PLANES or len(model.card.output_tensors) > 1 else name


def _outputs(
    model: ModelFile, engine: Engine, image: NDArray[Any], wishes: list[_Wish], min_confidence: float
) -> list[NDArray[Any]]:
    """Tensors of one tile (1, C, H, W), tile by tile because batches only cost memory on a processor."""
    from inference_backend.predict.blocks.scores import planes_of_scores

    scores = engine.infer(image)
    made = []
    for wish in wishes:
        if wish.name == PLANES:
            one = scores[0] if scores.ndim == 4 else scores
            inside = np.ones(scores.shape[-2:], np.bool_)
            made.append(planes_of_scores(one, inside, model.card.output, min_confidence)[None])
        else:
            made.append(_as_promised(scores))
    return made


def _as_promised(scores: NDArray[Any]) -> NDArray[Any]:
    """(1, K, h, w) float32, or uint8 class indices, whatever the graph makes."""
    dtype = np.uint8 if scores.dtype.kind in "iu" else np.float32
    return (scores if scores.ndim == 4 else scores[:, None]).astype(dtype, copy=False)


def _checked_image(tensors: list[Tensor], model: ModelFile) -> NDArray[Any]:
    """Raster values (N, C, H, W), uint8 or float32."""
    if len(tensors) != 1 or tensors[0].name != model.graph.input_name:
        names = ", ".join(tensor.name for tensor in tensors)[:200]
        wanted = model.graph.input_name
        raise BadInferenceError(
            problem_en=f"One input called “{wanted}” is needed, not: {names}",
            problem_fr=f"Il faut une entrée appelée « {wanted} », et non : {names}",
        )
    values, card = tensors[0].values, model.card
    if datatype_of(values) not in INPUT_TYPES:
        given, known = datatype_of(values), ", ".join(INPUT_TYPES)
        raise BadInferenceError(
            problem_en=f"Datatype {given} is not taken; these are: {known}",
            problem_fr=f"Le type {given} n'est pas accepté ; le sont : {known}",
        )
    step = card.tile_px
    sides = values.shape[-2:]
    fits = sides == (step, step) or (
        card.any_size and all(side % step == 0 and side <= MAX_TILE_PX for side in sides)
    )
    if values.ndim != 4 or values.shape[1] != len(card.bands) or not fits:
        wanted = f"[-1, {len(card.bands)}, {step}, {step}]"
        raise BadInferenceError(
            problem_en=f"The input has shape {list(values.shape)}, {wanted} is needed"
            + (f", or sides that are multiples of {step} up to {MAX_TILE_PX}" if card.any_size else ""),
            problem_fr=f"L'entrée est de forme {list(values.shape)}, il faut {wanted}"
            + (f", ou des côtés multiples de {step} jusqu'à {MAX_TILE_PX}" if card.any_size else ""),
        )
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise BadInferenceError(
            problem_en="The input holds NaN or infinity. Replace them by a value of the raster",
            problem_fr="L'entrée contient NaN ou l'infini. Remplacez-les par une valeur du raster",
        )
    return values if values.dtype == np.uint8 else values.astype(np.float32)


def _wishes(envelope: dict[str, Any], model: ModelFile) -> list[_Wish]:
    """Outputs asked for; all of them where none is named."""
    known = (score_name(model), PLANES)
    default = _parameters(envelope).get("binary_data_output", False)
    entries = envelope.get("outputs") or [{"name": name} for name in known]
    named = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    names = [entry.get("name") for entry in entries] if named else []
    if not names or any(name not in known for name in names) or len(set(names)) < len(names):
        raise BadInferenceError(
            problem_en=f"“outputs” may name each of these once: {', '.join(known)}",
            problem_fr=f"« outputs » peut nommer une fois chacune de celles-ci : {', '.join(known)}",
        )
    return [
        _Wish(name, _parameters(entry).get("binary_data", default) is True)
        for name, entry in zip(names, entries, strict=True)
    ]


def _parameters(holder: dict[str, Any]) -> dict[str, Any]:
    parameters = holder.get("parameters", {})
    if not isinstance(parameters, dict):
        raise BadInferenceError(
            problem_en="“parameters” must be an object", problem_fr="« parameters » doit être un objet"
        )
    return parameters


def _checked_id(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_ID:
        raise BadInferenceError(
            problem_en=f"“id” must be a text of at most {_MAX_ID} characters",
            problem_fr=f"« id » doit être un texte d'au plus {_MAX_ID} caractères",
        )
    return value


def _min_confidence(envelope: dict[str, Any], model: ModelFile) -> float:
    value = _parameters(envelope).get(PARAMETER_MIN_CONFIDENCE, model.card.min_confidence)
    if type(value) not in (int, float) or not 0 <= value < 1:
        raise BadInferenceError(
            problem_en=f"“{PARAMETER_MIN_CONFIDENCE}” must be a number from 0 to below 1",
            problem_fr=f"« {PARAMETER_MIN_CONFIDENCE} » doit être un nombre de 0 à moins de 1",
        )
    return float(value)


def _check_size(values: NDArray[Any], wishes: list[_Wish], model: ModelFile) -> None:
    """Refuse before computing what could not be sent."""
    pixels = values.shape[0] * math.prod(values.shape[-2:])
    each = {PLANES: 4, score_name(model): 4 * len(model.card.classes)}
    needed = sum(pixels * each[wish.name] for wish in wishes)
    if needed > MAX_ANSWER_BYTES:
        raise TensorTooLargeError(what_en="answer", what_fr="La réponse", limit=MAX_ANSWER_BYTES)
