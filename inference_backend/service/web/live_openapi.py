# SPDX-License-Identifier: GPL-2.0-or-later
"""The live service in the OpenAPI document: arrays as bytes, with what each address says of them."""

from __future__ import annotations

from typing import Any

from inference_backend.contracts.live import (
    NPZ_TYPE,
    PATH_LIVE_EMBEDDING,
    PATH_LIVE_MASK,
    PATH_LIVE_MEMORY,
    PATH_LIVE_MODELS,
    PATH_LIVE_PATCH,
    PATH_LIVE_PROPOSAL,
    PATH_LIVE_ROWS,
    PATH_LIVE_SEGMENTS,
)

Spec = dict[str, Any]
_BINARY: Spec = {"schema": {"type": "string", "format": "binary"}}
_BYTES: Spec = {"content": {NPZ_TYPE: _BINARY}}
_BODY: Spec = {
    "required": True,
    "description": f"Arrays in a NumPy .npz; the type {NPZ_TYPE} is taken as well",
    "content": {"application/octet-stream": _BINARY},
}
_KEY: Spec = {
    "name": "key",
    "in": "path",
    "required": True,
    "description": "SHA-256 of the body that brought the patch",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_MODEL: Spec = {
    "name": "model",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
}
_COUNTS: Spec = {
    "name": "counts",
    "in": "query",
    "schema": {"type": "string", "pattern": r"^[0-9]{1,5}(,[0-9]{1,5}){0,7}$"},
}
_MEMORY: Spec = {
    "name": "memory",
    "in": "query",
    "schema": {"type": "string", "pattern": "^([0-9a-f]{64})?$"},
}
_PARAMETERS: dict[str, list[Spec]] = {
    PATH_LIVE_SEGMENTS: [_COUNTS],
    PATH_LIVE_PROPOSAL: [_MEMORY],
    PATH_LIVE_EMBEDDING: [_MODEL],
    PATH_LIVE_MASK: [_MODEL],
}
_SUMMARIES = {
    (PATH_LIVE_PATCH, "PUT"): "Keep a patch for a while",
    (PATH_LIVE_MEMORY, "PUT"): "Keep what patches done before teach",
    (PATH_LIVE_SEGMENTS, "POST"): "Nested segments of a patch",
    (PATH_LIVE_PROPOSAL, "POST"): "A class for every pixel, learnt from strokes",
    (PATH_LIVE_ROWS, "POST"): "What a finished patch teaches",
    (PATH_LIVE_EMBEDDING, "POST"): "The embedding of a patch",
    (PATH_LIVE_EMBEDDING, "PUT"): "Give back an embedding that was kept",
    (PATH_LIVE_MASK, "POST"): "Masks for points and boxes",
    (PATH_LIVE_MODELS, "GET"): "The interactive models",
}
_NO_BODY = {(PATH_LIVE_SEGMENTS, "POST"), (PATH_LIVE_EMBEDDING, "POST"), (PATH_LIVE_MODELS, "GET")}
_JSON: Spec = {"content": {"application/json": {"schema": {"type": "object"}}}}


STATUSES = "statuses"
"""Among an operation's members: the errors of its own, to be described where all errors are."""


def live_paths() -> Spec:
    """Operations by address and method; `STATUSES` is to be replaced by the descriptions of those errors."""
    paths: Spec = {}
    for (path, method), summary in _SUMMARIES.items():
        paths.setdefault(path, {})[method.lower()] = _operation(path, method, summary)
    return paths


def _operation(path: str, method: str, summary: str) -> Spec:
    has_key = "{key}" in path
    spec: Spec = {
        "summary": summary,
        "parameters": [*([_KEY] if has_key else []), *_PARAMETERS.get(path, [])],
        "responses": _answers(path, method),
        STATUSES: (400, 404, 409, 413, 415) if has_key else (),
    }
    if (path, method) not in _NO_BODY:
        spec["requestBody"] = _BODY
    return spec


def _answers(path: str, method: str) -> Spec:
    if method == "POST":
        return {"200": {"description": "Arrays", **_BYTES}}
    if path == PATH_LIVE_MODELS:
        return {"200": {"description": "The models", **_JSON}}
    kept = {"200": {"description": "Kept", **_JSON}}
    return kept if path == PATH_LIVE_EMBEDDING else {**kept, "201": {"description": "Kept now", **_JSON}}
