# SPDX-License-Identifier: GPL-2.0-or-later
"""Values of the document as a page writes them; what is not known is a dash, never 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference_backend.contracts.indicators import IndicatorTable
from inference_backend.reporting.markup import Html
from inference_backend.reporting.table import table
from inference_backend.reporting.words import Words

_TEXTS = ("text", "date")
_DASH = "–"


def written(value: Any, unit: str, words: Words) -> str:
    """A value with its unit, as a tile shows it."""
    if unit == "km2":
        return words.quantity(value, "km²", _decimals(value))
    if unit == "eur_per_km2":
        return words.euros(value, 1, "km²")
    return cell(value, unit, words) if value is not None else words.unknown


def cell(value: Any, unit: str, words: Words) -> str:
    """A value as a table shows it: the unit stands in the heading."""
    if value is None:
        return _DASH
    if isinstance(value, dict):
        return str(value["fr" if words.french else "en"])
    if unit == "date":
        return words.short_day(value) if value else _DASH
    if unit == "text":
        return str(value)
    if unit == "share":
        return words.percent(value)
    decimals = {"km2": _decimals(value), "eur_per_km2": 1, "hours": 1, "seconds": 1, "per_hour": 1, "days": 1}
    return words.number(value, decimals.get(unit, 0))


def _decimals(value: float | None) -> int:
    """Small productions are shown to the hectare, large ones to the km2."""
    return 0 if value is None or abs(value) >= 100 or value == 0 else 2


def table_of(
    content: IndicatorTable,
    words: Words,
    *,
    only: Sequence[str] = (),
    most: int | None = None,
    started: bool = False,
) -> Html:
    """A table of the document; an estimate and its limits share a cell.

    Args:
        content: the table.
        words: language.
        only: keys of the columns to show, all where empty.
        most: rows to show, all where None.
        started: leave rows out whose département has no lot.
    """
    language = "fr" if words.french else "en"
    keys = [column.key for column in content.columns]
    shown = [
        place
        for place, column in enumerate(content.columns)
        if (not only or column.key in only) and not _is_limit(column.key, keys)
    ]
    heads = [_head(content, place, words, language) for place in shown]
    rows = [row for row in content.rows if not started or row[keys.index("lots")]]
    cells = [[_with_limits(content, keys, row, place, words) for place in shown] for row in rows[:most]]
    align = "".join("l" if content.columns[place].unit in _TEXTS else "r" for place in shown)
    return table(heads, cells, align=align)


def _is_limit(key: str, keys: Sequence[str]) -> bool:
    """Whether a column is a limit of the one before it."""
    name, _, end = key.rpartition("_")
    return (end in ("low", "high") and name in keys) or (key in ("low", "high") and "value" in keys)


def _head(content: IndicatorTable, place: int, words: Words, language: str) -> str:
    column = content.columns[place]
    units = {"km2": "km²", "eur": "€", "eur_per_km2": "€/km²", "hours": "h", "seconds": "s"}
    unit = units.get(column.unit)
    return f"{column.label[language]} ({unit})" if unit else column.label[language]


def _with_limits(
    content: IndicatorTable, keys: Sequence[str], row: Sequence[Any], place: int, words: Words
) -> str:
    key = keys[place]
    text = cell(row[place], content.columns[place].unit, words)
    low, high = ("low", "high") if key == "value" else (f"{key}_low", f"{key}_high")
    if low not in keys or high not in keys:
        return text
    interval = words.interval(row[keys.index(low)], row[keys.index(high)])
    return f"{text} {interval}".strip()
