# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of the indicators: départements, states, accuracy, people, signalements, subcontractors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference_backend.contracts.indicators import IndicatorTable, TableColumn
from inference_backend.indicators.combined_accuracy import (
    AREA,
    COUNT,
    accuracy_as_delivered,
    accuracy_of_accepted,
)
from inference_backend.indicators.figures import Figures
from inference_backend.indicators.pseudonyms import Pseudonyms
from inference_backend.indicators.tallies import REFUSED, TAKEN, Pace, pace_by, remarks_of, states, tally
from inference_backend.indicators.texts import (
    DIMENSIONS,
    MEASURES,
    MOTIVES,
    REASONS,
    ROLES,
    STATES,
    Text,
    named,
    pair,
)

Columns = Sequence[tuple[str, str, str, str]]
"""(key, unit, English, French)."""


def tables_of(figures: Figures, names: Pseudonyms) -> tuple[IndicatorTable, ...]:
    """Every table, most important first."""
    return (
        departements(figures),
        states_table(figures),
        accuracy(figures),
        costs(figures),
        interpreters(figures, names),
        reasons(figures),
        signalements(figures),
        unread(figures),
    )


def made(
    key: str, label: tuple[str, str], columns: Columns, rows: Sequence[Sequence[Any]], note: tuple[str, str]
) -> IndicatorTable:
    """A table from short forms."""
    return IndicatorTable(
        key,
        pair(label),
        tuple(TableColumn(name, pair((en, fr)), unit) for name, unit, en, fr in columns),
        tuple(tuple(row) for row in rows),
        f"{key}.csv",
        pair(note),
    )


_DEPARTEMENTS: Columns = (
    ("code", "text", "code", "code"),
    ("name", "text", "département", "département"),
    ("area_km2", "km2", "reference", "référence"),
    ("lots", "count", "lots", "lots"),
    ("accepted_lots", "count", "accepted lots", "lots acceptés"),
    ("accepted_km2", "km2", "accepted", "accepté"),
    ("accepted_share", "share", "share accepted", "part acceptée"),
    ("cs", "share", "cover right", "CS exacte"),
    ("cs_low", "share", "from", "de"),
    ("cs_high", "share", "to", "à"),
    ("us", "share", "use right", "US exact"),
    ("us_low", "share", "from", "de"),
    ("us_high", "share", "to", "à"),
    ("eur", "eur", "cost", "coût"),
    ("eur_per_km2", "eur_per_km2", "cost", "coût"),
    ("cost_state", "text", "cost is", "ce coût est"),
    ("rework_count", "share", "reworked polygons", "reprise en nombre"),
    ("rework_area", "share", "reworked surface", "reprise en surface"),
    ("remarks_taken", "count", "signalements taken", "signalements pris en compte"),
    ("remarks_refused", "count", "rejected", "rejetés"),
    ("remarks_open", "count", "open", "ouverts"),
    ("unread", "count", "unreadable lots", "lots illisibles"),
)
_FINAL: Text = pair(("final", "définitif"))
_PROVISIONAL: Text = pair(("provisional", "provisoire"))
_EARLY: Text = pair(("too early to say", "trop tôt pour le dire"))
_UNKNOWN: Text = pair(("not known", "non connu"))


def departements(figures: Figures) -> IndicatorTable:
    """One row for each département."""
    rows = []
    for found in figures.departements:
        place = found.departement
        state = _FINAL if found.cost.is_final else _PROVISIONAL
        if found.cost.eur_per_km2 is None:
            state = _UNKNOWN if found.cost.eur is None else _EARLY
        rows.append(
            (
                place.code,
                place.name,
                place.area_km2,
                len(found.lots),
                sum(lot.is_accepted for lot in found.lots),
                found.accepted_km2,
                found.accepted_km2 / place.area_km2,
                *(value for a in (found.cs, found.us) for value in (a.value, a.low, a.high)),
                found.cost.eur,
                found.cost.eur_per_km2,
                state,
                found.rework.by_count,
                found.rework.by_area,
                found.remarks.taken,
                found.remarks.refused,
                found.remarks.open,
                len(found.unread),
            )
        )
    note = (
        "Accuracy: by area, accepted lots, 95 % interval. Cost a km²: of the reference surface where the "
        "département is made (final), else of the accepted surface (provisional). Rework: polygons that "
        "people changed, over the automatic ones; area that changed its codes.",
        "Exactitude : en surface, lots acceptés, intervalle à 95 %. Coût au km² : de la surface de référence "
        "si le département est terminé (définitif), sinon de la surface acceptée (provisoire). Reprise : "
        "polygones changés par l'interprète sur polygones automatiques ; surface dont un code a changé.",
    )
    return made("departements", ("Départements", "Départements"), _DEPARTEMENTS, rows, note)


