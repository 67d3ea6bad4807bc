# SPDX-License-Identifier: GPL-2.0-or-later
"""Fields, meadows, vineyards, orchards, farms."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Polygon

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.plan import BOTH, FIRST, SECOND, Pattern, Plant, Roof, Style
from inference_backend.scene.shapes import along, divide, main_axis, parts, rectangle, scatter

GRASS_FARM = ("CS2.2.1", "US1.1")
_RPG = {
    "wheat_green": "BTH",
    "wheat_ripe": "BTH",
    "barley": "ORH",
    "rape": "CZH",
    "maize": "MIS",
    "beet": "BTN",
    "sunflower": "TRN",
    "stubble": "BTH",
    "emerging": "MIS",
    "alfalfa": "LUZ",
    "plowed": "MIS",
}


def season(seed: int, year: int) -> str:
    """Season of the flight of one date."""
    return str(np.random.default_rng([seed, year, 7]).choice(list(pal.SEASONS), p=[0.4, 0.4, 0.2]))


def fields(b: Brush, ground: shapely.Geometry, years: int = BOTH) -> None:
    """Arable fields and meadows with other crops at the two dates, hedges on some borders."""
    meadow_share = b.rng.uniform(0.1, 0.45)
    for cell in parts(ground, 40.0):
        _field_block(b, cell, years, float(meadow_share))


def _field_block(b: Brush, cell: Polygon, years: int, meadow_share: float) -> None:
    """The same for one polygon."""
    for piece in divide(cell, float(b.rng.uniform(6_000, 22_000)), b.rng, 0.03):
        if b.rng.random() < meadow_share:
            meadow(b, piece, years)
            continue
        for year in (FIRST, SECOND):
            if year & years:
                _crop(b, piece, year)
        if b.rng.random() < 0.12:
            spot = scatter(piece.buffer(-15), 60.0, b.rng)[:1]
            b.trees(spot, Plant.BROADLEAF, (3.5, 6.0), years)
    borders(b, cell, years, 0.3)


def _crop(b: Brush, piece: Polygon, year: int) -> None:
    """One field at one date."""
    weights = pal.SEASONS[season(b.plan.seed, 2019 if year == FIRST else 2022)]
    name = str(b.rng.choice(list(weights), p=np.array(list(weights.values())) / sum(weights.values())))
    _, _, angle, _, _ = main_axis(piece)
    info: dict[str, str | float] = {"code_cultu": _RPG[name]}
    if name == "plowed":
        soil = pal.pick(b.rng, b.soils, 0.13)
        style = Style(
            Pattern.ROWS, soil, pal.scale(soil, 0.82), angle, float(b.rng.uniform(0.9, 3.2)), 0.0, 0.10
        )
        b.plan.surface(piece, 10, b.plan.style(style), c.PLOWED, GRASS_FARM, year, "field", info)
    else:
        plant, between, spacing, height = pal.CROPS[name]
        a, o = pal.pick(b.rng, (plant,), 0.07), pal.pick(b.rng, (between,), 0.07)
        tram = float(b.rng.choice([0.0, 18.0, 24.0, 28.0], p=[0.25, 0.2, 0.35, 0.2]))
        style = Style(Pattern.ROWS, a, o, angle, spacing * float(b.rng.uniform(0.8, 1.5)), tram, 0.07, height)
        b.plan.surface(piece, 10, b.plan.style(style), c.CROP, GRASS_FARM, year, "field", info)
    _headland(b, piece, year, name == "plowed")


def _headland(b: Brush, piece: Polygon, year: int, plowed: bool) -> None:
    """A strip of grass at the field's edge, of uneven width."""
    if b.rng.random() < 0.75:
        inner = piece.buffer(-float(b.rng.uniform(0.6, 1.6)), join_style="mitre")
        look = b.look(Pattern.MEADOW, pal.MEADOW if not plowed else pal.DRY_GRASS, 0.85, 9.0, grain=0.09)
        b.plan.surface(piece.difference(inner), 11, look, c.HERB, None, year, "edge")


def meadow(b: Brush, piece: Polygon, years: int = BOTH) -> None:
    """A meadow, mown or grazed."""
    _, _, angle, _, _ = main_axis(piece)
    for year in (FIRST, SECOND):
        if year & years:
            colours = pal.DRY_GRASS if b.rng.random() < 0.25 else pal.MEADOW
            mown = float(b.rng.uniform(3, 7)) if b.rng.random() < 0.35 else 0.0
            look = b.look(Pattern.MEADOW, colours, 0.8, float(b.rng.uniform(14, 40)), angle, mown, 0.09)
            info: dict[str, str | float] = {"code_cultu": "PPH"}
            b.plan.surface(piece, 10, look, c.HERB, GRASS_FARM, year, "field", info)
    if b.rng.random() < 0.5:
        b.trees(scatter(piece.buffer(-6), 42.0, b.rng)[:6], Plant.BROADLEAF, (2.2, 5.0), years)


def borders(b: Brush, cell: Polygon, years: int, share: float) -> None:
    """Wild hedges on some sides of a cell."""
    for inner in parts(cell.buffer(-2.2), 400.0):
        ring = shapely.get_coordinates(shapely.simplify(inner.exterior, 2.0))
        for p, q in pairwise(ring):
            if np.hypot(*(q - p)) > 35 and b.rng.random() < share:
                b.wild_hedge(LineString([p, q]), years)


