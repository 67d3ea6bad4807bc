# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables with headings that a screen reader finds, and confusion matrices in steps of colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from inference_backend.reporting.markup import Content, Html, tag
from inference_backend.reporting.palette import HEAT_STEPS

_KEPT_WHOLE = 16
"""Rows of a table that is moved to the next page rather than cut."""


def table(
    heads: Sequence[Content],
    rows: Sequence[Sequence[Content]],
    *,
    align: str = "",
    caption: Content = None,
    kinds: Sequence[str | None] = (),
    foot: Sequence[Content] = (),
) -> Html:
    """A table whose first column names its rows.

    Args:
        heads: column names; none for a table without a heading.
        rows: cells; texts are escaped, markup stays.
        align: one letter for each column: `l`, `r` (figures) or `c`; left where it is shorter.
        caption: what the table says.
        kinds: for each row a class (`bad`, `good`, `strong`) or None.
        foot: last row, of totals.
    """
    letters = [
        align[place : place + 1] or "l" for place in range(max(map(len, [heads, foot, *rows]), default=0))
    ]
    head = tag(
        "thead", tag("tr", [tag("th", cell, scope="col", class_=letters[i]) for i, cell in enumerate(heads)])
    )
    body = [
        tag("tr", _cells(row, letters), class_=kinds[number] if number < len(kinds) else None)
        for number, row in enumerate(rows)
    ]
    parts = (
        tag("caption", caption) if caption is not None else None,
        head if heads else None,
        tag("tbody", body),
        tag("tfoot", tag("tr", _cells(foot, letters))) if foot else None,
    )
    # A short table is not cut by the end of a page.
    return tag("div", tag("table", parts), class_="scroll keep" if len(rows) <= _KEPT_WHOLE else "scroll")


def _cells(row: Sequence[Content], letters: Sequence[str]) -> list[Html]:
    return [
        tag("td" if place else "th", cell, class_=letters[place], scope=None if place else "row")
        for place, cell in enumerate(row)
    ]


def heat_matrix(
    names: Sequence[str],
    values: Sequence[Sequence[float]],
    write: Callable[[float], str],
    *,
    corner: str,
    caption: Content = None,
    tips: Sequence[str] = (),
    total: str = "",
) -> Html:
    """A square matrix whose diagonal is right: blue steps on it, orange steps beside it.

    A step of colour is the share of the cell in its row; figures stand in every cell that is not zero, so
    that nothing rests on the colour.

    Args:
        names: of rows and of columns.
        values: (n, n), rows first, not negative.
        write: figure of a cell as a text.
        corner: says what rows and columns are.
        caption: what the matrix says.
        tips: longer names, shown under the mouse.
        total: heading of sums at the end of rows and columns; empty for none.
    """
    hints: list[str | None] = [*tips] if tips else [None] * len(names)
    last = [tag("th", total, scope="col", class_="sum")] if total else []
    head = [
        tag("th", corner, class_="corner"),
        *(tag("th", name, scope="col", title=hint) for name, hint in zip(names, hints, strict=True)),
        *last,
    ]
    body = [
        tag(
            "tr",
            tag("th", names[row], scope="row", title=hints[row]),
            _heat_row(row, line, write, bool(total)),
        )
        for row, line in enumerate(values)
    ]
    if total:
        sums = [math.fsum(line[column] for line in values) for column in range(len(names))]
        cells = [tag("td", write(value)) for value in [*sums, math.fsum(sums)]]
        body.append(tag("tr", tag("th", total, scope="row"), cells, class_="strong"))
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption) if caption is not None else None,
            tag("thead", tag("tr", head)),
            tag("tbody", body),
            class_="heat",
        ),
        class_="scroll",
    )


def _heat_row(row: int, line: Sequence[float], write: Callable[[float], str], total: bool) -> list[Html]:
    whole = math.fsum(line)
    cells = []
    for column, value in enumerate(line):
        if value <= 0:
            cells.append(tag("td", class_="d" if row == column else None))
            continue
        step = min(HEAT_STEPS - 1, int(HEAT_STEPS * value / whole))
        kind = f"{'h' if row == column else 'e'}{step}"
        cells.append(tag("td", write(value), class_=f"{kind} d" if row == column else kind))
    if total:
        cells.append(tag("td", write(whole), class_="sum strong"))
    return cells
