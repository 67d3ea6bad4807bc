# SPDX-License-Identifier: GPL-2.0-or-later
"""Single sampling plans of ISO 2859-1: how many units to judge, and how many of them may be wrong.

The tables are data (`resources/standards/iso2859-1.json`); this module follows their letters and arrows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from inference_backend.contracts.locate import resources_dir
from inference_backend.quality.acceptance.errors import PlanError

STANDARD_FILE = "iso2859-1.json"
_DOWN, _UP = "v", "^"


class Severity(StrEnum):
    """How strict a control is; the history of a supplier decides (`switching`)."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"


@dataclass(frozen=True)
class SamplingPlan:
    """A single sampling plan.

    Attributes:
        lot_size: units of the lot.
        level: inspection level, `S-1`…`S-4`, `I`…`III`.
        aql_percent: acceptance quality limit, percent of nonconforming units.
        severity: normal, tightened or reduced.
        code_letter: of the lot size (table 1).
        letter: of the plan, after arrows were followed.
        size: units to judge; the whole lot where the plan asks for more.
        accept: largest number of wrong units of an accepted lot (Ac).
        reject: smallest number of wrong units of a rejected lot (Re).
    """

    lot_size: int
    level: str
    aql_percent: float
    severity: Severity
    code_letter: str
    letter: str
    size: int
    accept: int
    reject: int


def single_plan(lot_size: int, aql_percent: float, level: str, severity: Severity) -> SamplingPlan:
    """The plan that the master tables 2-A, 2-B and 2-C give.

    Args:
        lot_size: units of the lot, 2 or more.
        aql_percent: one of `known_aqls`.
        level: one of `known_levels`.
        severity: normal, tightened or reduced.

    Raises:
        PlanError: a lot of fewer than two units, an AQL or a level that the standard does not have.

    Source: ISO 2859-1:1999, 10.1 to 10.3.
    """
    column = _column(aql_percent)
    first = code_letter(lot_size, level)
    plans = _standard()["plans"][severity.value]
    letters = list(plans["sizes"])
    row = letters.index(first)
    while (cell := plans["cells"][letters[row]].split()[column]) in (_DOWN, _UP):
        row += 1 if cell == _DOWN else -1
    accept, size = int(cell), min(int(plans["sizes"][letters[row]]), lot_size)
    return SamplingPlan(lot_size, level, aql_percent, severity, first, letters[row], size, accept, accept + 1)


def code_letter(lot_size: int, level: str) -> str:
    """The letter of table 1.

    Raises:
        PlanError: a lot of fewer than two units, or an unknown level.
    """
    levels = known_levels()
    if level not in levels:
        raise _unknown("level", "niveau de contrôle", level, levels)
    if lot_size < 2:
        raise PlanError(
            path=_standard()["standard"].split(",")[0],
            problem_en=f"a lot of {lot_size} units has no sampling plan",
            problem_fr=f"un lot de {lot_size} unité n'a pas de plan d'échantillonnage",
            remedy_en="Judge all of it with the rule of the contract (--rule contract).",
            remedy_fr="Jugez-le en entier par la règle du contrat (--rule contract).",
        )
    for row in _standard()["code_letters"]:
        if row["up_to"] is None or lot_size <= row["up_to"]:
            return str(row["letters"].split()[levels.index(level)])
    raise AssertionError("the last row of table 1 has no end")


def tighter_aql(aql_percent: float) -> float | None:
    """The next smaller AQL, None for the smallest.

    Raises:
        PlanError: an AQL that the standard does not have.
    """
    column = _column(aql_percent)
    return known_aqls()[column - 1] if column else None


def known_aqls() -> tuple[float, ...]:
    """AQL of the tables, percent of nonconforming units."""
    return tuple(_standard()["aql_percent"])


def known_levels() -> tuple[str, ...]:
    """Inspection levels of table 1."""
    return tuple(_standard()["levels"])


def switching_numbers() -> dict[str, Any]:
    """Numbers of the switching rules."""
    return dict(_standard()["switching"])


def _column(aql_percent: float) -> int:
    known = known_aqls()
    if aql_percent not in known:
        raise _unknown("AQL", "NQA", aql_percent, known)
    return known.index(aql_percent)


def _unknown(en: str, fr: str, value: object, known: tuple[object, ...]) -> PlanError:
    listed = ", ".join(f"{entry:g}" if isinstance(entry, float) else str(entry) for entry in known)
    return PlanError(
        path="ISO 2859-1",
        problem_en=f"has no {en} {value}",
        problem_fr=f"n'a pas de {fr} {value}",
        remedy_en=f"Choose one of {listed}.",
        remedy_fr=f"Choisissez parmi {listed}.",
    )


@lru_cache(maxsize=1)
def _standard() -> dict[str, Any]:
    path = resources_dir() / "standards" / STANDARD_FILE
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
