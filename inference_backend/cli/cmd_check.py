# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge check`: conformity of any OCS GE layer."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.console import console_progress
from inference_backend.cli.language import choose, language

if TYPE_CHECKING:
    from inference_backend.quality.conformity import ConformityReport

EXIT_SHORT = 1


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "check",
        help=choose("conformity of an OCS GE layer", "conformité d'une couche OCS GE"),
        description=choose(
            "Measures gaps, overlaps, invalid and multipart geometries, minimum areas, codes, identifiers. "
            "Exit status: 0 conform, 1 not conform, 2 unusable input.",
            "Mesure lacunes, recouvrements, géométries invalides ou multiples, surfaces minimales, codes et "
            "identifiants. Code de sortie : 0 conforme, 1 non conforme, 2 entrée inutilisable.",
        ),
    )
    parser.add_argument("file", type=Path, metavar=choose("FILE", "FICHIER"))
    parser.add_argument("--layer", help=choose("layer of the file", "couche du fichier"))
    parser.add_argument(
        "--profile", default="ocsge-2.0", help=choose("rules (%(default)s)", "règles (%(default)s)")
    )
    parser.add_argument(
        "--cs-column", metavar="NAME", help=choose("cover column", "colonne de la couverture")
    )
    parser.add_argument("--us-column", metavar="NAME", help=choose("use column", "colonne de l'usage"))
    parser.add_argument(
        "--partial",
        action="store_true",
        help=choose(
            "a change layer: gaps and small polygons are no fault",
            "couche de différences : lacunes et petits polygones ne sont pas des fautes",
        ),
    )
    parser.add_argument(
        "--zone",
        type=Path,
        metavar="F",
        help=choose("file with the zone construite, where the layer's has none",
            "fichier de la zone construite, si celui de la couche n'en a pas"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=choose("print JSON", "écrire en JSON"))
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Check and print; 1 where the layer falls short."""
    from inference_backend.contracts.profile import Profile
    from inference_backend.quality.conformity import CheckOptions, check_layer
    from inference_backend.quality.conformity_text import conformity_table

    options = CheckOptions(args.cs_column, args.us_column, args.partial, args.zone)
    progress = console_progress(choose("check", "contrôle"))
    report: ConformityReport = check_layer(
        args.file, layer=args.layer, profile=Profile.load(args.profile), options=options, progress=progress
    )
    if args.json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        print(conformity_table(report, language()))
    return 0 if report.is_conform else EXIT_SHORT
