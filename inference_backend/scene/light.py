# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiled loops from styles and heights to what a camera records: texture, sun, shadow, lens, noise."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.scene.noise import fractal, hash01, value_noise

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
_ROWS, _VINE, _ROOF, _ASPHALT, _GRAVEL, _WATER, _RIBS, _MEADOW, _DIRT, _DEBRIS, _FLOOR = range(1, 12)


@njit(cache=True, nogil=True, error_model="numpy")
def _vine_cover(v: float, u: float, spacing: float, missing: float, salt: int) -> float:
    """Share of leaves at `v` across and `u` along the rows: 1 on the row's axis, 0 between rows."""
    row = np.floor(v / spacing + 0.5)
    off = abs(v - row * spacing)
    half = 0.26 * spacing * (0.7 + 0.6 * value_noise(u / 0.9, row * 7.3, salt))
    if hash01(int(np.floor(u / 1.1)), int(row), salt) < missing:
        half *= 0.25
    return float(min(1.0, max(0.0, (half - off) / (0.12 * spacing) + 0.5)))


@njit(cache=True, nogil=True, error_model="numpy")
def add_relief(sty: I32, hgt: F32, table: F64, x0: float, y0: float, px: float) -> None:
    """Raise crops and vine rows above the ground where nothing stands yet."""
    rows, cols = sty.shape
    for r in range(rows):
        y = y0 - (r + 0.5) * px
        for c in range(cols):
            s = sty[r, c]
            relief = table[s, 6]
            if relief <= 0.0 or hgt[r, c] > 0.0:
                continue
            x = x0 + (c + 0.5) * px
            if table[s, 0] == _VINE:
                u, v = x * table[s, 1] + y * table[s, 2], y * table[s, 1] - x * table[s, 2]
                hgt[r, c] = relief * _vine_cover(v, u, table[s, 3], table[s, 4], s)
            else:
                hgt[r, c] = relief * (0.85 + 0.3 * value_noise(x / 0.8, y / 0.8, s))


@njit(cache=True, nogil=True, error_model="numpy")
def cast_shadow(hgt: F32, lit: F32, east: float, south: float, fall_m: float, px: float) -> None:
    """Share of sunlight that reaches each pixel, 0..1, from the heights between it and the sun.

    Args:
        hgt: (H, W) m above ground.
        lit: (H, W) written.
        east: columns per row step towards the sun.
        south: 1 where the sun stands in the south.
        fall_m: how much the shadow's edge sinks per row step, m.
        px: pixel side, m.
    """
    rows, cols = hgt.shape
    edge = np.zeros(cols, np.float32)
    fresh = np.zeros(cols, np.float32)
    for step in range(rows):
        r = rows - 1 - step if south > 0 else step
        for c in range(cols):
            f = c + east
            i = int(np.floor(f))
            t = np.float32(f - i)
            left = edge[min(max(i, 0), cols - 1)]
            right = edge[min(max(i + 1, 0), cols - 1)]
            shadow = left + (right - left) * t - np.float32(fall_m)
            h = hgt[r, c]
            lit[r, c] = min(1.0, max(0.0, 1.0 - (shadow - h - 0.05) / 0.35))
            fresh[c] = max(h, shadow)
        edge, fresh = fresh, edge


