# SPDX-License-Identifier: GPL-2.0-or-later
"""The card of a model that only a server has; our own service hands it out with the model's metadata."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from inference_backend.contracts.model_card import ModelCard
from inference_backend.models.graph import GraphFacts, OutputFacts
from inference_backend.runtime.kserve.address import parse_address, token_of_environment
from inference_backend.runtime.kserve.connection import PATIENCE_S, TIMEOUT_S, Connection
from inference_backend.runtime.kserve.errors import BadServerAnswerError, NoSuchRemoteModelError
from inference_backend.runtime.kserve.index import find_model, model_names
from inference_backend.runtime.kserve.model import PARAMETER_CARD, PLANES

_ANY = (None, None)


def fetch_card(
    url: str, timeout_s: float = TIMEOUT_S, patience_s: float = PATIENCE_S
) -> tuple[ModelCard, GraphFacts]:
    """Card and graph of the model at `url`.

    Args:
        url: `http://host:port/v2/models/NAME`; the name may be left out where the server has one model only.
        timeout_s: for one answer.
        patience_s: how long a request is repeated.

    Raises:
        RemoteEngineError: no server, no such model, or one that carries no card of ours.
    """
    address = parse_address(url)
    connection = Connection(address, token_of_environment(), timeout_s, patience_s)
    try:
        names = [address.model] if address.model else model_names(connection)
        if len(names) != 1:
            raise NoSuchRemoteModelError(url=connection.url, tried="?", known=", ".join(names) or "?")
        path, metadata = find_model(connection, address, names)
    finally:
        connection.close()
    return _read(connection.url + path, metadata)


def _read(url: str, metadata: dict[str, Any]) -> tuple[ModelCard, GraphFacts]:
    try:
        sent = ModelCard.from_dict(json.loads(metadata["parameters"][PARAMETER_CARD]))
        (image,) = metadata["inputs"]
        (scores,) = (tensor for tensor in metadata["outputs"] if tensor["name"] != PLANES)
        names, channels = (str(image["name"]), str(scores["name"])), int(scores["shape"][1])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadServerAnswerError(
            url=url,
            problem_en="it carries no card of ours; describe the model with `ocsge model describe --ask`",
            problem_fr="elle ne porte pas notre fiche ; décrivez le modèle par `ocsge model describe --ask`",
        ) from error
    card = replace(sent, output_tensors=())  # the service joins several outputs into one
    is_index = card.output == "argmax"
    shape = (None, *_ANY) if is_index else (None, channels if channels > 0 else None, *_ANY)
    output = OutputFacts(names[1], "uint8" if is_index else "float32", shape, "", None)
    tile = _ANY if card.any_size else (card.tile_px, card.tile_px)
    return card, GraphFacts(names[0], len(card.bands), tile, (output,), {})
