# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge dataset export|import|stats`: training data of a campaign, out and in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.console import console_progress, table
from inference_backend.cli.language import choose, language
from inference_backend.contracts.campaign import PatchState

if TYPE_CHECKING:
    from inference_backend.datasets.export import ExportResult
    from inference_backend.datasets.import_masks import ImportResult

FORMATS = ("flair", "flair-hub", "odeon", "stac", "coco", "yolo", "png")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its actions."""
    parser = subparsers.add_parser(
        "dataset",
        help=choose(
            "training data of a campaign, out and in",
            "données d'apprentissage d'une campagne, sortie et entrée",
        ),
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_export(actions)
    _add_import(actions)
    _add_stats(actions)


def _add_export(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "export", help=choose("a campaign to a data set", "une campagne vers un jeu de données")
    )
    add = parser.add_argument
    add("campaign", type=Path, metavar=choose("CAMPAIGN.gpkg", "CAMPAGNE.gpkg"))
    add("--format", choices=FORMATS, required=True)
    add("--output", "-o", type=Path, required=True, metavar=choose("FOLDER", "DOSSIER"))
    add(
        "--split",
        nargs="+",
        default=[],
        metavar="NAME",
        help=choose(
            "train, val, test, unsplit (all by default)",
            "train, val, test, unsplit (tous par défaut)",
        ),
    )
    states = [state.value for state in PatchState]
    add(
        "--state",
        nargs="+",
        choices=states,
        help=choose(
            "states of the patches (those handed in)",
            "états des dalles (celles qui sont remises)",
        ),
    )
    _add_mapping(parser)
    add(
        "--domain",
        default="D000-0000",
        metavar="D032-2019",
        help=choose("FLAIR's département and year", "département et année de FLAIR"),
    )
    add(
        "--acquired",
        default="",
        metavar=choose("YYYY-MM-DD", "AAAA-MM-JJ"),
        help=choose("day of the image", "jour de l'image"),
    )
    parser.set_defaults(func=run_export)


def _add_import(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "import",
        help=choose("masks of others into a campaign", "masques d'autrui dans une campagne"),
    )
    add = parser.add_argument
    add("source", type=Path, metavar=choose("FOLDER|FILE", "DOSSIER|FICHIER"))
    add("--into", type=Path, required=True, metavar=choose("CAMPAIGN.gpkg", "CAMPAGNE.gpkg"))
    _add_mapping(parser)
    add(
        "--replace",
        action="store_true",
        help=choose(
            "overwrite labels that exist; they are kept aside",
            "remplacer les étiquettes existantes ; elles sont gardées à part",
        ),
    )
    add(
        "--annotator",
        default="import",
        metavar=choose("NAME", "NOM"),
        help=choose("of patches that nobody has begun", "des dalles que personne n'a commencées"),
    )
    parser.set_defaults(func=run_import)


def _add_stats(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "stats", help=choose("pixels per class and split", "pixels par classe et par lot")
    )
    add = parser.add_argument
    add("campaign", type=Path, metavar=choose("CAMPAIGN.gpkg", "CAMPAGNE.gpkg"))
    add(
        "--output",
        "-o",
        type=Path,
        metavar=choose("FOLDER", "DOSSIER"),
        help=choose("also write tables and plots there", "y écrire aussi tableaux et graphiques"),
    )
    add("--json", action="store_true", help=choose("print JSON", "écrire en JSON"))
    parser.set_defaults(func=run_stats)


def _add_mapping(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mapping",
        default="",
        metavar="NAME|M.json",
        help=choose(
            "classes: campaign, cover, flair-1, flair-hub, cosia, or a JSON file",
            "classes : campaign, cover, flair-1, flair-hub, cosia, ou un fichier JSON",
        ),
    )
    parser.add_argument(
        "--profile",
        default="",
        help=choose("name or folder of a profile (the campaign's)", "nom ou dossier d'un profil (celui de la "
            "campagne)"),
    )  # fmt: skip


def run_export(args: argparse.Namespace) -> int:
    """Export; prints what was written."""
    from inference_backend.datasets.export import ExportOptions, export_dataset
    from inference_backend.datasets.samples import HANDED_IN

    states = tuple(PatchState(name) for name in args.state) if args.state else HANDED_IN
    options = ExportOptions(states, args.split, args.mapping, args.profile, args.domain, args.acquired)
    progress = console_progress("export")
    _print_export(export_dataset(args.campaign, args.format, args.output, options, progress))
    return 0


def _print_export(result: ExportResult) -> None:
    if result.lost:
        names = ", ".join(result.lost)
        print(
            choose(
                f"These classes cannot be told apart in the data set: {names}.",
                f"Ces classes ne se distinguent plus dans le jeu de données : {names}.",
            ),
            file=sys.stderr,
        )
    rows = [(split, str(count)) for split, count in result.by_split.items()]
    print(table([*rows, (choose("data set", "jeu de données"), str(result.folder))]))


def run_import(args: argparse.Namespace) -> int:
    """Import; prints what was taken and what was left alone."""
    from inference_backend.datasets.import_masks import ImportOptions, import_masks

    options = ImportOptions(args.mapping, args.replace, args.profile, args.annotator)
    _print_import(import_masks(args.source, args.into, options, console_progress("import")))
    return 0


def _print_import(result: ImportResult) -> None:
    counts = (
        (choose("patches labelled", "dalles étiquetées"), result.changed),
        (choose("already so", "déjà ainsi"), result.same),
        (choose("without mask", "sans masque"), result.without),
        (choose("handed in, left alone", "remises, laissées telles quelles"), result.handed_in),
        (choose("open or unsaved, left alone", "ouvertes ou non enregistrées, laissées"), result.in_hand),
    )
    rows = [(text, str(len(ids))) for text, ids in counts if ids]
    print(table([*rows, (choose("pixels", "pixels"), str(result.pixels))]))


def run_stats(args: argparse.Namespace) -> int:
    """Count and print; with `--output`, tables and plots as well."""
    import json

    from inference_backend.datasets.stats import count_campaign
    from inference_backend.datasets.stats_text import stats_lines, write_stats

    found = count_campaign(args.campaign, console_progress(choose("statistics", "statistiques")))
    if args.output is not None:
        write_stats(found, args.output, language())
    if args.json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(stats_lines(found, language())))
    return 0
