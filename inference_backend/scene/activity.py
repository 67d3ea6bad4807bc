# SPDX-License-Identifier: GPL-2.0-or-later
"""Industrial halls, logistics, shops with car parks, schools, sports grounds, cemeteries."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import Polygon

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.farmland import fields
from inference_backend.scene.housing import village
from inference_backend.scene.plan import BOTH, FIRST, SECOND, Pattern, Plant, Roof
from inference_backend.scene.shapes import along, main_axis, parts, rectangle, scatter


def _lawn(b: Brush, cell: Polygon, us: str, years: int, tag: str) -> None:
    look = b.look(Pattern.MEADOW, pal.LAWN, 0.84, 14.0)
    b.plan.surface(cell, 10, look, c.HERB, ("CS2.2.1", us), years, tag)


def _yard(b: Brush, cell: Polygon, us: str, years: int, inset: float, tag: str) -> Polygon | None:
    """Lawn at the edge, asphalt inside; returns the asphalt."""
    _lawn(b, cell, us, years, tag)
    inner = parts(cell.buffer(-inset, join_style="mitre"), 600.0)
    if not inner:
        return None
    look = b.look(Pattern.ASPHALT, pal.ASPHALT + pal.CONCRETE[:1], 0.85)
    b.plan.surface(inner[0], 20, look, c.IMPERVIOUS, ("CS1.1.1.2", us), years, "yard")
    patches = scatter(inner[0].buffer(-6), 26.0, b.rng, 0.48)
    for px, py in patches[b.rng.random(len(patches)) < 0.5]:
        patch = rectangle(float(px), float(py), float(b.rng.uniform(0, 3)), *b.rng.uniform(4, 26, 2))
        worn = b.look(Pattern.ASPHALT, pal.ASPHALT, 0.85)
        b.plan.surface(patch.intersection(inner[0]), 21, worn, c.IMPERVIOUS, None, years)
    lots = scatter(inner[0].buffer(-4), 15.0, b.rng, 0.48)
    for px, py in lots[b.rng.random(len(lots)) < 0.12]:
        b.car(float(px), float(py), float(b.rng.uniform(0, 6)), years, long=bool(b.rng.random() < 0.3))
    b.clutter(lots[b.rng.random(len(lots)) < 0.25], (0.8, 3.0), (0.5, 2.2), years)
    edge = along(cell.buffer(-inset / 2).boundary, 11.0, b.rng, 0.4)
    b.trees(edge[b.rng.random(len(edge)) < 0.5], Plant.BROADLEAF, (1.5, 2.8), years)
    return inner[0]


def _place(cell: Polygon, u: float, v: float) -> tuple[float, float, float]:
    """Point at shares (u, v) of the cell's box, and the direction of its long side."""
    cx, cy, angle, length, width = main_axis(cell)
    ca, sa = math.cos(angle), math.sin(angle)
    return cx + ca * u * length - sa * v * width, cy + sa * u * length + ca * v * width, angle


def industry(b: Brush, cell: Polygon, years: int = BOTH, us: str = "US2", growing: bool = False) -> None:
    """Halls on asphalt, a storage yard of gravel, a car park; `growing` adds a hall at the second date."""
    yard = _yard(b, cell, us, years, 5.0, "industry")
    if yard is None:
        return
    _, _, angle, length, width = main_axis(yard)
    room = yard.buffer(-2.0)
    spots = [(-0.26, 0.14, 0.40, 0.50), (0.24, 0.18, 0.34, 0.42), (0.0, -0.34, 0.22, 0.2)]
    usage = "Industriel" if us == "US2" else "Commercial et services"
    for k, (u, v, share_l, share_w) in enumerate(spots):
        x, y, _ = _place(yard, u, v)
        size = (min(75.0, length * share_l), min(48.0, width * share_w))
        when = years & SECOND if growing and k == 1 else years
        if min(size) > 9 and room.contains(rectangle(x, y, angle, *size)) and when:
            b.hall(x, y, angle, *size, us, years=when, usage=usage)
    x, y, _ = _place(yard, 0.30, -0.30)
    store = rectangle(x, y, angle, length * 0.28, width * 0.28).intersection(room)
    gravel = b.look(Pattern.DIRT, pal.GRAVEL, 0.8, 8.0)
    b.plan.surface(store, 22, gravel, c.PERVIOUS, ("CS1.1.2.1", us), years, "storage")
    _stacks(b, store, angle, years)
    x, y, _ = _place(yard, -0.28, -0.30)
    park_l, park_w = min(60.0, length * 0.36), 16.0
    if room.contains(rectangle(x, y, angle, park_l, park_w)):
        b.car_park(x, y, angle, park_l, park_w, ("CS1.1.1.2", us), years)


