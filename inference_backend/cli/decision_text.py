# SPDX-License-Identifier: GPL-2.0-or-later
"""A decision as a person at a terminal reads it."""

from __future__ import annotations

from collections.abc import Sequence

from inference_backend.cli.console import table
from inference_backend.cli.language import choose
from inference_backend.contracts.control_report import ControlReport, Test, Verdict

VERDICT_NAMES = {
    Verdict.ACCEPTED: ("accepted", "accepté"),
    Verdict.REJECTED: ("rejected", "refusé"),
    Verdict.UNDECIDED: ("undecided", "sans décision"),
}

SEVERITY_NAMES = {
    "normal": ("normal", "contrôle normal"),
    "tightened": ("tightened", "contrôle renforcé"),
    "reduced": ("reduced", "contrôle réduit"),
}
TEST_NAMES = {
    "conformity": ("conformity of the whole lot", "conformité du lot entier"),
    "answers": ("units answered", "unités renseignées"),
    "opinions": ("opinions that differ, not settled", "avis divergents, non arbitrés"),
    "unsaid_cs": ("cover, units not judged", "couverture, unités non jugées"),
    "unsaid_us": ("use, units not judged", "usage, unités non jugées"),
    "signatory": ("decided against the rules", "décidé contre les règles"),
    "contract_cs_overall": ("cover, overall", "couverture, globale"),
    "contract_us_overall": ("use, overall", "usage, globale"),
    "contract_cs_class": ("cover, class", "couverture, classe"),
    "contract_us_class": ("use, class", "usage, classe"),
    "iso2859_cs": ("cover, wrong units", "couverture, unités fausses"),
    "iso2859_us": ("use, wrong units", "usage, unités fausses"),
}


def decision_text(report: ControlReport) -> str:
    """The verdict and every condition, failed ones first."""
    decision = report.decision
    rows = [
        (choose("lot", "lot"), str(report.lot["name"])),
        (choose("decision", "décision"), _verdict(report)),
    ]
    shown = [test for test in decision.tests if test.passed is False or not test.name.endswith("_class")]
    rows += [(_name(test), _figures(test)) for test in shown]
    rows += _other_classes(decision.tests)
    kinds = ", ".join(f"{name} {count}" for name, count in report.error_kinds.items() if count) or "0"
    rows.append((choose("errors found", "erreurs trouvées"), kinds))
    if decision.producer_risk is not None and decision.consumer_risk is not None:
        rows.append((choose("supplier's risk", "risque du prestataire"), _percent(decision.producer_risk)))
        rows.append((choose("buyer's risk", "risque du maître d'ouvrage"), _percent(decision.consumer_risk)))
    return table(rows)


def _other_classes(tests: Sequence[Test]) -> list[tuple[str, str]]:
    """How many classes hold, and of how many too little was drawn: names and figures are in the report."""
    classes = [test for test in tests if test.name.endswith("_class")]
    hold = sum(test.passed is True for test in classes)
    few = sum(test.passed is None for test in classes)
    text = choose(
        f"{hold} not shown to be under, {few} with too few units",
        f"{hold} que rien ne montre dessous, {few} avec trop peu d'unités",
    )
    return [(choose("  other classes", "  autres classes"), text)] if hold + few else []


def _verdict(report: ControlReport) -> str:
    decision = report.decision
    name = choose(*VERDICT_NAMES[decision.verdict])
    if decision.signed_by:
        return choose(f"{name}, signed by {decision.signed_by}", f"{name}, signé par {decision.signed_by}")
    return choose(f"{name} (not signed: nothing written)", f"{name} (non signé : rien n'est écrit)")


def _name(test: Test) -> str:
    name = choose(*TEST_NAMES[test.name]) if test.name in TEST_NAMES else test.name
    return f"  {name} {test.subject if test.name.endswith('_class') else ''}".rstrip()


def _figures(test: Test) -> str:
    outcome = {
        True: choose("holds", "tenu"),
        False: choose("FAILS", "NON TENU"),
        None: choose("open", "ouvert"),
    }
    if test.required is None or test.found is None:
        return ", ".join([outcome[test.passed], *test.detail.get("faults", ())])
    if test.name.startswith("contract_"):
        low, high = test.detail.get("low"), test.detail.get("high")
        between = "" if low is None or high is None else f" [{_percent(low)}, {_percent(high)}]"
        found = f"{_percent(test.found)}{between}, {choose('asked', 'exigé')} {_percent(test.required)}"
        found += _hint(test)
    elif test.name.startswith("unsaid_"):
        most = choose("at most", "au plus")
        found = f"{_percent(test.found)}, {most} {_percent(test.required)}"
    else:
        word = choose("asked", "exigé") if test.name == "answers" else choose("at most", "au plus")
        found = f"{test.found:g}, {word} {test.required:g}{_plan(test)}"
    return f"{outcome[test.passed]}: {found}"


def _hint(test: Test) -> str:
    """What would settle an open condition, and for how much of the lot it speaks."""
    covered = test.detail.get("covered", 1)
    if covered < 1 and test.name.endswith("_overall"):
        return choose(f", for {_percent(covered)} of the lot", f", pour {_percent(covered)} du lot")
    needed = test.detail.get("units_needed")
    if test.passed is not None or needed is None:
        return ""
    return choose(f"; some {needed} units would settle it", f" ; environ {needed} unités trancheraient")


def _plan(test: Test) -> str:
    if "letter" not in test.detail:
        return ""
    severity = choose(*SEVERITY_NAMES[str(test.detail["severity"])])
    of, aql = choose("of", "sur"), choose("AQL", "NQA")
    units = f"{of} {test.detail['judged']}/{test.detail['size']}"
    return f" ({units}, {aql} {test.detail['aql_percent']:g} %, {severity})"


def _percent(share: float) -> str:
    return choose(f"{100 * share:.1f}%", f"{100 * share:.1f} %".replace(".", ","))
