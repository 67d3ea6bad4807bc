# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of a production as people read them; what is not known is said, never shown as 0."""

from __future__ import annotations

from typing import Any

NOT_KNOWN = {"en": "not known", "fr": "non connu"}
_SUFFIXES = {
    "km2": "km²",
    "eur": "€",
    "eur_per_km2": "€/km²",
    "hours": "h",
    "seconds": "s",
    "share": "%",
    "per_hour": "/h",
}
_DAYS = {"en": ("day", "days"), "fr": ("jour", "jours")}
_DECIMALS = {"share": 1, "eur_per_km2": 1, "days": 1, "per_hour": 0, "count": 0, "eur": 0}
_SMALL = 100
"""Below this, surfaces and times are told with a decimal."""
THIN = "\u202f"


def figure_text(value: Any, unit: str, language: str) -> str:
    """A value with its unit: `1 234,5 km²`, `96,4 %`.

    Args:
        value: a number, a text, a text in two languages, or None.
        unit: one of `contracts.indicators.UNITS`.
        language: `fr` or `en`.
    """
    if value is None:
        return NOT_KNOWN.get(language, NOT_KNOWN["en"])
    if isinstance(value, dict):
        return str(value.get(language) or value.get("en") or "")
    if unit == "date":
        return date_text(str(value), language)
    if unit == "text" or isinstance(value, (str, bool)):
        return str(value)
    number = 100 * value if unit == "share" else value
    text = number_text(float(number), _decimals(number, unit), language)
    if unit == "days":
        return f"{text} {_DAYS.get(language, _DAYS['en'])[abs(number) >= 2]}"
    return f"{text}{_space(unit, language)}{_SUFFIXES[unit]}" if unit in _SUFFIXES else text


def interval_text(low: float | None, high: float | None, unit: str, language: str) -> str:
    """Both ends of an interval, empty where it is not known: `94,1 – 97,9 %`."""
    if low is None or high is None:
        return ""
    first = figure_text(low, unit, language)
    suffix = f"{_space(unit, language)}{_SUFFIXES.get(unit, '')}"
    return f"{first.removesuffix(suffix)} – {figure_text(high, unit, language)}"


def number_text(number: float, decimals: int, language: str) -> str:
    """A number with the separators of a language."""
    text = f"{number:,.{decimals}f}"
    if language != "fr":
        return text
    return text.replace(",", THIN).replace(".", ",")


def date_text(day: str, language: str) -> str:
    """An ISO 8601 date, day first in French."""
    parts = day[:10].split("-")
    return "/".join(reversed(parts)) if language == "fr" and len(parts) == 3 else day[:10]


def _decimals(number: float, unit: str) -> int:
    if unit in _DECIMALS:
        return _DECIMALS[unit]
    return 1 if abs(number) < _SMALL else 0


def _space(unit: str, language: str) -> str:
    if unit == "per_hour" or (unit == "share" and language != "fr"):
        return ""
    return "\u00a0"
