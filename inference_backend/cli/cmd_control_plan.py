# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control plan`: how many units ISO 2859-1 asks for, before a sample is drawn."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose

if TYPE_CHECKING:
    from inference_backend.quality.acceptance.plans import SamplingPlan


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "plan",
        help=choose("units that ISO 2859-1 asks for", "unités que demande l'ISO 2859-1"),
        description=choose(
            "Prints the single sampling plan of a lot for cover and use: units to judge, how many may be "
            "wrong, and each party's risk.",
            "Écrit le plan d'échantillonnage simple d'un lot pour la couverture et l'usage : unités à juger, "
            "nombre d'unités fausses admises, risque de chacun.",
        ),
    )
    add = parser.add_argument
    add("polygons", type=int, metavar="N", help=choose("polygons of the lot", "polygones du lot"))
    add("--profile", default="ocsge-2.0", help=choose("rules (%(default)s)", "règles (%(default)s)"))
    add("--aql-cs", type=float, metavar="P", help=choose("AQL of cover, %%", "NQA de la couverture, %%"))
    add("--aql-us", type=float, metavar="P", help=choose("AQL of use, %%", "NQA de l'usage, %%"))
    add("--inspection-level", metavar="L", help="S-1…S-4, I, II, III")
    add(
        "--severity",
        choices=("normal", "tightened", "reduced"),
        default="normal",
        help=choose("how strict (%(default)s)", "sévérité (%(default)s)"),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print one plan for each dimension."""
    from inference_backend.cli.console import table
    from inference_backend.contracts.profile import Profile
    from inference_backend.control.decide_options import DecideOptions
    from inference_backend.control.decide_rules import iso_rule
    from inference_backend.quality.acceptance.plans import Severity, single_plan

    given = {name: aql for name, aql in (("cs", args.aql_cs), ("us", args.aql_us)) if aql is not None}
    options = DecideOptions(aql_percent=given, inspection_level=args.inspection_level)
    rule = iso_rule(Profile.load(args.profile), options, Severity(args.severity))
    names = {"cs": choose("cover", "couverture"), "us": choose("use", "usage")}
    plans = {
        name: single_plan(args.polygons, rule.aql_percent[name], rule.level, rule.severity) for name in names
    }
    rows = [(names[name], _text(plan, rule.limiting_quality)) for name, plan in plans.items()]
    size = max(plan.size for plan in plans.values())
    command = f"ocsge control sample LOT --size {size} --strata none --controllers …"
    print(table([*rows, (choose("to draw", "à tirer"), command)]))
    return 0


def _text(plan: SamplingPlan, limiting_quality: float) -> str:
    from inference_backend.quality.acceptance.characteristic import CountPlan, acceptance_chance

    shares = [plan.aql_percent / 100, 1 - limiting_quality]
    at_aql, at_limit = acceptance_chance(CountPlan(plan.size, plan.accept), shares).tolist()
    aql = f"{choose('AQL', 'NQA')} {plan.aql_percent:g} %"
    units = choose(
        f"judge {plan.size}, accept up to {plan.accept} wrong",
        f"juger {plan.size}, accepter jusqu'à {plan.accept} fausses",
    )
    refused, taken, wrong = (f"{100 * share:.1f} %" for share in (1 - at_aql, at_limit, shares[1]))
    risks = choose(
        f"a lot at the AQL is rejected in {refused} of cases, one with {wrong} wrong accepted in {taken}",
        f"un lot au NQA est refusé dans {refused} des cas, un lot faux à {wrong} accepté dans {taken}",
    )
    letter = choose("letter", "lettre")
    return f"{units} ({aql}, {letter} {plan.code_letter} → {plan.letter}); {risks}"
