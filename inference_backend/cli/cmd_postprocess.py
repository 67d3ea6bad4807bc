# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge postprocess`: prediction and reference vectors to a lot."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inference_backend.cli.kept_blocks import kept_text
from inference_backend.cli.language import choose, language
from inference_backend.contracts.profile import DEFAULT_PROFILE

YEAR_DIGITS = 4


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "postprocess",
        help=choose("prediction and references to lot", "prédiction et références vers lot"),
        description=choose(
            "Turns a prediction, or a raster of classes alone, into a layer without gap or overlap whose "
            "polygons reach the profile's minimum areas. Reference vectors (BD TOPO, RPG, BD Forêt) are "
            "optional.",
            "Transforme une prédiction, ou un simple raster de classes, en une couche sans trou ni "
            "recouvrement dont les polygones atteignent les surfaces minimales du profil. Les vecteurs de "
            "référence (BD TOPO, RPG, BD Forêt) sont facultatifs.",
        ),
    )
    parser.add_argument("prediction", type=Path, metavar="P.tif")
    parser.add_argument("--output", "-o", type=Path, required=True, metavar="LOT.gpkg")
    parser.add_argument(
        "--references",
        "-r",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE",
        help=choose("vector files or folders", "fichiers vecteur ou dossiers"),
    )
    parser.add_argument(
        "--millesime",
        type=_year,
        required=True,
        help=choose("year of the image", "année de l'image"),
        metavar="YYYY",
    )
    parser.add_argument("--name", default="", help=choose("name of the lot", "nom du lot"))
    parser.add_argument(
        "--profile",
        default=DEFAULT_PROFILE,
        help=choose("name or folder of a profile", "nom ou dossier d'un profil"),
    )
    parser.add_argument(
        "--class-table",
        metavar="TABLE",
        help=choose(
            "what the indices mean, if the file does not say it: flair-1, flair-1-argmax, flair-hub, cosia "
            "or a JSON file",
            "ce que signifient les indices, si le fichier ne le dit pas : flair-1, flair-1-argmax, "
            "flair-hub, cosia ou un fichier JSON",
        ),
    )
    parser.add_argument(
        "--crs",
        help=choose(
            "coordinate system to use instead of the file's own: EPSG:2154",
            "système de coordonnées à la place de celui du fichier : EPSG:2154",
        ),
    )
    parser.add_argument(
        "--pixel-size",
        type=_positive,
        metavar="M",
        help=choose(
            "side of a pixel in metres, for a file without georeference",
            "côté d'un pixel en mètres, pour un fichier sans géoréférence",
        ),
    )
    parser.add_argument(
        "--aoi",
        type=Path,
        metavar="AREA.gpkg",
        help=choose(
            "area of interest, polygons: file or file|layername=NAME",
            "zone d'intérêt, des polygones : fichier ou fichier|layername=NOM",
        ),
    )
    _register_work(parser)
    parser.set_defaults(func=run)


def _register_work(parser: argparse.ArgumentParser) -> None:
    """How the work is done; none of it changes the result."""
    parser.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help=choose(
            "blocks worked on at a time (default: the machine's cores)",
            "blocs traités à la fois (par défaut : les cœurs de la machine)",
        ),
    )
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="tcp://HOST:PORT",
        help=choose(
            "do the work on a Dask cluster, or local:N for N processes; it must see the prediction",
            "faire le travail sur une grappe Dask, ou local:N pour N processus ; elle doit voir la "
            "prédiction",
        ),
    )
    parser.add_argument(
        "--block",
        type=_count,
        metavar="PX",
        help=choose("side of a block in pixels (2304)", "côté d'un bloc en pixels (2304)"),
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
    """Post-process; prints notices on the references, then the figures and the path of the lot."""
    from inference_backend.cli.console import console_progress, table
    from inference_backend.contracts.profile import Profile
    from inference_backend.postprocess.pipeline import postprocess
    from inference_backend.postprocess.stages.block_store import finished_parts

    try:
        summary = postprocess(
            args.prediction,
            args.references,
            args.output,
            profile=Profile.load(args.profile),
            millesime=args.millesime,
            name=args.name,
            class_table=args.class_table,
            crs=args.crs,
            pixel_m=args.pixel_size,
            aoi=args.aoi,
            workers=args.workers,
            scheduler=args.scheduler,
            block_px=args.block,
            restart=args.restart,
            progress=console_progress(choose("postprocess", "post-traitement")),
        )
    except KeyboardInterrupt:
        kept = finished_parts(args.output)
        if kept:
            print("\n" + kept_text(kept, args.output), file=sys.stderr)
        raise
    for notice in summary.notices:
        print(notice.text(language()), file=sys.stderr)
    excused = ", ".join(f"{name} {count}" for name, count in sorted(summary.excused.items())) or "0"
    rows = [
        (choose("polygons", "polygones"), str(summary.polygons)),
        (choose("area", "surface"), f"{summary.area_m2 / 1e6:.4f} km²"),
        (choose("to review", "à revoir"), str(summary.review_items)),
        (choose("under threshold, excused", "sous le seuil, excusés"), excused),
        (choose("lot", "lot"), str(args.output)),
    ]
    print(table(rows))
    return 0


def _year(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) == YEAR_DIGITS):
        raise argparse.ArgumentTypeError(
            choose(f"{text}: expected a year of four digits, 2022", f"{text} : il faut une année, 2022")
        )
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(
            choose(f"{text}: expected a whole number over 0", f"{text} : il faut un entier supérieur à 0")
        )
    return int(text)


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(choose(f"{text}: must be over 0", f"{text} : doit dépasser 0"))
    return value
