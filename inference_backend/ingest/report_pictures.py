# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of a repair report as text: the whole layer as PNG, each repair before and after as SVG."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import shapely

from inference_backend.ingest.types import Geometries, Texts

OVERVIEW_PX = 880
PICTURE_PX = 300
SMALLEST_WINDOW_M = 12.0
LARGEST_WINDOW_M = 400.0
BLANK = "#ffffff"
_UNKNOWN = "#b0b0b0"


@dataclass(frozen=True)
class Window:
    """A square or oblong of the ground and its size on the page."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    width_px: int
    height_px: int

    @classmethod
    def around(cls, x: float, y: float, area_m2: float) -> Window:
        """A square in which an area of this size is seen with its neighbours."""
        half = min(max(SMALLEST_WINDOW_M, 3.0 * area_m2**0.5), LARGEST_WINDOW_M) / 2
        return cls(x - half, y - half, x + half, y + half, PICTURE_PX, PICTURE_PX)

    @classmethod
    def of_layer(cls, geometry: Geometries) -> Window:
        """The whole layer, with a margin."""
        xmin, ymin, xmax, ymax = shapely.total_bounds(geometry)
        margin = 0.02 * max(xmax - xmin, ymax - ymin, 1.0)
        width, height = xmax - xmin + 2 * margin, ymax - ymin + 2 * margin
        scale = OVERVIEW_PX / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        return cls(xmin - margin, ymin - margin, xmax + margin, ymax + margin, *size)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Column and row of a place."""
        return (
            (x - self.xmin) / (self.xmax - self.xmin) * self.width_px,
            (self.ymax - y) / (self.ymax - self.ymin) * self.height_px,
        )


def overview_png(window: Window, geometry: Geometries, codes: Texts, colours: dict[str, str]) -> str:
    """The layer in official colours, base64; costs the same for ten polygons and a million."""
    columns, rows = np.arange(window.width_px) + 0.5, np.arange(window.height_px) + 0.5
    x = window.xmin + columns * (window.xmax - window.xmin) / window.width_px
    y = window.ymax - rows * (window.ymax - window.ymin) / window.height_px
    grid_x, grid_y = np.meshgrid(x, y)
    points = shapely.STRtree(shapely.points(grid_x.ravel(), grid_y.ravel()))
    polygon, point = points.query(geometry, predicate="contains")
    names = sorted(colours)
    index = {code: place + 1 for place, code in enumerate(names)}
    number = np.array([index[code] for code in codes], dtype=np.uint8)
    pixels = np.zeros(grid_x.size, np.uint8)
    pixels[point] = number[polygon]
    palette = [BLANK, *(colours[code] for code in names)]
    return base64.b64encode(_png(pixels.reshape(grid_x.shape), palette)).decode("ascii")


def svg_of(
    window: Window,
    geometry: Geometries,
    fill: list[str | None],
    mark: tuple[float, float],
    *,
    see_through: bool,
) -> str:
    """Polygons of a window as an SVG element, with a ring at a place.

    Args:
        window: the ground.
        geometry: (n,) valid geometries near the window.
        fill: their colours, None where unknown.
        mark: x, y.
        see_through: let lower polygons shine through, so that overlaps show.
    """
    opacity = 0.55 if see_through else 0.9
    box = (window.xmin, window.ymin, window.xmax, window.ymax)
    paths = []
    for shape, colour in zip(shapely.clip_by_rect(geometry, *box), fill, strict=True):
        path = _path(window, shape)
        if path:
            paths.append(
                f'<path d="{path}" fill="{colour or _UNKNOWN}" fill-opacity="{opacity}" '
                'fill-rule="evenodd" stroke="#222" stroke-width="0.8"/>'
            )
    column, row = window.pixel(*mark)
    ring = f'<circle cx="{column:.1f}" cy="{row:.1f}" r="14" fill="none" stroke="#d00" stroke-width="2"/>'
    size = f'width="{window.width_px}" height="{window.height_px}"'
    view = f'viewBox="0 0 {window.width_px} {window.height_px}"'
    return f'<svg {size} {view} role="img">{"".join(paths)}{ring}{_scale_bar(window)}</svg>'


def _scale_bar(window: Window) -> str:
    metres = window.xmax - window.xmin
    power = 10.0 ** np.floor(np.log10(metres / 3))
    length = max(step * power for step in (1, 2, 5) if step * power <= metres / 3)
    px = length / metres * window.width_px
    y = window.height_px - 10
    text = f"{length:g} m"
    return (
        f'<path d="M10 {y}h{px:.1f}" stroke="#000" stroke-width="3"/>'
        f'<text x="10" y="{y - 5}" font-size="12">{text}</text>'
    )


def _path(window: Window, shape: shapely.Geometry) -> str:
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
    texts = []
    for ring in rings:
        pixels = [window.pixel(x, y) for x, y in shapely.get_coordinates(ring)]
        texts.append("M" + "L".join(f"{column:.1f} {row:.1f}" for column, row in pixels) + "Z")
    return "".join(texts)


def _png(pixels: np.ndarray, palette: list[str]) -> bytes:
    """A PNG of 8-bit palette indices."""
    height, width = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels], axis=1)
    colours = b"".join(bytes.fromhex(colour.lstrip("#")) for colour in palette)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", colours),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
