# SPDX-License-Identifier: GPL-2.0-or-later
"""What the service says of itself and of its models in KServe V2, and its OpenAPI fragment."""

from __future__ import annotations

import json
from typing import Any

from inference_backend import __version__
from inference_backend.contracts.model_card import ModelCard
from inference_backend.models.reader import ModelFile
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.kserve.model import (
    PARAMETER_CARD,
    PARAMETER_INPUT,
    PARAMETER_PRECISION,
    PARAMETER_WORKERS,
    PLANES,
    RASTER_VALUES,
)
from inference_backend.runtime.kserve.wire import BINARY_EXTENSION, DATATYPES
from inference_backend.service.kserve.infer import score_name
from inference_backend.service.kserve.models import version_of

PLATFORM = "onnx_onnxv1"


def server_document() -> dict[str, Any]:
    """Answer of `GET v2`."""
    return {"name": "ocsge", "version": __version__, "extensions": [BINARY_EXTENSION]}


def model_document(name: str, model: ModelFile, engine: Engine | None, workers: int) -> dict[str, Any]:
    """Answer of `GET v2/models/NAME`.

    Args:
        name: under which the model is offered.
        model: card and graph.
        engine: None while the model is not loaded.
        workers: requests that are computed at once.

    Returns:
        The protocol's fields; `parameters` carries our card, so that a client needs no model file. The input
        is said to be UINT8, and takes INT16, UINT16 and floats of raster values too.
    """
    card = model.card
    side = -1 if card.any_size else card.tile_px
    datatype = "UINT8" if card.output == "argmax" else "FP32"
    shape = [-1, _channels(card), -1, -1]
    return {
        "name": name,
        "versions": [version_of(model)],
        "platform": PLATFORM,
        "inputs": [_tensor(model.graph.input_name, "UINT8", [-1, len(card.bands), side, side])],
        "outputs": [
            _tensor(score_name(model), datatype, shape),
            _tensor(PLANES, "UINT8", [-1, 4, -1, -1]),
        ],
        "parameters": {
            PARAMETER_INPUT: RASTER_VALUES,
            PARAMETER_CARD: json.dumps(card.to_dict(), ensure_ascii=False),
            PARAMETER_WORKERS: workers,
            **({PARAMETER_PRECISION: engine.precision} if engine else {}),
        },
    }


def _channels(card: ModelCard) -> int:
    """Channels of the scores; -1 where one may stand for two classes."""
    if card.output == "argmax":
        return 1
    return -1 if card.output == "sigmoid" and len(card.classes) == 2 else len(card.classes)


def _tensor(name: str, datatype: str, shape: list[int]) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": shape}


_REQUEST_TENSOR = {
    "type": "object",
    "required": ["name", "shape", "datatype"],
    "properties": {
        "name": {"type": "string"},
        "shape": {"type": "array", "items": {"type": "integer", "minimum": 1}},
        "datatype": {"type": "string", "enum": sorted(DATATYPES)},
        "parameters": {"type": "object"},
        "data": {"type": "array"},
    },
}
INFER_OPENAPI = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["inputs"],
                    "properties": {
                        "id": {"type": "string"},
                        "parameters": {"type": "object"},
                        "inputs": {"type": "array", "items": _REQUEST_TENSOR},
                        "outputs": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {"name": {"type": "string"}, "parameters": {"type": "object"}},
                            },
                        },
                    },
                }
            }
        },
    }
}
"""Body of an inference request in JSON."""
