# SPDX-License-Identifier: GPL-2.0-or-later
"""Deepness's metadata keys, read into a draft and written for Deepness's users.

Deepness divides by 255 first and standardises after; resolution is in cm per pixel and overlap in percent of
the tile. Its documentation spells one key `tiles_size`, its code `tile_size`: both occur in files.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from inference_backend.contracts.model_card import InputBand, ModelCard
from inference_backend.models.draft import (
    DEFAULT_OVERLAP_PERCENT,
    Draft,
    output_kind,
    overlap_of,
    read_tensors,
    usual_names,
)
from inference_backend.models.errors import BadModelValueError
from inference_backend.models.graph import GraphFacts

_KEYS = (
    *("model_type", "class_names", "names", "resolution", "tile_size", "tiles_size", "tiles_overlap"),
    *("standardization_mean", "standardization_std", "seg_thresh", "seg_small_segment"),
)
_STATISTICS = ("standardization_mean", "standardization_std")
_BYTE = 255.0


def draft_from_deepness(path: Path, graph: GraphFacts) -> Draft:
    """What a file says in Deepness's keys; empty where it has none of them.

    Raises:
        BadModelValueError: a value is malformed.
    """
    values = {key: _parse(graph.metadata[key]) for key in _KEYS if key in graph.metadata}
    if not values:
        return {}
    values.setdefault("tile_size", values.get("tiles_size", graph.tile[0]))
    values.setdefault("class_names", values.get("names"))
    draft: Draft = {"bands": _bands(path, graph, values)}
    if values.get("resolution") is not None:
        draft["resolution_m"] = _number(path, values, "resolution", minimum=1e-6) / 100
    if values.get("tile_size") is not None:
        tile_px = draft["tile_px"] = int(_number(path, values, "tile_size", minimum=1))
        values.setdefault("tiles_overlap", DEFAULT_OVERLAP_PERCENT)
        draft["overlap_px"] = overlap_of(tile_px, _number(path, values, "tiles_overlap", minimum=0))
    if values["class_names"] is not None:
        draft["classes"] = _class_names(path, graph, values["class_names"])
    if "seg_thresh" in values:
        draft["min_confidence"] = _number(path, values, "seg_thresh", minimum=0)
    return draft


def deepness_metadata(card: ModelCard) -> dict[str, str]:
    """The keys that let Deepness run a model of ours, both spellings of the tile size included."""
    values = {
        "model_type": "Segmentor",
        "class_names": {str(i): name for i, name in enumerate(card.classes)},
        "resolution": card.resolution_m * 100,
        "tile_size": card.tile_px,
        "tiles_size": card.tile_px,
        "tiles_overlap": round(200 * card.overlap_px / card.tile_px),
        "standardization_mean": [band.mean / band.scale / _BYTE for band in card.bands],
        "standardization_std": [band.std / band.scale / _BYTE for band in card.bands],
    }
    return {key: json.dumps(value) for key, value in values.items()}


def _parse(text: str) -> Any:
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return text


def _number(path: Path, values: dict[str, Any], key: str, minimum: float) -> float:
    value = values[key]
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not minimum <= number < float("inf"):
        raise BadModelValueError(
            path=path,
            key=key,
            value=value,
            expected_en=f"a number of at least {minimum:g}",
            expected_fr=f"un nombre d'au moins {minimum:g}",
        )
    return number


def _class_names(path: Path, graph: GraphFacts, raw: Any) -> tuple[str, ...]:
    """Names of all channels that are read, in order."""
    tables = raw if isinstance(raw, list) and raw and all(isinstance(t, dict) for t in raw) else [raw]
    read = [graph.output(name) for name in read_tensors(graph)]
    names = [name for table in tables[: max(1, len(read))] for name in _ordered(path, raw, table)]
    only = read[0] if len(read) == 1 else None
    # One sigmoid channel is one class against the rest, which Deepness calls background.
    alone = only is not None and only.classes == 1 and output_kind(only) == "sigmoid"
    return ("background", *names) if alone and len(names) == 1 else tuple(names)


def _ordered(path: Path, raw: Any, table: Any) -> list[str]:
    if isinstance(table, list):
        table = dict(enumerate(table))
    try:
        names = {int(index): str(name) for index, name in table.items()}
    except (AttributeError, TypeError, ValueError):
        names = {}
    if not names or sorted(names) != list(range(len(names))):
        raise BadModelValueError(
            path=path,
            key="class_names",
            value=raw,
            expected_en="names numbered 0 to n-1 without a hole",
            expected_fr="des noms numérotés de 0 à n-1 sans trou",
        )
    return [names[i] for i in range(len(names))]


def _bands(path: Path, graph: GraphFacts, values: dict[str, Any]) -> tuple[InputBand, ...]:
    names = usual_names(graph.channels or 3)
    if all(values.get(key) is None for key in _STATISTICS):
        # A network that takes integers cannot take them divided by 255.
        return tuple(InputBand(name, 1.0 if "int" in graph.input_dtype else 1 / _BYTE) for name in names)
    means, stds = (_numbers(path, values, key, len(names)) for key in _STATISTICS)
    # A mean above 1 cannot be that of values in 0..1: the author wrote FLAIR's figures, made for 0..255.
    scale = 1.0 if max(means) > 1 else 1 / _BYTE
    return tuple(
        InputBand(name, scale, mean, std) for name, mean, std in zip(names, means, stds, strict=True)
    )


def _numbers(path: Path, values: dict[str, Any], key: str, count: int) -> list[float]:
    raw = values.get(key)
    try:
        numbers = [float(number) for number in raw] if isinstance(raw, list) else []
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != count:
        raise BadModelValueError(
            path=path,
            key=key,
            value=raw,
            expected_en=f"a list of {count} numbers",
            expected_fr=f"une liste de {count} nombres",
        )
    return numbers
