# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot state`: where a lot stands, and handing it over."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from inference_backend.cli.language import choose
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import STATE_NAMES


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "state", help=choose("where lots stand; hand them over", "où en sont les lots ; les confier")
    )
    parser.add_argument("lots", nargs="+", type=Path, metavar="LOT", help="lot.gpkg")
    parser.add_argument(
        "--set", choices=[state.value for state in LotState], help=choose("new state", "nouvel état")
    )
    parser.add_argument("--by", default="", help=choose("who says so (you)", "qui le dit (vous)"))
    parser.add_argument("--to", help=choose("who gets the lot", "à qui le lot est confié"))
    parser.add_argument("--comment", default="", help=choose("why, or what to do", "pourquoi, ou que faire"))
    parser.add_argument(
        "--redo",
        nargs="+",
        type=int,
        default=[],
        metavar="ITEM",
        help=choose(
            "items of a rejected lot to decide again", "éléments d'un lot rejeté à décider de nouveau"
        ),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Change the state where one is asked for; prints a line per lot."""
    from inference_backend.cli.console import table
    from inference_backend.lots.handover import lot_status, set_state

    rows = []
    for path in args.lots:
        if args.set:
            status = set_state(
                path,
                LotState(args.set),
                by=args.by or getpass.getuser(),
                comment=args.comment,
                assigned_to=args.to,
                redo=args.redo,
            )
        else:
            status = lot_status(path)
        items = ", ".join(f"{name} {count}" for name, count in status.items.items()) or "0"
        whom = f" ({status.assigned_to})" if status.assigned_to else ""
        gestures = f"{status.gestures} {choose('gestures', 'gestes')}"
        rows.append((status.name, f"{choose(*STATE_NAMES[status.state])}{whom}; {items}; {gestures}"))
        rows += [(f"  {child['name']}", _child_text(child)) for child in status.lots]
    print(table(rows))
    return 0


def _child_text(child: dict[str, object]) -> str:
    merged = child.get("merged_utc")
    if not merged:
        return choose("handed out", "sorti")
    conflicts = choose(f"{child['conflicts']} conflicts", f"{child['conflicts']} conflits")
    return choose(f"merged {merged}, {conflicts}", f"fusionné le {merged}, {conflicts}")
