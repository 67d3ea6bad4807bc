# SPDX-License-Identifier: GPL-2.0-or-later
"""Small vector files for tests."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import numpy as np
import pyogrio
import shapely


def write_layer(path: Path, layer: str, geometry: list, columns: dict | None = None, crs="EPSG:2154") -> Path:
    """One layer; its geometry type is that of the first geometry, Unknown where they differ."""
    columns = columns or {}
    kinds = {g.geom_type for g in geometry if g is not None}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(geometry, dtype=object), output_dimension=3),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        layer=layer,
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs=crs,
        append=path.exists() and path.suffix == ".gpkg",
        encoding="UTF-8",
    )
    return path


def put_circle(path: Path, table: str, x: float, y: float, radius_m: float) -> None:
    """Replace the first geometry of a GeoPackage by a curve polygon of two arcs."""
    points = [(x - radius_m, y), (x, y + radius_m), (x + radius_m, y), (x, y - radius_m), (x - radius_m, y)]
    arcs = struct.pack("<BII", 1, 8, len(points)) + b"".join(struct.pack("<dd", *p) for p in points)
    blob = b"GP\0\1" + struct.pack("<i", 2154) + struct.pack("<BII", 1, 10, 1) + arcs
    with sqlite3.connect(path) as database:
        # Triggers of the index call functions of SpatiaLite that are not here.
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(f"UPDATE {table} SET geom = ? WHERE fid = 1", (blob,))
