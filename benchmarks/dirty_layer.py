# SPDX-License-Identifier: GPL-2.0-or-later
"""A land-cover layer of any size with known faults, the same for the same seed.

python -m benchmarks.dirty_layer OUT.gpkg POLYGONS [SHARE]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from inference_backend.contracts.profile import Profile

X0, Y0 = 600_000.0, 6_700_000.0
MEAN_SIDE_M = 40.0
VERTEX_SPACING_M = 4.0
SHIFT_M = 0.4
SEED = 20_261_121


def dirty_layer(polygons: int, share: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Geometries and columns; `share` of the polygons are moved, doubled, dropped or of odd codes."""
    random = np.random.default_rng(SEED)
    side = MEAN_SIDE_M * polygons**0.5
    places = random.random((polygons, 2)) * side + (X0, Y0)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places)))
    cells = shapely.intersection(cells, shapely.box(X0, Y0, X0 + side, Y0 + side))
    cells = shapely.segmentize(cells, VERTEX_SPACING_M)
    nomenclature = Profile.load().nomenclature
    leaves = np.array([leaf.code for leaf in nomenclature.leaves("cs")], dtype=object)
    cs = leaves[random.integers(0, len(leaves), polygons)]
    fault = random.random(polygons)
    moved, doubled = fault < 0.7 * share, (fault >= 0.7 * share) & (fault < 0.8 * share)
    dropped, odd = (fault >= 0.8 * share) & (fault < 0.9 * share), (fault >= 0.9 * share) & (fault < share)
    shift = random.normal(0, SHIFT_M, (polygons, 2))
    cells[moved] = _shifted(cells[moved], shift[moved])
    cs[odd] = np.array(["CS2.1.1", "INDETERMINE", "CS2.2.1.4", None], dtype=object)[np.arange(odd.sum()) % 4]
    keep = np.flatnonzero(~dropped)
    rows = np.concatenate([keep, np.flatnonzero(doubled)])
    columns = {
        "id": np.array([f"OCSGE{i:010d}" for i in range(len(rows))], dtype=object),
        "code_cs": cs[rows],
        "code_us": np.full(len(rows), "US1.1", dtype=object),
        "millesime": np.full(len(rows), "2022", dtype=object),
    }
    return cells[rows], columns


def write_layer(path: Path, polygons: int, share: float) -> None:
    """Write a GeoPackage."""
    geometry, columns = dirty_layer(polygons, share)
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path,
        shapely.to_wkb(geometry),
        list(columns.values()),
        list(columns),
        layer="occupation_sol",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:2154",
    )


def _shifted(shapes: np.ndarray, shift: np.ndarray) -> np.ndarray:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    return shapely.set_coordinates(shapes.copy(), points + shift[owner])


if __name__ == "__main__":
    write_layer(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.05)
