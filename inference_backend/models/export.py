# SPDX-License-Identifier: GPL-2.0-or-later
"""A model as one file that carries its card, which every tool here and Deepness can run."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
from onnx import ModelProto

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.model_card import METADATA_KEY, ModelCard
from inference_backend.errors import OutputError, OutputIsInputError
from inference_backend.models.deepness import deepness_metadata
from inference_backend.models.draft import Draft
from inference_backend.models.enlarge import enlarge_outputs
from inference_backend.models.graph import GraphFacts, facts_of
from inference_backend.models.join import joined_onnx
from inference_backend.models.onnx_file import check_onnx
from inference_backend.models.reader import ModelFile, finish


def open_for_export(path: Path, enlarge: bool = False) -> tuple[ModelProto, GraphFacts]:
    """A model with its weights joined and, where wanted, its outputs brought to the size of the image.

    Raises:
        ModelError: unreadable, hostile, or of another kind.
    """
    model = joined_onnx(path)
    check_onnx(path, model)
    if enlarge:
        enlarge_outputs(path, model)
    return model, facts_of(path, model)


def export_model(source: Path, model: ModelProto, graph: GraphFacts, draft: Draft, target: Path) -> ModelFile:
    """Write `target` with its card and return what it says.

    Raises:
        ModelError: the card is incomplete or contradicts the network.
        OutputIsInputError: `target` is `source`.
        OutputError: the file cannot be written.
    """
    if target.exists() and target.samefile(source):
        raise OutputIsInputError(path=target)
    done = finish(source, graph, draft)
    put_card(model, done.card)
    try:
        with replace_when_done(target) as temporary:
            onnx.save(model, str(temporary))
    except OSError as error:
        raise OutputError(path=target, reason=error.strerror or error) from error
    return ModelFile(target, done.card, graph)


def put_card(model: ModelProto, card: ModelCard) -> None:
    """Replace what the metadata says of the model; keys that are not about that stay."""
    text = json.dumps(card.to_dict(), ensure_ascii=False)
    ours = {METADATA_KEY: text, **deepness_metadata(card)}
    kept = {entry.key: entry.value for entry in model.metadata_props if entry.key not in (*ours, "names")}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {**kept, **ours})
