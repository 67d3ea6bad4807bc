# SPDX-License-Identifier: GPL-2.0-or-later
"""Noise that depends on the place on the ground alone, so that tiles fit together without a seam."""

from __future__ import annotations

import numpy as np
from numba import njit

_MASK = np.uint32(0xFFFFFFFF)


@njit(cache=True, nogil=True, error_model="numpy")
def hash01(ix: int, iy: int, salt: int) -> float:
    """Uniform number in [0, 1) of an integer place."""
    h = np.uint32(ix) * np.uint32(374761393) + np.uint32(iy) * np.uint32(668265263)
    h = np.uint32(h + np.uint32(salt) * np.uint32(2246822519))
    h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(1274126177))
    h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(2654435761))
    return float((h ^ (h >> np.uint32(15))) & np.uint32(0xFFFFFF)) / 16777216.0


@njit(cache=True, nogil=True, error_model="numpy")
def value_noise(x: float, y: float, salt: int) -> float:
    """Smooth noise in [0, 1) with a lattice of one unit."""
    fx, fy = np.floor(x), np.floor(y)
    ix, iy = int(fx), int(fy)
    tx, ty = x - fx, y - fy
    tx, ty = tx * tx * (3.0 - 2.0 * tx), ty * ty * (3.0 - 2.0 * ty)
    a, b = hash01(ix, iy, salt), hash01(ix + 1, iy, salt)
    c, d = hash01(ix, iy + 1, salt), hash01(ix + 1, iy + 1, salt)
    low = a + (b - a) * tx
    return float(low + (c + (d - c) * tx - low) * ty)


@njit(cache=True, nogil=True, error_model="numpy")
def fractal(x: float, y: float, salt: int, octaves: int) -> float:
    """Sum of octaves of `value_noise`, in [0, 1)."""
    total, amplitude, norm = 0.0, 1.0, 0.0
    for k in range(octaves):
        total += amplitude * value_noise(x, y, salt + k)
        norm += amplitude
        amplitude *= 0.55
        x, y = x * 2.03 + 17.1, y * 2.03 - 9.3
    return total / norm
