# SPDX-License-Identifier: GPL-2.0-or-later
"""Quarry, ponds, waste water, compost, abandoned works."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import Polygon

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.farmland import fields
from inference_backend.scene.plan import BOTH, FIRST, SECOND, Pattern, Plant, Roof
from inference_backend.scene.shapes import cross_line, cut, main_axis, parts, rectangle, scatter

PIT = ("CS1.1.2.1", "US1.3")


def quarry(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A pit with benches, heaps, a pond and lorries."""
    _, _, angle, _, _ = main_axis(cell)
    stone = pal.pick(b.rng, pal.QUARRY)
    b.plan.surface(
        cell,
        10,
        b.look(Pattern.DIRT, (stone,), 0.8, 16.0, angle, grain=0.1),
        c.PERVIOUS,
        PIT,
        years,
        "quarry",
    )
    for k, depth in enumerate((9.0, 17.0, 24.0)):
        hollow = cell.buffer(-depth - 11.0).buffer(8.0)
        for bench in parts(hollow, 300.0):
            wall = b.look(Pattern.GRAVEL, (pal.scale(stone, 0.66),), 0.75, grain=0.14)
            b.plan.surface(bench, 11 + 2 * k, wall, c.PERVIOUS, None, years)
            floor = b.look(Pattern.DIRT, (pal.scale(stone, 1.05 - 0.05 * k),), 0.8, 16.0, angle, grain=0.1)
            b.plan.surface(bench.buffer(-2.4), 12 + 2 * k, floor, c.PERVIOUS, None, years)
    inner = cell.buffer(-32)
    heaps = scatter(inner, 24.0, b.rng, 0.42)[:14]
    n, look = len(heaps), float(b.look(Pattern.GRAVEL, (stone,), 0.86))
    radius = b.rng.uniform(4.0, 8.5, n)
    b.plan.plant(heaps, radius, radius * 0.62, Plant.HEAP, np.full(n, look), c.PERVIOUS, years)
    for x, y in scatter(inner, 40.0, b.rng)[-3:]:
        b.car(float(x), float(y), float(b.rng.uniform(0, 6)), years, long=True)


