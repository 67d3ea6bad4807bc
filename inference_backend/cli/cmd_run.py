# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge run`: prediction, post-processing and check from one small file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference_backend.cli.language import choose, language

if TYPE_CHECKING:
    from inference_backend.service.chain import ChainSummary, StepRun


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "run",
        help=choose("predict, postprocess and check from one file", "toute la chaîne à partir d'un fichier"),
        description=choose(
            "Predicts, post-processes and checks what a TOML file describes. Steps whose result still stands "
            "are skipped. Exit 1 where the result does not conform.",
            "Prédit, post-traite et contrôle ce qu'un fichier TOML décrit. Les étapes dont le résultat est à "
            "jour sont sautées. Code 1 si le résultat n'est pas conforme.",
        ),
    )
    parser.add_argument("config", type=Path, nargs="?", metavar="CONFIG.toml")
    parser.add_argument(
        "--force",
        action="store_true",
        help=choose(
            "run every step; a reviewed lot is kept under another name",
            "refaire chaque étape ; un lot repris est conservé sous un autre nom",
        ),
    )
    parser.add_argument(
        "--example",
        action="store_true",
        help=choose("print a file to start from", "afficher un fichier de départ"),
    )
    parser.set_defaults(func=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Run the chain and print its figures."""
    from inference_backend.cli.console import console_progress
    from inference_backend.service.chain import run_chain
    from inference_backend.service.run_config import EXAMPLE, read_run_config

    if args.example:
        print(EXAMPLE, end="")
        return 0
    if args.config is None:
        args.parser.error(choose("give a CONFIG.toml, or --example", "donnez un CONFIG.toml, ou --example"))
    summary = run_chain(read_run_config(args.config), force=args.force, progress=console_progress("run"))
    for notice in summary.notices:
        print(notice[language()], file=sys.stderr)
    print(summary_text(summary))
    return 0 if summary.passes else 1


def summary_text(summary: ChainSummary) -> str:
    """Two columns: steps with their seconds, then the figures of the check."""
    from inference_backend.cli.console import table

    rows = [(choose(*_STEPS[step.name]), _step_text(step)) for step in summary.steps]
    figures = summary.conformity
    if figures is not None:
        verdict = choose("conforms", "conforme") if summary.passes else choose("falls short", "non conforme")
        rows += [
            (choose("polygons", "polygones"), str(figures["polygons"])),
            (choose("area", "surface"), f"{figures['area_m2'] / 1e6:.4f} km²"),
            (
                choose("gap, overlap", "trous, recouvrements"),
                _areas(figures["gap_m2"], figures["overlap_m2"]),
            ),
            (choose("invalid, multipart", "invalides, multiparties"), _pair(figures, "invalid", "multipart")),
            (
                choose("under threshold, excused", "sous le seuil, excusés"),
                _pair(figures, "under_threshold", "under_threshold_excused"),
            ),
            (choose("conformity", "conformité"), ", ".join((verdict, *figures["faults"]))),
        ]
    rows += [(choose("prediction", "prédiction"), summary.prediction), (choose("lot", "lot"), summary.lot)]
    return table(rows)


_STEPS = {
    "predict": ("step predict", "étape prédiction"),
    "postprocess": ("step postprocess", "étape post-traitement"),
    "check": ("step check", "étape contrôle"),
}


def _step_text(step: StepRun) -> str:
    return choose("up to date, skipped", "à jour, sautée") if step.skipped else f"{step.seconds:.1f} s"


def _areas(*areas_m2: float) -> str:
    return ", ".join(f"{area:.2f} m²" for area in areas_m2)


def _pair(figures: dict[str, Any], *names: str) -> str:
    return ", ".join(str(figures[name]) for name in names)
