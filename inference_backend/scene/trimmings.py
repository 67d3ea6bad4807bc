# SPDX-License-Identifier: GPL-2.0-or-later
"""What routes look like on the ground: verges, markings, ballast, rails, banks, trees along them."""

from __future__ import annotations

import numpy as np
import shapely
import shapely.ops
from shapely import LineString

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.farmland import tree_line
from inference_backend.scene.network import corridor
from inference_backend.scene.plan import BOTH, Pattern, Plant, Route
from inference_backend.scene.shapes import along

ROAD = ("CS1.1.1.2", "US4.1.1")


def draw_routes(b: Brush) -> None:
    """Draw every route of the plan; streets of estates are drawn by their theme."""
    draw = {"river": _river, "rail": _rail, "track": _track, "minor": _road, "main": _road}
    for route in list(b.plan.routes):
        if route.kind in draw:
            draw[route.kind](b, route)
    _crossroads(b)


def _road(b: Brush, route: Route) -> None:
    """Asphalt with verges; main roads have markings and sometimes trees."""
    main = route.kind == "main"
    half, z = route.width_m / 2, 64 if main else 60
    verge = b.look(Pattern.MEADOW, pal.MEADOW + pal.DRY_GRASS, 0.82, 7.0, grain=0.09)
    width = half + float(b.rng.uniform(1.2, 2.4))
    b.plan.surface(route.line.buffer(width, cap_style="flat"), 17, verge, c.HERB, None, BOTH, "verge")
    look = b.look(Pattern.ASPHALT, pal.ASPHALT, 0.84)
    b.plan.surface(route.line.buffer(half, cap_style="flat"), z, look, c.IMPERVIOUS, ROAD, BOTH, "road")
    if main:
        _markings(b, route, z + 1)
        for side in (-1.0, 1.0):
            if b.rng.random() < 0.4:
                tree_line(
                    b, shapely.offset_curve(route.line, side * (half + 3.2)), float(b.rng.uniform(9, 14))
                )
    for _ in range(int(route.line.length / 130)):
        _passing_car(b, route)


def _crossroads(b: Brush) -> None:
    """Plain asphalt where main roads meet: no line crosses another."""
    mains = [r for r in b.plan.routes if r.kind == "main"]
    look = b.look(Pattern.ASPHALT, pal.ASPHALT, 0.84)
    for k, first in enumerate(mains):
        for second in mains[k + 1 :]:
            for spot in shapely.get_parts(shapely.intersection(first.line, second.line)):
                both = shapely.union(corridor(first), corridor(second)).intersection(spot.buffer(11.0))
                b.plan.surface(both, 66, look, c.IMPERVIOUS, None)


def _markings(b: Brush, route: Route, z: int) -> None:
    """Dashes in the middle, lines at the edges."""
    line = route.line
    starts = np.arange(3.0, line.length - 4.0, 6.5)
    p = shapely.get_coordinates(shapely.line_interpolate_point(line, starts))
    q = shapely.get_coordinates(shapely.line_interpolate_point(line, starts + 2.6))
    dashes = [LineString([a, e]).buffer(0.10, cap_style="flat") for a, e in zip(p, q, strict=True)]
    edges = [shapely.offset_curve(line, s * (route.width_m / 2 - 0.35)).buffer(0.10) for s in (-1, 1)]
    for shape in dashes + edges:
        b.plan.surface(shape, z, b.paint, c.KEEP, None, BOTH)


def _passing_car(b: Brush, route: Route) -> None:
    """A car on the right-hand lane, at one of the dates."""
    d = float(b.rng.uniform(5, max(6.0, route.line.length - 5)))
    p, q = (shapely.get_coordinates(route.line.interpolate(x))[0] for x in (d, d + 1.0))
    ux, uy = q - p
    right = route.width_m / 4
    b.car(
        float(p[0] + uy * right),
        float(p[1] - ux * right),
        float(np.arctan2(uy, ux)),
        int(b.rng.integers(1, 3)),
    )