def _stacks(b: Brush, store: shapely.Geometry, angle: float, years: int) -> None:
    """Containers and pallets."""
    looks = [b.look(Pattern.RIBS, pal.METAL, 0.85, 0.6, angle) for _ in range(4)]
    for x, y in scatter(store.buffer(-3), 7.5, b.rng, 0.2, angle):
        if b.rng.random() < 0.55:
            size = (3.05, 1.22) if b.rng.random() < 0.6 else (1.6, 1.2)
            row = (
                float(x),
                float(y),
                math.cos(angle),
                math.sin(angle),
                *size,
                float(b.rng.uniform(1.5, 4.8)),
                0.0,
                float(Roof.BOX),
                float(b.rng.choice(looks)),
                float(c.KEEP),
            )
            b.plan.block(row, years)


def logistics(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A large flat warehouse with docks and lorries."""
    yard = _yard(b, cell, "US4.2", years, 4.0, "logistics")
    if yard is None:
        return
    x, y, angle = _place(yard, 0.0, 0.16)
    _, _, _, length, width = main_axis(yard)
    size = (min(120.0, length * 0.72), min(60.0, width * 0.48))
    if yard.buffer(-1).contains(rectangle(x, y, angle, *size)):
        b.hall(
            x,
            y,
            angle,
            *size,
            "US4.2",
            years=years,
            usage="Commercial et services",
            form=Roof.FLAT,
            height=11.0,
        )
        sa, ca = math.sin(angle), math.cos(angle)
        for u in np.arange(-size[0] / 2 + 4, size[0] / 2 - 3, 4.2):
            if b.rng.random() < 0.6:
                v = -size[1] / 2 - 7.4
                b.car(x + ca * u - sa * v, y + sa * u + ca * v, angle + math.pi / 2, years, long=True)


def shops(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A shop and its car park."""
    yard = _yard(b, cell, "US3", years, 3.5, "shops")
    if yard is None:
        return
    _, _, angle, length, width = main_axis(yard)
    x, y, _ = _place(yard, -0.25, 0.0)
    size = (min(60.0, length * 0.38), min(46.0, width * 0.62))
    if yard.buffer(-1).contains(rectangle(x, y, angle, *size)):
        b.hall(x, y, angle, *size, "US3", years=years, usage="Commercial et services", form=Roof.FLAT)
    x, y, _ = _place(yard, 0.24, 0.0)
    size = (min(70.0, length * 0.42), min(64.0, width * 0.8))
    if size[1] >= 16:
        b.car_park(x, y, angle, *size, ("CS1.1.1.2", "US3"), years, 0.7)


def fields_then_car_park(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A field that has become a shop with a car park and a new road."""
    if years & FIRST:
        fields(b, cell, FIRST)
    if years & SECOND:
        shops(b, cell, SECOND)


def school_and_sports(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """A school with its yard, a football pitch, tennis courts."""
    _lawn(b, cell, "US3", years, "sports")
    x, y, angle = _place(cell, -0.27, 0.0)
    _, _, _, length, width = main_axis(cell)
    yard = rectangle(x, y, angle, length * 0.36, width * 0.62).intersection(cell.buffer(-4))
    b.plan.surface(
        yard,
        20,
        b.look(Pattern.ASPHALT, pal.ASPHALT, 0.88),
        c.IMPERVIOUS,
        ("CS1.1.1.2", "US3"),
        years,
        "school",
    )
    if yard.area > 900:
        b.house(
            x,
            y,
            angle,
            min(48.0, length * 0.3),
            11.0,
            "US3",
            years=years,
            floors=2,
            kind="tiles",
            usage="Indifférencié",
            shape=Roof.HIP,
            wing=min(14.0, width * 0.18),
        )
    x, y, _ = _place(cell, 0.22, 0.0)
    size = (min(105.0, length * 0.46), min(66.0, width * 0.7))
    if cell.buffer(-2).contains(rectangle(x, y, angle, *size)) and size[1] > 20:
        _pitch(b, x, y, angle, size, years)
    b.trees(along(cell.buffer(-4).boundary, 9.0, b.rng, 0.6), Plant.BROADLEAF, (1.8, 3.4), years)


def _pitch(b: Brush, x: float, y: float, angle: float, size: tuple[float, float], years: int) -> None:
    """A mown pitch with painted lines."""
    turf = b.look(Pattern.MEADOW, pal.LAWN[:2], 0.86, 30.0, angle + math.pi / 2, 5.5)
    b.plan.surface(rectangle(x, y, angle, *size), 21, turf, c.HERB, None, years, "pitch")
    long, wide = size[0] * 0.92, size[1] * 0.9
    inner = rectangle(x, y, angle, long, wide)
    lines = shapely.union_all(
        [
            inner.exterior.buffer(0.12),
            shapely.Point(x, y).buffer(wide * 0.13).exterior.buffer(0.12),
            rectangle(x, y, angle, 0.24, wide),
            *(
                rectangle(
                    x + s * math.cos(angle) * long * 0.43,
                    y + s * math.sin(angle) * long * 0.43,
                    angle,
                    long * 0.14,
                    wide * 0.5,
                ).exterior.buffer(0.12)
                for s in (-1, 1)
            ),
        ]
    )
    b.plan.surface(lines, 22, b.paint, c.KEEP, None, years)


def cemetery(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """Rows of graves on gravel inside a wall, trees along it."""
    _lawn(b, cell, "US3", years, "park")
    x, y, angle = _place(cell, 0.0, 0.0)
    _, _, _, length, width = main_axis(cell)
    ground = rectangle(x, y, angle, min(length * 0.7, 95.0), min(width * 0.7, 70.0)).intersection(
        cell.buffer(-3)
    )
    b.plan.surface(
        ground,
        20,
        b.look(Pattern.GRAVEL, pal.GRAVEL, 0.86),
        c.PERVIOUS,
        ("CS1.1.2.1", "US3"),
        years,
        "cemetery",
    )
    stones = [b.look(Pattern.PLAIN, pal.CONCRETE + pal.SLATE, 0.85, 1.0) for _ in range(5)]
    ca, sa = math.cos(angle), math.sin(angle)
    for u in np.arange(-60.0, 60.0, 3.4):
        for v in np.arange(-40.0, 40.0, 1.75):
            px, py = x + ca * u - sa * v, y + sa * u + ca * v
            if b.rng.random() < 0.72 and ground.buffer(-2.5).contains(shapely.Point(px, py)) and abs(u) > 2:
                row = (px, py, ca, sa, 1.05, 0.5, 0.5, 0.0, 5.0, float(b.rng.choice(stones)), float(c.KEEP))
                b.plan.block(row, years)
    b.trees(along(ground.buffer(2.5).boundary, 7.0, b.rng, 0.2), Plant.CONIFER, (1.0, 1.5), years)


def square(b: Brush, cell: Polygon, years: int = BOTH) -> None:
    """The village square: church, town hall, plane trees, parked cars; houses around the rest."""
    x, y, angle = _place(cell, 0.0, 0.0)
    _, _, _, length, width = main_axis(cell)
    place = rectangle(x, y, angle, min(70.0, length * 0.5), min(48.0, width * 0.5)).intersection(
        cell.buffer(-16)
    )
    village(b, cell, years, place)
    if place.area < 700:
        return
    b.plan.surface(
        place,
        24,
        b.look(Pattern.GRAVEL, pal.CONCRETE, 0.88),
        c.IMPERVIOUS,
        ("CS1.1.1.2", "US3"),
        years,
        "square",
    )
    px, py, _, pl, pw = main_axis(place)
    ca, sa = math.cos(angle), math.sin(angle)
    b.house(
        px - ca * pl * 0.22,
        py - sa * pl * 0.22,
        angle,
        min(30.0, pl * 0.5),
        12.0,
        "US3",
        years=years,
        floors=3.4,
        kind="slate",
        usage="Religieux",
        nature="Eglise",
        shape=Roof.GABLE,
        wing=4.0,
    )
    if pw > 30:
        b.car_park(
            px + ca * pl * 0.24,
            py + sa * pl * 0.24,
            angle,
            pl * 0.4,
            16.0,
            ("CS1.1.1.2", "US3"),
            years,
            0.6,
            25,
        )
    b.trees(along(place.buffer(-3).boundary, 8.0, b.rng, 0.2), Plant.BROADLEAF, (2.2, 3.2), years)
