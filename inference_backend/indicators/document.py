# SPDX-License-Identifier: GPL-2.0-or-later
"""All that is shown of a production in one document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from inference_backend import __version__
from inference_backend.contracts.indicators import PAGE_FILE, PROGRESS_FILE, Indicators
from inference_backend.contracts.profile import Profile
from inference_backend.indicators.delivery_tables import delivery_tables
from inference_backend.indicators.figures import Figures
from inference_backend.indicators.notices import notices_of
from inference_backend.indicators.pseudonyms import Pseudonyms
from inference_backend.indicators.tables import tables_of
from inference_backend.indicators.tiles import curves_of, tiles_of

MOST_ROWS = 500
"""Rows of one table in the document; its CSV has them all."""


def shortened(document: Indicators) -> Indicators:
    """The document without the end of very long tables."""
    tables = tuple(replace(table, rows=table.rows[:MOST_ROWS]) for table in document.tables)
    return replace(document, tables=tables)


def document_of(figures: Figures, names: Pseudonyms, profile: Profile, *, show_names: bool) -> Indicators:
    """The document that the page, the CSV files and QGIS show."""
    production = figures.production
    unread = len(figures.unread)
    return Indicators(
        production=production.name,
        path=str(production.path),
        as_of=figures.as_of.isoformat(),
        generated_utc=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        software_version=__version__,
        lots=len(figures.lots) + unread,
        lots_unread=unread,
        names_hidden=not show_names,
        tiles=tiles_of(figures, profile),
        curves=curves_of(figures),
        tables=(*tables_of(figures, names), *delivery_tables(figures, names)),
        notices=notices_of(figures),
        reference_lines=production.reference_lines_eur_km2,
        files={"page": PAGE_FILE, "progress": PROGRESS_FILE},
    )
