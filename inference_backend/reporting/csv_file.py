# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables as CSV that spreadsheets and programs read alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180 text with a heading, points as decimal marks; what is not known (None) is an empty cell.

    A text that a spreadsheet would run as a formula gets an apostrophe in front: comments come from outside.
    Write it with `encoding="utf-8-sig"`: without the mark, Excel misreads accents.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value
