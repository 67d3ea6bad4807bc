# SPDX-License-Identifier: GPL-2.0-or-later
"""Housing estates, village streets, building sites."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Polygon

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.plan import BOTH, F64, FIRST, SECOND, Pattern, Plant, Roof, Route
from inference_backend.scene.shapes import divide, main_axis, parts, rectangle, scatter

Place = Callable[[float, float], tuple[float, float]]
GARDEN = ("CS2.2.1", "US5")
STREET = ("CS1.1.1.2", "US4.1.1")


def estate(b: Brush, cell: Polygon, years: int = BOTH, young: bool = False) -> None:
    """Detached houses on plots along streets that cross the cell."""
    cx, cy, angle, length, width = main_axis(cell)
    look = b.look(Pattern.MEADOW, pal.LAWN, 0.86, 12.0)
    b.plan.surface(cell, 10, look, c.HERB, GARDEN, years, "estate")
    ca, sa = math.cos(angle), math.sin(angle)
    count = max(1, round(width / 62.0))
    for k in range(count):
        v = (k + 0.5) * width / count - width / 2
        axis = LineString(
            [(cx + ca * u - sa * v, cy + sa * u + ca * v) for u in (-length / 2 - 4, length / 2 + 4)]
        )
        _street(b, cell, axis, years)
        depth = min(34.0, width / count / 2 - 4.0)
        for side in (1.0, -1.0):
            u = -length / 2 + b.rng.uniform(1, 6)
            while u < length / 2 - 12:
                step = float(b.rng.uniform(17, 25))
                at = (cx + ca * (u + step / 2) - sa * v, cy + sa * (u + step / 2) + ca * v)
                _plot(b, cell, at, angle, side, step, depth, years, young)
                u += step


def _street(b: Brush, cell: Polygon, axis: LineString, years: int) -> None:
    """Street with pavements, also a route of the references."""
    look = b.look(Pattern.ASPHALT, pal.ASPHALT, 0.86)
    pavement = b.look(Pattern.GRAVEL, pal.CONCRETE, 0.88)
    wide = axis.buffer(4.0, cap_style="flat").intersection(cell)
    b.plan.surface(wide, 21, pavement, c.IMPERVIOUS, STREET, years, "street")
    b.plan.surface(axis.buffer(2.8, cap_style="flat").intersection(cell), 22, look, c.IMPERVIOUS, None, years)
    for part in shapely.get_parts(axis.intersection(cell.buffer(3.5))):
        if part.geom_type == "LineString" and part.length > 15:
            b.plan.routes.append(Route(part, 5.6, "street", years))


def _plot(
    b: Brush,
    cell: Polygon,
    at: tuple[float, float],
    angle: float,
    side: float,
    width: float,
    depth: float,
    years: int,
    young: bool,
) -> None:
    """One plot: lawn, house, drive, terrace, pool, hedge, trees."""
    rng = b.rng
    ca, sa = math.cos(angle), math.sin(angle)

    def place(u: float, v: float) -> tuple[float, float]:
        return at[0] + ca * u - sa * v * side, at[1] + sa * u + ca * v * side

    plot = rectangle(*place(0, 4.0 + depth / 2), angle, width - 0.4, depth)
    ground = plot.intersection(cell.buffer(-0.8))
    if depth < 17 or ground.area < 0.85 * plot.area:
        return
    lawn = (
        (pal.DRY_GRASS + b.soils)
        if young and rng.random() < 0.45
        else (pal.DRY_GRASS if rng.random() < 0.2 else pal.LAWN)
    )
    b.plan.surface(plot, 12, b.look(Pattern.MEADOW, lawn, 0.84, 7.0, grain=0.08), c.HERB, None, years)
    long, wide = float(rng.uniform(10, 14.5)), float(rng.uniform(7.5, 10.5))
    back = 4.0 + float(rng.uniform(4.5, 8.0)) + wide / 2
    turn = angle + float(rng.normal(0, 0.05)) + (math.pi / 2 if rng.random() < 0.2 and width > 20 else 0.0)
    hx, hy = place(float(rng.uniform(-0.1, 0.1)) * width, back)
    kind = "slate" if b.plan.seed % 4 == 0 and rng.random() < 0.7 else "tiles"
    shape = Roof.FLAT if young and rng.random() < 0.3 else None
    wing = float(rng.uniform(2.5, 4.5)) if rng.random() < 0.35 and depth > 24 else 0.0
    floors = 1.0 if rng.random() < 0.65 else 2.0
    b.house(
        hx,
        hy,
        turn + (0 if side > 0 else math.pi),
        min(long, width - 4),
        wide,
        "US5",
        years=years,
        kind=kind,
        floors=floors,
        wing=wing,
        shape=shape,
    )
    _drive(b, place, angle, width, back, years)
    tail = back + wide / 2
    if depth - tail > 9 and rng.random() < 0.35:
        _pool(b, place(float(rng.uniform(-0.2, 0.2)) * width, tail + 5.5), turn, years)
    _garden(b, plot, place, angle, tail, depth, width, years, young)


def _drive(b: Brush, place: Place, angle: float, width: float, back: float, years: int) -> None:
    """Drive from the street, and a car on it."""
    u = float(b.rng.choice([-1, 1])) * (width / 2 - 2.6)
    x, y = place(u, 4.0 + back * 0.4)
    hard = b.rng.random() < 0.55
    colours = pal.CONCRETE + pal.ASPHALT if hard else pal.GRAVEL
    look = b.look(Pattern.GRAVEL, colours, 0.88)
    b.plan.surface(
        rectangle(x, y, angle + math.pi / 2, back * 0.8, 3.4),
        14,
        look,
        c.IMPERVIOUS if hard else c.PERVIOUS,
        None,
        years,
    )
    if b.rng.random() < 0.55:
        b.car(x, y, angle + math.pi / 2, years)


def _pool(b: Brush, centre: tuple[float, float], angle: float, years: int) -> None:
    """Swimming pool with its terrace."""
    long, wide = float(b.rng.uniform(6, 10)), float(b.rng.uniform(3, 4.6))
    deck = b.look(Pattern.GRAVEL, pal.CONCRETE, 0.9)
    water = b.look(Pattern.WATER, pal.POOL, 0.86, grain=0.10)
    b.plan.surface(rectangle(*centre, angle, long + 3, wide + 3), 15, deck, c.IMPERVIOUS, None, years)
    if b.rng.random() < 0.2:
        shape: shapely.Geometry = shapely.Point(*centre).buffer(wide * 0.75)
    else:
        shape = rectangle(*centre, angle, long, wide)
    b.plan.surface(shape, 16, water, c.POOL, None, years)


def _garden(
    b: Brush,
    plot: Polygon,
    place: Place,
    turn: float,
    tail: float,
    depth: float,
    width: float,
    years: int,
    young: bool,
) -> None:
    """Terrace, hedge, shed, trees."""
    rng = b.rng
    terrace = b.look(Pattern.GRAVEL, pal.CONCRETE + pal.GRAVEL, 0.9)
    spread, deep = float(rng.uniform(4, 9)), float(rng.uniform(3.0, 5.0))
    x, y = place(float(rng.uniform(-0.15, 0.15)) * width, tail + deep / 2 - 0.4)
    b.plan.surface(rectangle(x, y, turn, spread, deep), 13, terrace, c.IMPERVIOUS, None, years)
    b.clutter(
        scatter(plot.buffer(-2.0), 9.0, rng, 0.48)[: int(rng.integers(0, 5))], (0.7, 2.4), (0.3, 1.2), years
    )
    if rng.random() < 0.18:
        bed = rectangle(*place(float(rng.uniform(-0.25, 0.25)) * width, 1.0 + depth), turn, 6.0, 4.0)
        b.plan.surface(bed, 13, b.look(Pattern.ROWS, pal.SOIL, 0.75, 0.9, turn), c.HERB, None, years)
    corners = [
        place(-width / 2 + 0.7, 5.0),
        place(-width / 2 + 0.7, 3.2 + depth),
        place(width / 2 - 0.7, 3.2 + depth),
    ]
    if rng.random() < (0.25 if young else 0.75):
        b.hedge(LineString(corners), (0.5, 0.85), years)
    if rng.random() < 0.35:
        sx, sy = place(float(rng.uniform(-0.35, 0.35)) * width, 2.2 + depth)
        b.shed(sx, sy, turn, years)
    if young:
        return
    back_yard = rectangle(*place(0, (tail + 2 + 4 + depth) / 2), 0.0, 1, 1).buffer(
        max(2.0, (depth - tail) / 2 - 1)
    )
    spots = scatter(back_yard.intersection(plot), 6.0, rng, 0.45)
    spots = spots[rng.random(len(spots)) < 0.45]
    is_conifer = rng.random(len(spots)) < 0.2
    b.trees(spots[~is_conifer], Plant.BROADLEAF, (1.2, 3.2), years)
    b.trees(spots[is_conifer], Plant.CONIFER, (1.0, 2.0), years, slender=0.8)


def building_site(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Stripped ground, trenches, slabs and heaps: a zone in transition."""
    cx, cy, angle, length, width = main_axis(cell)
    look = b.look(Pattern.DIRT, pal.EARTHWORKS, 0.76, 18.0, angle, grain=0.09)
    b.plan.surface(cell, 20, look, c.PERVIOUS, ("CS1.1.2.1", "US6.1"), years, "site")
    ca, sa = math.cos(angle), math.sin(angle)
    slab = b.look(Pattern.GRAVEL, pal.CONCRETE, 0.92)
    dug = b.look(Pattern.DIRT, pal.SOIL, 0.7, 4.0)
    track = LineString([(cx - ca * length, cy - sa * length), (cx + ca * length, cy + sa * length)])
    gravel = b.look(Pattern.GRAVEL, pal.GRAVEL, 0.8)
    b.plan.surface(track.buffer(3.0).intersection(cell), 21, gravel, c.PERVIOUS, None, years)
    for u in np.arange(-length / 2 + 14, length / 2 - 10, 24.0):
        for v in (-0.26 * width, 0.26 * width):
            box = rectangle(cx + ca * u - sa * v, cy + sa * u + ca * v, angle, 12, 9)
            if cell.buffer(-4).contains(box) and b.rng.random() < 0.6:
                b.plan.surface(box.buffer(2.0), 21, dug, c.PERVIOUS, None, years)
                b.plan.surface(box, 22, slab, c.PERVIOUS, None, years)
    heaps = scatter(cell.buffer(-9), 30.0, b.rng, 0.45)[:9]
    n, earth = len(heaps), float(b.look(Pattern.DIRT, pal.SOIL, 0.8, 2.0))
    radius = b.rng.uniform(2.0, 5.0, n)
    b.plan.plant(heaps, radius, radius * 0.6, Plant.HEAP, np.full(n, earth), c.PERVIOUS, years)
    for x, y in scatter(cell.buffer(-12), 45.0, b.rng)[:3]:
        b.car(float(x), float(y), float(b.rng.uniform(0, 6)), years, long=True)


