# SPDX-License-Identifier: GPL-2.0-or-later
"""Each feature's own shape: polygons only, valid, single, on the grid of the work; what that cost is told."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.ingest.types import Bools, Floats, Geometries, Ledger, Parts, Repair

_POLYGONAL = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
_COLLECTION = int(shapely.GeometryType.GEOMETRYCOLLECTION)


def single_polygons(geometry: Geometries, ledger: Ledger, skip: Bools) -> tuple[Parts, Floats]:
    """Valid single polygons of every feature, and the area that each feature brings.

    Nothing moves: a valid polygon is returned as it came. An invalid one keeps the area that its rings
    enclose (`make_valid`, structure), and the difference from what its rings sum to is told.

    Args:
        geometry: (n,) of any type.
        ledger: gets a line for every feature that is not taken as it is.
        skip: (n,) features to leave out.

    Returns:
        Parts in the order of their features, and (n,) m2.
    """
    polygonal = _polygonal_parts(geometry, ledger)
    invalid = ~shapely.is_valid(polygonal) & ~shapely.is_missing(polygonal)
    repaired = polygonal.copy()
    repaired[invalid] = shapely.make_valid(polygonal[invalid], method="structure", keep_collapsed=False)
    _tell_invalid(polygonal, repaired, invalid, ledger)
    parts, row = shapely.get_parts(repaired, return_index=True)
    solid = np.isin(shapely.get_type_id(parts), _POLYGONAL) & (shapely.area(parts) > 0)
    areas = np.zeros(len(geometry))
    np.add.at(areas, row[solid], shapely.area(parts[solid]))
    for i in np.flatnonzero(skip & (areas > 0)).tolist():
        x, y = shapely.get_coordinates(repaired[i])[0]
        ledger.add(Repair.EXCLUDED, areas[i], (float(x), float(y)), loser=i)
    solid &= ~skip[row]
    return Parts(parts[solid], row[solid].astype(np.int64)), areas


def on_grid(parts: Parts, grid_m: float, ledger: Ledger) -> Parts:
    """Parts with every vertex on a decimal grid, still valid; what vanishes there is told.

    Coordinates that are already multiples of the grid stay the same to the last bit.
    """
    per_metre = round(1.0 / grid_m)

    def rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
        on: NDArray[np.float64] = np.floor(points * per_metre + 0.5) / per_metre
        return on

    geometry = shapely.transform(parts.geometry, rounded)
    broken = ~shapely.is_valid(geometry) | (shapely.area(geometry) <= 0)
    geometry[broken] = shapely.set_precision(parts.geometry[broken], grid_m)
    pieces, owner = shapely.get_parts(geometry, return_index=True)
    solid = (shapely.area(pieces) > 0) & (shapely.get_dimensions(pieces) == 2)
    gone = np.setdiff1d(np.arange(len(geometry)), owner[solid])
    for i in gone:
        point = shapely.get_coordinates(parts.geometry[i])[0]
        area = shapely.area(parts.geometry[i])
        ledger.add(Repair.DUST, area, (point[0], point[1]), loser=parts.row[i])
    return Parts(pieces[solid], parts.row[owner[solid]])


def _polygonal_parts(geometry: Geometries, ledger: Ledger) -> Geometries:
    """(n,) the polygonal part of each feature, None where it has none."""
    result = geometry.copy()
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    for row in np.flatnonzero(missing):
        ledger.add(Repair.UNREADABLE, 0.0, (np.nan, np.nan), loser=int(row))
    result[missing] = None
    other = ~np.isin(shapely.get_type_id(result), _POLYGONAL) & ~shapely.is_missing(result)
    for row in np.flatnonzero(other):
        x, y = shapely.get_coordinates(result[row])[0]
        kept = _polygons_of(result[row])
        kind = str(shapely.GeometryType(shapely.get_type_id(result[row])).name)
        ledger.add(Repair.NOT_POLYGON, 0.0, (x, y), loser=int(row), note=kind)
        result[row] = kept
    return result


def _polygons_of(geometry: shapely.Geometry) -> shapely.Geometry | None:
    """The polygons of a collection, None of anything else."""
    if shapely.get_type_id(geometry) != _COLLECTION:
        return None
    parts = np.array([], dtype=object)
    waiting = [geometry]
    while waiting:
        for part in shapely.get_parts(waiting.pop()):
            kind = shapely.get_type_id(part)
            if kind == _COLLECTION:
                waiting.append(part)
            elif kind in _POLYGONAL:
                parts = np.append(parts, shapely.get_parts(part))
    return shapely.multipolygons(parts) if len(parts) else None


def _tell_invalid(before: Geometries, after: Geometries, invalid: Bools, ledger: Ledger) -> None:
    rows = np.flatnonzero(invalid)
    reasons = shapely.is_valid_reason(before[rows])
    drawn = shapely.area(before[rows])
    # With a vertex that is nowhere, nothing is drawn that could be measured.
    change = shapely.area(after[rows]) - np.where(np.isfinite(drawn), drawn, 0.0)
    for row, reason, area in zip(rows.tolist(), reasons, change, strict=True):
        x, y = _place(str(reason), before[row])
        ledger.add(Repair.INVALID, float(area), (x, y), loser=row, winner=row, note=str(reason))


def _place(reason: str, geometry: shapely.Geometry) -> tuple[float, float]:
    """Where GEOS says that the fault is, `Self-intersection[x y]`; else a vertex that is somewhere."""
    try:
        place = [float(number) for number in reason.partition("[")[2].rstrip("]").split()[:2]]
    except ValueError:
        place = []
    if len(place) == 2 and np.isfinite(place).all():
        return place[0], place[1]
    points = shapely.get_coordinates(geometry)
    points = points[np.isfinite(points).all(axis=1)]
    return (float(points[0, 0]), float(points[0, 1])) if len(points) else (np.nan, np.nan)
