# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control report`: a control as a page that stands alone, with its tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import LANGUAGES, choose


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "report",
        help=choose("write the report of a control", "écrire le rapport d'un contrôle"),
        description=choose(
            "Writes a page that stands alone (HTML, prints to PDF from any browser), its tables (CSV) and "
            "the "
            "document (JSON). A decided control is shown as it was signed; without a decision the page is a "
            "draft by the contract's thresholds.",
            "Écrit une page autonome (HTML, à imprimer en PDF depuis tout navigateur), ses tableaux (CSV) "
            "et le "
            "document (JSON). Un contrôle décidé est montré tel qu'il a été signé ; sans décision, la page "
            "est "
            "un projet selon les seuils du marché.",
        ),
    )
    parser.add_argument(
        "lot",
        metavar="LOT",
        help=choose(
            "lot.gpkg, SERVICE/SCHEMA of PostGIS, or the JSON that decide wrote",
            "lot.gpkg, SERVICE/SCHÉMA dans PostGIS, ou le JSON écrit par decide",
        ),
    )
    parser.add_argument(
        "--output",
        "-o",
        type=Path,
        required=True,
        metavar="DIR",
        help=choose("folder to write", "dossier à écrire"),
    )
    parser.add_argument(
        "--control", metavar="ID", help=choose("which control (the latest)", "quel contrôle (le dernier)")
    )
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default="fr",
        help=choose("of the page (%(default)s)", "de la page (%(default)s)"),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write and name the files."""
    from inference_backend.cli.console import console_progress
    from inference_backend.control.report_source import load_report
    from inference_backend.control.report_write import write_report_files
    from inference_backend.progress import Span

    progress = console_progress(choose("report", "rapport"))
    source = load_report(args.lot, control_id=args.control, progress=Span(progress, 0.0, 0.8))
    files = write_report_files(source, args.output, args.language)
    progress.update(1.0)
    print(files[0])
    print(
        choose(f"and {len(files) - 1} tables and documents", f"et {len(files) - 1} tableaux et documents"),
        choose("beside it", "à côté"),
    )
    return 0
