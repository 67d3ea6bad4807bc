# SPDX-License-Identifier: GPL-2.0-or-later
"""Deepness's metadata keys, read into a card and written for Deepness's users.

Deepness divides by 255 first and standardises after; resolution is in cm per pixel and overlap in percent of
the tile. Its documentation spells one key `tiles_size`, its code `tile_size`: both occur in files.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from inference_backend.contracts.model_card import InputBand, ModelCard, OutputKind
from inference_backend.models.errors import BadModelValueError, NoModelCardError
from inference_backend.models.graph import GraphFacts

_BAND_ORDER = ("red", "green", "blue", "nir", "height")
_NEEDED = ("class_names", "resolution", "tile_size")
_STATISTICS = ("standardization_mean", "standardization_std")
_DEFAULT_OVERLAP_PERCENT = 15  # Deepness's own default
_BYTE = 255.0


def card_from_deepness(path: Path, graph: GraphFacts) -> ModelCard:
    """Card of a file that carries Deepness's keys.

    Raises:
        NoModelCardError: a key without which the model cannot be run is missing.
        BadModelValueError: a value is malformed.
    """
    values = {key: _parse(text) for key, text in graph.metadata.items()}
    values.setdefault("tile_size", values.get("tiles_size", graph.tile[0]))
    values.setdefault("class_names", values.get("names"))
    missing = [key for key in _NEEDED if values.get(key) is None]
    if missing:
        raise NoModelCardError(path=path, missing=", ".join(missing))
    tile_px = int(_number(path, values, "tile_size", minimum=1))
    percent = _number(path, {"tiles_overlap": _DEFAULT_OVERLAP_PERCENT, **values}, "tiles_overlap", minimum=0)
    return ModelCard(
        name=path.stem,
        version="",
        bands=_bands(path, graph, values),
        resolution_m=_number(path, values, "resolution", minimum=1e-6) / 100,
        tile_px=tile_px,
        overlap_px=round(tile_px * percent / 100 / 2),
        classes=_class_names(path, graph, values["class_names"]),
        output=output_kind(graph),
        min_confidence=_number(path, {"seg_thresh": 0, **values}, "seg_thresh", minimum=0),
    )


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


def output_kind(graph: GraphFacts) -> OutputKind:
    """What the output holds, told from its last operator; a raw output is taken for logits."""
    if graph.integer_output or graph.last_operator == "ArgMax":
        return "argmax"
    if graph.last_operator == "Softmax":
        return "softmax"
    if graph.last_operator == "Sigmoid" or graph.classes == 1:
        return "sigmoid"
    return "logits"


def _parse(text: str) -> Any:
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError):
            continue
    return text


def _number(path: Path, values: dict[str, Any], key: str, minimum: float) -> float:
    value = values[key]
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not number >= minimum:
        raise BadModelValueError(
            path=path,
            key=key,
            value=value,
            expected_en=f"a number of at least {minimum:g}",
            expected_fr=f"un nombre d'au moins {minimum:g}",
        )
    return number


def _class_names(path: Path, graph: GraphFacts, raw: Any) -> tuple[str, ...]:
    table = raw[0] if isinstance(raw, list) and raw and isinstance(raw[0], dict) else raw
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
    ordered = tuple(names[i] for i in range(len(names)))
    # One sigmoid channel is one class against the rest, which Deepness calls background.
    return ("background", *ordered) if graph.classes == 1 and len(ordered) == 1 else ordered


def _bands(path: Path, graph: GraphFacts, values: dict[str, Any]) -> tuple[InputBand, ...]:
    count = graph.channels or 3
    names = [_BAND_ORDER[i] if i < len(_BAND_ORDER) else f"band_{i + 1}" for i in range(count)]
    if all(values.get(key) is None for key in _STATISTICS):
        return tuple(InputBand(name, 1 / _BYTE) for name in names)
    means, stds = (_numbers(path, values, key, count) for key in _STATISTICS)
    # A mean above 1 cannot be that of values in 0..1: the author wrote FLAIR's figures, made for 0..255.
    scale = 1.0 if max(means) > 1 else 1 / _BYTE
    return tuple(
        InputBand(name, scale, mean, std) for name, mean, std in zip(names, means, stds, strict=True)
    )


def _numbers(path: Path, values: dict[str, Any], key: str, count: int) -> list[float]:
    raw = values.get(key)
    if not isinstance(raw, list) or len(raw) != count:
        raise BadModelValueError(
            path=path,
            key=key,
            value=raw,
            expected_en=f"a list of {count} numbers",
            expected_fr=f"une liste de {count} nombres",
        )
    return [float(number) for number in raw]