def growing_quarry(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A quarry that has eaten a field between the dates."""
    cx, cy, angle, _, _ = main_axis(cell)
    halves = cut(cell, cross_line(cell, angle + math.pi / 2, cx, cy), 0.0)
    if years & FIRST:
        if len(halves) > 1:
            quarry(b, halves[0], FIRST)
            fields(b, halves[1], FIRST)
        else:
            fields(b, cell, FIRST)
    if years & SECOND:
        quarry(b, cell, SECOND)


def fish_ponds(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Basins of a fish farm between grass dykes."""
    look = b.look(Pattern.MEADOW, pal.MEADOW, 0.84, 14.0)
    b.plan.surface(cell, 10, look, c.HERB, ("CS2.2.1", "US1.4"), years, "ponds")
    cx, cy, angle, length, width = main_axis(cell)
    ca, sa = math.cos(angle), math.sin(angle)
    count = 3 if length > 110 else 2
    for k in range(count):
        u = ((k + 0.5) / count - 0.5) * length * 0.92
        basin = rectangle(cx + ca * u, cy + sa * u, angle, length * 0.92 / count - 9, width * 0.8)
        water = basin.intersection(cell.buffer(-4)).buffer(-5).buffer(5)
        earth = b.look(Pattern.GRAVEL, pal.SOIL, 0.85)
        b.plan.surface(water.buffer(1.2), 19, earth, c.HERB, None, years)
        b.plan.surface(
            water,
            20,
            b.look(Pattern.WATER, pal.POND, 0.78, grain=0.1),
            c.WATER,
            ("CS1.2.2", "US1.4"),
            years,
            "water",
            {"nature": "Réservoir-bassin piscicole"},
        )


def lake(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A pond with wooded banks."""
    look = b.look(Pattern.MEADOW, pal.MEADOW, 0.84, 14.0)
    b.plan.surface(cell, 10, look, c.HERB, ("CS2.2.1", "US6.3"), years, "bank")
    water = cell.buffer(-24).buffer(14)
    b.plan.surface(
        water,
        20,
        b.look(Pattern.WATER, pal.POND, 0.78, grain=0.1),
        c.WATER,
        ("CS1.2.2", "US6.3"),
        years,
        "water",
        {"nature": "Mare"},
    )
    ring = cell.buffer(-1.5).difference(water.buffer(1.0))
    spots = scatter(ring, 6.5, b.rng, 0.45)
    b.trees(spots[b.rng.random(len(spots)) < 0.5], Plant.BROADLEAF, (2.2, 4.4), years)


def sewage_works(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Round clarifiers and basins on gravel."""
    fields(b, cell.difference(_central(cell, 90.0, 64.0).buffer(3.0)), years) if cell.area > 9000 else None
    site = _central(cell, 90.0, 64.0)
    lawn = b.look(Pattern.MEADOW, pal.LAWN, 0.85, 10.0)
    b.plan.surface(
        site.buffer(3.0).intersection(cell), 18, lawn, c.HERB, ("CS2.2.1", "US4.3"), years, "sewage"
    )
    ground = site.buffer(-2.0)
    b.plan.surface(
        ground,
        20,
        b.look(Pattern.ASPHALT, pal.CONCRETE, 0.88),
        c.IMPERVIOUS,
        ("CS1.1.1.2", "US4.3"),
        years,
        "sewage_yard",
    )
    cx, cy, angle, length, width = main_axis(ground)
    ca, sa = math.cos(angle), math.sin(angle)
    rim, dirty = (
        b.look(Pattern.PLAIN, pal.CONCRETE, 0.9, 2.0),
        b.look(Pattern.WATER, pal.POND, 0.8, grain=0.1),
    )
    radius = min(9.0, width * 0.2)
    for u in (-0.28, 0.02):
        x, y = cx + ca * u * length, cy + sa * u * length
        b.plan.surface(shapely.Point(x, y).buffer(radius), 21, rim, c.KEEP, None, years)
        b.plan.surface(shapely.Point(x, y).buffer(radius - 0.8), 22, dirty, c.WATER, None, years)
    x, y = cx + ca * 0.3 * length, cy + sa * 0.3 * length
    b.hall(x, y, angle, min(20.0, length * 0.25), min(14.0, width * 0.4), "US4.3", years=years, height=4.5)


def _central(cell: Polygon, length: float, width: float) -> Polygon:
    """A rectangle in the middle of a cell, cut to it."""
    cx, cy, angle, long, wide = main_axis(cell)
    inner = rectangle(cx, cy, angle, min(length, long * 0.8), min(width, wide * 0.8)).intersection(
        cell.buffer(-4)
    )
    found = parts(inner)
    return found[0] if found else cell


def compost(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Windrows of composting waste: a ground of other composite materials."""
    site = _central(cell, 82.0, 58.0)
    fields(b, cell.difference(site.buffer(2.0)), years)
    look = b.look(Pattern.DIRT, pal.WASTE, 0.7, 9.0, grain=0.14)
    b.plan.surface(
        site.buffer(2.0).intersection(cell), 20, look, c.PERVIOUS, ("CS1.1.2.2", "US2"), years, "compost"
    )
    _, _, angle, _, _ = main_axis(site)
    heaps = scatter(site.buffer(-4), 5.0, b.rng, 0.12, angle)
    n = len(heaps)
    looks = np.array([b.look(Pattern.GRAVEL, pal.WASTE, 0.7) for _ in range(5)], dtype=np.float64)
    rows = (
        np.floor((heaps @ np.array([-math.sin(angle), math.cos(angle)])) / 10.0).astype(int)
        if n
        else np.empty(0, int)
    )
    keep = rows % 2 == 0
    radius = b.rng.uniform(2.6, 3.8, n)
    b.plan.plant(
        heaps[keep], radius[keep], radius[keep] * 0.8, Plant.HEAP, looks[rows[keep] % 5], c.PERVIOUS, years
    )


def abandoned(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Derelict works that shrubs take back."""
    look = b.look(Pattern.MEADOW, pal.DRY_GRASS, 0.72, 9.0, grain=0.12)
    b.plan.surface(cell, 10, look, c.BRUSH, ("CS2.1.2", "US6.2"), years, "abandoned")
    cx, cy, angle, length, width = main_axis(cell)
    yard = rectangle(cx, cy, angle, length * 0.5, width * 0.5).intersection(cell.buffer(-6))
    b.plan.surface(
        yard,
        20,
        b.look(Pattern.ASPHALT, pal.CONCRETE, 0.72, grain=0.12),
        c.IMPERVIOUS,
        ("CS1.1.1.2", "US6.2"),
        years,
        "abandoned_yard",
    )
    size = (min(42.0, length * 0.3), min(22.0, width * 0.3))
    if yard.contains(rectangle(cx, cy, angle, *size)):
        b.hall(cx, cy, angle, *size, "US6.2", years=years, form=Roof.SAWTOOTH, usage="Indifférencié")
    ring = cell.buffer(-1.5).difference(yard)
    b.trees(scatter(ring, 3.2, b.rng, 0.48), Plant.BUSH, (0.8, 2.2), years)
    cracks = scatter(yard, 7.0, b.rng, 0.48)
    b.trees(cracks[b.rng.random(len(cracks)) < 0.4], Plant.BUSH, (0.4, 1.2), years)
