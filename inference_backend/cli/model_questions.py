# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions to a person who has a model that says nothing of itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from inference_backend.cli.language import choose
from inference_backend.cli.model_options import class_names, numbers, words

if TYPE_CHECKING:
    from inference_backend.models.draft import Draft
    from inference_backend.models.graph import GraphFacts

T = TypeVar("T")
Ask = Callable[[str], str]
Say = Callable[[str], None]
_OUTPUT_KINDS = ("logits", "softmax", "sigmoid", "argmax")


def ask_for_card(graph: GraphFacts, known: Draft, ask: Ask, say: Say) -> Draft:
    """Ask what a card needs; an empty answer takes what stands in brackets.

    Args:
        graph: what the network itself says.
        known: what was understood so far, proposed as answers.
        ask: shows a question and returns the answer.
        say: shows a sentence.

    Returns:
        `known` with the answers.
    """
    from inference_backend.models.draft import merge
    from inference_backend.models.presets import draft_from_preset, preset_names

    say(_summary(graph))
    question = _Question(ask, say)
    answers: Draft = {}
    families = ", ".join(preset_names())
    if not known.get("bands") or not known.get("classes"):
        family = question(
            choose(f"family ({families}, none)", f"famille ({families}, aucune)"),
            _one_of((*preset_names(), "none", "aucune")),
            "none",
        )
        if family in preset_names():
            known = merge(draft_from_preset(family, graph.channels), known)
    answers["bands"] = _ask_bands(question, graph, known)
    answers["resolution_m"] = question(
        choose("size of a pixel on the ground (m)", "taille d'un pixel au sol (m)"),
        _above_zero(float),
        known.get("resolution_m", 0.2),
    )
    tile = graph.tile[0] or question(
        choose("tile (px)", "tuile (px)"), _above_zero(int), known.get("tile_px", 512)
    )
    answers["tile_px"] = tile
    answers["overlap_px"] = question(
        choose("margin on each side (px)", "marge de chaque côté (px)"),
        int,
        known.get("overlap_px", tile // 8),
    )
    answers.update(_ask_output(question, graph, known))
    answers["min_confidence"] = question(
        choose(
            "score under which a pixel is undecided (0 to 1)",
            "score sous lequel un pixel est indécis (0 à 1)",
        ),
        float,
        known.get("min_confidence", 0.5 if answers["output"] == "sigmoid" else 0.0),
    )
    return merge(answers, known)


class _Question:
    """Asks until the answer can be read."""

    def __init__(self, ask: Ask, say: Say) -> None:
        self._ask, self._say = ask, say

    def __call__(self, text: str, read: Callable[[str], T], proposed: Any = None) -> T:
        shown = "" if proposed is None else f" [{_shown(proposed)}]"
        while True:
            answer = self._ask(f"{text}{shown}: ").strip()
            try:
                return read(answer or ("" if proposed is None else _shown(proposed)))
            except (ValueError, TypeError, argparse.ArgumentTypeError) as error:
                self._say(choose(f"  not understood: {error}", f"  pas compris : {error}"))


def _ask_bands(question: _Question, graph: GraphFacts, known: Draft) -> Any:
    from inference_backend.models.draft import scaled_bands, usual_names

    old = known.get("bands") or ()
    names = question(
        choose("bands, in the model's order", "bandes, dans l'ordre du modèle"),
        _so_many(words, graph.channels),
        tuple(band.name for band in old) or tuple(usual_names(graph.channels or 3)),
    )
    columns = []
    for text, field, usual in (
        (
            choose("divide raster values by", "diviser les valeurs du raster par"),
            "scale",
            _usual_divisor(graph),
        ),
        (choose("then subtract (mean)", "puis soustraire (moyenne)"), "mean", (0.0,)),
        (choose("then divide by (standard deviation)", "puis diviser par (écart-type)"), "std", (1.0,)),
    ):
        values = tuple(getattr(band, field) for band in old) if len(old) == len(names) else usual
        if field == "scale" and len(old) == len(names):
            values = tuple(1 / value for value in values)
        columns.append(question(text, _one_or(numbers, len(names)), values))
    return scaled_bands(names, *columns)


def _usual_divisor(graph: GraphFacts) -> tuple[float]:
    return (1.0,) if "int" in graph.input_dtype else (255.0,)


def _ask_output(question: _Question, graph: GraphFacts, known: Draft) -> Draft:
    from inference_backend.models.draft import joined_classes, output_kind, read_tensors

    answers: Draft = {}
    tensors = known.get("output_tensors") or read_tensors(graph)
    if len(graph.outputs) > 1:
        names = [output.name for output in graph.outputs]
        tensors = question(
            choose(f"outputs to read (of {', '.join(names)})", f"sorties à lire (parmi {', '.join(names)})"),
            _some_of(tuple(names)),
            tensors,
        )
        answers["output_tensors"] = tensors
    read = [output for name in tensors if (output := graph.output(name))] or [graph.outputs[0]]
    kind = question(
        choose(
            f"output holds ({', '.join(_OUTPUT_KINDS)})", f"la sortie contient ({', '.join(_OUTPUT_KINDS)})"
        ),
        _one_of(_OUTPUT_KINDS),
        known.get("output") or output_kind(read[0]),
    )
    count = joined_classes(read)
    needed = None if kind == "argmax" else 2 if kind == "sigmoid" and count == 1 else count
    how_many = f" ({needed})" if needed else ""
    answers["classes"] = question(
        choose(
            f"classes by channel{how_many}, separated by commas, or @FILE",
            f"classes par canal{how_many}, séparées par des virgules, ou @FICHIER",
        ),
        _so_many(class_names, needed),
        known.get("classes"),
    )
    return {**answers, "output": kind}


def _summary(graph: GraphFacts) -> str:
    tile = " x ".join("?" if side is None else str(side) for side in graph.tile)
    outputs = "; ".join(
        f"{output.name} {['?' if size is None else size for size in output.shape]} {output.operator}"
        for output in graph.outputs
    )
    return choose(
        f"input {graph.input_name}: {graph.channels or '?'} bands of {tile} px, {graph.input_dtype}\n"
        f"output {outputs}",
        f"entrée {graph.input_name} : {graph.channels or '?'} bandes de {tile} px, {graph.input_dtype}\n"
        f"sortie {outputs}",
    )


def _shown(value: Any) -> str:
    if isinstance(value, tuple | list):
        same = len(set(value)) == 1 and isinstance(value[0], float)
        return _shown(value[0]) if same else ",".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(", ".join(allowed))
        return text

    return read


def _some_of(allowed: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        return tuple(_one_of(allowed)(word) for word in words(text))

    return read


def _so_many(read: Callable[[str], tuple[T, ...]], count: int | None) -> Callable[[str], tuple[T, ...]]:
    def checked(text: str) -> tuple[T, ...]:
        found = read(text)
        if count and len(found) != count:
            raise ValueError(
                choose(f"{len(found)} given, {count} needed", f"{len(found)} donnés, {count} attendus")
            )
        return found

    return checked


def _one_or(read: Callable[[str], tuple[T, ...]], count: int) -> Callable[[str], tuple[T, ...]]:
    def checked(text: str) -> tuple[T, ...]:
        found = read(text)
        return found if len(found) == 1 else _so_many(read, count)(text)

    return checked


def _above_zero(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        value = kind(text)
        if not value > 0:
            raise ValueError("> 0")
        return value

    return read
