# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge predict`: rasters to a prediction."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.kept_blocks import kept_text
from inference_backend.cli.language import choose
from inference_backend.cli.repeated import Joined

if TYPE_CHECKING:
    from inference_backend.predict.options import PredictOptions


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
        metavar="RASTER",
        help=choose(
            "ortho-image, height, ...: files, addresses of COGs, WMS or WMTS descriptions",
            "ortho-image, hauteur, ... : fichiers, adresses de COG, descriptions WMS ou WMTS",
        ),
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
        action=Joined,
        default="",
        metavar="NAME=FILE:N,...",
        help=choose(
            "where bands are, when their descriptions do not say it: red=rgb.tif:1,nir=irc.tif:1",
            "où sont les bandes, si leurs descriptions ne le disent pas : red=rvb.tif:1,nir=irc.tif:1",
        ),
    )
    parser.add_argument(
        "--fill",
        action=Joined,
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
    parser.add_argument(
        "--engine",
        default="auto",
        help=choose(
            "auto, onnxruntime, openvino or v2:URL of a KServe V2 server",
            "auto, onnxruntime, openvino ou v2:URL d'un serveur KServe V2",
        ),
    )
    _register_tiling(parser)
    _register_work(parser)
    parser.set_defaults(func=run)


def _register_tiling(parser: argparse.ArgumentParser) -> None:
    """What decides the pixels beside the bands."""
    parser.add_argument(
        "--aoi",
        type=Path,
        metavar="AREA.gpkg",
        help=choose("predict inside this area only", "ne prédire que dans cette zone"),
    )
    parser.add_argument(
        "--overlap",
        type=int,
        metavar="PX",
        help=choose(
            "margin of a tile on each side, px (default: the model's, less where its network needs less)",
            "marge d'une tuile de chaque côté, px (par défaut : celle du modèle, ou ce que voit son réseau)",
        ),
    )
    parser.add_argument(
        "--blend",
        action="store_true",
        help=choose(
            "mix the scores of neighbouring tiles over their margins",
            "mélanger les scores des tuiles voisines sur leurs marges",
        ),
    )


def _register_work(parser: argparse.ArgumentParser) -> None:
    """What else to write, and how the work is done."""
    parser.add_argument(
        "--probabilities",
        action="store_true",
        help=choose(
            "also write one band per class to P_probabilities.tif",
            "écrire aussi une bande par classe dans P_probabilities.tif",
        ),
    )
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="tcp://HOST:PORT",
        help=choose(
            "do the work on a Dask cluster; the files must be seen from there",
            "faire le travail sur une grappe Dask ; elle doit voir les fichiers",
        ),
    )
    parser.add_argument(
        "--restart",
        action="store_true",
        help=choose(
            "start over instead of going on from the blocks of an interrupted run",
            "recommencer au lieu de reprendre les blocs d'un calcul interrompu",
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Predict; prints the path of the result."""
    from inference_backend.cli.console import console_progress
    from inference_backend.models.reader import default_model_path
    from inference_backend.predict.blocks.block_store import finished_blocks
    from inference_backend.predict.predict import predict

    model, progress = args.model or default_model_path(), console_progress(choose("prediction", "prédiction"))
    try:
        print(predict(args.rasters, model, args.output, _options(args), progress=progress))
    except KeyboardInterrupt:
        kept = finished_blocks(args.output)
        if kept:
            print("\n" + kept_text(kept, args.output), file=sys.stderr)
        raise
    return 0


def _options(args: argparse.Namespace) -> PredictOptions:
    from inference_backend.predict.inputs.band_sources import BandChoice
    from inference_backend.predict.options import PredictOptions

    return PredictOptions(
        engine=args.engine,
        choice=BandChoice.parse(args.bands, args.fill),
        resample=args.resample,
        crs=args.crs,
        aoi=args.aoi,
        overlap_px=args.overlap,
        blend=args.blend,
        probabilities=args.probabilities,
        scheduler=args.scheduler,
        restart=args.restart,
    )
