# SPDX-License-Identifier: GPL-2.0-or-later
"""What the themes draw with: plants, houses, cars, markings."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import Polygon

from inference_backend.scene import classes as c
from inference_backend.scene import palette as pal
from inference_backend.scene.palette import Colour
from inference_backend.scene.plan import BOTH, F64, Building, Pattern, Plan, Plant, Roof, Style
from inference_backend.scene.shapes import Rng, along, rectangle


class Brush:
    """Draws into a plan with one generator and shared looks.

    Args:
        plan: receives the objects.
        rng: of the whole commune; each theme makes its own brush with `fork`.
    """

    def __init__(self, plan: Plan, rng: Rng) -> None:
        self.plan, self.rng = plan, rng
        self.tiles = tuple(pal.TILES[k] for k in rng.choice(len(pal.TILES), 4, replace=False))
        self.soils = tuple(pal.SOIL[k] for k in rng.choice(len(pal.SOIL), 2, replace=False))
        self.crowns = {
            Plant.BROADLEAF: self._looks(pal.BROADLEAF, 14),
            Plant.CONIFER: self._looks(pal.CONIFER, 8),
            Plant.BUSH: self._looks(pal.BUSH, 8),
            Plant.FRUIT: self._looks(pal.HEDGE, 8),
        }
        self.hedges = self._looks(pal.HEDGE, 8)
        self.cars = [plan.style(Style(Pattern.PLAIN, x, pal.scale(x, 0.8), spacing_m=1.4)) for x in pal.CARS]
        dark: Colour = (62, 68, 84, 50)
        self.panel = plan.style(Style(Pattern.PLAIN, dark, pal.scale(dark, 0.8), spacing_m=0.9, grain=0.1))
        mixed = pal.METAL + pal.CONCRETE + pal.SOIL + pal.CARS
        self.things = [self.look(Pattern.PLAIN, (x,), 0.8, 1.0) for x in mixed]
        self.paint = plan.style(Style(Pattern.PLAIN, pal.PAINT, pal.scale(pal.PAINT, 0.82), spacing_m=1.0))

    def fork(self, rng: Rng) -> Brush:
        """The same looks with another generator."""
        other = object.__new__(Brush)
        other.__dict__.update(self.__dict__)
        other.rng = rng
        return other

    def _looks(self, colours: tuple[Colour, ...], count: int) -> F64:
        made = []
        for _ in range(count):
            a = pal.pick(self.rng, colours, 0.09)
            made.append(
                self.plan.style(Style(Pattern.PLAIN, a, pal.scale(a, 0.78), spacing_m=0.9, grain=0.10))
            )
        return np.array(made, dtype=np.float64)

    def look(
        self,
        pattern: Pattern,
        colours: tuple[Colour, ...],
        contrast: float = 0.85,
        spacing_m: float = 8.0,
        angle: float = 0.0,
        extra: float = 0.0,
        grain: float = 0.06,
    ) -> int:
        """Register a look: a colour out of `colours` and a darker or brighter companion."""
        a = pal.pick(self.rng, colours)
        return self.plan.style(Style(pattern, a, pal.scale(a, contrast), angle, spacing_m, extra, grain))

    def trees(
        self,
        xy: F64,
        kind: Plant,
        radius: tuple[float, float],
        years: int = BOTH,
        label: int | None = None,
        slender: float = 1.0,
    ) -> None:
        """Plant crowns at `xy` with radii within `radius` (m); heights follow from radii."""
        n = len(xy)
        if not n:
            return
        r = self.rng.uniform(*radius, n)
        factor = {Plant.BROADLEAF: 2.5, Plant.CONIFER: 5.2, Plant.BUSH: 1.5, Plant.FRUIT: 1.6}[kind]
        h = np.clip(r * factor * self.rng.uniform(0.75, 1.25, n) * slender, 0.6, 27.0)
        default = {Plant.BROADLEAF: c.DECIDUOUS, Plant.CONIFER: c.CONIFEROUS}.get(kind, c.BRUSH)
        styles = self.rng.choice(self.crowns[kind], n)
        self.plan.plant(xy, r, h, kind, styles, default if label is None else label, years)

    def hedge(
        self, line: shapely.Geometry, radius: tuple[float, float] = (0.6, 1.0), years: int = BOTH
    ) -> None:
        """A trimmed hedge along a line."""
        xy = along(line, radius[0] * 1.1, self.rng, 0.08)
        n = len(xy)
        if n:
            r = self.rng.uniform(*radius, n)
            style = np.full(n, self.rng.choice(self.hedges))
            self.plan.plant(xy, r, r * self.rng.uniform(1.7, 2.3), Plant.BUSH, style, c.BRUSH, years)

    def wild_hedge(self, line: shapely.Geometry, years: int = BOTH) -> None:
        """A field hedge: bushes with trees among them."""
        self.trees(along(line, 1.5, self.rng, 0.5), Plant.BUSH, (1.0, 2.1), years)
        self.trees(along(line, self.rng.uniform(7, 22), self.rng, 0.8), Plant.BROADLEAF, (2.0, 4.2), years)

    def roof_look(self, kind: str, angle: float) -> int:
        """A roof of `tiles`, `slate`, `metal`, `flat` or `glass`; lines run down the slope."""
        if kind == "metal":
            return self.look(Pattern.RIBS, pal.METAL, 0.86, 1.05, angle, grain=0.03)
        if kind == "flat":
            return self.look(Pattern.ASPHALT, pal.MEMBRANE, 0.84, grain=0.05)
        if kind == "glass":
            return self.look(Pattern.RIBS, pal.GLASS, 0.72, 3.2, angle, grain=0.03)
        colours = pal.SLATE if kind == "slate" else self.tiles
        return self.look(Pattern.ROOF, colours, 0.8, 1.0, angle, grain=0.09)

    def house(
        self,
        cx: float,
        cy: float,
        angle: float,
        length: float,
        width: float,
        us: str,
        *,
        years: int = BOTH,
        kind: str = "tiles",
        floors: float = 1.0,
        wing: float = 0.0,
        usage: str = "Résidentiel",
        nature: str = "Indifférenciée",
        shape: Roof | None = None,
    ) -> Polygon:
        """A building with a pitched roof, and a wing of `wing` m at a right angle; returns its footprint."""
        rng, index = self.rng, len(self.plan.buildings)
        eave, slope = 2.6 + 2.7 * (floors - 1) + rng.uniform(0, 0.6), rng.uniform(0.32, 0.62)
        form = shape if shape is not None else (Roof.HIP if rng.random() < 0.3 else Roof.GABLE)
        if form == Roof.FLAT:
            kind, slope = "flat", 0.0
        style = self.roof_look(kind, angle)
        ca, sa = math.cos(angle), math.sin(angle)
        self._block(cx, cy, angle, length, width, eave, slope, form, style, years, index)
        footprint = rectangle(cx, cy, angle, length, width)
        if wing > 2.0:
            along_m = (length - width * 0.8) / 2 * (1 if rng.random() < 0.5 else -1)
            reach, wx = width / 2 + wing, width * 0.8
            ox = cx + ca * along_m - sa * reach / 2
            oy = cy + sa * along_m + ca * reach / 2
            self._block(ox, oy, angle + math.pi / 2, reach, wx, eave - 0.2, slope, form, style, years, index)
            footprint = footprint.union(rectangle(ox, oy, angle + math.pi / 2, reach, wx))
        if form != Roof.FLAT and rng.random() < 0.7:
            u = length * rng.uniform(-0.35, 0.35)
            look = self.look(Pattern.PLAIN, pal.TILES, 0.8, 0.5)
            row = (
                cx + ca * u,
                cy + sa * u,
                ca,
                sa,
                0.45,
                0.35,
                1.2,
                0.0,
                float(Roof.BOX_ON_TOP),
                look,
                c.KEEP,
            )
            self.plan.block(row, years)
        if form != Roof.FLAT:
            self._roof_openings(cx, cy, angle, length, width, years)
        height = eave + slope * width / 2
        self.plan.buildings.append(Building(footprint, us, round(height, 1), years, nature, usage))
        return footprint

    def _roof_openings(
        self, cx: float, cy: float, angle: float, length: float, width: float, years: int
    ) -> None:
        """Roof windows, and now and then a field of solar panels."""
        ca, sa = math.cos(angle), math.sin(angle)
        spots = []
        for _ in range(int(self.rng.integers(0, 4))):
            u, v = (
                self.rng.uniform(-0.4, 0.4) * length,
                self.rng.choice([-1, 1]) * width * self.rng.uniform(0.15, 0.35),
            )
            spots.append((u, v, 0.5, 0.38, 0.12))
        if self.rng.random() < 0.09 and length > 8:
            side = float(self.rng.choice([-1, 1]))
            spots.append(
                (self.rng.uniform(-0.15, 0.15) * length, side * width * 0.26, 2.4, width * 0.15, 0.12)
            )
        for u, v, a, b, h in spots:
            row = (
                cx + ca * u - sa * v,
                cy + sa * u + ca * v,
                ca,
                sa,
                a,
                b,
                h,
                0.0,
                float(Roof.BOX_ON_TOP),
                float(self.panel),
                float(c.KEEP),
            )
            self.plan.block(tuple(float(x) for x in row), years)

    def clutter(
        self, xy: F64, size: tuple[float, float], height: tuple[float, float], years: int = BOTH
    ) -> None:
        """Small things that lie about: boxes, tables, bins, pallets."""
        for x, y in xy:
            a, b = self.rng.uniform(*size, 2) / 2
            turn = float(self.rng.uniform(0, math.pi))
            row = (
                float(x),
                float(y),
                math.cos(turn),
                math.sin(turn),
                float(a),
                float(b),
                float(self.rng.uniform(*height)),
                0.0,
                float(Roof.BOX),
                float(self.rng.choice(self.things)),
                float(c.KEEP),
            )
            self.plan.block(row, years)

    def _block(
        self,
        cx: float,
        cy: float,
        angle: float,
        length: float,
        width: float,
        eave: float,
        slope: float,
        form: Roof,
        style: int,
        years: int,
        building: int,
        label: int = c.BUILDING,
    ) -> None:
        row = (
            cx,
            cy,
            math.cos(angle),
            math.sin(angle),
            length / 2,
            width / 2,
            eave,
            slope,
            float(form),
            float(style),
            float(label),
        )
        self.plan.block(row, years, building)

    def shed(self, cx: float, cy: float, angle: float, years: int = BOTH) -> None:
        """A garden shed: in the picture, too small for a map."""
        style = self.roof_look("metal", angle)
        self._block(cx, cy, angle, 3.6, 2.8, 2.1, 0.3, Roof.GABLE, style, years, -1)

    def hall(
        self,
        cx: float,
        cy: float,
        angle: float,
        length: float,
        width: float,
        us: str,
        *,
        years: int = BOTH,
        usage: str = "Industriel",
        height: float | None = None,
        form: Roof | None = None,
        label: int = c.BUILDING,
        nature: str = "Industriel, agricole ou commercial",
    ) -> Polygon:
        """A large low building: flat, ribbed, sawtooth, or glass arches."""
        rng, index = self.rng, len(self.plan.buildings)
        eave = height if height is not None else float(rng.uniform(6, 10.5))
        if form is None:
            form = Roof(
                int(rng.choice([Roof.FLAT, Roof.GABLE, Roof.SAWTOOTH, Roof.GABLE], p=[0.4, 0.3, 0.1, 0.2]))
            )
        kind = (
            "glass"
            if form == Roof.ARCHES
            else ("metal" if form != Roof.FLAT or rng.random() < 0.4 else "flat")
        )
        style = self.roof_look(kind, angle)
        slope = 0.12 if form == Roof.GABLE else 0.0
        self._block(cx, cy, angle, length, width, eave, slope, form, style, years, index, label)
        if form in (Roof.FLAT, Roof.GABLE) and length * width > 300:
            self._roof_furniture(cx, cy, angle, length, width, years, form == Roof.FLAT)
        footprint = rectangle(cx, cy, angle, length, width)
        self.plan.buildings.append(Building(footprint, us, round(eave, 1), years, nature, usage))
        return footprint

    def _roof_furniture(
        self, cx: float, cy: float, angle: float, length: float, width: float, years: int, flat: bool
    ) -> None:
        """Skylights in rows and, on flat roofs, machines."""
        ca, sa = math.cos(angle), math.sin(angle)
        glass = self.look(Pattern.PLAIN, pal.GLASS, 0.9, 1.0)
        machine = self.look(Pattern.PLAIN, pal.METAL[:2] + pal.CONCRETE, 0.8, 1.0)
        spots = [
            (u, v, 1.4, 0.9, 0.15, glass)
            for u in np.arange(-length / 2 + 6, length / 2 - 5, 8.5)
            for v in np.arange(-width / 2 + 5, width / 2 - 4, 9.0)
        ]
        if flat:
            for _ in range(int(length * width / 420)):
                u, v = self.rng.uniform(-0.4, 0.4) * length, self.rng.uniform(-0.4, 0.4) * width
                spots.append((u, v, *self.rng.uniform(0.7, 2.0, 2), self.rng.uniform(0.8, 2.0), machine))
        for u, v, a, b, h, look in spots:
            row = (
                cx + ca * u - sa * v,
                cy + sa * u + ca * v,
                ca,
                sa,
                a,
                b,
                h,
                0.0,
                float(Roof.BOX_ON_TOP),
                float(look),
                float(c.KEEP),
            )
            self.plan.block(tuple(float(x) for x in row), years)

    def car(self, x: float, y: float, angle: float, years: int = BOTH, long: bool = False) -> None:
        """A parked vehicle; it hides nothing of the ground's class."""
        look = float(self.rng.choice(self.cars))
        ca, sa = math.cos(angle), math.sin(angle)
        if long:
            row = (x, y, ca, sa, 6.8, 1.25, 3.6, 0.0, float(Roof.BOX), look, float(c.KEEP))
            self.plan.block(row, years)
            return
        half = float(self.rng.uniform(2.0, 2.4))
        self.plan.block((x, y, ca, sa, half, 0.88, 0.95, 0.0, float(Roof.BOX), look, float(c.KEEP)), years)
        glass = float(self.cars[1])
        self.plan.block(
            (x - 0.2 * ca, y - 0.2 * sa, ca, sa, 1.35, 0.72, 1.3, 0.0, 5.0, glass, float(c.KEEP)), years
        )
        self.plan.block(
            (x - 0.3 * ca, y - 0.3 * sa, ca, sa, 0.8, 0.68, 1.5, 0.0, 5.0, look, float(c.KEEP)), years
        )

    def stripe(
        self, x: float, y: float, angle: float, length: float, width: float, years: int, z: int
    ) -> None:
        """A painted line."""
        self.plan.surface(rectangle(x, y, angle, length, width), z, self.paint, c.KEEP, None, years)

    def car_park(
        self,
        cx: float,
        cy: float,
        angle: float,
        length: float,
        width: float,
        codes: tuple[str, str],
        years: int = BOTH,
        filled: float = 0.6,
        z: int = 22,
    ) -> Polygon:
        """Asphalt with bays on both sides of aisles along `length`."""
        ground = rectangle(cx, cy, angle, length, width)
        look = self.look(Pattern.ASPHALT, pal.ASPHALT, 0.86, angle=angle)
        self.plan.surface(ground, z, look, c.IMPERVIOUS, codes, years, "parking")
        ca, sa = math.cos(angle), math.sin(angle)
        row = -width / 2
        while row + 16.0 <= width / 2 + 0.5:
            for v in (row + 2.5, row + 13.5):
                for u in np.arange(-length / 2 + 1.2, length / 2 - 1.2, 2.5):
                    x, y = cx + ca * u - sa * v, cy + sa * u + ca * v
                    self.stripe(x, y, angle + math.pi / 2, 4.8, 0.16, years, z + 1)
                    if u < length / 2 - 3.0 and self.rng.random() < filled:
                        turn = 0.0 if self.rng.random() < 0.5 else math.pi
                        shift = self.rng.normal(0, 0.25)
                        x += ca * 1.25 - sa * shift
                        y += sa * 1.25 + ca * shift
                        self.car(x, y, angle + math.pi / 2 + turn, years)
            row += 16.0
        return ground