def site_then_estate(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A building site at the first date that has become an estate at the second."""
    building_site(b, cell, years & FIRST)
    estate(b, cell, years & SECOND, young=True)


def village(b: Brush, cell: Polygon, years: int = BOTH, keep_free: Polygon | None = None) -> None:
    """Old houses side by side along the street, courtyards and gardens behind.

    Args:
        b: what to draw with.
        cell: ground.
        years: bit mask of dates.
        keep_free: ground that gardens leave free.
    """
    look = b.look(Pattern.MEADOW, pal.LAWN, 0.82, 9.0, grain=0.09)
    b.plan.surface(cell, 10, look, c.HERB, GARDEN, years, "village")
    front = cell.difference(cell.buffer(-4.5, join_style="mitre"))
    paved = b.look(Pattern.GRAVEL, pal.CONCRETE + pal.ASPHALT, 0.85)
    b.plan.surface(front, 12, paved, c.IMPERVIOUS, ("CS1.1.1.2", "US5"), years, "pavement")
    placed: list[Polygon] = []
    ring = shapely.get_coordinates(shapely.simplify(shapely.orient_polygons(cell).exterior, 1.0))
    for p, q in pairwise(ring):
        _street_front(b, cell, p, q, placed, years)
    _courts(b, cell, placed + ([keep_free] if keep_free else []), years)


def _street_front(b: Brush, cell: Polygon, p: F64, q: F64, placed: list[Polygon], years: int) -> None:
    """Houses along one side, from `p` to `q`, the inside of the cell on the left."""
    rng, reach = b.rng, float(np.hypot(*(q - p)))
    ux, uy = (q - p) / max(reach, 1e-6)
    angle, u = math.atan2(uy, ux), 3.0
    slate = b.plan.seed % 4 == 0
    while u < reach - 9:
        front, deep = float(rng.uniform(7, 14)), float(rng.uniform(8, 12))
        if rng.random() < 0.14:
            u += float(rng.uniform(3, 10))
            continue
        setback = 1.6 + float(rng.uniform(0, 0.7)) + deep / 2
        x, y = p[0] + ux * (u + front / 2) - uy * setback, p[1] + uy * (u + front / 2) + ux * setback
        box = rectangle(x, y, angle, front, deep)
        if cell.contains(box) and not any(box.buffer(-0.4).intersects(o) for o in placed):
            wing = float(rng.uniform(3, 9)) if rng.random() < 0.3 else 0.0
            kind = "slate" if slate and rng.random() < 0.8 else "tiles"
            usage = "Commercial et services" if rng.random() < 0.08 else "Résidentiel"
            foot = b.house(
                x,
                y,
                angle,
                front,
                deep,
                "US5",
                years=years,
                kind=kind,
                floors=float(rng.integers(2, 4)),
                wing=wing,
                usage=usage,
                shape=Roof.GABLE,
            )
            placed.append(foot)
        u += front + 0.02


def _courts(b: Brush, cell: Polygon, placed: list[Polygon], years: int) -> None:
    """Gardens, sheds, courtyards and trees behind the houses."""
    inner = cell.buffer(-15)
    if inner.is_empty:
        return
    free = inner.difference(shapely.union_all(placed).buffer(1.5)) if placed else inner
    angle = main_axis(cell)[2]
    for part in parts(free, 150.0):
        for plot in divide(part, float(b.rng.uniform(350, 800)), b.rng, 0.1):
            _back_garden(b, plot, angle, years)


def _back_garden(b: Brush, plot: Polygon, angle: float, years: int) -> None:
    """One garden behind old houses: lawn or paving, wall or hedge, a shed, beds, trees."""
    rng, draw = b.rng, b.rng.random()
    if draw < 0.14:
        look = b.look(Pattern.GRAVEL, pal.GRAVEL + pal.CONCRETE, 0.85)
        b.plan.surface(plot.buffer(-0.3), 12, look, c.PERVIOUS, None, years)
    else:
        look = b.look(Pattern.MEADOW, pal.DRY_GRASS if draw < 0.3 else pal.LAWN, 0.82, 7.0, grain=0.09)
        b.plan.surface(plot, 12, look, c.HERB, None, years)
    x, y = plot.representative_point().coords[0]
    box = rectangle(x, y, angle, float(rng.uniform(5, 9)), float(rng.uniform(4, 7))).intersection(
        plot.buffer(-1)
    )
    if draw < 0.4 and not box.is_empty:
        b.plan.surface(box, 13, b.look(Pattern.ROWS, pal.SOIL, 0.72, 1.0, angle), c.HERB, None, years)
    elif draw < 0.52 and plot.buffer(-6).contains(shapely.Point(x, y)):
        _pool(b, (x, y), angle, years)
    elif draw < 0.7 and plot.buffer(-4.5).contains(shapely.Point(x, y)):
        b.house(x, y, angle, 6.5, 4.5, "US5", years=years, usage="Annexe", shape=Roof.GABLE)
    elif draw < 0.85:
        b.shed(x, y, angle, years)
    if rng.random() < 0.4:
        b.hedge(plot.exterior, (0.45, 0.8), years)
    elif rng.random() < 0.5:
        wall = b.look(Pattern.PLAIN, pal.CONCRETE + pal.ROCK, 0.85, 2.0)
        b.plan.surface(plot.exterior.buffer(0.2), 14, wall, c.KEEP, None, years)
    spots = scatter(plot.buffer(-1.5), 6.5, rng, 0.46)
    spots = spots[rng.random(len(spots)) < rng.uniform(0.15, 0.7)]
    b.trees(spots, Plant.BROADLEAF, (1.2, 3.4), years)
    b.clutter(
        scatter(plot.buffer(-1.0), 7.0, rng, 0.48)[: int(rng.integers(0, 4))], (0.6, 2.2), (0.3, 1.2), years
    )
