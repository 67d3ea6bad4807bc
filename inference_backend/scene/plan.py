# SPDX-License-Identifier: GPL-2.0-or-later
"""The commune as vectors: what lies where, at which date, and how it looks.

Coordinates are local metres, x to the east and y to the north, the south-west corner at (0, 0).
It knows nothing of pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from inference_backend.scene.classes import KEEP

YEARS = (2019, 2022)
FIRST, SECOND, BOTH = 1, 2, 3
"""Bit masks of the dates at which an object exists."""

F64 = NDArray[np.float64]


class Pattern(IntEnum):
    """How a surface mixes its two colours."""

    PLAIN = 0
    ROWS = 1
    VINE = 2
    ROOF = 3
    ASPHALT = 4
    GRAVEL = 5
    WATER = 6
    RIBS = 7
    MEADOW = 8
    DIRT = 9
    DEBRIS = 10
    FLOOR = 11


@dataclass(frozen=True)
class Style:
    """Look of one object.

    Attributes:
        pattern: how `a` and `b` mix.
        a, b: (red, green, blue, nir) as sunlit 8-bit values.
        angle_rad: direction of rows.
        spacing_m: distance between rows, or size of blotches.
        extra: meaning by pattern: tramline distance (m) of rows, share of missing plants of vines.
        grain: amplitude of pixel-sized texture, share of the colour.
        relief_m: height of what grows on the surface.
    """

    pattern: Pattern
    a: tuple[float, float, float, float]
    b: tuple[float, float, float, float]
    angle_rad: float = 0.0
    spacing_m: float = 8.0
    extra: float = 0.0
    grain: float = 0.06
    relief_m: float = 0.0

    def row(self) -> list[float]:
        """Row of the table that the renderer reads; colours become linear light."""
        linear = [(v / 255.0) ** 2.2 for v in (*self.a, *self.b)]
        cos, sin = float(np.cos(self.angle_rad)), float(np.sin(self.angle_rad))
        return [float(self.pattern), cos, sin, self.spacing_m, self.extra, self.grain, self.relief_m, *linear]


class Roof(IntEnum):
    """Shape of a block that stands on the ground."""

    FLAT = 0
    GABLE = 1
    HIP = 2
    ARCHES = 3
    SAWTOOTH = 4
    BOX = 5
    DISC = 6
    BOX_ON_TOP = 7


class Plant(IntEnum):
    """Kind of a single crown, or of a heap."""

    BROADLEAF = 0
    CONIFER = 1
    BUSH = 2
    FRUIT = 3
    HEAP = 4


@dataclass(frozen=True)
class Surface:
    """A polygon on the ground.

    Attributes:
        geometry: local metres.
        z: drawing order, higher hides lower.
        style: index into `Plan.styles`.
        label: physical class, or `KEEP`.
        cs, us: codes of the truth, None for what is too small for the specification.
        years: bit mask of dates.
        tag: what it is, for the reference vectors.
        info: further attributes for the reference vectors.
    """

    geometry: Polygon
    z: int
    style: int
    label: int
    cs: str | None
    us: str | None
    years: int
    tag: str
    info: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """An oriented rectangle or disc with a roof; several may make one building.

    Attributes:
        row: (cx, cy, cos, sin, half_length, half_width, eave_m, slope, shape, style, label).
        years: bit mask of dates.
        building: index of the building, -1 for a thing that is none.
    """

    row: tuple[float, ...]
    years: int
    building: int


@dataclass(frozen=True)
class Building:
    """A building as a map would have it: footprint and use."""

    geometry: Polygon
    us: str
    height_m: float
    years: int
    nature: str
    usage: str
    light: bool = False


@dataclass(frozen=True)
class Route:
    """Centre line of a road, rail or river."""

    line: LineString
    width_m: float
    kind: str
    years: int = BOTH
    info: dict[str, str | float] = field(default_factory=dict)


@dataclass
class Plan:
    """Everything of one commune.

    Attributes:
        seed: what it was made from.
        size_m: side of the square.
        trees: list of (n, 7) arrays: x, y, radius, height, plant kind, style, label.
        tree_years: bit mask of dates for each of them.
    """

    seed: int
    size_m: float
    surfaces: list[Surface] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    trees: list[F64] = field(default_factory=list)
    tree_years: list[int] = field(default_factory=list)
    styles: list[list[float]] = field(default_factory=list)

    @property
    def frame(self) -> Polygon:
        """The square."""
        return shapely.box(0.0, 0.0, self.size_m, self.size_m)

    def style(self, style: Style) -> int:
        """Register a look and return its index."""
        self.styles.append(style.row())
        return len(self.styles) - 1

    def surface(
        self,
        geometry: shapely.Geometry,
        z: int,
        style: int,
        label: int = KEEP,
        codes: tuple[str, str] | None = None,
        years: int = BOTH,
        tag: str = "",
        info: dict[str, str | float] | None = None,
    ) -> None:
        """Add every polygon part of `geometry`, cut at the frame."""
        clipped = shapely.intersection(geometry, self.frame)
        cs, us = codes if codes else (None, None)
        for part in shapely.get_parts(clipped):
            if part.geom_type == "Polygon" and part.area > 0.02:
                self.surfaces.append(Surface(part, z, style, label, cs, us, years, tag, info or {}))

    def block(self, row: tuple[float, ...], years: int = BOTH, building: int = -1) -> None:
        """Add a block; see `Block.row`."""
        self.blocks.append(Block(row, years, building))

    def plant(
        self, xy: F64, radius: F64, height: F64, kind: Plant, styles: F64, label: int, years: int = BOTH
    ) -> None:
        """Add crowns; every argument array has one row per crown."""
        n = len(xy)
        if n:
            columns = (xy[:, 0], xy[:, 1], radius, height, np.full(n, kind), styles, np.full(n, label))
            self.trees.append(np.column_stack(columns).astype(np.float64))
            self.tree_years.append(years)
