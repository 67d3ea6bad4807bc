# SPDX-License-Identifier: GPL-2.0-or-later
"""Borders of the polygons around each unit of a sample, without anything that tells what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.control.lot_source import Box, LotTables
from inference_backend.progress import Progress

CONTEXT_M = 50.0
"""Ground around a polygon whose borders are shown, m."""
POINT_CONTEXT_M = 150.0
"""The same around a point to judge, m."""
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Surroundings:
    """What is around one unit.

    Attributes:
        window: ground that is shown of it.
        borders: lines.
    """

    window: Box
    borders: shapely.MultiLineString


def surroundings(
    tables: LotTables, rows: Iterable[Mapping[str, Any]], *, by_point: bool, progress: Progress
) -> dict[int, Surroundings]:
    """What is around each unit, by `sample_id`.

    Args:
        tables: the lot.
        rows: units with `sample_id`, `geom` (WKB), `x` and `y`.
        by_point: whether points are judged.
        progress: told the share that is done.
    """
    unit = 1 / _METRES_PER_DEGREE if tables.crs_is_geographic else 1.0
    found, units = {}, list(rows)
    for number, row in enumerate(units):
        if number % 100 == 0:
            progress.update(number / len(units))
        shape = shapely.from_wkb(row["geom"])
        window = _window(row, shape, by_point, unit)
        found[row["sample_id"]] = Surroundings(window, _borders(tables, shape, window, by_point, unit))
    return found


def _window(row: Mapping[str, Any], shape: shapely.Geometry, by_point: bool, unit: float) -> Box:
    if by_point:
        reach = POINT_CONTEXT_M * unit
        return row["x"] - reach, row["y"] - reach, row["x"] + reach, row["y"] + reach
    reach = CONTEXT_M * unit
    xmin, ymin, xmax, ymax = shape.bounds
    return xmin - reach, ymin - reach, xmax + reach, ymax + reach


def _borders(
    tables: LotTables, shape: shapely.Geometry, window: Box, by_point: bool, unit: float
) -> shapely.MultiLineString:
    shapes = tables.polygons(tables.near(window))
    if not by_point:  # the box of a road holds half a commune
        shapely.prepare(shape)
        shapes = shapes[shapely.dwithin(shape, shapes, CONTEXT_M * unit)]
    lines = shapely.get_parts(shapely.clip_by_rect(shapely.boundary(shapes), *window))
    merged = shapely.line_merge(shapely.multilinestrings(_edges_once(lines)))
    return shapely.multilinestrings(shapely.get_parts(merged))


def _edges_once(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """The edges of lines, those that two neighbours share once."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    inner = line[1:] == line[:-1]
    first, last = points[:-1][inner], points[1:][inner]
    turned = (first[:, 0] > last[:, 0]) | ((first[:, 0] == last[:, 0]) & (first[:, 1] > last[:, 1]))
    edges = np.where(turned[:, None], np.hstack((last, first)), np.hstack((first, last)))
    once: NDArray[np.object_] = shapely.linestrings(np.unique(edges, axis=0).reshape(-1, 2, 2))
    return once
