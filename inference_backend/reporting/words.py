# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbers, shares, areas and dates as the reader's language writes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

M2_PER_HA = 10_000.0
M2_PER_KM2 = 1_000_000.0
_MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_THIN, _NO_BREAK, _MINUS = "\u202f", "\u00a0", "\u2212"


@dataclass(frozen=True)
class Words:
    """The language of a page; what is not known is written as such, never as 0.

    Attributes:
        language: `fr` or `en`; anything else reads as English.
    """

    language: str = "fr"

    @property
    def french(self) -> bool:
        """Whether the page is in French."""
        return self.language[:2] == "fr"

    def t(self, en: str, fr: str) -> str:
        """The text in the page's language."""
        return fr if self.french else en

    @property
    def unknown(self) -> str:
        """What stands for a figure that nobody knows."""
        return self.t("not known", "non connu")

    def number(self, value: float | None, decimals: int = 0) -> str:
        """`1 234,5` or `1,234.5`; None and NaN are not known."""
        if value is None or not math.isfinite(value):
            return self.unknown
        text = f"{abs(value):,.{decimals}f}"
        if value < 0 and any(digit in text for digit in "123456789"):
            text = _MINUS + text
        return text.replace(",", _THIN).replace(".", ",") if self.french else text

    def percent(self, share: float | None, decimals: int = 1) -> str:
        """Share 0..1 as `94,2 %` or `94.2%`."""
        if share is None or not math.isfinite(share):
            return self.unknown
        return self.number(100.0 * share, decimals) + (f"{_NO_BREAK}%" if self.french else "%")

    def interval(self, low: float | None, high: float | None, decimals: int = 1) -> str:
        """Interval of shares: `[91,0 ; 96,5] %` or `[91.0, 96.5]%`; empty where an end is not known."""
        if low is None or high is None:
            return ""
        between = f"{_NO_BREAK}; " if self.french else ", "
        ends = (self.number(100.0 * low, decimals), self.number(100.0 * high, decimals))
        return f"[{between.join(ends)}]" + (f"{_NO_BREAK}%" if self.french else "%")

    def quantity(self, value: float | None, unit: str, decimals: int = 0) -> str:
        """Number and unit, kept on one line: `12,4 km²`."""
        if value is None or not math.isfinite(value):
            return self.unknown
        return f"{self.number(value, decimals)}{_NO_BREAK}{unit}"

    def area(self, area_m2: float | None) -> str:
        """m2 in the unit that suits: m², ha or km²."""
        if area_m2 is None or not math.isfinite(area_m2):
            return self.unknown
        size = abs(area_m2)
        if size < M2_PER_HA:
            return self.quantity(area_m2, "m²", 1 if size < 10 else 0)
        if size < 10 * M2_PER_KM2:
            return self.quantity(area_m2 / M2_PER_HA, "ha", 2 if size < 10 * M2_PER_HA else 1)
        return self.quantity(area_m2 / M2_PER_KM2, "km²", 1 if size < 1000 * M2_PER_KM2 else 0)

    def euros(self, value: float | None, decimals: int = 0, per: str = "") -> str:
        """`36,0 €/km²` with `per="km²"`."""
        return self.quantity(value, f"€/{per}" if per else "€", decimals)

    def duration(self, seconds: float | None) -> str:
        """`2 h 05`, `4 min`, `12 s`."""
        if seconds is None or not math.isfinite(seconds):
            return self.unknown
        if seconds < 60:
            return self.quantity(seconds, "s")
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.quantity(minutes, "min")
        return f"{self.number(minutes // 60)}{_NO_BREAK}h{_NO_BREAK}{minutes % 60:02d}"

    def day(self, moment: str | date | datetime | None) -> str:
        """`1er mars 2026` or `1 March 2026`; a text that is no ISO 8601 date is given back as it is."""
        read = read_moment(moment)
        if read is None:
            return str(moment) if moment else self.unknown
        number = "1er" if self.french and read.day == 1 else str(read.day)
        return f"{number} {_MONTHS['fr' if self.french else 'en'][read.month - 1]} {read.year}"

    def moment(self, moment: str | datetime | None) -> str:
        """The day with hour and minute, UTC."""
        read = read_moment(moment)
        if read is None:
            return str(moment) if moment else self.unknown
        if self.french:
            return f"{self.day(read)} à {read:%H}{_NO_BREAK}h{_NO_BREAK}{read:%M} UTC"
        return f"{self.day(read)}, {read:%H:%M} UTC"

    def short_day(self, moment: str | date | datetime | None) -> str:
        """`21/11/2026` or `2026-11-21`."""
        read = read_moment(moment)
        if read is None:
            return str(moment) if moment else self.unknown
        return f"{read:%d/%m/%Y}" if self.french else f"{read:%Y-%m-%d}"

    def month(self, moment: date | datetime) -> str:
        """`mars 2026`, for axes."""
        return f"{_MONTHS['fr' if self.french else 'en'][moment.month - 1]} {moment.year}"

    def count(self, value: int, en: tuple[str, str], fr: tuple[str, str]) -> str:
        """`1 unité`, `2 unités`: in French 0 and 1 are singular, in English 1 alone."""
        forms = fr if self.french else en
        singular = abs(value) < 2 if self.french else value == 1
        return f"{self.number(value)}{_NO_BREAK}{forms[0] if singular else forms[1]}"


def read_moment(moment: str | date | datetime | None) -> datetime | None:
    """A moment in UTC out of ISO 8601, None where it is none; a text without zone is UTC."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return None
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if isinstance(moment, date):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return None
