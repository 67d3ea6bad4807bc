# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a card's values can be used, and whether they agree with the graph."""

from __future__ import annotations

import math
from pathlib import Path

from inference_backend.contracts.model_card import ModelCard
from inference_backend.contracts.prediction import MAX_CLASSES
from inference_backend.models.draft import joined_classes
from inference_backend.models.errors import BadModelValueError, CardMismatchError
from inference_backend.models.graph import GraphFacts, OutputFacts

OUTPUT_KINDS = ("logits", "softmax", "sigmoid", "argmax")
MAX_TILE_PX = 16384


def check_values(path: Path, card: ModelCard) -> None:
    """Refuse values that no model can have.

    Raises:
        BadModelValueError: the value and what it may be.
    """
    numbers = [n for band in card.bands for n in (band.scale, band.mean, band.std)]
    checks = (
        ("classes", len(card.classes), 1 < len(card.classes) <= MAX_CLASSES, f"2..{MAX_CLASSES}"),
        ("bands", len(card.bands), len(card.bands) > 0, ">= 1"),
        ("tile_px", card.tile_px, 0 < card.tile_px <= MAX_TILE_PX, f"1..{MAX_TILE_PX}"),
        (
            "overlap_px",
            card.overlap_px,
            0 <= 2 * card.overlap_px < card.tile_px,
            "0 <= overlap_px < tile_px / 2",
        ),
        ("resolution_m", card.resolution_m, 0 < card.resolution_m < math.inf, "> 0"),
        ("min_confidence", card.min_confidence, 0 <= card.min_confidence < 1, "0 <= min_confidence < 1"),
        ("output", card.output, card.output in OUTPUT_KINDS, ", ".join(OUTPUT_KINDS)),
        ("bands.std", [b.std for b in card.bands], all(b.std > 0 for b in card.bands), "> 0"),
        ("bands.scale", [b.scale for b in card.bands], all(b.scale > 0 for b in card.bands), "> 0"),
        ("bands", numbers, all(map(math.isfinite, numbers)), "-inf < x < inf"),
    )
    for key, value, valid, limits in checks:
        if not valid:
            raise BadModelValueError(path=path, key=key, value=value, expected_en=limits, expected_fr=limits)


def check_agreement(path: Path, card: ModelCard, graph: GraphFacts) -> None:
    """Refuse a card that its network contradicts.

    Raises:
        CardMismatchError: what the network has and what the card says.
    """
    read = _outputs_read(path, card, graph)
    has_free_size = graph.tile == (None, None)
    margins = [output.lost_px for output in read if output.lost_px is not None]
    checks: list[tuple[str, str, object, object]] = [
        ("input channels", "en canaux d'entrée", graph.channels, len(card.bands)),
        ("input height (px)", "en hauteur d'entrée (px)", graph.tile[0], card.tile_px),
        ("input width (px)", "en largeur d'entrée (px)", graph.tile[1], card.tile_px),
        ("output classes", "en classes de sortie", _classes_found(card, read), _classes_expected(card, read)),
        (
            "outputs of several sizes (px lost on a side)",
            "des sorties de plusieurs tailles (px perdus par côté)",
            max(margins, default=0),
            min(margins, default=0),
        ),
    ]
    if card.any_size and not has_free_size:
        checks.append(("an input of any size", "une entrée de taille libre", False, True))
    if margins and margins[0] > card.overlap_px:
        checks.append(
            (
                "a margin it does not answer for (px)",
                "une marge sans réponse (px)",
                margins[0],
                card.overlap_px,
            )
        )
    for what_en, what_fr, in_graph, in_card in checks:
        if in_graph is not None and in_graph != in_card:
            raise CardMismatchError(path=path, what_en=what_en, what_fr=what_fr, graph=in_graph, card=in_card)


def _outputs_read(path: Path, card: ModelCard, graph: GraphFacts) -> list[OutputFacts]:
    read = []
    for name in card.output_tensors or (graph.output_name,):
        output = graph.output(name)
        if output is None:
            known = ", ".join(each.name for each in graph.outputs)
            raise CardMismatchError(
                path=path, what_en="the outputs", what_fr="pour sorties", graph=known, card=name
            )
        read.append(output)
    return read


def _classes_found(card: ModelCard, read: list[OutputFacts]) -> int | None:
    # Class indices have no class axis to compare.
    if card.output == "argmax" and all(output.classes in (None, 1) for output in read):
        return None
    return joined_classes(read)


def _classes_expected(card: ModelCard, read: list[OutputFacts]) -> int:
    if card.output == "argmax":
        return 1
    one_for_two = card.output == "sigmoid" and len(card.classes) == 2 and joined_classes(read) == 1
    return 1 if one_for_two else len(card.classes)
