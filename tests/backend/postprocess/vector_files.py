# SPDX-License-Identifier: GPL-2.0-or-later
"""Small vector files for tests."""

from __future__ import annotations

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
