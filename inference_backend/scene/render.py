# SPDX-License-Identifier: GPL-2.0-or-later
"""From a plan to pixels: any window of it, at one date, so that memory does not grow with the commune."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.scene import light, stamps
from inference_backend.scene.classes import HERB
from inference_backend.scene.plan import YEARS, Plan

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
_TALLEST_M = 32.0
_MARGIN_PX = 4


@dataclass(frozen=True)
class Camera:
    """Light and radiometry of one flight.

    Attributes:
        sun: unit vector towards the sun (east, north, up).
        sky: share of diffuse light per band.
        gain, haze: per band, linear.
        season: factor per band on what grows.
        saturation: of the visible bands, 1 keeps the colours of the ground.
        gamma: of the tone curve.
        blur: weight of a neighbour in the lens blur.
        noise: of the sensor, linear.
        salt: of the noise.
    """

    sun: F64
    sky: F64
    gain: F64
    haze: F64
    season: F64
    saturation: float
    gamma: float
    blur: float
    noise: float
    salt: int

    @classmethod
    def of(cls, seed: int, year: int) -> Camera:
        """The flight of one seed and date: afternoon or morning, hazy or clear, warm or cold."""
        rng = np.random.default_rng([seed, year, 41])
        azimuth, elevation = math.radians(180 + rng.uniform(-48, 48)), math.radians(rng.uniform(36, 58))
        flat = math.cos(elevation)
        sun = np.array([math.sin(azimuth) * flat, math.cos(azimuth) * flat, math.sin(elevation)])
        sky = np.array([0.15, 0.19, 0.26, 0.10]) * rng.uniform(0.8, 1.45)
        gain = rng.uniform(0.92, 1.3) * (1.0 + rng.normal(0, 0.035, 4))
        haze = np.array([0.012, 0.017, 0.019, 0.006]) * rng.uniform(0.4, 1.7)
        season = np.exp(rng.normal(0.0, 1.0, 4) * np.array([0.10, 0.06, 0.09, 0.12]))
        return cls(
            sun=sun,
            sky=sky,
            gain=gain,
            haze=haze,
            season=season,
            saturation=float(rng.uniform(0.5, 0.86)),
            gamma=float(rng.uniform(1.95, 2.35)),
            blur=float(rng.uniform(0.14, 0.34)),
            noise=float(rng.uniform(0.008, 0.022)),
            salt=int(rng.integers(1 << 20)),
        )

    def tone(self) -> U8:
        """Look-up table of the tone curve."""
        return np.round(255.0 * (np.arange(4096) / 4095.0) ** (1.0 / self.gamma)).astype(np.uint8)


@dataclass(frozen=True)
class Tile:
    """Pixels of a window: bands (4, h, w) uint8, height (h, w) float32 in m, labels (h, w) uint8."""

    bands: U8
    height_m: F32
    labels: U8


class YearRenderer:
    """Renders windows of a plan at one date; safe to use from several threads.

    Args:
        plan: the commune.
        year: one of `plan.YEARS`.
        pixel_m: side of a pixel, m.
    """

    def __init__(self, plan: Plan, year: int, pixel_m: float) -> None:
        self._pixel_m, self._size_px = pixel_m, round(plan.size_m / pixel_m)
        self._top_m = plan.size_m
        self._camera = Camera.of(plan.seed, year)
        self._table = _in_season(np.array(plan.styles, dtype=np.float64), self._camera.season)
        mask = 1 << YEARS.index(year)
        self._pack_surfaces(plan, mask)
        rows = [b.row for b in plan.blocks if b.years & mask]
        self._blocks = np.array(rows, dtype=np.float64).reshape(-1, 11)
        self._block_tree = _circle_tree(self._blocks[:, :2], np.hypot(self._blocks[:, 4], self._blocks[:, 5]))
        crowns = [t for t, years in zip(plan.trees, plan.tree_years, strict=True) if years & mask]
        self._crowns = np.concatenate(crowns) if crowns else np.empty((0, 7))
        self._crown_tree = _circle_tree(self._crowns[:, :2], self._crowns[:, 2] * 1.3)

    def _pack_surfaces(self, plan: Plan, mask: int) -> None:
        """Lay the polygons of the date out as flat arrays, in drawing order."""
        here = sorted((s for s in plan.surfaces if s.years & mask), key=lambda s: s.z)
        shapes = np.array([s.geometry for s in here], dtype=object)
        _, coords, (ring_offsets, polygon_offsets) = shapely.to_ragged_array(shapes)
        self._coords = np.ascontiguousarray(coords[:, :2])
        self._rings = ring_offsets.astype(np.int32)
        self._polygons = polygon_offsets.astype(np.int32)
        self._look = np.array([s.style for s in here], dtype=np.int32)
        self._label = np.array([s.label for s in here], dtype=np.int32)
        self._surface_tree = shapely.STRtree(shapes)

    def window(self, row: int, col: int, height_px: int, width_px: int) -> Tile:
        """Render one window, the same whatever the windows around it.

        Args:
            row: first row.
            col: first column.
            height_px: rows.
            width_px: columns.
        """
        camera, px = self._camera, self._pixel_m
        reach = _TALLEST_M / math.tan(math.asin(camera.sun[2])) / px
        flat = math.hypot(camera.sun[0], camera.sun[1])
        east, north = camera.sun[0] / flat, camera.sun[1] / flat
        # Shadows come from the south; sideways the reach is that of the azimuth.
        below = _MARGIN_PX + math.ceil(reach * max(0.0, -north))
        west_px = _MARGIN_PX + math.ceil(reach * max(0.0, -east))
        east_px = _MARGIN_PX + math.ceil(reach * max(0.0, east))
        shape = (height_px + _MARGIN_PX + below, width_px + west_px + east_px)
        x0, y0 = (col - west_px) * px, self._top_m - (row - _MARGIN_PX) * px
        sty, lab, hgt, shade = self._objects(shape, x0, y0)
        lit = np.empty(shape, np.float32)
        run = math.hypot(1.0, east / north) * px
        light.cast_shadow(hgt, lit, -east / north, 1.0, run * camera.sun[2] / flat, px)
        linear = np.empty((*shape, 4), np.float32)
        light.radiance(sty, hgt, lit, shade, self._table, camera.sun, camera.sky, x0, y0, px, linear)
        bands = np.empty((4, height_px, width_px), np.uint8)
        light.expose(
            linear,
            camera.gain,
            camera.haze,
            camera.tone(),
            camera.saturation,
            camera.blur,
            camera.noise,
            camera.salt,
            _MARGIN_PX,
            west_px,
            row,
            col,
            bands,
        )
        inner = (slice(_MARGIN_PX, _MARGIN_PX + height_px), slice(west_px, west_px + width_px))
        surface = np.empty((height_px, width_px), np.float32)
        light.survey(hgt, _MARGIN_PX, west_px, row, col, camera.salt, surface)
        return Tile(bands, surface, lab[inner].copy())

    def _objects(self, shape: tuple[int, int], x0: float, y0: float) -> tuple[I32, U8, F32, F32]:
        """Style, label, height and own shade of every pixel of a window."""
        px = self._pixel_m
        frame = shapely.box(x0, y0 - shape[0] * px, x0 + shape[1] * px, y0)
        sty, lab = np.zeros(shape, np.int32), np.full(shape, HERB, np.uint8)
        hgt, shade = np.zeros(shape, np.float32), np.ones(shape, np.float32)
        chosen = _sorted_hits(self._surface_tree, frame)
        stamps.fill_polygons(
            self._coords, self._rings, self._polygons, chosen, self._look, self._label, sty, lab, x0, y0, px
        )
        light.add_relief(sty, hgt, self._table, x0, y0, px)
        stamps.stamp_blocks(self._blocks, _sorted_hits(self._block_tree, frame), sty, lab, hgt, x0, y0, px)
        stamps.stamp_crowns(
            self._crowns, _sorted_hits(self._crown_tree, frame), sty, lab, hgt, shade, x0, y0, px
        )
        return sty, lab, hgt, shade


def _in_season(table: F64, season: F64) -> F64:
    """Styles with the leaves of the date: a plant is what reflects far more infrared than red."""
    for first in (7, 11):
        grows = table[:, first + 3] > 1.6 * table[:, first]
        table[grows, first : first + 4] *= season
    return table


def _circle_tree(centres: F64, radii: F64) -> shapely.STRtree:
    boxes = shapely.box(
        centres[:, 0] - radii, centres[:, 1] - radii, centres[:, 0] + radii, centres[:, 1] + radii
    )
    return shapely.STRtree(boxes)


def _sorted_hits(tree: shapely.STRtree, frame: shapely.Geometry) -> I32:
    hits: I32 = np.sort(tree.query(frame)).astype(np.int32)
    return hits
