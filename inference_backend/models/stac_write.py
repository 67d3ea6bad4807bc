# SPDX-License-Identifier: GPL-2.0-or-later
"""A card as a STAC item with the extension MLM v1.5.2, for catalogues and for other tools.

Overlap, threshold and kind of output have no field there: they go into `mlm:hyperparameters`, under
Deepness's names as well.
"""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import Any

from inference_backend.contracts.model_card import ModelCard
from inference_backend.models.graph import GraphFacts, OutputFacts
from inference_backend.models.value_scaling import scaling_of

EXTENSIONS = (
    "https://stac-extensions.github.io/mlm/v1.5.2/schema.json",
    "https://stac-extensions.github.io/classification/v1.1.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
)
MEDIA_TYPE = "application/octet-stream; framework=onnx"
_UNSAFE = re.compile(r"[^0-9A-Za-z_-]+")
_SHA256_MULTIHASH = "1220"
_ANY = -1


def stac_item(
    card: ModelCard, graph: GraphFacts, model: Path | str, architecture: str = ""
) -> dict[str, Any]:
    """The item that describes the ONNX file `model`, or the model at this address."""
    properties = {
        "datetime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "gsd": card.resolution_m,
        "bands": [{"name": band.name, "gsd": card.resolution_m} for band in card.bands],
        "mlm:name": card.name,
        "mlm:architecture": architecture or "segmentation network",
        "mlm:tasks": ["semantic-segmentation"],
        "mlm:framework": "ONNX",
        "mlm:accelerator": None,
        "mlm:accelerator_constrained": False,
        "mlm:batch_size_suggestion": graph.batch or 1,
        "mlm:input": [_input(card, graph)],
        "mlm:output": _outputs(card, graph),
        "mlm:hyperparameters": _hyperparameters(card),
    }
    optional = {"version": card.version, "license": card.licence, "description": card.description}
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": list(EXTENSIONS),
        "id": _UNSAFE.sub("-", f"{card.name}-{card.version}").strip("-"),
        "geometry": None,
        "properties": {**properties, **{key: value for key, value in optional.items() if value}},
        "links": [],
        "assets": {"model": _asset(model)},
    }


def _asset(model: Path | str) -> dict[str, Any]:
    if isinstance(model, str):
        return {"href": model, "type": MEDIA_TYPE, "roles": ["mlm:model"]}
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    return {
        "href": f"./{model.name}",
        "type": MEDIA_TYPE,
        "roles": ["mlm:model", "mlm:weights"],
        "mlm:artifact_type": "onnx.save",
        "file:size": model.stat().st_size,
        "file:checksum": _SHA256_MULTIHASH + digest,
    }


def _input(card: ModelCard, graph: GraphFacts) -> dict[str, Any]:
    height, width = (size or _ANY for size in graph.tile)
    return {
        "name": graph.input_name,
        "bands": [band.name for band in card.bands],
        "input": {
            "shape": [graph.batch or _ANY, len(card.bands), height, width],
            "dim_order": ["batch", "bands", "height", "width"],
            "data_type": graph.input_dtype,
        },
        "value_scaling": scaling_of(card.bands),
        "resize_type": None,
        "pre_processing_function": None,
    }


def _outputs(card: ModelCard, graph: GraphFacts) -> list[dict[str, Any]]:
    read = [output for name in card.output_tensors if (output := graph.output(name))] or [graph.outputs[0]]
    rows, written = list(enumerate(card.classes)), []
    for output in read:
        count = output.classes if len(read) > 1 and output.classes else len(rows)
        written.append(_output(output, rows[:count]))
        rows = rows[count:]
    return written


def _output(output: OutputFacts, classes: list[tuple[int, str]]) -> dict[str, Any]:
    order = ["batch", "class", "height", "width"] if len(output.shape) == 4 else ["batch", "height", "width"]
    return {
        "name": output.name,
        "tasks": ["semantic-segmentation"],
        "result": {
            "shape": [size or _ANY for size in output.shape],
            "dim_order": order,
            "data_type": output.dtype,
        },
        "classification:classes": [
            {"value": value, "name": _UNSAFE.sub("_", name).strip("_") or f"class_{value}", "title": name}
            for value, name in classes
        ],
    }


def _hyperparameters(card: ModelCard) -> dict[str, Any]:
    values = {
        "tile_px": card.tile_px,
        "overlap_px": card.overlap_px,
        "tiles_overlap": round(200 * card.overlap_px / card.tile_px),
        "min_confidence": card.min_confidence,
        "seg_thresh": card.min_confidence,
        "output_kind": card.output,
        "any_size": card.any_size,
    }
    return {**values, **({"scores": card.scores} if card.scores else {})}
