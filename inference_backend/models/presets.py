# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards of well-known families of models, kept as data under `resources/models/presets`."""

from __future__ import annotations

import json
from typing import Any

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.model_card import InputBand
from inference_backend.models.draft import Draft
from inference_backend.models.errors import UnknownPresetError


def preset_names() -> tuple[str, ...]:
    """Names that `draft_from_preset` accepts."""
    return tuple(sorted(path.stem for path in (resources_dir() / "models" / "presets").glob("*.json")))


def draft_from_preset(name: str, channels: int | None) -> Draft:
    """What a family's models expect and give.

    Args:
        name: one of `preset_names`.
        channels: bands of the network; the family's set of that size is taken, its largest where unknown or
            where there is none.

    Raises:
        UnknownPresetError: no such preset.
    """
    if name not in preset_names():
        raise UnknownPresetError(name=name, known=", ".join(preset_names()))
    models = resources_dir() / "models"
    preset = json.loads((models / "presets" / f"{name}.json").read_text(encoding="utf-8"))
    table = json.loads(
        (models / "class_tables" / f"{preset['class_table']}.json").read_text(encoding="utf-8")
    )
    return {
        "bands": tuple(InputBand(**band) for band in _set_of(preset["inputs"], channels)),
        "classes": tuple(row["name"] for row in sorted(table["classes"], key=lambda row: row["index"])),
        "description": preset["title"],
        **{key: preset[key] for key in ("resolution_m", "tile_px", "overlap_px", "output")},
    }


def _set_of(inputs: list[list[dict[str, Any]]], channels: int | None) -> list[dict[str, Any]]:
    return next((bands for bands in inputs if len(bands) == channels), inputs[0])
