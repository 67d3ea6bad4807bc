# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge import`: a layer that exists already to a lot, with a repair report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose, language
from inference_backend.contracts.profile import DEFAULT_PROFILE

if TYPE_CHECKING:
    from inference_backend.ingest.report import Report

OVERLAPS = ("small", "large", "first", "last")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "import",
        help=choose(
            "existing layer to lot, with a repair report",
            "couche existante vers lot, avec bilan des réparations",
        ),
        description=choose(
            "Reads a published OCS GE, a change layer, CoSIA blocks or any land-cover layer, repairs it into "
            "a valid coverage, and writes a lot and a report in which every square metre is accounted for.",
            "Lit une OCS GE publiée, une couche de différences, des dalles CoSIA ou toute couche "
            "d'occupation du sol, la répare en une couverture valide, et écrit un lot et un bilan où chaque "
            "mètre carré est justifié.",
        ),
    )
    parser.add_argument("files", type=Path, nargs="+", metavar=choose("FILE", "FICHIER"))
    parser.add_argument("--output", "-o", type=Path, required=True, metavar="LOT.gpkg")
    parser.add_argument(
        "--report",
        type=Path,
        nargs="+",
        metavar="R.json|R.html",
        help=choose(
            "reports to write (beside the lot: LOT-import.json and LOT-import.html)",
            "bilans à écrire (à côté du lot : LOT-import.json et LOT-import.html)",
        ),
    )
    _add_reading(parser)
    _add_repair(parser)
    parser.set_defaults(func=run)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("reading", "lecture"))
    add = group.add_argument
    add("--layer", help=choose("layer of the files", "couche des fichiers"))
    add("--cs-column", metavar="NAME", help=choose("cover column", "colonne de la couverture"))
    add("--us-column", metavar="NAME", help=choose("use column", "colonne de l'usage"))
    add("--id-column", metavar="NAME", help=choose("identifier column", "colonne de l'identifiant"))
    add(
        "--date",
        help=choose("date of a change layer: 2018, avant, apres (the last one)",
            "date d'une couche de différences : 2018, avant, apres (la dernière)"),
    )  # fmt: skip
    add(
        "--mapping",
        type=Path,
        metavar="M.json|M.toml",
        help=choose("what the values of another nomenclature mean",
            "ce que signifient les valeurs d'une autre nomenclature"),
    )  # fmt: skip
    add(
        "--default-cs",
        metavar="CODE",
        help=choose("cover where none is told", "couverture là où rien ne la dit"),
    )
    add("--default-us", metavar="CODE", help=choose("use where none is told", "usage là où rien ne le dit"))
    add(
        "--crs",
        help=choose("coordinate system of the lot: EPSG:2154", "système de coordonnées du lot : EPSG:2154"),
    )
    add(
        "--zone",
        type=Path,
        metavar="F",
        help=choose("file with the zone construite, where the layer's has none",
            "fichier de la zone construite, si celui de la couche n'en a pas"),
    )  # fmt: skip
    add(
        "--millesime",
        type=_year,
        metavar="YYYY",
        help=choose("year of the image, where the layer does not say it",
            "année de l'image, si la couche ne la dit pas"),
    )  # fmt: skip
    add("--name", default="", help=choose("name of the lot", "nom du lot"))
    add(
        "--profile",
        default=DEFAULT_PROFILE,
        help=choose("name or folder of a profile", "nom ou dossier d'un profil"),
    )


def _add_repair(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("repair", "réparation"))
    group.add_argument(
        "--overlaps",
        choices=OVERLAPS,
        default=OVERLAPS[0],
        help=choose(
            "who keeps what several claim: the smaller, the larger, the first or the last (%(default)s)",
            "qui garde ce que plusieurs revendiquent : le plus petit, le plus grand, le premier ou le "
            "dernier (%(default)s)",
        ),
    )
    group.add_argument(
        "--fill-gaps",
        type=_area,
        metavar="M2",
        help=choose("fill gaps up to this area, m² (the profile's: 500)",
            "combler les trous jusqu'à cette surface, m² (profil : 500)"),
    )  # fmt: skip
    group.add_argument(
        "--keep-slivers",
        action="store_true",
        help=choose("leave slivers that the layer itself has", "laisser les languettes que la couche a déjà"),
    )
    kind = group.add_mutually_exclusive_group()
    kind.add_argument(
        "--partial",
        action="store_true",
        help=choose("the layer does not cover its extent: fill no gap but slits",
            "la couche ne couvre pas toute son emprise : ne combler que les fentes"),
    )  # fmt: skip
    kind.add_argument(
        "--partition",
        action="store_true",
        help=choose("the layer should cover its extent, though it is a change layer",
            "la couche doit couvrir toute son emprise, bien qu'elle soit de différences"),
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Import; prints what to know on standard error, then the figures and the paths."""
    from inference_backend.cli.console import console_progress, table
    from inference_backend.contracts.profile import Profile
    from inference_backend.ingest.pipeline import ImportOptions, import_layers
    from inference_backend.ingest.repair import RepairOptions
    from inference_backend.ingest.report_text import notices, report_rows

    reports = args.report or [
        args.output.with_name(f"{args.output.stem}-import{suffix}") for suffix in (".json", ".html")
    ]
    columns = {"cs": args.cs_column, "us": args.us_column, "id": args.id_column}
    report: Report = import_layers(
        args.files,
        args.output,
        reports,
        profile=Profile.load(args.profile),
        options=ImportOptions(
            layer=args.layer,
            columns={role: name for role, name in columns.items() if name},
            date=args.date,
            mapping=args.mapping,
            default_cs=args.default_cs,
            default_us=args.default_us,
            crs=args.crs,
            zone=args.zone,
            millesime=args.millesime,
            name=args.name,
            partition=True if args.partition else False if args.partial else None,
            repair=RepairOptions(args.overlaps, args.fill_gaps, args.keep_slivers),
            language=language(),
        ),
        progress=console_progress(choose("import", "import")),
    )
    for notice in notices(report, language()):
        print(notice, file=sys.stderr)
    rows = [*report_rows(report, language()), (choose("lot", "lot"), str(args.output))]
    print(table([*rows, *((choose("report", "bilan"), str(path)) for path in reports)]))
    return 0


def _year(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError(
            choose(f"{text}: expected a year of four digits, 2022", f"{text} : il faut une année, 2022")
        )
    return text


def _area(text: str) -> float:
    value = float(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(
            choose(f"{text}: must not be negative", f"{text} : ne peut être négatif")
        )
    return value
