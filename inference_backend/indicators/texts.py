# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of the indicators, in English and French."""

from __future__ import annotations

from collections.abc import Callable

from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.lot import Reason
from inference_backend.contracts.lot_states import STATE_NAMES
from inference_backend.contracts.signalement import Motive
from inference_backend.reporting.words import Words

Text = dict[str, str]
_ENGLISH, _FRENCH = Words("en"), Words("fr")

REASONS = {
    Reason.LOW_CONFIDENCE.value: ("low confidence", "confiance faible"),
    Reason.SMALL_MARGIN.value: ("two classes nearly level", "deux classes presque à égalité"),
    Reason.UNDECIDED.value: ("no class won", "aucune classe ne l'emporte"),
    Reason.REFERENCE_DISAGREES.value: ("a reference says otherwise", "une référence dit autre chose"),
    Reason.MISSING_SOURCE.value: ("a source is missing", "une source manque"),
    Reason.USE_BY_DEFAULT.value: ("use by default", "usage par défaut"),
    Reason.MERGED_MUCH.value: ("much was merged", "fusion importante"),
    Reason.SUSPICIOUS_SHAPE.value: ("odd shape", "forme suspecte"),
    Reason.ARTIFICIALISATION_AT_STAKE.value: ("artificialisation at stake", "enjeu d'artificialisation"),
    Reason.SIGNALEMENT.value: ("signalement", "signalement"),
    Reason.CONTROL_ERROR.value: ("error found by a control", "erreur relevée au contrôle"),
}
MOTIVES = {
    Motive.CORRECTED.value: ("corrected", "corrigé"),
    Motive.ALREADY_RIGHT.value: ("was right already", "déjà juste"),
    Motive.BELOW_THRESHOLD.value: ("below the threshold", "sous le seuil de surface"),
    Motive.LATER_THAN_IMAGE.value: ("later than the image", "postérieur à l'image"),
    Motive.OUTSIDE_SPECIFICATIONS.value: ("outside the specifications", "hors spécifications"),
    Motive.NOT_VISIBLE.value: ("not visible", "non visible sur l'image"),
    Motive.UNRELATED.value: ("unrelated", "hors de propos"),
    Motive.DUPLICATE.value: ("duplicate", "doublon"),
}
VERDICTS = {
    Verdict.ACCEPTED.value: ("accepted", "accepté"),
    Verdict.REJECTED.value: ("rejected", "rejeté"),
    Verdict.UNDECIDED.value: ("undecided", "non décidé"),
}
SEVERITIES = {
    "normal": ("normal", "normal"),
    "tightened": ("tightened", "renforcé"),
    "reduced": ("reduced", "réduit"),
}
STATES = {state.value: names for state, names in STATE_NAMES.items()}
DIMENSIONS = {"cs": ("cover (CS)", "couverture (CS)"), "us": ("use (US)", "usage (US)")}
MEASURES = {"area": ("by area", "en surface"), "count": ("by count", "en nombre")}
ROLES = {"interpreter": ("interpreter", "interprète"), "controller": ("controller", "contrôleur")}


def pair(names: tuple[str, str]) -> Text:
    """English and French in one."""
    return {"en": names[0], "fr": names[1]}


def both(say: Callable[[Words], str]) -> Text:
    """What `say` gives in each language."""
    french = say(_FRENCH)
    for sign in ":;":
        # A line never begins with such a sign.
        french = french.replace(f" {sign}", f"\u00a0{sign}")
    return {"en": say(_ENGLISH), "fr": french}


def named(table: dict[str, tuple[str, str]], key: str, empty: tuple[str, str] = ("–", "–")) -> Text:
    """The name of a value; one that nobody knows is shown as it is."""
    return pair(table.get(key, (key, key) if key else empty))
