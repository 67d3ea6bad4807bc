# SPDX-License-Identifier: GPL-2.0-or-later
"""How a GeoPackage (or PostGIS) table of the project is described, without a database library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "integer", "real", "datetime"]
GeometryType = Literal["Polygon", "MultiPolygon", "Point", "LineString", "MultiLineString"]


@dataclass(frozen=True)
class Column:
    """One column; `unit_or_domain` tells a reader what the values are."""

    name: str
    type: ColumnType
    unit_or_domain: str = ""


@dataclass(frozen=True)
class Table:
    """One table; `geometry` is None for a table of attributes. Geometry column: `geom`; row id: `fid`."""

    name: str
    columns: tuple[Column, ...]
    geometry: GeometryType | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in order, without `fid` and `geom`."""
        return tuple(c.name for c in self.columns)