def vineyard(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Vines in rows, one direction per plot."""
    for piece in divide(cell, 9_000.0, b.rng):
        _, _, angle, _, _ = main_axis(piece)
        ground = pal.pick(b.rng, b.soils if b.rng.random() < 0.6 else pal.DRY_GRASS)
        leaf = pal.pick(b.rng, pal.VINE_LEAF)
        missing, spacing = float(b.rng.uniform(0.01, 0.12)), float(b.rng.uniform(1.7, 2.5))
        turn = angle + (math.pi / 2 if b.rng.random() < 0.3 else 0.0)
        style = Style(Pattern.VINE, ground, leaf, turn, spacing, missing, 0.09, 1.3)
        info: dict[str, str | float] = {"code_cultu": "VRC"}
        b.plan.surface(piece, 10, b.plan.style(style), c.VINEYARD, ("CS2.1.3", "US1.1"), years, "field", info)
        b.plan.surface(
            piece.difference(piece.buffer(-2.2, join_style="mitre")),
            11,
            b.look(Pattern.MEADOW, pal.DRY_GRASS, 0.85, 9.0),
            c.HERB,
            None,
            years,
            "edge",
        )


def orchard(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Fruit trees on a grid over grass."""
    _, _, angle, _, _ = main_axis(cell)
    look = b.look(Pattern.MEADOW, pal.MEADOW, 0.85, 14.0, angle, 2.5)
    info: dict[str, str | float] = {"code_cultu": "VRG"}
    b.plan.surface(cell, 10, look, c.DECIDUOUS, ("CS2.1.1.1", "US1.1"), years, "field", info)
    xy = scatter(cell.buffer(-4), float(b.rng.uniform(4.6, 6.0)), b.rng, 0.05, angle)
    keep = b.rng.random(len(xy)) > 0.05
    b.trees(xy[keep], Plant.FRUIT, (1.8, 2.6), years, c.DECIDUOUS, 1.2)


def farm(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Farmyard with barns, a house, silos, straw bales and plastic tunnels; the rest is meadow."""
    cx, cy, angle, length, width = main_axis(cell)
    meadow(b, cell, years)
    side_l, side_w = min(110.0, length * 0.75), min(75.0, width * 0.75)
    for yard in parts(rectangle(cx, cy, angle, side_l, side_w).intersection(cell.buffer(-3)), 800.0)[:1]:
        look = b.look(Pattern.DIRT, pal.GRAVEL, 0.8, 12.0, angle)
        b.plan.surface(yard, 20, look, c.PERVIOUS, ("CS1.1.2.1", "US1.1"), years, "farmyard")
        _barns(b, yard, angle, years)


def _barns(b: Brush, yard: Polygon, angle: float, years: int) -> None:
    ca, sa = math.cos(angle), math.sin(angle)
    cx, cy, _, length, width = main_axis(yard)
    room = yard.buffer(-1.0)
    layout = [(-0.30, 0.24, 34, 15), (0.14, 0.26, 26, 14), (-0.28, -0.28, 24, 12), (0.32, 0.20, 18, 10)]
    for u, v, long, wide in layout:
        x, y = cx + ca * u * length - sa * v * width, cy + sa * u * length + ca * v * width
        if room.contains(rectangle(x, y, angle, long, wide)):
            b.hall(
                x, y, angle, long, wide, "US1.1", years=years, usage="Agricole", form=Roof.GABLE, height=5.5
            )
    x, y = cx + ca * 0.12 * length + sa * 0.3 * width, cy + sa * 0.12 * length - ca * 0.3 * width
    if room.contains(rectangle(x, y, angle, 14, 10)):
        b.house(x, y, angle, 14, 10, "US5", years=years, floors=2)
    x, y = cx + ca * 0.36 * length + sa * 0.24 * width, cy + sa * 0.36 * length - ca * 0.24 * width
    if room.contains(rectangle(x, y, angle, 24, 19.2)):
        b.hall(
            x,
            y,
            angle,
            24,
            19.2,
            "US1.1",
            years=years,
            usage="Agricole",
            form=Roof.ARCHES,
            height=2.4,
            label=c.GREENHOUSE,
            nature="Serre",
        )


def greenhouses(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Market garden: rows of glasshouses and beds."""
    cx, cy, angle, length, width = main_axis(cell)
    fields(b, cell, years)
    size_l, size_w = min(60.0, length * 0.5), min(38.4, width * 0.6)
    if cell.buffer(-3).contains(rectangle(cx, cy, angle, size_l, size_w)):
        b.hall(
            cx,
            cy,
            angle,
            size_l,
            size_w,
            "US1.1",
            years=years,
            usage="Agricole",
            form=Roof.ARCHES,
            height=3.0,
            label=c.GREENHOUSE,
            nature="Serre",
        )


def tree_line(b: Brush, line: shapely.Geometry, step_m: float, years: int = BOTH) -> None:
    """An alignment of trees."""
    b.trees(along(line, step_m, b.rng, 0.3), Plant.BROADLEAF, (2.4, 3.8), years)
