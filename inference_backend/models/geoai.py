# SPDX-License-Identifier: GPL-2.0-or-later
"""The file `<model>.onnx.json` that GeoAI's exporter writes, read into a draft.

GeoAI divides by 255 and takes the first three bands for red, green and blue; it does not say the resolution.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference_backend.models.draft import Draft, scaled_bands, usual_names
from inference_backend.models.errors import BadSidecarError, UnsupportedModelError
from inference_backend.models.stac_read import refuse_malformed

MAX_CHANNELS = 1024
_TASKS = ("segmentation", "semantic-segmentation")


def is_geoai(document: dict[str, Any]) -> bool:
    """Whether a JSON object is GeoAI's."""
    return "id2label" in document or {"task", "input_channels"} <= document.keys()


def draft_from_geoai(path: Path, document: dict[str, Any]) -> Draft:
    """What the file says.

    Raises:
        BadSidecarError: a value is malformed.
        UnsupportedModelError: another task than segmentation.
    """
    task = document.get("task")
    if task is not None and task not in _TASKS:
        raise UnsupportedModelError(
            path=path,
            why_en=f"its task is {task}",
            why_fr=f"sa tâche est {task}",
            remedy_en="Bring a semantic segmentation model.",
            remedy_fr="Prenez un modèle de segmentation sémantique.",
        )
    with refuse_malformed(path):
        labels = {int(index): str(name) for index, name in (document.get("id2label") or {}).items()}
        channels = int(document.get("input_channels", 3))
        if not 0 < channels <= MAX_CHANNELS:
            raise ValueError(f"input_channels is {channels}")
        tile = int(document["input_height"]) if "input_height" in document else None
    if sorted(labels) != list(range(len(labels))):
        raise BadSidecarError(
            path=path,
            reason_en=f"id2label is not numbered 0 to n-1: {sorted(labels)}",
            reason_fr=f"id2label n'est pas numéroté de 0 à n-1 : {sorted(labels)}",
        )
    return {
        "bands": scaled_bands(usual_names(channels), [255.0], [0.0], [1.0]),
        "tile_px": tile,
        "classes": tuple(labels[i] for i in range(len(labels))) or None,
    }
