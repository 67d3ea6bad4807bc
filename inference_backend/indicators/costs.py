# SPDX-License-Identifier: GPL-2.0-or-later
"""What each département costs: hours by role and price, fixed costs; not known rather than wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference_backend.indicators.production import (
    INTERPRETER,
    Departement,
    HoursFrom,
    Production,
    Role,
)
from inference_backend.indicators.standing import CountedLot
from inference_backend.indicators.timesheet import EVERYWHERE, Hours

_S_PER_H = 3600.0
Text = dict[str, str]


@dataclass(frozen=True)
class Cost:
    """Cost of a département so far.

    Attributes:
        eur: hours and fixed costs; None where something is not known.
        hours: by role; None where not known.
        unknown: why something is not known.
        is_final: the département is made: its cost is held against its reference surface.
        eur_per_km2: euros for each km2 of the reference surface once made, of the accepted one before; None
            where that is too little to say.
    """

    eur: float | None
    hours: Mapping[str, float | None]
    unknown: tuple[Text, ...]
    is_final: bool
    eur_per_km2: float | None


def cost_of(
    production: Production,
    departement: Departement,
    lots: Sequence[CountedLot],
    unread: Sequence[str],
    hours: Hours,
    accepted_km2: float,
    shares: tuple[float, float],
) -> Cost:
    """Cost of one département.

    Args:
        production: prices and fixed costs.
        departement: which.
        lots: its lots that count.
        unread: names of its lots that could not be read: their hours are not known.
        hours: of the timesheet.
        accepted_km2: its surface accepted so far.
        shares: of the reference surface, from which it is made, and from which a cost of the accepted surface
            says something.
    """
    is_final, is_telling = (accepted_km2 >= share * departement.area_km2 for share in shares)
    unknown: list[Text] = []
    if not production.roles:
        unknown.append(_NO_ROLES)
    found: dict[str, float | None] = {}
    for role in production.roles:
        if role.hours is HoursFrom.TIMESHEET:
            found[role.name] = _from_timesheet(production, departement, role, hours, unknown)
        else:
            found[role.name] = _from_lots(role, lots, unread, unknown)
    if unknown:
        return Cost(None, found, tuple(unknown), is_final, None)
    labour = sum((found[role.name] or 0.0) * role.eur_h for role in production.roles)
    eur = labour + _fixed(production, departement)
    surface = departement.area_km2 if is_final else accepted_km2
    return Cost(eur, found, (), is_final, eur / surface if is_telling and surface > 0 else None)


_NO_ROLES = {
    "en": "the production file names no roles with prices",
    "fr": "le fichier de production ne donne aucun rôle avec son prix",
}


def _from_timesheet(
    production: Production, departement: Departement, role: Role, hours: Hours, unknown: list[Text]
) -> float | None:
    own = hours.get((departement.code, role.name))
    shared = hours.get((EVERYWHERE, role.name))
    if own is None and shared is None:
        unknown.append(
            {
                "en": f"the timesheet has no hours of the role {role.name}",
                "fr": f"la feuille de temps n'a pas d'heures pour le rôle {role.name}",
            }
        )
        return None
    return (own or 0.0) + (shared or 0.0) * departement.area_km2 / production.area_km2


def _from_lots(
    role: Role, lots: Sequence[CountedLot], unread: Sequence[str], unknown: list[Text]
) -> float | None:
    if unread:
        unknown.append(
            {
                "en": f"hours of lots that could not be read: {len(unread)}",
                "fr": f"heures de lots illisibles : {len(unread)}",
            }
        )
        return None
    if role.name == INTERPRETER:
        untimed = sum(lot.summary.untimed for lot in lots)
        if untimed:
            unknown.append(
                {
                    "en": f"gestures of the journals without a time: {untimed}",
                    "fr": f"gestes des journaux sans durée : {untimed}",
                }
            )
            return None
        return sum(lot.summary.journal_s for lot in lots) / _S_PER_H
    times = [lot.summary.control_s for lot in lots]
    if None in times:
        unknown.append(
            {
                "en": "answers of controls without a time",
                "fr": "réponses de contrôle sans durée",
            }
        )
        return None
    return sum(time or 0.0 for time in times) / _S_PER_H


def _fixed(production: Production, departement: Departement) -> float:
    own = sum(cost.eur for cost in production.fixed_costs if cost.departement == departement.code)
    shared = sum(cost.eur for cost in production.fixed_costs if cost.departement is None)
    return own + shared * departement.area_km2 / production.area_km2
