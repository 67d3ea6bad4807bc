# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiled loops that put polygons, blocks and crowns onto a tile: style, label, height, own shade.

World coordinates: x of a pixel centre is `x0 + (col + 0.5) * px`, y is `y0 - (row + 0.5) * px`.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.scene.noise import hash01, value_noise

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
_KEEP = 254


@njit(cache=True, nogil=True, error_model="numpy")
def fill_polygons(
    coords: F64,
    rings: I32,
    polygons: I32,
    chosen: I32,
    look: I32,
    label: I32,
    sty: I32,
    lab: U8,
    x0: float,
    y0: float,
    px: float,
) -> None:
    """Fill polygons in the order of `chosen` by even-odd scanlines.

    Args:
        coords: (n, 2) vertices of closed rings, m.
        rings: first vertex of each ring, and one end mark.
        polygons: first ring of each polygon, and one end mark.
        chosen: polygons to draw.
        look: style index per polygon.
        label: class per polygon, 254 keeps the one beneath.
        sty: (H, W) written.
        lab: (H, W) written.
        x0: west edge, m.
        y0: north edge, m.
        px: pixel side, m.
    """
    rows, cols = sty.shape
    cross = np.empty(4096, np.float64)
    for p in chosen:
        first, last = rings[polygons[p]], rings[polygons[p + 1]]
        ymin, ymax = 1e18, -1e18
        for k in range(first, last):
            ymin, ymax = min(ymin, coords[k, 1]), max(ymax, coords[k, 1])
        r0 = max(0, int(np.floor((y0 - ymax) / px - 0.5)))
        r1 = min(rows - 1, int(np.ceil((y0 - ymin) / px - 0.5)))
        for r in range(r0, r1 + 1):
            y = y0 - (r + 0.5) * px
            n = 0
            for ring in range(polygons[p], polygons[p + 1]):
                for k in range(rings[ring], rings[ring + 1] - 1):
                    ya, yb = coords[k, 1], coords[k + 1, 1]
                    if (ya <= y) != (yb <= y) and n < 4096:
                        xa = coords[k, 0]
                        cross[n] = xa + (y - ya) * (coords[k + 1, 0] - xa) / (yb - ya)
                        n += 1
            for i in range(1, n):
                value, j = cross[i], i - 1
                while j >= 0 and cross[j] > value:
                    cross[j + 1] = cross[j]
                    j -= 1
                cross[j + 1] = value
            for i in range(0, n - 1, 2):
                c0 = max(0, int(np.ceil((cross[i] - x0) / px - 0.5)))
                c1 = min(cols - 1, int(np.ceil((cross[i + 1] - x0) / px - 0.5)) - 1)
                for c in range(c0, c1 + 1):
                    sty[r, c] = look[p]
                    if label[p] != _KEEP:
                        lab[r, c] = label[p]


@njit(cache=True, nogil=True, error_model="numpy")
def _roof_height(
    shape: int, a: float, b: float, length: float, width: float, eave: float, slope: float
) -> float:
    """Height above ground at (a, b) from the centre, along and across the ridge; negative outside."""
    if abs(a) > length or abs(b) > width:
        return -1.0
    if shape == 0:
        edge = min(length - abs(a), width - abs(b))
        return eave + (0.5 if edge < 0.4 else 0.0)
    if shape == 1:
        return eave + slope * (width - abs(b))
    if shape == 2:
        return eave + slope * min(width - abs(b), (length - abs(a)) * 1.1)
    if shape == 3:
        t = ((b + width) / 6.4) % 1.0 * 2.0 - 1.0
        return eave + 1.4 * math.sqrt(max(0.0, 1.0 - t * t))
    if shape == 4:
        t = ((a + length) / 9.0) % 1.0
        return eave + 2.2 * (t if t < 0.85 else (1.0 - t) * 5.6)
    if shape == 5 or shape == 7:
        edge = min(length - abs(a), width - abs(b))
        return eave * (0.75 + 0.25 * min(1.0, edge / max(0.25 * width, 0.05)))
    d = (a * a + b * b) / (width * width)
    return eave + slope * width * (1.0 - math.sqrt(d)) if d <= 1.0 else -1.0


