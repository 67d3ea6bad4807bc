# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures that are seen in ten seconds: plan, accuracy, cost, rework, signalements."""

from __future__ import annotations

from inference_backend.contracts.indicators import Curve, Line, Tile
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.profile import Profile
from inference_backend.indicators.combined_accuracy import AREA, Combined, accuracy_of_accepted
from inference_backend.indicators.figures import DepartementFigures, Figures
from inference_backend.indicators.tallies import remarks_of, rework_rate, states, tally
from inference_backend.indicators.texts import DIMENSIONS, Text, both, pair
from inference_backend.reporting.words import Words


def tiles_of(figures: Figures, profile: Profile) -> tuple[Tile, ...]:
    """Tiles, most important first."""
    return (
        _accepted(figures, profile),
        _pace(figures),
        *(_accuracy(figures, dimension) for dimension in DIMENSIONS),
        _cost(figures),
        _rework(figures),
        _waiting(figures),
        _remarks(figures),
    )


def curves_of(figures: Figures) -> tuple[Curve, ...]:
    """Accepted surface against the plan."""
    lines = [
        Line(
            "accepted",
            pair(("accepted", "accepté")),
            tuple((day.isoformat(), round(km2, 3)) for day, km2 in figures.curve),
            is_stepped=True,
        )
    ]
    if figures.production.plan:
        points = tuple((day.isoformat(), km2) for day, km2 in figures.production.plan)
        lines.append(Line("plan", pair(("plan", "plan")), points, is_reference=True))
    label = pair(("Surface accepted, cumulated", "Surface acceptée, cumulée"))
    return (Curve("accepted_km2", label, "km2", tuple(lines)),)


def _accepted(figures: Figures, profile: Profile) -> Tile:
    km2, planned = figures.accepted_km2, figures.production.planned_km2(figures.as_of)
    share = km2 / figures.production.area_km2

    def say(words: Words) -> str:
        of_all = words.t(
            f"{words.percent(share)} of the reference surface",
            f"{words.percent(share)} de la surface de référence",
        )
        if planned is None:
            return words.t(f"No plan for this day. {of_all}.", f"Pas de plan à cette date. {of_all}.")
        gap = words.quantity(km2 - planned, "km²")
        sign = "+" if km2 >= planned else ""
        return words.t(
            f"plan of this day: {words.quantity(planned, 'km²')} ({sign}{gap}). {of_all}.",
            f"plan à ce jour : {words.quantity(planned, 'km²')} ({sign}{gap}). {of_all}.",
        )

    level = "neutral"
    if planned:
        ratio = km2 / planned
        level = (
            "good"
            if ratio >= 1
            else "warning"
            if ratio >= profile.number("indicators", "plan_warning")
            else "bad"
        )
    label = pair(("km² accepted", "km² acceptés"))
    return Tile("accepted", label, km2, "km2", None, None, planned, level, both(say))


def _pace(figures: Figures) -> Tile:
    pace, needed = figures.km2_per_month, figures.needed_km2_per_month

    def say(words: Words) -> str:
        if pace is None:
            return words.t(
                "less than 90 days since the first acceptance",
                "moins de 90 jours depuis la première acceptation",
            )
        if needed is None:
            return words.t("over the last 90 days", "sur les 90 derniers jours")
        return words.t(
            f"over the last 90 days; the plan asks for {words.quantity(needed, 'km²')}",
            f"sur les 90 derniers jours ; le plan en demande {words.quantity(needed, 'km²')}",
        )

    level = "neutral" if pace is None or needed is None else "good" if pace >= needed else "warning"
    label = pair(("km² a month", "km² par mois"))
    return Tile("pace", label, pace, "km2", None, None, needed, level, both(say))


def _accuracy(figures: Figures, dimension: str) -> Tile:
    found = accuracy_of_accepted(figures.lots, dimension, AREA)
    target = figures.production.targets.get(dimension)
    label = both(
        lambda words: words.t(
            f"Accuracy of {DIMENSIONS[dimension][0]}", f"Exactitude de la {DIMENSIONS[dimension][1]}"
            if dimension == "cs" else f"Exactitude de l'{DIMENSIONS[dimension][1]}"
        )
    )  # fmt: skip
    return Tile(
        f"{dimension}_accuracy",
        label,
        found.value,
        "share",
        found.low,
        found.high,
        target,
        _against(found, target),
        _basis(found, target),
    )


def _against(found: Combined, target: float | None) -> str:
    """Good where the whole interval is above the target, bad where it is below."""
    if target is None or found.low is None or found.high is None:
        return "neutral"
    return "good" if found.low >= target else "bad" if found.high < target else "warning"


