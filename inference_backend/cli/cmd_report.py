# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge report`: the dashboard of a production."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose, language


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "report",
        help=choose("dashboard of a production", "tableau de bord d'une production"),
        description=choose(
            "Reads every lot of a production and writes a folder: a page, figures as JSON and CSV, a map. "
            "Exit status: 0 every lot was read, 1 some were not, 2 unusable production file.",
            "Lit tous les lots d'une production et écrit un dossier : une page, ses chiffres en JSON et CSV, "
            "une carte. Code de sortie : 0 tous les lots sont lus, 1 certains ne l'ont pas été, 2 fichier de "
            "production inutilisable.",
        ),
    )
    parser.add_argument("production", type=Path, metavar="PRODUCTION.json")
    parser.add_argument(
        "--output",
        "-o",
        type=Path,
        required=True,
        help=choose("folder of the report", "dossier du tableau de bord"),
    )
    parser.add_argument(
        "--names",
        action="store_true",
        help=choose("show the names of people; pseudonyms otherwise", "montrer les noms ; pseudonymes sinon"),
    )
    parser.add_argument(
        "--forget-missing",
        action="store_true",
        help=choose(
            "no longer report lots that were removed on purpose",
            "ne plus signaler les lots retirés volontairement",
        ),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the report and print its tiles; 1 where lots could not be read."""
    from inference_backend.cli.console import console_progress, table
    from inference_backend.contracts.indicators import PAGE_FILE
    from inference_backend.indicators.cells import written
    from inference_backend.indicators.report import make_report
    from inference_backend.reporting.words import Words

    words = Words(language())
    document = make_report(
        args.production,
        args.output,
        language=language(),
        show_names=args.names,
        forget_missing=args.forget_missing,
        progress=console_progress(choose("report", "tableau de bord")),
    )
    place = 1 if words.french else 0
    rows = []
    for tile in document.tiles:
        interval = words.interval(tile.low, tile.high)
        figure = " ".join(part for part in (written(tile.value, tile.unit, words), interval) if part)
        rows.append((tile.label[("en", "fr")[place]], f"{figure} ({tile.detail[('en', 'fr')[place]]})"))
    rows.append((choose("page", "page"), str(args.output / PAGE_FILE)))
    print(table(rows))
    for notice in document.notices:
        if notice.level == "bad":
            print(notice.text[("en", "fr")[place]])
    return 1 if document.lots_unread else 0