@njit(cache=True, nogil=True, error_model="numpy")
def stamp_blocks(
    blocks: F64, chosen: I32, sty: I32, lab: U8, hgt: F32, x0: float, y0: float, px: float
) -> None:
    """Raise blocks; where two overlap the higher one wins, and a block on top adds to what is there."""
    rows, cols = sty.shape
    for k in chosen:
        cx, cy, cos, sin = blocks[k, 0], blocks[k, 1], blocks[k, 2], blocks[k, 3]
        length, width, eave, slope = blocks[k, 4], blocks[k, 5], blocks[k, 6], blocks[k, 7]
        shape, look, label = int(blocks[k, 8]), int(blocks[k, 9]), int(blocks[k, 10])
        reach = np.sqrt(length * length + width * width)
        r0, r1 = max(0, int((y0 - cy - reach) / px)), min(rows - 1, int((y0 - cy + reach) / px))
        c0, c1 = max(0, int((cx - reach - x0) / px)), min(cols - 1, int((cx + reach - x0) / px))
        for r in range(r0, r1 + 1):
            dy = y0 - (r + 0.5) * px - cy
            for c in range(c0, c1 + 1):
                dx = x0 + (c + 0.5) * px - cx
                h = _roof_height(shape, dx * cos + dy * sin, dy * cos - dx * sin, length, width, eave, slope)
                if h < 0.0:
                    continue
                if shape == 7:
                    h += hgt[r, c]
                if h > hgt[r, c]:
                    hgt[r, c] = h
                    sty[r, c] = look
                    if label != _KEEP:
                        lab[r, c] = label


@njit(cache=True, nogil=True, error_model="numpy")
def stamp_crowns(
    trees: F64, chosen: I32, sty: I32, lab: U8, hgt: F32, shade: F32, x0: float, y0: float, px: float
) -> None:
    """Raise crowns with irregular outline and clumps of leaves; `shade` darkens their lower parts."""
    rows, cols = sty.shape
    for k in chosen:
        tx, ty, radius, height = trees[k, 0], trees[k, 1], trees[k, 2], trees[k, 3]
        kind, look, label = int(trees[k, 4]), int(trees[k, 5]), int(trees[k, 6])
        salt = int(tx * 7.0) * 31 + int(ty * 7.0)
        tint = 0.84 + 0.32 * hash01(int(tx * 10), int(ty * 10), 5)
        reach = radius * 1.3
        r0, r1 = max(0, int((y0 - ty - reach) / px)), min(rows - 1, int((y0 - ty + reach) / px))
        c0, c1 = max(0, int((tx - reach - x0) / px)), min(cols - 1, int((tx + reach - x0) / px))
        lobe = max(0.7, radius * 0.55)
        for r in range(r0, r1 + 1):
            y = y0 - (r + 0.5) * px
            for c in range(c0, c1 + 1):
                x = x0 + (c + 0.5) * px
                d = np.sqrt((x - tx) ** 2 + (y - ty) ** 2) / radius
                if d > 1.3:
                    continue
                big = value_noise(x / lobe, y / lobe, salt) - 0.5
                fine = value_noise(x / 0.45, y / 0.45, 77) - 0.5
                if kind == 1:
                    t = d * (1.0 + 0.35 * big + 0.25 * fine)
                    h = height * (1.0 - 0.72 * t) + 0.5 * fine
                    dark = 0.62 + 0.5 * (1.0 - t) + 0.2 * fine
                elif kind == 4:
                    t = d * (1.0 + 0.3 * big)
                    h = height * (1.0 - t) + 0.15 * fine
                    dark = 1.0
                else:
                    t = d * (1.0 + 0.55 * big + 0.18 * fine)
                    dome = np.sqrt(max(0.0, 1.0 - t * t))
                    bumps = (1.1 * big + 0.7 * fine) * min(1.0, radius / 2.5)
                    h = height * (0.42 + 0.58 * dome) + bumps * (1.3 if kind == 0 else 0.6)
                    dark = 0.5 + 0.5 * dome + 0.35 * fine + 0.2 * big
                if t < 1.0 and h > hgt[r, c] and h > 0.0:
                    hgt[r, c] = h
                    sty[r, c] = look
                    shade[r, c] = dark * tint if kind != 4 else 1.0
                    if label != _KEEP:
                        lab[r, c] = label