def _track(b: Brush, route: Route) -> None:
    """Two wheel ruts with grass between, or gravel."""
    gravel = b.look(Pattern.GRAVEL, pal.GRAVEL + pal.SOIL[2:4], 0.82)
    b.plan.surface(
        route.line.buffer(route.width_m / 2, cap_style="flat"), 58, gravel, c.PERVIOUS, None, BOTH, "track"
    )
    if b.rng.random() < 0.6:
        grass = b.look(Pattern.MEADOW, pal.MEADOW, 0.85, 3.0)
        b.plan.surface(route.line.buffer(0.5, cap_style="flat"), 59, grass, c.KEEP, None, BOTH)
    if b.rng.random() < 0.45:
        b.wild_hedge(shapely.offset_curve(route.line, route.width_m / 2 + 1.6))


def _rail(b: Brush, route: Route) -> None:
    """Ballast with sleepers and rails on a grassy strip."""
    line, half = route.line, route.width_m / 2
    strip = b.look(Pattern.MEADOW, pal.DRY_GRASS, 0.78, 6.0, grain=0.1)
    b.plan.surface(line.buffer(half + 3.0, cap_style="flat"), 17, strip, c.HERB, None, BOTH, "verge")
    ballast = b.look(Pattern.GRAVEL, pal.BALLAST, 0.84, grain=0.12)
    b.plan.surface(
        line.buffer(half, cap_style="flat"), 55, ballast, c.PERVIOUS, ("CS1.1.2.1", "US4.1.2"), BOTH, "rail"
    )
    steel = b.look(Pattern.PLAIN, ((112, 92, 80, 88),), 0.8, 2.0)
    wood = b.look(Pattern.GRAVEL, ((112, 100, 90, 92),), 0.8)
    tracks = int(route.info["tracks"])
    for k in range(tracks):
        axis = shapely.offset_curve(line, (k - (tracks - 1) / 2) * 3.8) if tracks > 1 else line
        b.plan.surface(axis.buffer(1.25, cap_style="flat"), 56, wood, c.KEEP, None, BOTH)
        for side in (-0.75, 0.75):
            b.plan.surface(shapely.offset_curve(axis, side).buffer(0.12), 57, steel, c.KEEP, None, BOTH)
    spots = along(shapely.offset_curve(line, half + 4.0), 5.0, b.rng, 0.9)
    b.trees(spots[b.rng.random(len(spots)) < 0.35], Plant.BUSH, (0.8, 1.9))


def _river(b: Brush, route: Route) -> None:
    """Water, shingle at the inside of bends, wooded banks."""
    water = corridor(route)
    bank = b.look(Pattern.MEADOW, pal.MEADOW, 0.78, 6.0, grain=0.1)
    b.plan.surface(water.buffer(5.0), 17, bank, c.HERB, None, BOTH, "bank")
    shore = b.look(Pattern.GRAVEL, pal.SHINGLE, 0.8, grain=0.13)
    look = b.look(Pattern.WATER, pal.RIVER, 0.72, grain=0.16)
    b.plan.surface(
        water, 49, look, c.WATER, ("CS1.2.2", "US6.3"), BOTH, "water", {"nature": "Ecoulement naturel"}
    )
    line, half = route.line, route.width_m / 2
    for start in np.arange(60.0, line.length - 60.0, 260.0):
        reach = shapely.ops.substring(line, start, start + float(b.rng.uniform(25, 60)))
        side = float(b.rng.choice([-1, 1]))
        bar = shapely.offset_curve(reach, side * half * 0.95).buffer(float(b.rng.uniform(2.0, 3.6)))
        b.plan.surface(bar.intersection(water), 50, shore, c.BARE, None)
    ring = water.buffer(4.6).difference(water.buffer(0.6))
    for side in shapely.get_parts(shapely.boundary(water.buffer(2.6))):
        spots = along(side, 3.2, b.rng, 1.1)
        wooded = np.sin(spots @ np.array([0.043, 0.037]) + 1.0) > b.rng.uniform(-0.9, 0.2)
        b.trees(spots[wooded], Plant.BROADLEAF, (1.8, 4.2))
        spots = along(side, 2.6, b.rng, 0.9)
        spots = spots[shapely.contains_xy(ring, spots)] if len(spots) else spots
        b.trees(spots[b.rng.random(len(spots)) < 0.4], Plant.BUSH, (0.7, 1.6))
