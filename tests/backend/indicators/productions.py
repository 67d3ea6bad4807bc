# SPDX-License-Identifier: GPL-2.0-or-later
"""Small productions with real lots, and the report that is made of them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import date

from benchmarks.production.made import MadeLot, make_lot
from inference_backend.indicators.report import make_report
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions

AS_OF = date(2026, 3, 1)
KM2 = 4.0


def lot(name, **values):
    """A lot of 4 km2 with 16 polygons."""
    return MadeLot(name, **{"side_m": 2_000.0, "polygons": 4, **values})


def write_production(folder, *, departements=None, lots=(), **values):
    """Lots go into the folder of their département (what comes before `_` in their name)."""
    for made in lots:
        make_lot(folder / made.name.partition("_")[0] / f"{made.name}.gpkg", made)
    listed = (
        departements
        if departements is not None
        else [
            {"code": "32", "name": "Gers", "area_km2": 12.0, "lots": ["32/*.gpkg"]},
            {"code": "34", "name": "Hérault", "area_km2": 100.0, "lots": ["34/*.gpkg"]},
        ]
    )
    content = {"format": "ocsge-production/1", "name": "Essai", "departements": listed, **values}
    path = folder / "production.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def change(path, *statements):
    """Run SQL on a lot, as (statement, values)."""
    with closing(sqlite3.connect(path)) as database:
        add_spatial_functions(database)
        for statement, *values in statements:
            database.execute(statement, values)
        database.commit()


def report(path, **options):
    """The document, made at a fixed day."""
    return make_report(path, path.parent / "report", as_of=AS_OF, **options)


def tile(document, key):
    return next(tile for tile in document.tiles if tile.key == key)


def rows(document, key):
    """Rows of a table as dicts."""
    table = document.table(key)
    names = [column.key for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def csv_rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def notices(document, level=None):
    return [notice for notice in document.notices if level in (None, notice.level)]
