# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables as CSV: one file each, plain numbers, headings that stay the same in both languages."""

from __future__ import annotations

import csv
import io
from typing import Any

from inference_backend.contracts.indicators import IndicatorTable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


def csv_of(table: IndicatorTable, language: str) -> str:
    """A table as CSV, UTF-8 with a mark that spreadsheets look for.

    Shares are 0..1, decimals have a point; an empty cell is not known. A text that a spreadsheet would take
    for a formula gets an apostrophe in front: names of lots come from outside.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_cell(value, language) for value in row] for row in table.rows)
    return "\ufeff" + text.getvalue()


def _cell(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        value = value.get(language[:2], value.get("en", ""))
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1 else f"{value:.4f}".rstrip("0").rstrip(".")
    shown = str(value)
    return f"'{shown}" if isinstance(value, str) and shown.startswith(_FORMULA) else shown
