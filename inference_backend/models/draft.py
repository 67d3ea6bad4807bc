# SPDX-License-Identifier: GPL-2.0-or-later
"""A card in the making: what each source says of a model, put together in order of trust.

A draft holds fields of `ModelCard` that are known; a source leaves out what it does not say. What no source
says is either told from the graph or asked of the user, never made up: a wrong scaling gives a wrong map
without any error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from inference_backend.contracts.model_card import InputBand, ModelCard, OutputKind
from inference_backend.models.errors import NoModelCardError
from inference_backend.models.graph import GraphFacts, OutputFacts

Draft = dict[str, Any]

BAND_ORDER = ("red", "green", "blue", "nir", "height")
DEFAULT_OVERLAP_PERCENT = 15  # Deepness's own default
INDEPENDENT_THRESHOLD = 0.5
"""Score under which an independent class is absent, where nothing else is said."""
_OPTIONS = {
    "bands": "--bands, --divide",
    "resolution_m": "--resolution",
    "tile_px": "--tile",
    "classes": "--classes",
}
_FIELDS = tuple(field.name for field in fields(ModelCard))


def merge(*drafts: Draft) -> Draft:
    """The first draft that knows a field decides."""
    merged: Draft = {}
    for draft in drafts:
        for key, value in draft.items():
            if key in _FIELDS and value is not None:
                merged.setdefault(key, value)
    return merged


def missing_fields(draft: Draft) -> list[str]:
    """What must still be said."""
    return [name for name in _OPTIONS if not draft.get(name)]


def complete(path: Path, graph: GraphFacts, draft: Draft) -> ModelCard:
    """The card, once everything that must be said was said.

    Raises:
        NoModelCardError: something must still be said.
    """
    known = merge(draft, facts_of_graph(path, graph, draft))
    missing = missing_fields(known)
    if missing:
        options = ", ".join(_OPTIONS[name] for name in missing)
        raise NoModelCardError(path=path, missing=", ".join(missing), options=options)
    if len(graph.outputs) == 1:
        # Other tools name the only output as they like.
        known["output_tensors"] = ()
    return ModelCard(**known)


def facts_of_graph(path: Path, graph: GraphFacts, draft: Draft) -> Draft:
    """What the network itself says, and what follows from that."""
    tensors = draft.get("output_tensors") or read_tensors(graph)
    read = [output for name in tensors if (output := graph.output(name))] or list(graph.outputs[:1])
    kind = draft.get("output") or output_kind(read[0])
    tile = draft.get("tile_px") or graph.tile[0]
    several = kind == "sigmoid" and len(draft.get("classes") or ()) > 1 and joined_classes(read) != 1
    return {
        "name": path.stem,
        "version": "",
        "tile_px": tile,
        "overlap_px": overlap_of(tile, DEFAULT_OVERLAP_PERCENT) if tile else None,
        "output": kind,
        "output_tensors": tuple(tensors) if len(graph.outputs) > 1 else (),
        "min_confidence": INDEPENDENT_THRESHOLD if several else 0.0,
    }


def read_tensors(graph: GraphFacts) -> tuple[str, ...]:
    """The outputs that are read where nobody says which.

    Independent scores of several outputs are classes side by side. Several softmax, logit or argmax outputs
    are answers to several questions, of which one map holds one: the first.
    """
    if all(output_kind(output) == "sigmoid" for output in graph.outputs):
        return tuple(output.name for output in graph.outputs)
    return (graph.outputs[0].name,)


def joined_classes(outputs: Sequence[OutputFacts]) -> int | None:
    """Number of channels of several outputs together, None where it is only known at run time."""
    counts = [output.classes for output in outputs]
    return None if None in counts else sum(count for count in counts if count)


def output_kind(output: OutputFacts) -> OutputKind:
    """What an output holds, told from the operator that makes it; a raw output is taken for logits."""
    if output.is_integer or output.operator in ("ArgMax", "ArgMin", "TopK"):
        return "argmax"
    if output.operator == "Softmax":
        return "softmax"
    if output.operator in ("Sigmoid", "HardSigmoid") or output.classes == 1:
        return "sigmoid"
    return "logits"


def overlap_of(tile_px: int, percent: float) -> int:
    """Margin on each side, px, of an overlap in percent of the tile, which both sides share."""
    return round(tile_px * percent / 100 / 2)


def scaled_bands(
    names: Sequence[str], divide: Sequence[float], mean: Sequence[float], std: Sequence[float]
) -> tuple[InputBand, ...]:
    """Bands standardised by `(x / divide - mean) / std`; a single number stands for every band."""
    count = len(names)
    columns = [list(column) * count if len(column) == 1 else list(column) for column in (divide, mean, std)]
    rows = zip(names, *columns, strict=True)
    return tuple(InputBand(name, 1 / division, m, s) for name, division, m, s in rows)


def usual_names(count: int) -> list[str]:
    """Names of so many bands where nobody names them."""
    return [BAND_ORDER[i] if i < len(BAND_ORDER) else f"band_{i + 1}" for i in range(count)]
