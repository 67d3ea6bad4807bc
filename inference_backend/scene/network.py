# SPDX-License-Identifier: GPL-2.0-or-later
"""Roads, rail and river: they cut the commune into blocks."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import LineString, Polygon

from inference_backend.scene.plan import Plan, Route
from inference_backend.scene.shapes import F64, Rng, cross_line, cut, main_axis, parts, smooth_line

MODULE_M = 1000.0
MAIN_M, MINOR_M, TRACK_M = 7.0, 5.5, 3.6
_OUT = 40.0


def _crossing(size_m: float, middle: float, swing: float, knots: int, rng: Rng, vertical: bool) -> LineString:
    """A curve from one side of the square to the other around `middle`."""
    t = np.linspace(-_OUT, size_m + _OUT, knots)
    d = middle + rng.uniform(-swing, swing, knots)
    points: F64 = np.column_stack([d, t] if vertical else [t, d])
    return smooth_line(points)


def modules(size_m: float) -> int:
    """How many kilometre modules lie along one side."""
    return max(1, round(size_m / MODULE_M))


def lay_network(plan: Plan, rng: Rng) -> list[tuple[float, float]]:
    """Add main roads, the rail line and the river; return the crossroads where villages grow."""
    size, n = plan.size_m, modules(plan.size_m)
    step = size / n
    knots = max(4, int(size / 260) + 1)
    swing = min(45.0, 0.06 * step)
    rows = [step * (k + rng.uniform(0.40, 0.60)) for k in range(n)]
    cols = [step * (k + rng.uniform(0.40, 0.60)) for k in range(n)]
    for y in rows:
        line = _crossing(size, y, swing, knots, rng, vertical=False)
        plan.routes.append(Route(line, MAIN_M, "main"))
    for x in cols:
        line = _crossing(size, x, swing, knots, rng, vertical=True)
        plan.routes.append(Route(line, MAIN_M, "main"))
    _lay_water_and_rail(plan, rng, step, knots)
    horizontal, vertical = plan.routes[:n], plan.routes[n : 2 * n]
    centres = [shapely.intersection(h.line, v.line) for h in horizontal for v in vertical]
    return [(float(c.centroid.x), float(c.centroid.y)) for c in centres if not c.is_empty]


def _lay_water_and_rail(plan: Plan, rng: Rng, step: float, knots: int) -> None:
    """A river near one side and a rail line near another, both straight across."""
    size, upright = plan.size_m, bool(rng.random() < 0.5)
    if size >= 350 or rng.random() < 0.5:
        side = rng.uniform(0.12, 0.24) if rng.random() < 0.5 else rng.uniform(0.76, 0.88)
        middle = step * side + step * int(rng.integers(modules(size)))
        river = _crossing(size, middle, min(38.0, 0.08 * step), int(knots * 1.6) + 1, rng, upright)
        plan.routes.append(Route(river, float(rng.uniform(13, 20)), "river"))
    if size >= 350 or rng.random() < 0.5:
        side = rng.uniform(0.10, 0.22) if rng.random() < 0.5 else rng.uniform(0.78, 0.90)
        middle = step * side + step * int(rng.integers(modules(size)))
        tracks = int(rng.integers(1, 3))
        rail = _crossing(size, middle, min(14.0, 0.03 * step), 4, rng, not upright)
        plan.routes.append(Route(rail, 5.6 + 3.8 * (tracks - 1), "rail", info={"tracks": tracks}))


def corridor(route: Route) -> Polygon:
    """Ground of a route, m; a river swells and narrows."""
    if route.kind != "river":
        return route.line.buffer(route.width_m / 2.0, cap_style="flat")
    samples = np.arange(0.0, route.line.length, 12.0)
    points = shapely.line_interpolate_point(route.line, samples)
    radius = route.width_m / 2.0 * (1.0 + 0.22 * np.sin(samples / 37.0) + 0.13 * np.sin(samples / 17.0))
    return shapely.union_all([route.line.buffer(route.width_m * 0.32), *shapely.buffer(points, radius)])


def blocks_of(plan: Plan, rng: Rng, target_m2: float) -> list[Polygon]:
    """Ground between the routes, split into cells by minor roads and tracks, which join the plan."""
    taken = shapely.union_all([corridor(r) for r in plan.routes])
    todo, cells = parts(plan.frame.difference(taken), 30.0), []
    while todo:
        piece = todo.pop()
        if piece.area < target_m2 * rng.uniform(1.25, 2.0):
            cells.append(piece)
            continue
        width = MINOR_M if piece.area > 3.2 * target_m2 else (TRACK_M if rng.random() < 0.55 else 0.0)
        todo.extend(_split(plan, piece, width, rng))
    return sorted(cells, key=lambda p: (round(p.centroid.x, 3), round(p.centroid.y, 3)))


def _split(plan: Plan, piece: Polygon, width: float, rng: Rng) -> list[Polygon]:
    """Cut a piece in two, with a road of `width` between where that is not 0."""
    cx, cy, angle, length, _ = main_axis(piece)
    shift = rng.uniform(-0.12, 0.12) * length
    x, y = cx + math.cos(angle) * shift, cy + math.sin(angle) * shift
    line = cross_line(piece, angle + math.pi / 2 + rng.normal(0, 0.12), x, y)
    inside = shapely.intersection(line, piece.buffer(MAIN_M / 2 + 0.1))
    pieces = cut(piece, line, width)
    if len(pieces) < 2:
        return divided if (divided := cut(piece, line, 0.0)) and len(divided) > 1 else _give_up(piece)
    if width > 0:
        for segment in shapely.get_parts(inside):
            if segment.geom_type == "LineString" and segment.length > 15.0:
                plan.routes.append(Route(segment, width, "minor" if width == MINOR_M else "track"))
    return pieces


def _give_up(piece: Polygon) -> list[Polygon]:
    """A piece that no line divides is made small enough by halves of its hull's box."""
    cx, *_ = main_axis(piece)
    xmin, ymin, _, ymax = piece.bounds
    left = shapely.box(xmin - 1, ymin - 1, cx, ymax + 1)
    return parts(piece.intersection(left), 1.0) + parts(piece.difference(left), 1.0)