@njit(cache=True, nogil=True, error_model="numpy")
def _texture(pattern: int, x: float, y: float, t: F64, s: int) -> tuple[float, float]:
    """Share of the second colour, 0..1, and brightness factor at (x, y)."""
    spacing, extra, grain = t[3], t[4], t[5]
    u, v = x * t[1] + y * t[2], y * t[1] - x * t[2]
    fine = hash01(int(np.floor(x * 5.0)), int(np.floor(y * 5.0)), s) - 0.5
    soft = value_noise(x / 0.55, y / 0.55, s) - 0.5
    bright = 1.0 + grain * (1.3 * fine + 1.3 * soft)
    if pattern == _ROWS:
        wobble = 0.25 * (value_noise(x / 9.0, y / 9.0, s) - 0.5)
        wave = 0.5 + 0.5 * np.sin(6.2831853 * (v / spacing + wobble))
        patch = fractal(x / 38.0, y / 38.0, s + 3, 3)
        # Sowing passes are a few metres wide and seldom of one tone.
        lane = hash01(int(np.floor(v / 6.0)), s, 11) - 0.5
        share = 0.42 * wave + 0.9 * (patch - 0.32) + 0.10 * lane
        bright *= 1.0 + 0.22 * (patch - 0.5) + 0.035 * lane
        if extra > 0.0:
            off = abs((v / extra) - np.floor(v / extra + 0.5)) * extra
            if abs(off - 0.9) < 0.24:
                return 1.0, bright * 0.93
        return share, bright
    if pattern == _VINE:
        patch = fractal(x / 30.0, y / 30.0, s + 3, 2)
        return _vine_cover(v, u, spacing, extra, s), bright * (0.88 + 0.24 * patch)
    if pattern == _ROOF:
        streak = value_noise(u / 0.5, v / 2.2, s)
        patch = fractal(x / 3.0, y / 3.0, s, 2)
        return 0.35 * streak + 0.75 * (patch - 0.25), bright * (0.94 + 0.12 * streak)
    if pattern == _ASPHALT:
        patch = fractal(x / 7.0, y / 7.0, s, 3)
        seam = 0.9 if value_noise(x / 1.3, y / 11.0, s + 9) > 0.86 else 1.0
        wear = 0.06 * np.sin(6.2831853 * v / 1.9)
        return 1.3 * (patch - 0.22), bright * seam * (1.0 + wear * (1.0 if extra > 0 else 0.0))
    if pattern == _GRAVEL:
        patch = fractal(x / 5.0, y / 5.0, s, 4)
        return patch, bright * (1.0 + 0.14 * fine)
    if pattern == _WATER:
        slow = fractal(x / 26.0, y / 26.0, s, 3)
        ripple = value_noise(u / 0.8, v / 2.4, s) - 0.5
        return 1.2 * (slow - 0.25), 1.0 + grain * (0.5 * ripple + 0.25 * fine)
    if pattern == _RIBS:
        rib = 0.5 + 0.5 * np.sin(6.2831853 * u / spacing)
        panel = hash01(int(np.floor(u / 5.0)), int(np.floor(v / 11.0)), s) - 0.5
        stain = fractal(x / 9.0, y / 9.0, s, 3)
        return 0.3 * rib + 0.55 * (stain - 0.3), bright * (1.0 + 0.05 * panel)
    if pattern == _MEADOW:
        patch = fractal(x / spacing, y / spacing, s, 5)
        stripe = 0.0
        if extra > 0.0:
            stripe = 0.16 if np.sin(3.14159265 * v / extra) > 0 else -0.16
        tuft = fractal(x / 1.2, y / 1.2, s + 5, 3) - 0.5
        return 1.7 * (patch - 0.25) + stripe, bright * (1.0 + 0.5 * tuft)
    if pattern == _DIRT:
        patch = fractal(x / spacing, y / spacing, s, 5)
        track = value_noise(u / 22.0, v / 1.1, s + 8)
        return 1.5 * (patch - 0.2) + (0.35 if track > 0.74 else 0.0), bright * (0.9 + 0.2 * patch)
    if pattern == _DEBRIS:
        off = abs(v / spacing - np.floor(v / spacing + 0.5)) * spacing
        windrow = max(0.0, 1.0 - off / (1.4 + 1.6 * value_noise(u / 4.0, v / 14.0, s)))
        speck = fractal(x / 1.1, y / 1.1, s, 3)
        patch = fractal(x / 16.0, y / 16.0, s + 4, 3)
        return 1.6 * (patch - 0.3), bright * (1.0 - 0.32 * windrow) * (0.72 + 0.56 * speck)
    if pattern == _FLOOR:
        patch = fractal(x / 3.0, y / 3.0, s, 4)
        return patch, bright * (0.75 + 0.5 * patch)
    return 1.4 * (fractal(x / spacing, y / spacing, s, 4) - 0.2), bright


@njit(cache=True, nogil=True, error_model="numpy")
def radiance(
    sty: I32,
    hgt: F32,
    lit: F32,
    shade: F32,
    table: F64,
    sun: F64,
    sky: F64,
    x0: float,
    y0: float,
    px: float,
    out: F32,
) -> None:
    """Linear light that leaves the ground: (H, W, 4) float32, 1 is a white surface in full sun.

    Args:
        sty: (H, W) row of `table` per pixel.
        hgt: (H, W) m.
        lit: (H, W) share of direct light.
        shade: (H, W) own shade of crowns.
        table: styles, see `plan.Style.row`.
        sun: unit vector towards the sun (east, north, up).
        sky: share of diffuse light per band.
        x0: west edge, m.
        y0: north edge, m.
        px: pixel side, m.
        out: written.
    """
    rows, cols = sty.shape
    for r in range(rows):
        y = y0 - (r + 0.5) * px
        up, down = max(r - 1, 0), min(r + 1, rows - 1)
        for c in range(cols):
            x = x0 + (c + 0.5) * px
            s = sty[r, c]
            t = table[s]
            m, bright = _texture(int(t[0]), x, y, t, s)
            m = min(1.0, max(0.0, m))
            left, right = max(c - 1, 0), min(c + 1, cols - 1)
            gx = (hgt[r, right] - hgt[r, left]) / (2.0 * px)
            gy = (hgt[up, c] - hgt[down, c]) / (2.0 * px)
            # Walls are not roofs: a step of several metres in one pixel must not act as a slope.
            steep = max(abs(gx), abs(gy))
            if steep > 1.4:
                gx, gy = gx * 1.4 / steep, gy * 1.4 / steep
            facing = (sun[2] - gx * sun[0] - gy * sun[1]) / np.sqrt(1.0 + gx * gx + gy * gy) / sun[2]
            sunlit, floor = lit[r, c], 0.0
            if shade[r, c] != 1.0:
                # Leaves let light through: the far side and the depth of a crown are never black.
                sunlit, floor = max(sunlit, 0.14), 0.16
            direct = sunlit * max(floor, facing)
            # Soil moisture and slope make whole areas a little brighter or darker.
            lie = value_noise(x / 130.0, y / 130.0, 901) + 0.5 * value_noise(x / 41.0, y / 41.0, 902)
            f = bright * shade[r, c] * (0.91 + 0.12 * lie)
            for b in range(4):
                colour = t[7 + b] + (t[11 + b] - t[7 + b]) * m
                out[r, c, b] = colour * f * (sky[b] + (1.0 - sky[b]) * direct)