def _basis(found: Combined, target: float | None) -> Text:
    def say(words: Words) -> str:
        if found.value is None:
            return words.t("no accepted lot was controlled", "aucun lot accepté n'a été contrôlé")
        lots = words.count(found.lots, ("accepted lot", "accepted lots"), ("lot accepté", "lots acceptés"))
        units = words.count(found.units, ("unit", "units"), ("unité", "unités"))
        part = words.percent(found.weight_share, 0)
        text = words.t(
            f"by area, {lots}, {units}, {part} of their surface",
            f"en surface, {lots}, {units}, {part} de leur surface",
        )
        if target is not None:
            text += words.t(f"; target {words.percent(target, 0)}", f" ; cible {words.percent(target, 0)}")
        return text

    return both(say)


def _cost(figures: Figures) -> Tile:
    made = [found for found in figures.departements if found.cost.is_final and found.cost.eur is not None]
    running = [found for found in figures.departements if _is_running(found) and found.cost.eur is not None]
    blind = [found for found in figures.departements if _is_running(found) and found.cost.eur is None]
    based = made or running
    eur = sum(found.cost.eur or 0.0 for found in based)
    surface = sum(found.departement.area_km2 if made else found.accepted_km2 for found in based)
    target = next(reversed(figures.production.reference_lines_eur_km2), None)
    value = eur / surface if surface else None

    def say(words: Words) -> str:
        if value is None:
            why = blind[0].cost.unknown[0]["fr" if words.french else "en"] if blind else None
            return why or words.t("no surface accepted yet", "aucune surface acceptée")
        count = words.count(len(based), ("département", "départements"), ("département", "départements"))
        state = (
            words.t("made", "terminés")
            if made
            else words.t("under way: provisional", "en cours : provisoire")
        )
        lacking = words.t(f"; not known for {len(blind)}", f" ; non connu pour {len(blind)}") if blind else ""
        lines = " → ".join(words.number(line) for line in figures.production.reference_lines_eur_km2)
        reference = words.t(f". Reference: {lines}", f". Repères : {lines}") if lines else ""
        return f"{count} {state}{lacking}{reference}"

    level = (
        "neutral" if value is None or target is None or not made else "good" if value <= target else "warning"
    )
    label = pair(("Cost", "Coût"))
    return Tile("cost", label, value, "eur_per_km2", None, None, target, level, both(say))


def _is_running(found: DepartementFigures) -> bool:
    return found.cost.eur_per_km2 is not None or (found.accepted_km2 > 0 and found.cost.eur is None)


def _rework(figures: Figures) -> Tile:
    rate = rework_rate(figures.lots)

    def say(words: Words) -> str:
        if rate.by_count is None:
            return words.t("no lot was interpreted to the end", "aucun lot n'est entièrement interprété")
        lots = words.count(rate.lots, ("lot", "lots"), ("lot", "lots"))
        return words.t(
            f"of the automatic polygons; {words.percent(rate.by_area)} by area; {lots}",
            f"des polygones automatiques ; {words.percent(rate.by_area)} en surface ; {lots}",
        )

    label = pair(("Rework rate", "Taux de reprise"))
    return Tile("rework", label, rate.by_count, "share", None, None, None, "neutral", both(say))


def _waiting(figures: Figures) -> Tile:
    """What interpreters have handed in and nobody has decided: where a production gets stuck."""
    found = states(figures.lots)
    delivered, in_control, rejected = (
        found[state.value] for state in (LotState.DELIVERED, LotState.IN_CONTROL, LotState.REJECTED)
    )

    def say(words: Words) -> str:
        return words.t(
            f"{delivered[0]} lots delivered, {in_control[0]} in control; {rejected[0]} rejected, to redo",
            f"livrés : {delivered[0]}, en contrôle : {in_control[0]} ; rejetés, à reprendre : {rejected[0]}",
        )

    label = pair(("Waiting for a decision", "En attente de décision"))
    km2 = delivered[1] + in_control[1]
    return Tile("waiting", label, km2, "km2", None, None, None, "neutral", both(say))


def _remarks(figures: Figures) -> Tile:
    found = tally(remarks_of(figures.lots))
    total = found.taken + found.refused + found.open

    def say(words: Words) -> str:
        if not total:
            return words.t("none was received", "aucun reçu")
        days = words.number(found.life_days)
        life = (
            ""
            if found.life_days is None
            else words.t(f"; typically {days} days", f" ; délai médian {days} j")
        )
        return words.t(
            f"of {words.number(total)}: {words.number(found.taken)} taken into account, "
            f"{words.number(found.refused)} rejected{life}",
            f"sur {words.number(total)} : {words.number(found.taken)} pris en compte, "
            f"{words.number(found.refused)} rejetés{life}",
        )

    level = "good" if total and not found.open else "warning" if found.open else "neutral"
    label = pair(("Signalements without answer", "Signalements sans réponse"))
    return Tile("signalements", label, float(found.open), "count", None, None, None, level, both(say))
