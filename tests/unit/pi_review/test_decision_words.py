# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions of a decision as the log of an algorithm says them."""

from __future__ import annotations

import pytest

from ocsge_pi_review.domain.decision_words import condition_text

CLASS = {
    "name": "contract_cs_class",
    "subject": "CS1.1.2.1",
    "passed": False,
    "required": 0.85,
    "found": 0.4,
    "detail": {"low": 0.168, "high": 0.687},
}


def told(language="fr", **changed):
    return condition_text({**CLASS, **changed}, language).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, "CS1.1.2.1 : part juste 40,0 % (16,8 – 68,7 %), 85,0 % demandés  ✗ non tenu"),
        (
            {"name": "contract_us_overall", "subject": "us", "passed": True, "detail": {}},
            "Exactitude globale, usage : 40,0 %, 85,0 % demandés  ✓ rien ne montre que ce soit dessous",
        ),
        ({"found": 0.9, "passed": True}, "CS1.1.2.1 : part juste 90,0 % (16,8 – 68,7 %), 85,0 % demandés  ✓"),
        (
            {"name": "iso2859_cs", "subject": "cs", "found": 3, "required": 5, "passed": True, "detail": {}},
            "Unités fausses, couverture : 3, au plus 5  ✓",
        ),
        (
            {"name": "answers", "subject": "", "found": 109.0, "required": 110.0, "passed": None},
            "Unités répondues : 109 sur 110  – ne dit rien",
        ),
        (
            {"name": "conformity", "found": None, "required": None, "passed": False, "detail": {"faults": 2}},
            "Cohérence logique du lot entier  ✗ non tenu",
        ),
        (
            {"name": "unsaid_cs", "subject": "cs", "found": 0.6, "required": 0.1, "passed": None},
            "Unités non jugées, couverture : 60,0 %, au plus 10,0 %  – ne dit rien",
        ),
        (
            {"name": "opinions", "subject": "", "found": 3.0, "required": 0.0, "passed": None},
            "Avis divergents qui n'ont pas été arbitrés : 3  – le premier avis a compté",
        ),
        ({"name": "weather", "subject": "CS1", "passed": True}, "weather CS1  ✓"),
    ],
)
def test_a_condition_says_what_was_asked_and_found(changed, text):
    assert told(**changed) == text


def test_what_was_not_estimated_is_said_and_not_shown_as_zero():
    assert "right not known" in told("en", found=None, passed=None, detail={"low": None, "high": None})
