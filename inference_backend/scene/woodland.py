# SPDX-License-Identifier: GPL-2.0-or-later
"""Forest stands, clear-cuts, heath and natural ground."""

from __future__ import annotations

from shapely import Polygon

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.plan import BOTH, FIRST, SECOND, Pattern, Plant, Style
from inference_backend.scene.shapes import main_axis, scatter

_FLOOR = ((66, 70, 48, 112), (78, 74, 54, 106), (58, 62, 42, 104))


def _ground(b: Brush, cell: Polygon, label: int, cs: str, years: int, tfv: str) -> None:
    look = b.look(Pattern.FLOOR, _FLOOR, 0.7)
    b.plan.surface(cell, 10, look, label, (cs, "US1.2"), years, "forest", {"code_tfv": tfv})


def broadleaved(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A closed stand of broadleaved trees."""
    _ground(b, cell, c.DECIDUOUS, "CS2.1.1.1", years, "FF1-00-00")
    edge = cell.buffer(-1.8)
    low = float(b.rng.uniform(2.4, 3.4))
    b.trees(scatter(edge, low * 1.75, b.rng, 0.42), Plant.BROADLEAF, (low, low * 1.8), years, slender=1.25)
    b.trees(scatter(edge, 9.0, b.rng, 0.45), Plant.BUSH, (1.0, 1.8), years, c.DECIDUOUS, 1.6)


def coniferous(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A plantation of conifers in rows."""
    _ground(b, cell, c.CONIFEROUS, "CS2.1.1.2", years, "FF2-00-00")
    _, _, angle, _, _ = main_axis(cell)
    spacing = float(b.rng.uniform(3.2, 4.6))
    xy = scatter(cell.buffer(-1.5), spacing, b.rng, float(b.rng.uniform(0.10, 0.34)), angle)
    xy = xy[b.rng.random(len(xy)) > 0.06]
    b.trees(xy, Plant.CONIFER, (spacing * 0.5, spacing * 0.82), years)


def mixed(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A stand where neither kind makes three quarters."""
    _ground(b, cell, c.DECIDUOUS, "CS2.1.1.3", years, "FF31")
    xy = scatter(cell.buffer(-1.8), 5.0, b.rng, 0.42)
    is_conifer = b.rng.random(len(xy)) < b.rng.uniform(0.42, 0.58)
    b.trees(xy[~is_conifer], Plant.BROADLEAF, (2.6, 4.4), years, slender=1.25)
    b.trees(xy[is_conifer], Plant.CONIFER, (2.0, 3.4), years)


def conifers_then_cut(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Conifers at the first date, felled at the second."""
    coniferous(b, cell, years & FIRST)
    if years & SECOND:
        clear_cut(b, cell, SECOND)


def clear_cut(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A felled stand: windrows of branches, stumps, a few trees left."""
    _, _, angle, _, _ = main_axis(cell)
    look = b.look(Pattern.DEBRIS, ((156, 132, 104, 132), (146, 128, 96, 138)), 0.78, 13.0, angle, grain=0.12)
    b.plan.surface(cell, 10, look, c.CLEAR_CUT, ("CS2.2.1", "US1.2"), years, "clear_cut")
    b.trees(scatter(cell.buffer(-5), 34.0, b.rng)[:7], Plant.CONIFER, (1.8, 2.6), years)
    b.trees(scatter(cell.buffer(-2), 9.0, b.rng), Plant.BUSH, (0.35, 0.8), years, c.CLEAR_CUT)


def heath(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Heath and thickets."""
    look = b.look(Pattern.MEADOW, ((122, 116, 78, 140), (132, 126, 80, 146)), 0.82, 16.0, grain=0.12)
    b.plan.surface(cell, 10, look, c.BRUSH, ("CS2.1.2", "US6.3"), years, "heath")
    b.trees(scatter(cell.buffer(-1.2), 2.4, b.rng, 0.48), Plant.BUSH, (0.7, 1.9), years)
    b.trees(scatter(cell.buffer(-4), 27.0, b.rng, 0.45), Plant.BROADLEAF, (1.8, 2.8), years)


def outcrop(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Bare rock and scree with tufts."""
    rock = pal.pick(b.rng, pal.ROCK)
    from_rock = b.look(Pattern.DEBRIS, (rock,), 0.78, 60.0, grain=0.16)
    b.plan.surface(cell, 10, from_rock, c.BARE, ("CS1.2.1", "US6.3"), years, "rock")
    xy = scatter(cell.buffer(-2), 5.0, b.rng, 0.48)
    heaps = xy[b.rng.random(len(xy)) < 0.4]
    n = len(heaps)
    boulder = float(b.look(Pattern.GRAVEL, (rock,), 0.85))
    radius = b.rng.uniform(0.4, 1.4, n)
    b.plan.plant(heaps, radius, radius * 0.8, Plant.HEAP, b.rng.choice([boulder], n), c.BARE, years)
    b.trees(scatter(cell.buffer(-3), 13.0, b.rng, 0.48), Plant.BUSH, (0.5, 1.1), years)


def shingle(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Bars of shingle that a river left."""
    look = b.look(Pattern.DIRT, pal.SHINGLE, 0.8, 14.0, grain=0.14)
    b.plan.surface(cell, 10, look, c.BARE, ("CS1.2.1", "US6.3"), years, "rock")
    b.trees(scatter(cell.buffer(-2), 14.0, b.rng, 0.48), Plant.BUSH, (0.5, 1.5), years)


def reeds(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Bamboo and giant grasses: dense, tall, without wood."""
    a = pal.pick(b.rng, pal.REED)
    look = b.plan.style(Style(Pattern.FLOOR, a, pal.scale(a, 0.7), 0.0, 6.0, 0.0, 0.12, 2.6))
    b.plan.surface(cell, 10, look, c.HERB, ("CS2.2.2", "US6.3"), years, "reeds")