@njit(cache=True, nogil=True, error_model="numpy")
def expose(
    light: F32,
    gain: F64,
    haze: F64,
    lut: U8,
    saturation: float,
    blur: float,
    noise: float,
    salt: int,
    top: int,
    left: int,
    row0: int,
    col0: int,
    out: U8,
) -> None:
    """Record a window of `light` as 8 bits: lens blur, haze, gain, sensor noise, tone.

    Args:
        light: (H, W, 4) linear.
        gain: per band.
        haze: per band, added light.
        lut: tone curve over 0..4095 standing for 0..1.
        saturation: of the visible bands.
        blur: weight of each of the four neighbours; the diagonal ones get its square.
        noise: standard deviation at mid grey, linear.
        salt: of the noise.
        top: first row of the window in `light`.
        left: first column.
        row0: row of the window in the whole image, so that noise is the same whatever the tiling.
        col0: column likewise.
        out: (4, h, w) written.
    """
    rows, cols = light.shape[0], light.shape[1]
    height, width = out.shape[1], out.shape[2]
    seen = np.empty(4, np.float64)
    norm = 1.0 + 4.0 * blur + 4.0 * blur * blur
    for r in range(height):
        i = r + top
        a, z = max(i - 1, 0), min(i + 1, rows - 1)
        for c in range(width):
            j = c + left
            p, q = max(j - 1, 0), min(j + 1, cols - 1)
            grey = hash01(col0 + c, row0 + r, salt) + hash01(col0 + c, row0 + r, salt + 1) - 1.0
            for b in range(4):
                cross = light[a, j, b] + light[z, j, b] + light[i, p, b] + light[i, q, b]
                corner = light[a, p, b] + light[a, q, b] + light[z, p, b] + light[z, q, b]
                seen[b] = gain[b] * (light[i, j, b] + blur * cross + blur * blur * corner) / norm
            luma = 0.32 * seen[0] + 0.52 * seen[1] + 0.16 * seen[2]
            for b in range(4):
                value = seen[b] if b == 3 else luma + saturation * (seen[b] - luma)
                value = max(value, 0.0) + haze[b]
                own = (
                    hash01(col0 + c, row0 + r, salt + 2 + b) + hash01(col0 + c, row0 + r, salt + 6 + b) - 1.0
                )
                value += noise * (0.5 * grey + own) * np.sqrt(0.12 + value)
                out[b, r, c] = lut[min(4095, max(0, int(value * 4095.0)))]


@njit(cache=True, nogil=True, error_model="numpy")
def survey(hgt: F32, top: int, left: int, row0: int, col0: int, salt: int, out: F32) -> None:
    """Height as a surface model gives it: edges a pixel soft, a decimetre of noise.

    Args:
        hgt: (H, W) m, true.
        top: first row of the window in `hgt`.
        left: first column.
        row0: row of the window in the whole image.
        col0: column likewise.
        salt: of the noise.
        out: (h, w) m, written.
    """
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            total = 0.0
            for i in range(r + top - 1, r + top + 2):
                for j in range(c + left - 1, c + left + 2):
                    total += hgt[i, j]
            fine = hash01(col0 + c, row0 + r, salt + 21) + hash01(col0 + c, row0 + r, salt + 22) - 1.0
            slow = value_noise((col0 + c) / 14.0, (row0 + r) / 14.0, salt + 23) - 0.5
            out[r, c] = total / 9.0 + 0.09 * fine + 0.16 * slow
