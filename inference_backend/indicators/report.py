# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole report of a production: one folder with a page, the document behind it, CSV files and a map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.indicators import INDICATORS_FILE, PAGE_FILE, PROGRESS_FILE, Indicators
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from inference_backend.errors import OutputError
from inference_backend.indicators.collect import collect
from inference_backend.indicators.csv_files import csv_of
from inference_backend.indicators.delivery_tables import lots_table
from inference_backend.indicators.document import document_of, shortened
from inference_backend.indicators.figures import Figures, reckon
from inference_backend.indicators.guard import ANYTHING, Guard
from inference_backend.indicators.page import page_of
from inference_backend.indicators.production import HoursFrom, Production
from inference_backend.indicators.production_reader import read_production
from inference_backend.indicators.progress_map import geojson_of, panels_of, places_of, read_outlines
from inference_backend.indicators.pseudonyms import Pseudonyms
from inference_backend.indicators.standing import standing_of
from inference_backend.indicators.summarise import Limits
from inference_backend.indicators.timesheet import Hours, read_timesheet
from inference_backend.progress import Progress, Silent, Span

_READING = 0.8
"""Share of the time that reading the lots takes when nothing is known of them."""


def make_report(
    path: Path,
    output: Path,
    *,
    language: str = "fr",
    show_names: bool = False,
    forget_missing: bool = False,
    as_of: date | None = None,
    guard: Guard = ANYTHING,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> Indicators:
    """Read a production and write its report.

    Args:
        path: the production file.
        output: folder of the report; files of an earlier one are replaced, each as a whole.
        language: of the page and of texts in CSV files.
        show_names: write the names of people; pseudonyms stand for them otherwise.
        forget_missing: no longer report lots that were there once.
        as_of: day of the figures; today by default.
        guard: what the production file may lead to.
        progress: told the share that is done; may raise `Cancelled`.

    Returns:
        The document, which `indicators.json` holds.

    Raises:
        ProductionFileError: the production file, its timesheet or its outlines cannot be used.
        OutputError: the report cannot be written.
    """
    profile = Profile.load(DEFAULT_PROFILE)
    # The index knows lots by their whole path, wherever the command was typed.
    production = read_production(path.resolve(), profile)
    guard.require(production)
    hours, outlines = _hours(production), read_outlines(production)
    limits = Limits(
        production.longest_gesture_s,
        profile.number("indicators", "changed_area"),
        profile.number("indicators", "area_distortion"),
    )
    collected = collect(
        production, limits, forget_missing=forget_missing, guard=guard, progress=Span(progress, 0.0, _READING)
    )
    standing = standing_of(collected.lots)
    day = as_of or datetime.now(UTC).date()
    figures = reckon(production, collected, standing, hours, profile, day)
    names = Pseudonyms(collected.salt, show_names, production.subcontractors)
    whole = document_of(figures, names, profile, show_names=show_names)
    document = shortened(whole)
    places = places_of(figures, names)
    files = {
        INDICATORS_FILE: json.dumps(document.to_dict(), ensure_ascii=False, indent=1),
        PROGRESS_FILE: geojson_of(places),
        PAGE_FILE: page_of(document, panels_of(places, outlines), language),
        **_csv(whole, figures, names, language),
    }
    progress.update(0.95)
    _write(output, files)
    progress.update(1.0)
    return document


def _hours(production: Production) -> Hours:
    roles = [role.name for role in production.roles if role.hours is HoursFrom.TIMESHEET]
    if production.timesheet is None:
        return {}
    codes = [departement.code for departement in production.departements]
    known = [role.name for role in production.roles]
    found = read_timesheet(production.timesheet, codes, known)
    return {key: value for key, value in found.items() if key[1] in roles}


def _csv(document: Indicators, figures: Figures, names: Pseudonyms, language: str) -> dict[str, str]:
    tables = [*document.tables, lots_table(figures, names)]
    return {table.csv: csv_of(table, language) for table in tables}


def _write(output: Path, files: Mapping[str, str]) -> None:
    """The document goes last: who finds a new one finds everything else new as well."""
    ordered = sorted(files, key=lambda name: name == INDICATORS_FILE)
    for name in ordered:
        target = output / name
        try:
            with replace_when_done(target) as temporary:
                temporary.write_text(files[name], encoding="utf-8", newline="")
        except OSError as error:
            raise OutputError(path=target, reason=error.strerror or error) from error
