# SPDX-License-Identifier: GPL-2.0-or-later
"""From a trained network to one ONNX file that carries its card and Deepness's keys."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch
from torch import nn

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.model_card import METADATA_KEY, ModelCard
from inference_backend.models.deepness import deepness_metadata
from inference_backend.models.reader import read_model

OPSET = 17


def export_onnx(network: nn.Module, card: ModelCard, path: Path) -> None:
    """Write `path`; reads it back, so that a file that cannot be used is never left."""
    example = torch.zeros(1, len(card.bands), card.tile_px, card.tile_px)
    with replace_when_done(path) as temporary:
        torch.onnx.export(
            network.eval(),
            (example,),
            str(temporary),
            input_names=["image"],
            output_names=["logits"],
            dynamic_axes={"image": _free_axes(card), "logits": _free_axes(card)},
            opset_version=OPSET,
            dynamo=False,
        )
        write_card(temporary, card)
        read_model(temporary)


def _free_axes(card: ModelCard) -> dict[int, str]:
    """The batch, and height and width where the network takes every multiple of its tile."""
    return {0: "N", 2: "H", 3: "W"} if card.any_size else {0: "N"}


def write_card(path: Path, card: ModelCard) -> None:
    """Replace the metadata of an ONNX file by `card`."""
    model = onnx.load(str(path))
    del model.metadata_props[:]
    text = json.dumps(card.to_dict(), ensure_ascii=False)
    onnx.helper.set_model_props(model, {METADATA_KEY: text, **deepness_metadata(card)})
    onnx.save(model, str(path))
