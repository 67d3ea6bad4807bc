# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks of odd shapes for the engines, made on the spot: class k scores what band k holds."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
from onnx import NodeProto, TensorProto, helper

from inference_backend.contracts.model_card import METADATA_KEY, ModelCard
from inference_backend.models.reader import ModelFile, read_model


def write_network(
    path: Path,
    model_card: ModelCard,
    nodes: list[NodeProto],
    outputs: dict[str, list[int | str]],
    *,
    batch: int | str = "N",
    tile: int | str = 64,
    dtype: int = TensorProto.FLOAT,
    out_dtype: int = TensorProto.FLOAT,
    opset: int = 17,
) -> ModelFile:
    """A network from `image` (batch, bands, tile, tile) through `nodes` to `outputs` by shape."""
    shape = [batch, len(model_card.bands), tile, tile]
    graph = helper.make_graph(
        nodes,
        "odd",
        [helper.make_tensor_value_info("image", dtype, shape)],
        [helper.make_tensor_value_info(name, out_dtype, size) for name, size in outputs.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    helper.set_model_props(model, {METADATA_KEY: json.dumps(model_card.to_dict())})
    onnx.save(model, str(path))
    return read_model(path)
