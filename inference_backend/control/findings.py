# SPDX-License-Identifier: GPL-2.0-or-later
"""What the answers of a control say of its units: which are wrong, how controllers agree, what was unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from inference_backend.contracts.control import AnswerRole, ErrorKind
from inference_backend.contracts.control_report import Agreement, FoundError
from inference_backend.control.types import Answer, Control, DrawnUnit
from inference_backend.quality.estimation.agreement import agreement
from inference_backend.quality.estimation.types import UNSAID, WHOLE, Population, Units
from inference_backend.quality.estimation.view import view_of

_DIMENSIONS = ("cs", "us")
Wrong = tuple[bool | None, ...]
"""By unit: whether it is wrong; None where nobody could say or answered."""


def units_of(control: Control) -> Units:
    """The sample as arrays, in the order of work."""
    drawn = control.units
    given = [unit.answer for unit in drawn]
    return Units(
        np.array([unit.stratum for unit in drawn], dtype=np.str_),
        np.array([unit.probability for unit in drawn], dtype=np.float64),
        np.array([unit.area_m2 for unit in drawn], dtype=np.float64),
        np.array([unit.map_cs for unit in drawn], dtype=np.str_),
        np.array([unit.map_us for unit in drawn], dtype=np.str_),
        np.array([_code(answer, "cs") for answer in given], dtype=np.str_),
        np.array([_code(answer, "us") for answer in given], dtype=np.str_),
        _rank(drawn),
    )


def _rank(drawn: Sequence[DrawnUnit]) -> WHOLE | None:
    """(n,) places along the line that a systematic draw followed: neighbours along it tell its error."""
    places = [unit.place for unit in drawn if unit.place is not None]
    return np.array(places, dtype=np.int64) if places and len(places) == len(drawn) else None


def wrong_units(units: Units, population: Population, dimension: str, level: int) -> Wrong:
    """Which units are wrong; a coarse answer shows an error but never that a finer code is right."""
    view = view_of(units, population, dimension, level)
    differs = view.given != view.found
    return tuple(
        bool(differs[n]) if view.said[n] else (True if view.wrong[n] else None) for n in range(len(units))
    )


def found_errors(control: Control, wrong: dict[str, Wrong]) -> tuple[FoundError, ...]:
    """The units that differ, by code or because of what the eye saw.

    Args:
        control: the control.
        wrong: outcomes by dimension.
    """
    found = []
    for place, unit in enumerate(control.units):
        kinds = _kinds(unit, [name for name in _DIMENSIONS if wrong[name][place]])
        if kinds:
            found.append(_found(unit, kinds))
    return tuple(found)


def error_kinds(errors: Sequence[FoundError]) -> dict[str, int]:
    """Units by kind, in the contract's order; a unit counts in each of its kinds."""
    counts = Counter(kind for error in errors for kind in error.kinds)
    return {kind.value: counts[kind.value] for kind in ErrorKind}


def agreements(control: Control, leaves: Mapping[str, tuple[str, ...]]) -> tuple[Agreement, ...]:
    """How the first and the second controller agree, where there are two answers.

    Args:
        control: the control.
        leaves: of the nomenclature by dimension: an answer above them is none.
    """
    both = [
        unit.answers for unit in control.units if {*unit.answers} >= {AnswerRole.FIRST, AnswerRole.SECOND}
    ]
    if not both:
        return ()
    columns = {
        (role, name): np.array([_code(answers[role], name) for answers in both], dtype=np.str_)
        for role in (AnswerRole.FIRST, AnswerRole.SECOND)
        for name in _DIMENSIONS
    }
    return tuple(
        agreement(columns[AnswerRole.FIRST, name], columns[AnswerRole.SECOND, name], name, 0, leaves[name])
        for name in _DIMENSIONS
    )


def answer_figures(control: Control) -> dict[str, Any]:
    """Units asked and answered, what could not be said, who answered, how long it took."""
    answers = [unit.answer for unit in control.units]
    given = [answer for answer in answers if answer is not None]
    every = [answer for unit in control.units for answer in unit.answers.values()]
    return {
        "asked": len(answers),
        "answered": len(given),
        "cannot_say_cs": sum(answer.control_cs is None for answer in given),
        "cannot_say_us": sum(answer.control_us is None for answer in given),
        "controllers": sorted({answer.controller for answer in every}),
        "duration_s": sum(answer.duration_s for answer in every),
    }


def _code(answer: Answer | None, dimension: str) -> str:
    code = None if answer is None else answer.control_cs if dimension == "cs" else answer.control_us
    return code or UNSAID


def _kinds(unit: DrawnUnit, wrong: list[str]) -> tuple[str, ...]:
    seen = set(unit.answer.kinds) if unit.answer is not None else set()
    seen |= {(ErrorKind.COVER if name == "cs" else ErrorKind.USE).value for name in wrong}
    return tuple(kind.value for kind in ErrorKind if kind.value in seen)


def _found(unit: DrawnUnit, kinds: tuple[str, ...]) -> FoundError:
    answer = unit.answer
    return FoundError(
        unit.sample_id,
        unit.polygon_id,
        kinds,
        unit.map_cs,
        None if answer is None else answer.control_cs,
        unit.map_us,
        None if answer is None else answer.control_us,
        unit.area_m2,
        unit.x,
        unit.y,
        "" if answer is None else answer.comment,
    )
