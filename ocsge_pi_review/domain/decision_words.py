# SPDX-License-Identifier: GPL-2.0-or-later
"""The conditions of a decision in words, one line each, for whoever looks at the log before the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ocsge_pi_review.domain.figures import figure_text, interval_text

_WORDS = {
    "en": {
        "conformity": "Logical consistency of the whole lot",
        "answers": "Units answered: {found} of {required}",
        "opinions": "Opinions that differ and were not settled: {found}",
        "unsaid": "Units not judged, {what}: {found}, at most {required}",
        "signatory": "Decided against the rules",
        "cs": "cover",
        "us": "use",
        "class": "{subject}: right {found}{interval}, {required} asked",
        "overall": "Overall accuracy, {what}: {found}{interval}, {required} asked",
        "iso2859": "Wrong units, {what}: {found}, at most {required}",
        True: "✓",
        False: "✗ failed",
        None: "– says nothing",
        "not_shown": "✓ not shown to be under it",
        "unsettled": "– the first opinion counted",
    },
    "fr": {
        "conformity": "Cohérence logique du lot entier",
        "answers": "Unités répondues : {found} sur {required}",
        "opinions": "Avis divergents qui n'ont pas été arbitrés : {found}",
        "unsaid": "Unités non jugées, {what} : {found}, au plus {required}",
        "signatory": "Décidé contre les règles",
        "cs": "couverture",
        "us": "usage",
        "class": "{subject} : part juste {found}{interval}, {required} demandés",
        "overall": "Exactitude globale, {what} : {found}{interval}, {required} demandés",
        "iso2859": "Unités fausses, {what} : {found}, au plus {required}",
        True: "✓",
        False: "✗ non tenu",
        None: "– ne dit rien",
        "not_shown": "✓ rien ne montre que ce soit dessous",
        "unsettled": "– le premier avis a compté",
    },
}


def condition_text(test: Mapping[str, Any], language: str) -> str:
    """What was asked, what was found, and whether it holds.

    Args:
        test: `contracts.control_report.Test` as JSON.
        language: `fr` or `en`.
    """
    words = _WORDS.get(language, _WORDS["en"])
    rule, _, rest = str(test["name"]).partition("_")
    dimension, _, kind = rest.partition("_")
    unit = "share" if rule in ("contract", "unsaid") else "count"
    detail = test.get("detail") or {}
    interval = interval_text(detail.get("low"), detail.get("high"), "share", language)
    values = {
        "subject": test["subject"],
        "what": words.get(dimension, dimension),
        "found": figure_text(test["found"], unit, language),
        "required": figure_text(test["required"], unit, language),
        "interval": f" ({interval})" if interval else "",
    }
    template = words.get(kind if rule == "contract" else rule)
    said = f"{test['name']} {test['subject']}".strip() if template is None else template.format(**values)
    return f"{said}  {words[_outcome(test, rule)]}"


def _outcome(test: Mapping[str, Any], rule: str) -> Any:
    """Key of the last words: a share under what is asked may hold where the interval's upper end counts."""
    if rule == "opinions" and test["found"]:
        return "unsettled"
    found, required = test["found"], test["required"]
    if rule == "contract" and test["passed"] and None not in (found, required) and found < required:
        return "not_shown"
    return test["passed"]