def states_table(figures: Figures) -> IndicatorTable:
    """Lots and surface by state."""
    found = states(figures.lots)
    total = sum(km2 for _, km2 in found.values())
    rows = [
        (named(STATES, state), count, km2, km2 / total if total else None)
        for state, (count, km2) in found.items()
    ]
    columns: Columns = (
        ("state", "text", "state", "état"),
        ("lots", "count", "lots", "lots"),
        ("km2", "km2", "surface", "surface"),
        ("share", "share", "share", "part"),
    )
    note = ("Lots of the production, as they stand.", "Lots de la production, tels qu'ils sont.")
    return made("states", ("States of the lots", "États des lots"), columns, rows, note)


def accuracy(figures: Figures) -> IndicatorTable:
    """Accuracy of what is accepted, and of what was delivered first."""
    rows = []
    for scope, reckoned in (
        (pair(("accepted lots", "lots acceptés")), accuracy_of_accepted),
        (pair(("first deliveries", "premières livraisons")), accuracy_as_delivered),
    ):
        for dimension in DIMENSIONS:
            for by in (AREA, COUNT):
                c = reckoned(figures.lots, dimension, by)
                rows.append(
                    (
                        scope,
                        named(DIMENSIONS, dimension),
                        named(MEASURES, by),
                        c.value,
                        c.low,
                        c.high,
                        c.units,
                        c.lots,
                        c.weight_share,
                    )
                )
    columns: Columns = (
        ("scope", "text", "of", "portée"),
        ("dimension", "text", "dimension", "dimension"),
        ("by", "text", "measure", "mesure"),
        ("value", "share", "right", "exactitude"),
        ("low", "share", "from", "de"),
        ("high", "share", "to", "à"),
        ("units", "count", "units", "unités"),
        ("lots", "count", "lots", "lots"),
        ("weight", "share", "of their weight", "part couverte"),
    )
    note = (
        "Each lot is a stratum, weighted by its surface or its polygons; 95 % interval from those of the "
        "lots (Zou and Donner 2008). Lots are accepted because their sample was good, so that the accuracy "
        "of the accepted ones is a little flattered; first deliveries are not chosen.",
        "Chaque lot est une strate, pondérée par sa surface ou son nombre de polygones ; intervalle à 95 % "
        "tiré de ceux des lots (Zou et Donner 2008). Un lot est accepté parce que son échantillon était "
        "bon, ce qui flatte un peu l'exactitude des lots acceptés ; pas celle des premières livraisons.",
    )
    return made("accuracy", ("Accuracy", "Exactitude"), columns, rows, note)


def costs(figures: Figures) -> IndicatorTable:
    """Hours and cost by département and role."""
    rows: list[tuple[Any, ...]] = []
    for found in figures.departements:
        if not found.lots and not found.cost.eur:
            continue
        for role in figures.production.roles:
            hours = found.cost.hours.get(role.name)
            eur = None if hours is None else hours * role.eur_h
            rows.append((found.departement.code, named(ROLES, role.name), hours, role.eur_h, eur))
    columns: Columns = (
        ("departement", "text", "département", "département"),
        ("role", "text", "role", "rôle"),
        ("hours", "hours", "hours", "heures"),
        ("eur_h", "eur", "price of an hour", "prix de l'heure"),
        ("eur", "eur", "cost", "coût"),
    )
    note = (
        "Hours of interpreters and controllers are those of journals and controls, pauses cut, unless the "
        "production file says timesheet. Fixed costs come on top.",
        "Les heures des interprètes et contrôleurs viennent des journaux et des contrôles, pauses coupées, "
        "sauf si le fichier de production dit feuille de temps. Les coûts fixes s'y ajoutent.",
    )
    return made("hours", ("Hours and cost", "Heures et coûts"), columns, rows, note)


