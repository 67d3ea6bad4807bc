# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiny ONNX models made on the spot: a 1 x 1 convolution whose weights the test chooses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from inference_backend.contracts.model_card import METADATA_KEY, InputBand, ModelCard


def card(bands=("red", "green", "blue"), classes=("water", "building", "other"), **changes) -> ModelCard:
    values = {
        "name": "tiny",
        "version": "1",
        "bands": tuple(InputBand(name) for name in bands),
        "resolution_m": 0.2,
        "tile_px": 64,
        "overlap_px": 8,
        "classes": tuple(classes),
        "output": "logits",
    }
    return ModelCard(**{**values, **changes})


def write_conv_model(
    path: Path,
    weights: np.ndarray,
    model_card: ModelCard | None,
    *,
    tile: int | str = 64,
    batch: int | str = "N",
    last: str = "",
    valid: bool = False,
    props: dict[str, str] | None = None,
) -> Path:
    """Scores = convolution of the input with `weights` (K, C, n, n), then operator `last`."""
    kernel = weights.shape[-1]
    pads = [0 if valid else kernel // 2] * 4
    out = tile - kernel + 1 if valid else tile
    nodes = [helper.make_node("Conv", ["image", "w"], ["conv" if last else "scores"], pads=pads)]
    if last:
        attributes = (
            {"axis": 1, "keepdims": 0} if last == "ArgMax" else {"axis": 1} if last == "Softmax" else {}
        )
        nodes.append(helper.make_node(last, ["conv"], ["scores"], **attributes))
    output_type = TensorProto.INT64 if last == "ArgMax" else TensorProto.FLOAT
    shape = [batch, out, out] if last == "ArgMax" else [batch, weights.shape[0], out, out]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [batch, weights.shape[1], tile, tile])],
        [helper.make_tensor_value_info("scores", output_type, shape)],
        [numpy_helper.from_array(weights.astype(np.float32), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    metadata = dict(props or {})
    if model_card is not None:
        metadata[METADATA_KEY] = json.dumps(model_card.to_dict())
    helper.set_model_props(model, metadata)
    onnx.save(model, str(path))
    return path


def brightest_band(bands: int = 3) -> np.ndarray:
    """Weights by which class k wins where band k is the brightest."""
    return np.eye(bands)[:, :, None, None]
