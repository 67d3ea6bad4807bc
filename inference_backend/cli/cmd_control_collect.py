# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control collect`: answers of control files into the lot; a file for an arbiter where two differ."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    text = choose("bring answers of control files into the lot", "rapporter les réponses des contrôleurs")
    parser = actions.add_parser("collect", help=text, description=text)
    add = parser.add_argument
    add(
        "lot",
        metavar="LOT",
        help=choose("lot.gpkg, or SERVICE/SCHEMA of PostGIS", "lot.gpkg, ou SERVICE/SCHÉMA de PostGIS"),
    )
    add(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help=choose(
            "control files; none to see where the control stands",
            "fichiers de contrôle ; aucun pour voir où en est le contrôle",
        ),
    )
    add(
        "--arbiter",
        metavar="NAME",
        help=choose(
            "write this person a file of the units where two differ",
            "écrire pour cette personne un fichier des unités où deux avis diffèrent",
        ),
    )
    add(
        "--output",
        "-o",
        type=Path,
        metavar="DIR",
        help=choose("folder of the arbiter's file", "dossier du fichier d'arbitrage"),
    )
    parser.set_defaults(func=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Collect; prints what came in and what is missing."""
    from inference_backend.cli.console import table
    from inference_backend.control.arbiter import write_arbiter_file
    from inference_backend.control.collect import collect

    if bool(args.arbiter) != bool(args.output):
        args.parser.error(choose("--arbiter goes with --output", "--arbiter va avec --output"))
    done = collect(args.lot, args.files)
    units = len(done.control.units)
    rows = [
        (choose("answers", "réponses"), _came(done.new, done.turned, done.older)),
        (choose("answered", "répondu"), f"{done.answered} / {units}"),
        (choose("second opinions missing", "seconds avis manquants"), str(done.lacking_second)),
        (choose("opinions that differ", "avis divergents"), str(done.differing)),
    ]
    if args.arbiter:
        path = write_arbiter_file(args.lot, args.arbiter, args.output)
        nothing = choose("nothing to settle", "rien à arbitrer")
        rows.append((choose("arbiter's file", "fichier d'arbitrage"), nothing if path is None else str(path)))
    print(table(rows))
    return 0


def _came(new: int, turned: int, older: int) -> str:
    text = choose(f"{new} new, {turned} changed", f"{new} nouvelles, {turned} changées")
    if older:
        text += choose(f", {older} known better already", f", {older} déjà connues plus à jour")
    return text
