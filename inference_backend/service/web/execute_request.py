# SPDX-License-Identifier: GPL-2.0-or-later
"""How a client wants its results: the members `outputs` and `response` of an execute request."""

from __future__ import annotations

from typing import Any

from inference_backend.service.process_types import Output, Process
from inference_backend.service.web.answers import JSON
from inference_backend.service.web.api_errors import BadBodyError, BadParameterError

VALUE, REFERENCE = "value", "reference"
RAW, DOCUMENT = "raw", "document"
PLACE = "text/plain"
"""Media type of the text that says where a file is: its path, or its address here."""


def read_request(process: Process, body: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs as sent, and what was asked of the results.

    Returns:
        Inputs, and `{"response": raw|document, "outputs": {name: {"mode", "type"}}}` with defaults filled in.

    Raises:
        BadBodyError: no object with `inputs`.
        BadParameterError: an output or a form of it that does not exist.
    """
    if not isinstance(body, dict) or not isinstance(body.get("inputs"), dict):
        raise BadBodyError()
    response = body.get("response", RAW)
    if response not in (RAW, DOCUMENT):
        raise _bad("response", f"{RAW} / {DOCUMENT}")
    chosen = body.get("outputs")
    if chosen is None or chosen == {}:
        chosen = {name: {} for name in process.outputs}
    if not isinstance(chosen, dict):
        raise BadParameterError(name="outputs", expected_en="an object", expected_fr="un objet")
    outputs = {name: _output(process, name, wish) for name, wish in chosen.items()}
    return body["inputs"], {"response": response, "outputs": outputs}


def default_request(process: Process) -> dict[str, Any]:
    """What a job asks for that said nothing."""
    return {"response": RAW, "outputs": {name: _output(process, name, {}) for name in process.outputs}}


def _output(process: Process, name: str, wish: Any) -> dict[str, str]:
    if name not in process.outputs:
        raise _bad("outputs", " / ".join(process.outputs))
    if not isinstance(wish, dict):
        raise BadParameterError(name=name, expected_en="an object", expected_fr="un objet")
    mode = wish.get("transmissionMode", VALUE)
    if mode not in (VALUE, REFERENCE):
        raise _bad(name, f"transmissionMode {VALUE} / {REFERENCE}")
    types = media_types(process.outputs[name])
    wanted = wish.get("format", {})
    wanted = wanted.get("mediaType", types[0]) if isinstance(wanted, dict) else None
    # image/tiff stands for the GeoTIFF: few write its parameters.
    found = next((kind for kind in types if wanted in (kind, kind.split(";")[0])), None)
    if found is None:
        raise _bad(name, f"format.mediaType {' / '.join(types)}")
    return {"mode": mode, "type": found}


def media_types(output: Output) -> list[str]:
    """Forms of an output, the default first."""
    return [PLACE, output.file_type] if output.file_type else [JSON]


def _bad(name: str, choices: str) -> BadParameterError:
    return BadParameterError(name=name, expected_en=choices, expected_fr=choices)
