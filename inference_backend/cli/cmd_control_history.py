# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control history`: earlier decisions by subcontractor, and how strict its next control is."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose

if TYPE_CHECKING:
    from inference_backend.control.history import PastControl


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    text = choose("earlier decisions by subcontractor", "décisions passées par prestataire")
    parser = actions.add_parser("history", help=text, description=text)
    parser.add_argument(
        "places",
        nargs="+",
        metavar=choose("PLACE", "LIEU"),
        help=choose(
            "folders of lots, lots, SERVICE/SCHEMA or SERVICE/*",
            "dossiers de lots, lots, SERVICE/SCHÉMA ou SERVICE/*",
        ),
    )
    parser.add_argument("--supplier", help=choose("one of them alone", "un seul prestataire"))
    parser.add_argument("--profile", default="ocsge-2.0", help=choose("rules (%(default)s)", "règles"))
    parser.add_argument("--json", action="store_true", help=choose("print JSON", "écrire en JSON"))
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print each decision, then the severity of each subcontractor's next control."""
    from inference_backend.control.history import supplier_history

    found = supplier_history(args.places, args.supplier)
    if args.json:
        print(json.dumps([past.to_dict() for past in found], ensure_ascii=False, indent=1))
        return 0
    for supplier in sorted({past.supplier for past in found}):
        _say(supplier, [past for past in found if past.supplier == supplier], args.profile)
    return 0


def _say(supplier: str, lines: list[PastControl], profile: str) -> None:
    from inference_backend.cli.console import table
    from inference_backend.cli.decision_text import VERDICT_NAMES
    from inference_backend.contracts.control_report import Verdict

    rows = [
        (
            f"  {past.signed_utc[:10]} {past.lot}",
            f"{choose(*VERDICT_NAMES[Verdict(past.verdict)])}, {_errors(past)}"
            + (
                choose(f", control no. {past.attempt}", f", contrôle n° {past.attempt}")
                if past.attempt > 1
                else ""
            ),
        )
        for past in lines
    ]
    print(supplier or choose("(nobody)", "(personne)"))
    print(table([*rows, (choose("  next control", "  prochain contrôle"), _next(lines, profile))]))


def _errors(past: PastControl) -> str:
    errors = "?" if past.errors is None else past.errors
    return choose(f"{errors} wrong of {past.units}", f"{errors} fausses sur {past.units}")


def _next(lines: list[PastControl], profile: str) -> str:
    from inference_backend.cli.decision_text import SEVERITY_NAMES
    from inference_backend.contracts.profile import Profile
    from inference_backend.control.decide_rules import DIMENSIONS, may_reduce
    from inference_backend.control.history import standing_of

    allowed = may_reduce(Profile.load(profile))
    names = {"cs": choose("cover", "couverture"), "us": choose("use", "usage")}
    texts = []
    for dimension in DIMENSIONS:
        standing = standing_of(lines, dimension, may_reduce=allowed)
        stopped = choose("discontinued (9.4)", "suspendu (9.4)")
        severity = stopped if standing.stopped else choose(*SEVERITY_NAMES[standing.severity.value])
        texts.append(f"{names[dimension]} {severity}")
    return choose("ISO 2859-1: ", "ISO 2859-1 : ") + ", ".join(texts)
