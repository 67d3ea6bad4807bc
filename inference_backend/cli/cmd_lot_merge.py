# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot merge`: lots that came back, into the one they were cut from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose, language

if TYPE_CHECKING:
    from inference_backend.lots.merge import MergeReport


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "merge", help=choose("delivered lots back into their parent", "lots livrés vers le lot d'origine")
    )
    parser.add_argument("parent", type=Path, help=choose("the lot they were cut from", "le lot d'origine"))
    parser.add_argument(
        "lots", nargs="+", type=Path, metavar="LOT", help=choose("delivered lots", "lots livrés")
    )
    parser.add_argument(
        "--conflicts",
        type=Path,
        metavar="DIR",
        help=choose(
            "folder of what could not be merged (beside each lot)",
            "dossier de ce qui n'a pas pu être fusionné (à côté de chaque lot)",
        ),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Merge; prints a line per lot; 1 where there are conflicts."""
    from inference_backend.cli.console import console_progress
    from inference_backend.lots.merge import merge_lots

    progress = console_progress(choose("merge", "fusion"))

    def tell(path: Path, report: MergeReport) -> None:
        _print(path, report, args.conflicts or path.parent)

    reports = merge_lots(args.parent, args.lots, args.conflicts, progress, tell)
    return int(any(report.conflicts for report in reports))


def _print(path: Path, report: MergeReport, folder: Path) -> None:
    from inference_backend.cli.console import table
    from inference_backend.lots.conflicts import conflict_files

    new, back, known, conflicts = report.counts
    figures = choose(
        f"{new} gestures merged, {back} taken back, {known} known already, {conflicts} conflicts",
        f"{new} gestes fusionnés, {back} annulés, {known} déjà connus, {conflicts} conflits",
    )
    rows = [(report.lot, figures)]
    for conflict in report.conflicts:
        ids = ", ".join(dict.fromkeys(row.id for row in (*conflict.entry.before, *conflict.entry.after)))
        print(f"{report.lot}: {ids}: {conflict.explanation(language())}", file=sys.stderr)
    if report.conflicts:
        layer, _ = conflict_files(folder / f"{path.stem}-conflicts")
        rows.append((choose("  conflicts", "  conflits"), str(layer)))
    print(table(rows))
