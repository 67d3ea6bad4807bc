# SPDX-License-Identifier: GPL-2.0-or-later
"""The fields of a card as options of the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose

if TYPE_CHECKING:
    from inference_backend.models.draft import Draft
    from inference_backend.models.graph import GraphFacts

_BAND_OPTIONS = ("bands", "divide", "mean", "std")
_PLAIN = {
    "name": "name",
    "model_version": "version",
    "resolution": "resolution_m",
    "tile": "tile_px",
    "overlap": "overlap_px",
    "output_kind": "output",
    "min_confidence": "min_confidence",
    "output_tensors": "output_tensors",
    "description": "description",
    "licence": "licence",
    "any_size": "any_size",
}


def add_card_options(parser: argparse.ArgumentParser) -> None:
    """Declare one option per field of a card."""
    group = parser.add_argument_group(
        choose("what the model does not say itself", "ce que le modèle ne dit pas lui-même")
    )
    kinds = ("logits", "softmax", "sigmoid", "argmax")
    rows: tuple[tuple[str, dict[str, object], tuple[str, str]], ...] = (
        ("--preset", {"metavar": "NAME"}, ("family: flair-1 or flair-hub", "famille : flair-1 ou flair-hub")),
        (
            "--bands",
            {"type": words, "metavar": "A,B,…"},
            ("bands in the model's order", "bandes dans l'ordre du modèle"),
        ),
        (
            "--divide",
            {"type": numbers, "metavar": "N[,N…]"},
            ("divide raster values by, 255 for instance", "diviseur des valeurs du raster, 255 par exemple"),
        ),
        ("--mean", {"type": numbers, "metavar": "N[,N…]"}, ("then subtract", "puis soustraire")),
        ("--std", {"type": numbers, "metavar": "N[,N…]"}, ("then divide by", "puis diviser par")),
        ("--resolution", {"type": float, "metavar": "M"}, ("size of a pixel (m)", "taille d'un pixel (m)")),
        ("--tile", {"type": int, "metavar": "PX"}, ("tile (px)", "tuile (px)")),
        (
            "--overlap",
            {"type": int, "metavar": "PX"},
            ("margin on each side (px)", "marge de chaque côté (px)"),
        ),
        (
            "--classes",
            {"type": class_names, "metavar": "A,B,…"},
            (
                "names by output channel; @FILE: one a line, or a JSON class table",
                "noms par canal de sortie ; @FICHIER : un par ligne, ou une table de classes JSON",
            ),
        ),
        ("--output-kind", {"choices": kinds}, ("what the output holds", "ce que contient la sortie")),
        ("--output-tensors", {"type": words, "metavar": "A,B,…"}, ("outputs to read", "sorties à lire")),
        (
            "--min-confidence",
            {"type": float, "metavar": "P"},
            ("score under which a pixel is undecided", "score sous lequel un pixel est indécis"),
        ),
        (
            "--any-size",
            {"action": "store_true", "default": None},
            ("it takes every multiple of the tile", "il accepte tout multiple de la tuile"),
        ),
        ("--name", {}, ("short name", "nom court")),
        ("--model-version", {}, ("version of the weights", "version des poids")),
        ("--description", {}, ("trained on what, fit for what", "entraîné sur quoi, bon à quoi")),
        ("--licence", {}, ("SPDX identifier", "identifiant SPDX")),
    )
    for option, settings, texts in rows:
        group.add_argument(option, help=choose(*texts), **settings)  # type: ignore[arg-type]  # table of settings


def is_given(args: argparse.Namespace) -> bool:
    """Whether any option of `add_card_options` was used."""
    return any(getattr(args, name) is not None for name in (*_PLAIN, *_BAND_OPTIONS, "classes", "preset"))


def draft_from_options(args: argparse.Namespace, graph: GraphFacts, known: Draft) -> Draft:
    """What the options say; the preset fills what they leave open.

    Raises:
        UnknownPresetError: no such preset.
        InputError: numbers that do not fit the bands.
    """
    from inference_backend.models.draft import merge
    from inference_backend.models.presets import draft_from_preset

    preset = draft_from_preset(args.preset, graph.channels) if args.preset else {}
    said: Draft = {field: getattr(args, option) for option, field in _PLAIN.items()}
    said["classes"] = args.classes
    said["bands"] = _bands(args, graph, merge(preset, known).get("bands"))
    return merge(said, preset)


def words(text: str) -> tuple[str, ...]:
    """Words separated by commas."""
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if not found:
        raise argparse.ArgumentTypeError(choose("nothing named", "rien de nommé"))
    return found


def numbers(text: str) -> tuple[float, ...]:
    """Numbers separated by commas."""
    try:
        return tuple(float(word) for word in words(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            choose(f"not numbers: {text}", f"pas des nombres : {text}")
        ) from error


def class_names(text: str) -> tuple[str, ...]:
    """Names, from the text itself or from the file that `@` names."""
    if not text.startswith("@"):
        return words(text)
    try:
        content = Path(text[1:]).read_text(encoding="utf-8")
        if not content.lstrip().startswith(("{", "[")):
            return words(content.replace(",", " ").replace("\n", ","))
        raw = json.loads(content)
        rows = raw["classes"] if isinstance(raw, dict) else raw
        if all(isinstance(row, str) for row in rows):
            return tuple(rows)
        return tuple(str(row["name"]) for row in sorted(rows, key=lambda row: int(row["index"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{text[1:]}: {error}") from error


def _bands(args: argparse.Namespace, graph: GraphFacts, known: object) -> object:
    """Bands from the four options, None where they say nothing or too little."""
    from inference_backend.contracts.model_card import InputBand
    from inference_backend.errors import InputError
    from inference_backend.models.draft import scaled_bands, usual_names

    if all(getattr(args, name) is None for name in _BAND_OPTIONS):
        return None
    old = known if isinstance(known, tuple) else ()
    names = args.bands or tuple(band.name for band in old) or tuple(usual_names(graph.channels or 3))
    if args.divide is None and args.mean is None and args.std is None:
        if len(old) == len(names):
            return tuple(InputBand(name, b.scale, b.mean, b.std) for name, b in zip(names, old, strict=True))
        return tuple(InputBand(name) for name in names) if "int" in graph.input_dtype else None
    try:
        return scaled_bands(names, args.divide or (1.0,), args.mean or (0.0,), args.std or (1.0,))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(
            path=args.file,
            problem_en=f"--divide, --mean and --std do not fit the bands {', '.join(names)}: {error}",
            problem_fr=f"--divide, --mean et --std ne vont pas avec les bandes {', '.join(names)} : {error}",
            remedy_en=f"Give one number, or {len(names)}, none of the divisors 0.",
            remedy_fr=f"Donnez un nombre, ou {len(names)}, aucun diviseur nul.",
        ) from error