_PACE: Columns = (
    ("items", "count", "items", "éléments"),
    ("hours", "hours", "hours", "heures"),
    ("per_hour", "per_hour", "items an hour", "éléments par heure"),
    ("seconds", "seconds", "seconds an item", "secondes par élément"),
    ("changed", "share", "changed", "décision différente"),
)


def interpreters(figures: Figures, names: Pseudonyms) -> IndicatorTable:
    """Pace of each person, under a pseudonym unless names are wanted."""
    paces = pace_by(figures.lots, lambda work: work.operator)
    rows = [(names.person(who) or "–", *_pace(pace)) for who, pace in paces.items()]
    columns: Columns = (("who", "text", "who", "qui"), *_PACE)
    note = (
        "Time in front of each item, pauses cut; “changed”: the decision differs from the proposal. A pace "
        "says nothing without the reasons of the items: easy ones go fast.",
        "Temps passé devant chaque élément, pauses coupées ; « décision différente » : autre que la "
        "proposition. Un rythme ne dit rien sans les motifs des éléments : les faciles vont vite.",
    )
    return made("interpreters", ("Pace of interpreters", "Rythme des interprètes"), columns, rows, note)


def reasons(figures: Figures) -> IndicatorTable:
    """Pace for each reason why an item was to be looked at."""
    paces = pace_by(figures.lots, lambda work: work.reason)
    rows = [(named(REASONS, reason), *_pace(pace)) for reason, pace in paces.items()]
    columns: Columns = (("reason", "text", "reason", "motif"), *_PACE)
    note = ("By the strongest reason of each item.", "Selon le motif le plus fort de chaque élément.")
    return made("reasons", ("Pace by reason", "Rythme par motif"), columns, rows, note)


def _pace(pace: Pace) -> tuple[Any, ...]:
    hours = pace.spent_s / 3600 if pace.timed == pace.items else None
    return pace.items, hours, pace.per_hour, pace.seconds, pace.changed / pace.items if pace.items else None


def signalements(figures: Figures) -> IndicatorTable:
    """What became of remarks, by motive."""
    remarks = remarks_of(figures.lots)
    motives = sorted({remark.motive for remark in remarks}, key=lambda name: (not name, name))
    rows = []
    for motive in motives:
        found = [remark for remark in remarks if remark.motive == motive]
        sums = tally(found)
        name = named(MOTIVES, motive, ("no motive yet", "sans motif"))
        rows.append((name, sums.taken, sums.refused, sums.open, sums.waiting, sums.life_days))
    columns: Columns = (
        ("motive", "text", "motive", "motif"),
        ("taken", "count", "taken into account", "pris en compte"),
        ("refused", "count", "rejected", "rejetés"),
        ("open", "count", "open", "ouverts"),
        ("waiting", "count", "answers not sent yet", "réponses à envoyer"),
        ("life", "days", "days to the answer (median)", "délai médian, jours"),
    )
    note = (
        f"Taken into account: {', '.join(TAKEN)}; rejected: {', '.join(REFUSED)}. One at a border, in "
        "several lots, counts once.",
        f"Pris en compte : {', '.join(TAKEN)} ; rejetés : {', '.join(REFUSED)}. Un signalement en limite, "
        "dans plusieurs lots, compte une fois.",
    )
    return made("signalements", ("Signalements", "Signalements"), columns, rows, note)


def unread(figures: Figures) -> IndicatorTable:
    """Lots that are not in the figures."""
    rows = [
        (
            lot.departement,
            lot.label,
            {language: lot.error.text(language) for language in ("en", "fr")} if lot.error else "",
        )
        for lot in figures.unread
    ]
    columns: Columns = (
        ("departement", "text", "département", "département"),
        ("lot", "text", "lot", "lot"),
        ("why", "text", "why", "pourquoi"),
    )
    note = ("No figure holds anything of them.", "Aucun chiffre n'en tient compte.")
    return made("unread", ("Lots that could not be read", "Lots illisibles"), columns, rows, note)
