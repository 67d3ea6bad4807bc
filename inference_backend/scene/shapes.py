# SPDX-License-Identifier: GPL-2.0-or-later
"""Small geometric tools of the plan."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

F64 = NDArray[np.float64]
Rng = np.random.Generator


def parts(geometry: shapely.Geometry, min_area_m2: float = 0.0) -> list[Polygon]:
    """Polygon parts larger than `min_area_m2`, biggest first."""
    found = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and p.area > min_area_m2]
    return sorted(found, key=lambda p: -p.area)


def rectangle(cx: float, cy: float, angle: float, length: float, width: float) -> Polygon:
    """Rectangle of full `length` along `angle` and full `width` across, centred at (cx, cy)."""
    c, s, a, b = math.cos(angle), math.sin(angle), length / 2.0, width / 2.0
    return Polygon(
        [(cx + u * c - v * s, cy + u * s + v * c) for u, v in ((-a, -b), (a, -b), (a, b), (-a, b))]
    )


def main_axis(polygon: Polygon) -> tuple[float, float, float, float, float]:
    """(cx, cy, angle, length, width) of the smallest rectangle around, the angle along its long side."""
    box = shapely.minimum_rotated_rectangle(polygon)
    if box.geom_type != "Polygon":
        x, y = polygon.centroid.x, polygon.centroid.y
        return x, y, 0.0, 0.1, 0.1
    c = shapely.get_coordinates(box)
    e0, e1 = c[1] - c[0], c[2] - c[1]
    l0, l1 = float(np.hypot(*e0)), float(np.hypot(*e1))
    edge = e0 if l0 >= l1 else e1
    return (
        float(box.centroid.x),
        float(box.centroid.y),
        math.atan2(edge[1], edge[0]),
        max(l0, l1),
        min(l0, l1),
    )


def cut(polygon: Polygon, line: LineString, gap_m: float) -> list[Polygon]:
    """Pieces of `polygon` on both sides of `line`, `gap_m` apart."""
    if gap_m > 0:
        return parts(polygon.difference(line.buffer(gap_m / 2.0, cap_style="flat")), 1.0)
    lines = shapely.union(polygon.exterior, line)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.node(lines))))
    return [f for f in faces if polygon.buffer(1e-6).contains(f.representative_point())]


def cross_line(polygon: Polygon, angle: float, cx: float, cy: float) -> LineString:
    """A line through (cx, cy) that crosses the whole polygon."""
    reach = polygon.length
    dx, dy = math.cos(angle) * reach, math.sin(angle) * reach
    return LineString([(cx - dx, cy - dy), (cx + dx, cy + dy)])


def divide(polygon: Polygon, target_m2: float, rng: Rng, skew: float = 0.08) -> list[Polygon]:
    """Split across the long side until no piece is much larger than `target_m2`."""
    todo, done = [polygon], []
    while todo:
        piece = todo.pop()
        if piece.area < target_m2 * rng.uniform(1.2, 1.9):
            done.append(piece)
            continue
        cx, cy, angle, length, _ = main_axis(piece)
        shift = rng.uniform(-0.14, 0.14) * length
        x, y = cx + math.cos(angle) * shift, cy + math.sin(angle) * shift
        line = cross_line(piece, angle + math.pi / 2 + rng.normal(0, skew), x, y)
        halves = cut(piece, line, 0.0)
        if len(halves) < 2:
            done.append(piece)
        else:
            todo.extend(halves)
    return sorted(done, key=lambda p: (p.centroid.x, p.centroid.y))


def scatter(
    polygon: shapely.Geometry, spacing_m: float, rng: Rng, jitter: float = 0.38, angle: float = 0.0
) -> F64:
    """Points of a shaken grid inside `polygon`: (n, 2)."""
    xmin, ymin, xmax, ymax = shapely.bounds(polygon)
    if not xmax > xmin:
        return np.empty((0, 2))
    cx, cy = (xmin + xmax) / 2, (ymin + ymax) / 2
    half = math.hypot(xmax - xmin, ymax - ymin) / 2 + spacing_m
    axis = np.arange(-half, half, spacing_m)
    gu, gv = np.meshgrid(axis, axis)
    gu = gu + (np.arange(len(axis)) % 2)[:, None] * spacing_m / 2
    gu = gu + rng.uniform(-jitter, jitter, gu.shape) * spacing_m
    gv = gv + rng.uniform(-jitter, jitter, gv.shape) * spacing_m
    c, s = math.cos(angle), math.sin(angle)
    x, y = (cx + gu * c - gv * s).ravel(), (cy + gu * s + gv * c).ravel()
    inside = shapely.contains_xy(polygon, x, y)
    return np.column_stack([x[inside], y[inside]])


def along(line: shapely.Geometry, step_m: float, rng: Rng, jitter_m: float = 0.0) -> F64:
    """Points every `step_m` along a line, shaken by `jitter_m`: (n, 2)."""
    found = [np.empty((0, 2))]
    for part in shapely.get_parts(line):
        count = int(shapely.length(part) / step_m)
        distances = (np.arange(count) + 0.5) * step_m + rng.uniform(-0.3, 0.3, count) * step_m
        xy = shapely.get_coordinates(shapely.line_interpolate_point(part, distances))
        found.append(xy + rng.normal(0, 1, xy.shape) * jitter_m)
    return np.vstack(found)


def smooth_line(points: F64, step_m: float = 6.0) -> LineString:
    """A curve through `points` (Catmull-Rom), one vertex every `step_m` or so."""
    p = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    out = []
    for k in range(1, len(p) - 2):
        n = max(2, int(np.hypot(*(p[k + 1] - p[k])) / step_m))
        t = np.linspace(0, 1, n, endpoint=False)[:, None]
        a, b, c, d = p[k - 1], p[k], p[k + 1], p[k + 2]
        out.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    out.append(p[-2][None, :])
    return LineString(np.vstack(out))
