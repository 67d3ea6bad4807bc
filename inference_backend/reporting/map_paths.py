# SPDX-License-Identifier: GPL-2.0-or-later
"""Shapes as SVG paths without what a picture cannot show: arrays throughout, for a million vertices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

TOLERANCE_PX = 0.5
"""Shapes are simplified by this, px: nobody sees it."""
SMALLEST_PX = 2.0
"""Rings and lines that are smaller than this both ways vanish, px."""

Geometries = npt.NDArray[Any] | Sequence[Any]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def path_steps(geometries: Geometries, origin: tuple[float, float], px_per_unit: float) -> list[str]:
    """Path data of each geometry, in tenths of a pixel, y downwards.

    Args:
        geometries: (n,) polygons, lines or collections of them; None counts as empty.
        origin: upper left corner of the picture, in the geometries' coordinates.
        px_per_unit: scale.

    Returns:
        n texts, empty where nothing is left to see.
    """
    shapes, owner, closed = _lines(np.asarray(geometries, dtype=object))
    found = [""] * len(geometries)
    if not len(shapes):
        return found
    boxes = shapely.bounds(shapes)
    large = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) * px_per_unit >= SMALLEST_PX
    shapes, owner, closed = shapes[large], owner[large], closed[large]
    xy, index = shapely.get_coordinates(shapes, return_index=True)
    at_px = (xy - np.array(origin)) * np.array((px_per_unit, -px_per_unit))
    for line, tenths in _simplified(at_px, index):
        found[owner[line]] += _written(tenths, bool(closed[line]))
    return found


def _lines(geometries: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Whole, npt.NDArray[np.bool_]]:
    """Rings and lines, the geometry that each is of, and which are rings."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    dimension = shapely.get_dimensions(parts)
    rings, of = shapely.get_rings(parts[dimension == 2], return_index=True)
    lines = parts[dimension == 1]
    return (
        np.concatenate([rings, lines]),
        np.concatenate([owner[dimension == 2][of], owner[dimension == 1]]),
        np.repeat([True, False], [len(rings), len(lines)]),
    )


def _simplified(at_px: Floats, index: Whole) -> list[tuple[int, Whole]]:
    """Lines by number, in tenths of a pixel.

    Vertices that fall on the same half pixel go first: they are most, and the exact method is slow on them.
    """
    halves = np.rint(at_px * 2)
    kept = np.ones(len(index), dtype=bool)
    kept[1:] = (index[1:] != index[:-1]) | (halves[1:] != halves[:-1]).any(axis=1)
    at_px, index = at_px[kept], index[kept]
    numbers, counts = np.unique(index, return_counts=True)
    enough = numbers[counts >= 2]
    kept = np.isin(index, enough)
    if not len(enough):
        return []
    lines = shapely.linestrings(at_px[kept], indices=np.searchsorted(enough, index[kept]))
    xy, index = shapely.get_coordinates(shapely.simplify(lines, TOLERANCE_PX), return_index=True)
    tenths = np.rint(xy * 10).astype(np.int64)
    ends = np.flatnonzero(np.diff(index)) + 1
    return list(zip(enough.tolist(), np.split(tenths, ends), strict=True))


def _written(tenths: Whole, closed: bool) -> str:
    """`M` to the first point, then steps relative to the one before: half the length of absolute ones."""
    if closed:
        tenths = tenths[:-1]
    points = tenths.tolist()
    if len(points) < (3 if closed else 2):
        return ""
    x, y = points[0]
    steps = [f"M{_tenth(x)} {_tenth(y)}l"]
    for next_x, next_y in points[1:]:
        steps.append(f"{_tenth(next_x - x)} {_tenth(next_y - y)} ")
        x, y = next_x, next_y
    return "".join(steps).rstrip() + ("Z" if closed else "")


def _tenth(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
