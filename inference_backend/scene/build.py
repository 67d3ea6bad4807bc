# SPDX-License-Identifier: GPL-2.0-or-later
"""The plan of a commune from a seed: network, cells, themes, trimmings of roads, rail and river."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from shapely import Polygon

from inference_backend.scene import activity, farmland, housing, utilities, woodland
from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.brush import Brush
from inference_backend.scene.network import blocks_of, lay_network, modules
from inference_backend.scene.plan import BOTH, FIRST, SECOND, Pattern, Plan
from inference_backend.scene.shapes import F64, Rng
from inference_backend.scene.trimmings import draw_routes

Theme = Callable[[Brush, Polygon, int], None]
CELL_M2 = 15_000.0


@dataclass(frozen=True)
class Want:
    """A theme with how many cells of a square kilometre it takes and where it likes to be.

    Attributes:
        theme: draws a cell.
        count: cells per square kilometre.
        centre: wish to be near the crossroads, -1..1.
        wood: wish to be near the wooded corner, -1..1.
        area_m2: cells of about this size suit best.
    """

    theme: Theme
    count: int
    centre: float
    wood: float
    area_m2: float = 15_000.0


def _new_estate(b: Brush, cell: Polygon, years: int) -> None:
    farmland.fields(b, cell, years & FIRST)
    housing.estate(b, cell, years & SECOND, young=True)


def _field_then_site(b: Brush, cell: Polygon, years: int) -> None:
    farmland.fields(b, cell, years & FIRST)
    housing.building_site(b, cell, years & SECOND)


def _growing_industry(b: Brush, cell: Polygon, years: int) -> None:
    activity.industry(b, cell, years, growing=True)


WANTS = (
    Want(activity.square, 1, 1.0, 0.0, 16_000),
    Want(housing.village, 3, 1.0, 0.0, 13_000),
    Want(activity.school_and_sports, 1, 0.8, 0.0, 16_000),
    Want(activity.cemetery, 1, 0.5, 0.0, 9_000),
    Want(housing.estate, 5, 0.7, -0.2, 17_000),
    Want(_new_estate, 1, 0.3, -0.3, 17_000),
    Want(housing.site_then_estate, 1, 0.3, -0.3, 14_000),
    Want(_field_then_site, 1, 0.2, -0.3, 11_000),
    Want(activity.shops, 1, 0.3, -0.6, 15_000),
    Want(activity.fields_then_car_park, 1, 0.1, -0.6, 14_000),
    Want(_growing_industry, 1, 0.0, -0.8, 17_000),
    Want(activity.industry, 1, 0.0, -0.8, 17_000),
    Want(activity.logistics, 1, -0.1, -0.7, 20_000),
    Want(woodland.conifers_then_cut, 1, -0.6, 1.0, 15_000),
    Want(woodland.coniferous, 2, -0.6, 1.0, 16_000),
    Want(woodland.broadleaved, 4, -0.5, 0.9, 17_000),
    Want(woodland.mixed, 2, -0.5, 0.9, 15_000),
    Want(woodland.clear_cut, 1, -0.6, 1.0, 10_000),
    Want(woodland.heath, 1, -0.5, 0.7, 10_000),
    Want(woodland.outcrop, 1, -0.5, 0.6, 8_000),
    Want(utilities.growing_quarry, 1, -0.8, 0.1, 22_000),
    Want(farmland.vineyard, 4, -0.1, 0.0, 15_000),
    Want(farmland.orchard, 1, 0.0, 0.0, 10_000),
    Want(farmland.farm, 1, -0.2, -0.1, 16_000),
    Want(farmland.greenhouses, 1, 0.1, -0.2, 12_000),
    Want(utilities.fish_ponds, 1, -0.5, 0.0, 11_000),
    Want(utilities.lake, 1, -0.6, 0.4, 11_000),
    Want(utilities.sewage_works, 1, -0.6, -0.3, 9_000),
    Want(utilities.compost, 1, -0.7, 0.0, 9_000),
    Want(utilities.abandoned, 1, -0.2, -0.5, 8_000),
    Want(woodland.reeds, 1, -0.6, 0.2, 5_000),
)


def build_plan(seed: int, size_m: float) -> Plan:
    """Plan of a commune: a function of its seed and size alone.

    Args:
        seed: any integer from 0.
        size_m: side of the square, m.
    """
    plan = Plan(seed, size_m)
    rng = np.random.default_rng([seed, 1])
    base = Brush(plan, rng)
    ground = base.look(Pattern.MEADOW, pal.MEADOW, 0.82, 16.0, grain=0.09)
    plan.surface(plan.frame, 0, ground, c.HERB, ("CS2.2.1", "US6.3"), BOTH, "rest")
    centres = lay_network(plan, rng)
    cells = blocks_of(plan, rng, CELL_M2)
    for index, (cell, theme) in enumerate(allocate(cells, centres, size_m, rng)):
        brush = base.fork(np.random.default_rng([seed, 2, index]))
        theme(brush, cell, BOTH)
    draw_routes(base.fork(np.random.default_rng([seed, 3])))
    return plan


def allocate(
    cells: list[Polygon], centres: list[tuple[float, float]], size_m: float, rng: Rng
) -> list[tuple[Polygon, Theme]]:
    """Give each cell a theme: first what every square kilometre has, then fields and meadows."""
    slivers = [p for p in cells if p.area < 1_500.0]
    usable = [p for p in cells if p.area >= 1_500.0]
    given: list[tuple[Polygon, Theme]] = [(p, _scrap) for p in slivers]
    n = modules(size_m)
    step = size_m / n
    homes = np.array([(int(p.centroid.x // step), int(p.centroid.y // step)) for p in usable]).reshape(-1, 2)
    for i in range(n):
        for j in range(n):
            mine = [p for p, home in zip(usable, homes, strict=True) if tuple(home) == (i, j)]
            corner = np.array([i + float(rng.integers(2)), j + float(rng.integers(2))]) * step
            centre = np.array(
                min(
                    centres,
                    key=lambda q: np.hypot(q[0] - (i + 0.5) * step, q[1] - (j + 0.5) * step),
                    default=((i + 0.5) * step, (j + 0.5) * step),
                )
            )
            given.extend(_allocate_module(mine, centre, corner, step, rng))
    return given


def _allocate_module(
    cells: list[Polygon], centre: F64, corner: F64, step: float, rng: Rng
) -> list[tuple[Polygon, Theme]]:
    """Serve the wants one after the other with the free cell that suits best."""
    share = step * step / 1e6
    queue = [w for w in WANTS for _ in range(max(1, round(w.count * share)))]
    if len(queue) > 0.72 * len(cells):
        order = rng.permutation(len(queue)) if share < 0.7 else np.arange(len(queue))
        queue = [queue[k] for k in order]
    spots = np.array([(p.centroid.x, p.centroid.y) for p in cells]).reshape(-1, 2)
    areas = np.array([p.area for p in cells])
    near = 1.0 - np.hypot(*(spots - centre).T) / (0.7 * step)
    wood = 1.0 - np.hypot(*(spots - corner).T) / (1.1 * step)
    free = np.ones(len(cells), dtype=bool)
    given: list[tuple[Polygon, Theme]] = []
    for want in queue:
        if not free.any():
            break
        score = want.centre * near + want.wood * wood - 0.5 * np.abs(np.log(areas / want.area_m2))
        score += rng.normal(0.0, 0.07, len(cells))
        best = int(np.argmax(np.where(free, score, -np.inf)))
        free[best] = False
        given.append((cells[best], want.theme))
    given.extend((cells[k], farmland.fields) for k in np.nonzero(free)[0])
    return given


def _scrap(b: Brush, cell: Polygon, years: int) -> None:
    """What is left between roads: rough grass or thicket."""
    if cell.area < 60:
        return
    if b.rng.random() < 0.4:
        woodland.heath(b, cell, years)
    else:
        look = b.look(Pattern.MEADOW, pal.MEADOW, 0.82, 12.0)
        b.plan.surface(cell, 10, look, c.HERB, ("CS2.2.1", "US6.3"), years, "rest")
