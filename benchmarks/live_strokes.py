# SPDX-License-Identifier: GPL-2.0-or-later
"""Strokes as a person paints them, of a truth that is known: into the largest fault, not to its edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

WIDTH_PX, LENGTH_PX = 9, 60
DIRECTIONS = 12
SMALLEST_FAULT_PX = 50


def next_stroke(labels: NDArray[np.uint8], value: NDArray[np.uint8], truth: NDArray[np.uint8]) -> bool:
    """Paint one stroke into `labels` where `value` is most wrong; False where hardly anything is."""
    region = _largest_fault(value != truth, truth)
    if region is None:
        return False
    depth = ndimage.distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]
    start = np.unravel_index(int(depth.argmax()), depth.shape)
    path = _path(depth, start)
    far = np.ones(region.shape, bool)
    far[tuple(np.array(path).T)] = False
    reach = min(WIDTH_PX / 2, max(1.0, 0.7 * float(depth[start])))
    painted = (ndimage.distance_transform_edt(far) <= reach) & region
    labels[painted] = truth[start]
    return True


def _largest_fault(wrong: NDArray[np.bool_], truth: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    best, most = None, SMALLEST_FAULT_PX
    for value in np.unique(truth[wrong]):
        numbered, _ = ndimage.label(wrong & (truth == value))
        sizes = np.bincount(numbered.ravel())
        sizes[0] = 0
        if sizes.max() > most:
            best, most = numbered == sizes.argmax(), int(sizes.max())
    return best


def _path(depth: NDArray[np.float64], start: tuple[np.intp, ...]) -> list[tuple[int, int]]:
    """The longest straight way through `start` that stays inside."""
    y, x = int(start[0]), int(start[1])
    best: list[tuple[int, int]] = []
    for angle in np.linspace(0, np.pi, DIRECTIONS, endpoint=False):
        way = []
        for sign in (1, -1):
            for step in range(1, LENGTH_PX // 2):
                place = round(y + sign * step * np.sin(angle)), round(x + sign * step * np.cos(angle))
                if (
                    not (0 <= place[0] < depth.shape[0] and 0 <= place[1] < depth.shape[1])
                    or depth[place] < 2
                ):
                    break
                way.append(place)
        best = max(best, way, key=len)
    return [(y, x), *best]
