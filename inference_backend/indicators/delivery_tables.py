# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of deliveries: subcontractors, their controls, every lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from inference_backend.contracts.indicators import IndicatorTable
from inference_backend.indicators.acceptance_curve import accepted_on
from inference_backend.indicators.combined_accuracy import AREA, accuracy_as_delivered
from inference_backend.indicators.figures import Figures
from inference_backend.indicators.lot_summary import Share
from inference_backend.indicators.pseudonyms import Pseudonyms
from inference_backend.indicators.standing import CountedLot
from inference_backend.indicators.tables import Columns, made
from inference_backend.indicators.tallies import deliveries
from inference_backend.indicators.texts import SEVERITIES, STATES, VERDICTS, named


def delivery_tables(figures: Figures, names: Pseudonyms) -> tuple[IndicatorTable, ...]:
    """Subcontractors, then every control of theirs."""
    return subcontractors(figures, names), controls(figures, names)


def by_company(figures: Figures, names: Pseudonyms) -> dict[str, list[CountedLot]]:
    """Lots by who they are assigned to, in the order of names; unassigned ones left out."""
    found: dict[str, list[CountedLot]] = defaultdict(list)
    for lot in figures.lots:
        company = names.company(lot.summary.assigned_to)
        if company:
            found[company].append(lot)
    return dict(sorted(found.items()))


def subcontractors(figures: Figures, names: Pseudonyms) -> IndicatorTable:
    """What became of the lots of each."""
    rows = []
    for company, lots in by_company(figures, names).items():
        done = deliveries(lots)
        cs, us = (accuracy_as_delivered(lots, dimension, AREA) for dimension in ("cs", "us"))
        rows.append(
            (
                company,
                done.lots,
                done.accepted_km2,
                done.controlled,
                done.at_once / done.controlled if done.controlled else None,
                done.rejections,
                named(SEVERITIES, done.severity),
                *(value for a in (cs, us) for value in (a.value, a.low, a.high)),
            )
        )
    columns: Columns = (
        ("who", "text", "subcontractor", "prestataire"),
        ("lots", "count", "lots", "lots"),
        ("accepted_km2", "km2", "accepted", "accepté"),
        ("controlled", "count", "controlled lots", "lots contrôlés"),
        ("at_once", "share", "accepted at once", "acceptés du premier coup"),
        ("rejections", "count", "rejections", "rejets"),
        ("severity", "text", "severity now", "sévérité actuelle"),
        ("cs", "share", "cover right", "CS exacte"),
        ("cs_low", "share", "from", "de"),
        ("cs_high", "share", "to", "à"),
        ("us", "share", "use right", "US exact"),
        ("us_low", "share", "from", "de"),
        ("us_high", "share", "to", "à"),
    )
    note = (
        "Accuracy: by area, at the first control of each lot, before anything was redone.",
        "Exactitude : en surface, au premier contrôle de chaque lot, avant toute reprise.",
    )
    return made("subcontractors", ("Subcontractors", "Prestataires"), columns, rows, note)


def controls(figures: Figures, names: Pseudonyms) -> IndicatorTable:
    """Every decision, newest first."""
    rows = [
        (
            control.decided_utc[:10],
            lot.departement,
            lot.summary.name,
            names.company(lot.summary.assigned_to) or "–",
            named(VERDICTS, control.verdict),
            named(SEVERITIES, control.severity),
            control.units,
            control.errors,
            *(_value(control.accuracy, key) for key in ("cs_area", "us_area")),
        )
        for lot, control in reversed(deliveries(figures.lots).decisions)
    ]
    columns: Columns = (
        ("date", "date", "date", "date"),
        ("departement", "text", "département", "département"),
        ("lot", "text", "lot", "lot"),
        ("who", "text", "subcontractor", "prestataire"),
        ("verdict", "text", "decision", "décision"),
        ("severity", "text", "severity", "sévérité"),
        ("units", "count", "units", "unités"),
        ("errors", "count", "with an error", "en erreur"),
        ("cs", "share", "cover right", "CS exacte"),
        ("us", "share", "use right", "US exact"),
    )
    note = ("All decided controls.", "Tous les contrôles décidés.")
    return made("controls", ("Controls", "Contrôles"), columns, rows, note)


def _value(accuracy: Mapping[str, Share], key: str) -> float | None:
    return accuracy[key].value if key in accuracy else None


def lots_table(figures: Figures, names: Pseudonyms) -> IndicatorTable:
    """Every lot that counts: only a CSV, there may be ten thousand."""
    rows = [
        (
            lot.departement,
            lot.summary.name,
            named(STATES, lot.summary.state),
            accepted_on(lot),
            names.company(lot.summary.assigned_to) or "–",
            lot.summary.millesime,
            lot.summary.area_km2,
            lot.summary.polygons,
            sum(lot.summary.items.get(state, 0) for state in ("todo", "redo", "asked", "postponed")),
            lot.summary.journal_s / 3600,
            lot.summary.rework.changed,
            lot.label,
        )
        for lot in figures.lots
    ]
    columns: Columns = (
        ("departement", "text", "département", "département"),
        ("lot", "text", "lot", "lot"),
        ("state", "text", "state", "état"),
        ("accepted_on", "date", "accepted on", "accepté le"),
        ("who", "text", "assigned to", "confié à"),
        ("millesime", "text", "millésime", "millésime"),
        ("km2", "km2", "surface", "surface"),
        ("polygons", "count", "polygons", "polygones"),
        ("left", "count", "items left", "éléments restants"),
        ("hours", "hours", "hours of the journal", "heures du journal"),
        ("changed", "count", "polygons changed", "polygones repris"),
        ("path", "text", "place", "emplacement"),
    )
    note = ("Lots that count.", "Lots comptés.")
    return made("lots", ("Lots", "Lots"), columns, rows, note)
