# SPDX-License-Identifier: GPL-2.0-or-later
"""From a trained network to one ONNX file that carries its card and Deepness's keys."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.model_card import ModelCard
from inference_backend.models.export import put_card
from inference_backend.models.reader import read_model
from training.pooling import fix_pools

OPSET = 17
IMAGE, LOGITS = "image", "logits"
MAX_DIFFERENCE = 1e-3
"""Between PyTorch and onnxruntime, in units of the logits' standard deviation."""


class ExportDiffersError(RuntimeError):
    """The written network does not compute what PyTorch does."""


@dataclass(frozen=True)
class Agreement:
    """How close the written network comes to PyTorch's on two random tiles.

    Attributes:
        max_difference: largest absolute difference of two logits.
        spread: standard deviation of the logits, to compare that with.
        same_class: share of the pixels whose highest logit is of the same class.
    """

    max_difference: float
    spread: float
    same_class: float


def export_onnx(network: nn.Module, card: ModelCard, path: Path) -> Agreement:
    """Write `path`, and prove that it computes what `network` does; nothing is left where it does not.

    Raises:
        ExportDiffersError: the difference is too large.
    """
    network = network.eval()
    exported = copy.deepcopy(network)
    fix_pools(exported)
    example = torch.zeros(1, len(card.bands), card.tile_px, card.tile_px)
    with replace_when_done(path) as temporary:
        torch.onnx.export(
            exported,
            (example,),
            str(temporary),
            input_names=[IMAGE],
            output_names=[LOGITS],
            dynamic_axes={IMAGE: _free_axes(card), LOGITS: _free_axes(card)},
            opset_version=OPSET,
            dynamo=False,
        )
        write_card(temporary, card)
        read_model(temporary)
        return _agreement(network, temporary, (2, *example.shape[1:]))


def _free_axes(card: ModelCard) -> dict[int, str]:
    """The batch, and height and width where the network takes every multiple of its tile."""
    return {0: "N", 2: "H", 3: "W"} if card.any_size else {0: "N"}


def _agreement(network: nn.Module, path: Path, shape: tuple[int, ...]) -> Agreement:
    tiles = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = network(tiles).numpy()
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run([LOGITS], {IMAGE: tiles.numpy()})[0]
    difference, spread = float(np.abs(found - expected).max()), float(expected.std())
    if not difference <= MAX_DIFFERENCE * max(1.0, spread):
        raise ExportDiffersError(f"its ONNX form differs from PyTorch by up to {difference:.3g}")
    same = float((found.argmax(axis=1) == expected.argmax(axis=1)).mean())
    return Agreement(difference, spread, same)


def write_card(path: Path, card: ModelCard) -> None:
    """Replace the card in an ONNX file."""
    model = onnx.load(str(path))
    put_card(model, card)
    onnx.save(model, str(path))
