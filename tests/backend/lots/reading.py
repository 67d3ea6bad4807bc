# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands in a lot, read by GDAL and judged by GEOS, not by the code under test."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pyogrio
import shapely


def polygons(path):
    """Id to (shape, attributes)."""
    meta, _, wkb, values = pyogrio.raw.read(path, layer="occupation_sol")
    columns = {name: column.tolist() for name, column in zip(meta["fields"], values, strict=True)}
    shapes = shapely.from_wkb(wkb)
    return {
        columns["id"][i]: (shapes[i], {name: column[i] for name, column in columns.items()})
        for i in range(len(shapes))
    }


def own(path):
    """The same without the margin."""
    return {key: value for key, value in polygons(path).items() if value[1]["margin_of"] is None}


def ask(path, query, *values):
    """Rows of a query."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query, values).fetchall()


def metadata(path):
    """Values of the table `lot`."""
    return dict(ask(path, "SELECT key, value FROM lot"))


def faults(path, footprint):
    """What is wrong with a coverage: gap, overlap, invalid rings, borders without common vertices."""
    shapes = [shape for shape, _ in polygons(path).values()]
    whole = shapely.union_all(shapes)
    found = []
    if not shapely.is_valid(shapes).all():
        found.append("invalid")
    if not shapely.coverage_is_valid(shapes):
        found.append("not a coverage")
    gap = shapely.symmetric_difference(whole, footprint).area
    overlap = shapely.area(shapes).sum() - footprint.area
    if gap > 1e-4:
        found.append(f"gap {gap}")
    if abs(overlap) > 1e-4:
        found.append(f"overlap {overlap}")
    return found
