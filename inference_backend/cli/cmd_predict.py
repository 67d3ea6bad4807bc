# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge predict`: rasters to a prediction."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "predict",
        help=choose("raster(s) to prediction", "raster(s) vers prédiction"),
        description=choose(
            "Classifies every pixel of rasters that share a grid. Writes a Cloud Optimized GeoTIFF of four "
            "bands: class, confidence, runner-up, margin.",
            "Classe chaque pixel de rasters de même grille. Écrit un GeoTIFF optimisé (COG) à quatre "
            "bandes : classe, confiance, deuxième classe, marge.",
        ),
    )
    parser.add_argument(
        "rasters",
        nargs="+",
        type=Path,
        metavar="RASTER",
        help=choose("ortho-image, height, ...", "ortho-image, hauteur, ..."),
    )
    parser.add_argument("--output", "-o", type=Path, required=True, metavar="P.tif")
    parser.add_argument(
        "--model",
        "-m",
        type=Path,
        help=choose("ONNX file (default: the project's)", "fichier ONNX (par défaut : celui du projet)"),
    )
    parser.add_argument(
        "--bands",
        default="",
        metavar="NAME=FILE:N,...",
        help=choose(
            "where bands are, when their descriptions do not say it: red=rgb.tif:1,nir=irc.tif:1",
            "où sont les bandes, si leurs descriptions ne le disent pas : red=rvb.tif:1,nir=irc.tif:1",
        ),
    )
    parser.add_argument(
        "--fill",
        default="",
        metavar="NAME=VALUE,...",
        help=choose("constant for a missing band: height=0", "constante pour une bande absente : height=0"),
    )
    parser.add_argument(
        "--resample",
        action="store_true",
        help=choose(
            "bring the rasters to the model's resolution, on one grid",
            "ramener les rasters à la résolution du modèle, sur une même grille",
        ),
    )
    parser.add_argument(
        "--crs",
        help=choose(
            "coordinate system to use instead of the rasters' own: EPSG:2154",
            "système de coordonnées à la place de celui des rasters : EPSG:2154",
        ),
    )
    parser.add_argument("--engine", default="auto", help="auto, onnxruntime")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Predict; prints the path of the result."""
    from inference_backend.cli.console import console_progress
    from inference_backend.models.reader import default_model_path
    from inference_backend.predict.band_sources import BandChoice
    from inference_backend.predict.predict import predict

    written = predict(
        args.rasters,
        args.model or default_model_path(),
        args.output,
        engine=args.engine,
        choice=BandChoice.parse(args.bands, args.fill),
        resample=args.resample,
        crs=args.crs,
        progress=console_progress(choose("prediction", "prédiction")),
    )
    print(written)
    return 0
