# SPDX-License-Identifier: GPL-2.0-or-later
"""Indicators of a production: the document that `ocsge report` writes and that every view of it shows.

`indicators.json` lies in the folder of the report. What a view shows is in it, in French and English, so that
the page, the CSV files and QGIS's dock say the same: they format, they reckon nothing. A value that is null
is not known; its text says why. It is never to be shown as 0.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .errors import OcsgeError

INDICATORS_FORMAT = "ocsge-indicators/1"
INDICATORS_FILE = "indicators.json"
PAGE_FILE = "production.html"
PROGRESS_FILE = "progress.geojson"
"""One feature per lot, EPSG:4326; properties: `PROGRESS_PROPERTIES`."""
PROGRESS_PROPERTIES = ("name", "departement", "state", "since", "km2", "subcontractor", "path")
"""`state` is a LotState value, or empty where the lot could not be read; `since`: its date, ISO 8601."""
UNITS = (
    "count",
    "km2",
    "share",
    "eur",
    "eur_per_km2",
    "hours",
    "seconds",
    "days",
    "per_hour",
    "date",
    "text",
)
"""How a value is written: `share` is 0..1, `date` and `text` are texts, all others plain numbers."""
STATE_COLOURS = {
    "prepared": "#eef1f4",
    "assigned": "#d3e0ec",
    "in_interpretation": "#a6c8e4",
    "delivered": "#6aa3d3",
    "in_control": "#3572b0",
    "accepted": "#0b3a6b",
    "rejected": "#d55e00",
}
"""Colours of lots on a map, by state: darker as a lot comes along, and orange where it went back."""
LEVELS = ("good", "warning", "bad", "neutral")
"""What a tile's colour says; never the only sign of it."""
Text = dict[str, str]
"""`{"en": …, "fr": …}`."""


class IndicatorsError(OcsgeError):
    """An `indicators.json` that cannot be read: `path`, `reason`."""

    templates = {
        "en": "{path}: no indicators of this version ({reason}). Make them again with ocsge report.",
        "fr": "{path} : ce ne sont pas des indicateurs de cette version ({reason}). Refaites-les avec "
        "ocsge report.",
    }


@dataclass(frozen=True)
class Tile:
    """One figure that is seen at once.

    Attributes:
        key: `accepted`, `plan_gap`, `cs_accuracy`, `us_accuracy`, `cost`, `rework`, `signalements`…
        label: what it is.
        value: the figure, None where it is not known.
        unit: one of `UNITS`.
        low: lower end of its 95 % interval, None where it has none.
        high: upper end.
        reference: what it is held against: the plan of that day, a target; None for nothing.
        level: one of `LEVELS`.
        detail: what it rests on, or why it is not known.
    """

    key: str
    label: Text
    value: float | None
    unit: str
    low: float | None
    high: float | None
    reference: float | None
    level: str
    detail: Text


@dataclass(frozen=True)
class Line:
    """One line of a curve.

    Attributes:
        key: `accepted`, `plan`, `reference`…
        label: for the legend.
        points: (ISO 8601 date, value), oldest first; two points say the same value where it is level.
        is_stepped: the value holds until the next point; else points are joined.
        is_reference: something to compare with, drawn thin.
    """

    key: str
    label: Text
    points: tuple[tuple[str, float], ...]
    is_stepped: bool = False
    is_reference: bool = False


@dataclass(frozen=True)
class Curve:
    """Lines over the same dates.

    Attributes:
        key: `accepted_km2`.
        label: its title.
        unit: of the values.
        lines: what is drawn.
    """

    key: str
    label: Text
    unit: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column of a table: `unit` is one of `UNITS`."""

    key: str
    label: Text
    unit: str


@dataclass(frozen=True)
class IndicatorTable:
    """A table, also written as CSV.

    Attributes:
        key: `departements`, `lots`, `interpreters`, `reasons`, `signalements`, `subcontractors`, `accuracy`…
        label: its title.
        columns: in order.
        rows: a value per column; None where it is not known; texts that are to be translated are `Text`.
        csv: name of its file in the folder of the report.
        note: how it is reckoned.
    """

    key: str
    label: Text
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    csv: str
    note: Text


@dataclass(frozen=True)
class Notice:
    """What the reader must know: a lot that could not be read, hours that are missing.

    Attributes:
        level: one of `LEVELS`.
        text: what it is and what to do.
        path: the file or database it is about, empty for none.
    """

    level: str
    text: Text
    path: str = ""


@dataclass(frozen=True)
class Indicators:
    """Everything that a view of a production shows.

    Attributes:
        production: its name.
        path: the production file.
        as_of: ISO 8601 date that the figures are of.
        generated_utc: ISO 8601, when they were reckoned.
        software_version: of what reckoned them.
        lots: lots found, those that could not be read included.
        lots_unread: of them, those that could not be read.
        names_hidden: whether interpreters bear pseudonyms.
        tiles: most important first.
        curves: accepted surface against the plan first.
        tables: most important first.
        notices: worst first.
        reference_lines: euros per km2 to compare with, in order of time.
        files: what lies beside: `page`, `progress`.
    """

    production: str
    path: str
    as_of: str
    generated_utc: str
    software_version: str
    lots: int
    lots_unread: int
    names_hidden: bool
    tiles: tuple[Tile, ...]
    curves: tuple[Curve, ...]
    tables: tuple[IndicatorTable, ...]
    notices: tuple[Notice, ...]
    reference_lines: tuple[float, ...]
    files: dict[str, str]

    def table(self, key: str) -> IndicatorTable | None:
        """The table of that name, None where there is none."""
        return next((table for table in self.tables if table.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"format": INDICATORS_FORMAT, **asdict(self)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Indicators:
        """Inverse of `to_dict`.

        Raises:
            KeyError, TypeError, ValueError: another document.
        """
        if values.get("format") != INDICATORS_FORMAT:
            raise ValueError(f"format {values.get('format')!r}")
        known = {name: values[name] for name in cls.__dataclass_fields__}
        known["tiles"] = tuple(Tile(**tile) for tile in values["tiles"])
        known["curves"] = tuple(_curve(curve) for curve in values["curves"])
        known["tables"] = tuple(_table(table) for table in values["tables"])
        known["notices"] = tuple(Notice(**notice) for notice in values["notices"])
        known["reference_lines"] = tuple(values["reference_lines"])
        return cls(**known)

    @classmethod
    def read(cls, path: Path) -> Indicators:
        """Read `indicators.json`.

        Raises:
            IndicatorsError: missing, damaged, or of another version.
        """
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndicatorsError(path=path, reason=error) from error


def _curve(values: dict[str, Any]) -> Curve:
    lines = tuple(
        Line(**{**line, "points": tuple(_point(*point) for point in line["points"])})
        for line in values["lines"]
    )
    return Curve(**{**values, "lines": lines})


def _point(day: str, value: float) -> tuple[str, float]:
    """What can be drawn: a chart asks for it at each repaint, where nobody takes an error."""
    date.fromisoformat(day[:10])
    if not math.isfinite(value):
        raise ValueError(value)
    return day, value


def _table(values: dict[str, Any]) -> IndicatorTable:
    columns = tuple(TableColumn(**column) for column in values["columns"])
    return IndicatorTable(
        **{**values, "columns": columns, "rows": tuple(tuple(row) for row in values["rows"])}
    )
