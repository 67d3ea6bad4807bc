# SPDX-License-Identifier: GPL-2.0-or-later
"""From an ONNX file to a model that can be run: its graph, its card, and that both agree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.model_card import METADATA_KEY, ModelCard
from inference_backend.contracts.prediction import MAX_CLASSES
from inference_backend.models.deepness import card_from_deepness
from inference_backend.models.errors import BadModelValueError, CardMismatchError
from inference_backend.models.graph import GraphFacts, read_graph

DEFAULT_MODEL = "ocsge-baseline.onnx"
_OUTPUTS = ("logits", "softmax", "sigmoid", "argmax")


@dataclass(frozen=True)
class ModelFile:
    """A model file whose card and graph agree."""

    path: Path
    card: ModelCard
    graph: GraphFacts

    @property
    def label(self) -> str:
        """Name and version, as written into predictions."""
        return f"{self.card.name} {self.card.version}".strip()


def default_model_path() -> Path:
    """The model that comes with the project."""
    return resources_dir() / "models" / DEFAULT_MODEL


def read_model(path: Path) -> ModelFile:
    """Read an ONNX file and its card: our own key `ocsge_card`, else Deepness's keys.

    Raises:
        ModelError: unreadable, without a card, or its graph and card disagree.
    """
    graph = read_graph(path)
    own = graph.metadata.get(METADATA_KEY)
    card = _own_card(path, own) if own is not None else card_from_deepness(path, graph)
    _check_values(path, card)
    _check_agreement(path, card, graph)
    return ModelFile(path, card, graph)


def _own_card(path: Path, text: str) -> ModelCard:
    try:
        return ModelCard.from_dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise BadModelValueError(
            path=path,
            key=METADATA_KEY,
            value=f"« {text[:60]} »",
            expected_en=f"a model card in JSON ({error})",
            expected_fr=f"une fiche de modèle en JSON ({error})",
        ) from error


def _check_values(path: Path, card: ModelCard) -> None:
    checks = (
        ("classes", len(card.classes), 1 < len(card.classes) <= MAX_CLASSES, f"2..{MAX_CLASSES}"),
        ("tile_px", card.tile_px, card.tile_px > 0, "> 0"),
        ("overlap_px", card.overlap_px, 0 <= 2 * card.overlap_px < card.tile_px, "< tile_px / 2"),
        ("resolution_m", card.resolution_m, card.resolution_m > 0, "> 0"),
        ("min_confidence", card.min_confidence, 0 <= card.min_confidence < 1, "0..1"),
        ("output", card.output, card.output in _OUTPUTS, ", ".join(_OUTPUTS)),
        ("bands.std", [b.std for b in card.bands], all(b.std > 0 for b in card.bands), "> 0"),
    )
    for key, value, valid, limits in checks:
        if not valid:
            raise BadModelValueError(path=path, key=key, value=value, expected_en=limits, expected_fr=limits)


def _check_agreement(path: Path, card: ModelCard, graph: GraphFacts) -> None:
    two_from_one = card.output == "sigmoid" and len(card.classes) == 2
    fits_one = card.output == "argmax" or two_from_one
    expected = 1 if fits_one and graph.classes == 1 else len(card.classes)
    checks: tuple[tuple[str, str, object, object], ...] = (
        ("input channels", "en canaux d'entrée", graph.channels, len(card.bands)),
        ("input height (px)", "en hauteur d'entrée (px)", graph.tile[0], card.tile_px),
        ("input width (px)", "en largeur d'entrée (px)", graph.tile[1], card.tile_px),
        # An argmax output of 3 dimensions has no class axis to compare.
        (
            "output classes",
            "en classes de sortie",
            None if fits_one and card.output == "argmax" else graph.classes,
            expected,
        ),
    )
    for what_en, what_fr, in_graph, in_card in checks:
        if in_graph is not None and in_graph != in_card:
            raise CardMismatchError(path=path, what_en=what_en, what_fr=what_fr, graph=in_graph, card=in_card)
