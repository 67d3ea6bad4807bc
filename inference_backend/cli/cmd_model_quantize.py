# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model quantize`: the int8 twin of a model, calibrated on the user's own raster."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose
from inference_backend.cli.repeated import Joined

if TYPE_CHECKING:
    from inference_backend.runtime.quantised_model import Quantised

CALIBRATION_TILES = 64
"""More bring nothing: the ranges of values have settled by then."""
COMPARISON_TILES = 32
_COMPARED_SHARE = COMPARISON_TILES / (CALIBRATION_TILES + COMPARISON_TILES)


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "quantize",
        help=choose("make a model of 8 bits, faster", "faire un modèle sur 8 bits, plus rapide"),
        description=choose(
            "Writes the model with weights and values of 8 bits. Their ranges come from tiles of your own "
            "raster; other tiles of it tell how far the results move, which the new model's card says.",
            "Écrit le modèle avec des poids et des valeurs sur 8 bits. Leurs plages viennent de tuiles de "
            "votre propre raster ; d'autres tuiles disent de combien les résultats changent, ce que la fiche "
            "du nouveau modèle indique.",
        ),
    )
    parser.add_argument("file", type=Path, metavar="MODEL", help="ONNX")
    parser.add_argument(
        "--calibrate",
        nargs="+",
        required=True,
        metavar="RASTER",
        help=choose(
            "ortho-image, height, ... as for predict", "ortho-image, hauteur, ... comme pour predict"
        ),
    )
    parser.add_argument("--output", "-o", type=Path, required=True, metavar="OUT.onnx")
    parser.add_argument(
        "--bands", action=Joined, default="", metavar="NAME=FILE:N,...", help=_as_for_predict()
    )
    parser.add_argument("--fill", action=Joined, default="", metavar="NAME=VALUE,...", help=_as_for_predict())
    parser.add_argument("--resample", action="store_true", help=_as_for_predict())
    parser.add_argument("--crs", help=_as_for_predict())
    parser.add_argument(
        "--tiles",
        type=int,
        default=CALIBRATION_TILES + COMPARISON_TILES,
        metavar="N",
        help=choose(
            "tiles to draw, a third of them to compare (96)",
            "tuiles à tirer, dont un tiers pour comparer (96)",
        ),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Quantise and tell how far the results moved."""
    from inference_backend.cli.console import console_progress
    from inference_backend.cli.raster_samples import MIN_TILES, draw_samples
    from inference_backend.models.reader import read_model
    from inference_backend.predict.inputs.band_sources import BandChoice
    from inference_backend.progress import Span
    from inference_backend.runtime.quantised_model import write_quantised

    progress = console_progress(choose("quantisation", "quantification"))
    model = read_model(args.file)
    samples = draw_samples(
        args.calibrate,
        model,
        BandChoice.parse(args.bands, args.fill),
        max(args.tiles, MIN_TILES),
        Span(progress, 0, 0.1),
        resample=args.resample,
        crs=args.crs,
    )
    compared = max(1, round(_COMPARED_SHARE * len(samples)))
    done = write_quantised(model, samples[compared:], samples[:compared], args.output, Span(progress, 0.1, 1))
    progress.update(1.0)
    _print(done)
    return 0


def _print(done: Quantised) -> None:
    told = done.agreement.to_dict(done.model.card.classes)
    share, pixels = 100 * told["argmax_agreement"], told["pixels"]
    print(done.model.path)
    print(
        choose(
            f"the same class wins on {share:.2f} % of {pixels} pixels that did not serve to calibrate",
            f"la même classe l'emporte sur {share:.2f} % de {pixels} pixels qui n'ont pas servi à calibrer",
        )
    )
    names = [choose("class", "classe"), *told["classes"]]
    width = max(len(name) for name in names)
    heads = (
        choose("share %", "part %"),
        choose("IoU with the original", "IoU avec l'original"),
        choose("change of score", "écart de score"),
    )
    print(f"{names[0]:<{width}}  " + "  ".join(heads))
    for name, one in told["classes"].items():
        cells = (f"{100 * one['share']:.2f}", f"{one['iou']:.3f}", f"{one['score_change']:.4f}")
        row = "  ".join(f"{cell:>{len(head)}}" for cell, head in zip(cells, heads, strict=True))
        print(f"{name:<{width}}  {row}")


def _as_for_predict() -> str:
    return choose("as for predict", "comme pour predict")
