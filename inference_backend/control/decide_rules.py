# SPDX-License-Identifier: GPL-2.0-or-later
"""The rule that a lot is decided by: what its profile says, unless whoever decides said otherwise."""

from __future__ import annotations

from typing import Any

from inference_backend.contracts.profile import Profile
from inference_backend.control.decide_options import DecideOptions
from inference_backend.quality.acceptance.contract import ContractRule, DecidedOn, Thresholds
from inference_backend.quality.acceptance.errors import RuleError
from inference_backend.quality.acceptance.iso2859 import IsoRule
from inference_backend.quality.acceptance.plans import Severity

DIMENSIONS = ("cs", "us")
MEASURES = ("count", "area")
HISTORY = "history"
"""Value of `after_redo`: a lot that comes back meets the severity that the history gives."""


def contract_rule(profile: Profile, options: DecideOptions) -> ContractRule:
    """The conditions of the contract.

    Raises:
        RuleError: a share outside 0..1, or an end of the interval that there is not.
        ProfileError: the profile lacks a value.
    """
    section = ("control", "contract")
    thresholds = {}
    for name in DIMENSIONS:
        overall = options.overall.get(name, profile.number(*section, "overall", name))
        each_class = options.each_class.get(name, profile.number(*section, "each_class", name))
        thresholds[name] = Thresholds(_share(overall), _share(each_class))
    return ContractRule(
        thresholds,
        _one_of(DecidedOn, options.decided_on or _text(profile, *section, "overall_on")),
        _one_of(DecidedOn, _text(profile, *section, "class_on")),
        int(profile.number(*section, "least_units")),
        profile.number(*section, "agreed_quality"),
        profile.number(*section, "limiting_quality"),
    )


def contract_view(profile: Profile, options: DecideOptions) -> tuple[int, str]:
    """Level and measure that a contract looks at.

    Raises:
        RuleError: a measure that there is not.
    """
    by = options.by or _text(profile, "control", "contract", "by")
    if by not in MEASURES:
        raise _no_such(by, MEASURES)
    return _level(profile, options), by


def iso_rule(profile: Profile, options: DecideOptions, severity: Severity) -> IsoRule:
    """The scheme of ISO 2859-1 at a severity."""
    section = ("control", "iso2859")
    aql = {
        name: options.aql_percent.get(name, profile.number(*section, "aql_percent", name))
        for name in DIMENSIONS
    }
    level = options.inspection_level or _text(profile, *section, "level")
    return IsoRule(aql, level, severity, profile.number(*section, "limiting_quality"))


def iso_level(profile: Profile, options: DecideOptions) -> int:
    """Level of the nomenclature that units are compared at."""
    return _level(profile, options)


def may_reduce(profile: Profile) -> bool:
    """Whether reduced controls are wished."""
    return bool(profile.number("control", "iso2859", "may_reduce"))


def after_redo(profile: Profile) -> Severity | None:
    """Severity of a lot that comes back, None where the history says.

    Raises:
        RuleError: a severity that there is not.
    """
    text = _text(profile, "control", "iso2859", "after_redo")
    return None if text == HISTORY else _one_of(Severity, text)


def probability_ratio(profile: Profile) -> float:
    """Largest over smallest inclusion probability that counts as equal."""
    return profile.number("control", "iso2859", "probability_ratio")


def unsaid_share(profile: Profile) -> float:
    """Largest share of units that may be unsaid; this installation's where a lot's older rules lack it."""
    keys = ("control", "unsaid_share")
    known = keys[1] in profile.section(keys[0])
    return (profile if known else Profile.load(profile.path.parent)).number(*keys)


def _level(profile: Profile, options: DecideOptions) -> int:
    chosen = options.level
    return int(profile.number("control", "contract", "level")) if chosen is None else chosen


def _text(profile: Profile, *keys: str) -> str:
    entry = profile.section(*keys)
    return str(entry["value"] if isinstance(entry, dict) else entry)


def _share(value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise RuleError(
            path=f"{value:g}",
            problem_en="is no share that can be asked for",
            problem_fr="n'est pas une part que l'on puisse exiger",
            remedy_en="Give a share between 0 and 1: 0.9 for 90 %.",
            remedy_fr="Donnez une part entre 0 et 1 : 0.9 pour 90 %.",
        )
    return value


def _one_of(kind: Any, text: str) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        raise _no_such(text, tuple(entry.value for entry in kind)) from error


def _no_such(text: str, known: tuple[str, ...]) -> RuleError:
    listed = ", ".join(known)
    return RuleError(
        path=text,
        problem_en="is no such choice",
        problem_fr="ce choix n'existe pas",
        remedy_en=f"Choose one of {listed}.",
        remedy_fr=f"Choisissez parmi {listed}.",
    )
