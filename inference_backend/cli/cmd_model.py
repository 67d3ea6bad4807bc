# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model describe`: what a model file expects and gives."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser("model", help=choose("look into a model", "examiner un modèle"))
    actions = parser.add_subparsers(dest="action", required=True)
    describe = actions.add_parser("describe", help=choose("what goes in and out", "ce qui entre et sort"))
    describe.add_argument("file", nargs="?", type=Path, help="ONNX")
    describe.add_argument("--json", action="store_true", help=choose("the whole card", "la fiche entière"))
    describe.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print the card."""
    import json

    from inference_backend.cli.console import table
    from inference_backend.models.reader import default_model_path, read_model

    card = read_model(args.file or default_model_path()).card
    if args.json:
        print(json.dumps(card.to_dict(), ensure_ascii=False, indent=1))
        return 0
    print(f"{card.name} {card.version}".strip())
    if card.description:
        print(card.description)
    rows = (
        (choose("bands", "bandes"), ", ".join(band.name for band in card.bands)),
        (choose("resolution", "résolution"), f"{card.resolution_m:g} m"),
        (choose("tile", "tuile"), f"{card.tile_px} px, {choose('margin', 'marge')} {card.overlap_px} px"),
        (choose("output", "sortie"), card.output),
        (choose("undecided under", "indécis sous"), f"{card.min_confidence:g}"),
        (choose("classes", "classes"), ", ".join(card.classes)),
    )
    print(table(rows))
    return 0
