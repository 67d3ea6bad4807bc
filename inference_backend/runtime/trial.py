# SPDX-License-Identifier: GPL-2.0-or-later
"""One tile through a model, and what its answer says of the card: `ocsge model check`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.engine import Engine

SUM_TOLERANCE = 0.01
"""Of scores that should sum to 1; half precision and int8 miss it by a few thousandths."""
_SEED = 0


@dataclass(frozen=True)
class Finding:
    """One thing looked at, in both languages.

    Attributes:
        text_en: in English.
        text_fr: in French.
        is_fault: the model cannot be run as its card says.
        is_doubt: it may be right, and is worth a look.
    """

    text_en: str
    text_fr: str
    is_fault: bool = False
    is_doubt: bool = False


def try_model(model: ModelFile, engine: Engine) -> list[Finding]:
    """Run a tile of made-up values through `engine` and compare the answer with the card.

    Raises:
        EngineError: the engine cannot run the model.
    """
    tile_px = model.card.tile_px
    values = _made_up(model, tile_px)
    started = time.perf_counter()
    scores = engine.infer(values)
    seconds = time.perf_counter() - started
    findings = [
        Finding(
            f"one tile of {tile_px} px in {seconds:.2f} s with {engine.name} ({engine.precision})",
            f"une tuile de {tile_px} px en {seconds:.2f} s avec {engine.name} ({engine.precision})",
        ),
        _shape(model, scores, tile_px),
    ]
    if not findings[-1].is_fault:
        findings += _values(model, scores)
    if model.card.any_size and not any(finding.is_fault for finding in findings):
        findings.append(_shape(model, engine.infer(_made_up(model, 2 * tile_px)), 2 * tile_px))
    return findings


def _made_up(model: ModelFile, side: int) -> NDArray[Any]:
    """(1, C, side, side) smooth values around the bands' means, bytes where the card is made for bytes."""
    random = np.random.default_rng(_SEED)
    coarse = random.normal(0, 1, (1, len(model.card.bands), -(-side // 16), -(-side // 16)))
    smooth = np.kron(coarse, np.ones((16, 16)))[:, :, :side, :side]
    means = np.array([band.mean / band.scale for band in model.card.bands])
    spreads = np.array([band.std / band.scale for band in model.card.bands])
    values = np.maximum(means[:, None, None] + spreads[:, None, None] * smooth, 0)
    is_bytes = bool(values.max() < 1000)
    made: NDArray[Any] = np.minimum(values, 255).astype(np.uint8) if is_bytes else values.astype(np.float32)
    return made


def _shape(model: ModelFile, scores: NDArray[Any], side: int) -> Finding:
    card = model.card
    size = scores.shape[-2:]
    lost = side - size[1]
    classes = scores.shape[1] if scores.ndim == 4 else 1
    one_for_two = card.output == "sigmoid" and len(card.classes) == 2
    expected = (
        {1} if card.output == "argmax" else {len(card.classes), 1 if one_for_two else len(card.classes)}
    )
    said = f"{list(scores.shape)} {scores.dtype}"
    fits = size[0] == size[1] and lost >= 0 and lost % 2 == 0 and lost // 2 <= card.overlap_px
    if scores.ndim not in (3, 4) or len(scores) != 1 or classes not in expected or not fits:
        wanted = f"[1, {max(expected)}, {side}, {side}]"
        return Finding(f"it gives {said}, expected {wanted}", f"il donne {said}, attendu {wanted}", True)
    return Finding(f"it gives {said} for {side} px", f"il donne {said} pour {side} px")


def _values(model: ModelFile, scores: NDArray[Any]) -> list[Finding]:
    card = model.card
    if not np.isfinite(scores).all():
        share = 100 * float(1 - np.isfinite(scores).mean())
        return [
            Finding(
                f"{share:.3g} % of its scores are no numbers",
                f"{share:.3g} % de ses scores ne sont pas des nombres",
                True,
            )
        ]
    low, high = float(scores.min()), float(scores.max())
    found = [_range(card.output, len(card.classes), low, high)]
    if card.output == "softmax":
        found.append(_sums(scores))
    if card.output == "logits" and low >= 0 and high <= 1 and _worst_sum(scores) <= SUM_TOLERANCE:
        found.append(
            Finding(
                "its scores sum to 1: they are probabilities, and the card should say softmax, not logits",
                "ses scores ont pour somme 1 : ce sont des probabilités, la fiche devrait dire softmax et "
                "non logits",
                True,
            )
        )
    return [*found, *_monotony(scores)]


def _range(kind: str, classes: int, low: float, high: float) -> Finding:
    limits = {"softmax": (0.0, 1.0), "sigmoid": (0.0, 1.0), "argmax": (0.0, classes - 1.0)}.get(kind)
    said = f"{low:.4g} … {high:.4g}"
    slack = 1e-3
    if limits and (low < limits[0] - slack or high > limits[1] + slack):
        wanted = f"{limits[0]:g} … {limits[1]:g}"
        return Finding(
            f"its values are {said}, but {kind} means {wanted}: the card names the wrong kind of output",
            f"ses valeurs vont de {said}, or {kind} veut dire {wanted} : la fiche se trompe de sortie",
            True,
        )
    return Finding(
        f"its values are {said}, as {kind} may be", f"ses valeurs vont de {said}, comme permis à {kind}"
    )


def _sums(scores: NDArray[Any]) -> Finding:
    worst = _worst_sum(scores)
    if worst > SUM_TOLERANCE:
        return Finding(
            f"the scores of a pixel sum to 1 only within {worst:.2g}: this is no softmax over the classes",
            f"la somme des scores d'un pixel s'écarte de 1 de {worst:.2g} : ce n'est pas un softmax sur les "
            "classes",
            True,
        )
    return Finding(
        f"the scores of a pixel sum to 1 within {worst:.1e}",
        f"la somme des scores d'un pixel vaut 1 à {worst:.1e} près",
    )


def _worst_sum(scores: NDArray[Any]) -> float:
    return float(np.abs(scores.astype(np.float64).sum(axis=1) - 1).max()) if scores.ndim == 4 else np.inf


def _monotony(scores: NDArray[Any]) -> list[Finding]:
    """A hint at a wrong scaling: values that a network never saw drive it to one answer everywhere."""
    winners = scores[:, 0] if scores.ndim == 4 and scores.shape[1] == 1 else scores
    if winners.ndim == 4:
        winners = winners.argmax(axis=1)
    if winners.min() != winners.max():
        return []
    return [
        Finding(
            "every pixel has the same answer, which is possible for made-up values, but also where scale, "
            "mean and std of the bands are wrong",
            "tous les pixels ont la même réponse : possible pour des valeurs inventées, mais aussi quand "
            "l'échelle, la moyenne et l'écart-type des bandes sont faux",
            is_doubt=True,
        )
    ]
