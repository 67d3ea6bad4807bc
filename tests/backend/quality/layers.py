# SPDX-License-Identifier: GPL-2.0-or-later
"""OCS GE layers of known faults."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import shapely

X0, Y0 = 600_000, 6_700_000


def square(col, row, side_m=100.0):
    """A cell of a chessboard of squares."""
    x, y = X0 + side_m * col, Y0 + side_m * row
    return shapely.box(x, y, x + side_m, y + side_m)


def board(columns=3, rows=3, side_m=100.0):
    return [square(i % columns, i // columns, side_m) for i in range(columns * rows)]


def write_ocsge(
    path: Path,
    geometry,
    cs="CS2.2.1",
    us="US1.1",
    ids=None,
    names=("id", "code_cs", "code_us"),
    layer="occupation_sol",
    **more,
) -> Path:
    """A layer; a code given once is that of every polygon."""
    count = len(geometry)
    values = {
        names[0]: ids or [f"OCSGE{i:010d}" for i in range(count)],
        names[1]: cs if isinstance(cs, list) else [cs] * count,
        names[2]: us if isinstance(us, list) else [us] * count,
        **more,
    }
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(geometry, dtype=object)),
        [np.array(v, dtype=object) for v in values.values()],
        list(values),
        layer=layer if path.suffix == ".gpkg" else path.stem,
        geometry_type="Unknown" if path.suffix == ".gpkg" else "Polygon",
        crs="EPSG:2154",
        append=path.exists(),
        encoding="UTF-8",
    )
    return path
