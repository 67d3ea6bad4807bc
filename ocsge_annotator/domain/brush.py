# SPDX-License-Identifier: GPL-2.0-or-later
"""What a round brush covers while it moves."""

from __future__ import annotations

import numpy as np

from ocsge_annotator.domain.pixels import PixelPoint, Region, Shape, clip_window

MIN_SIZE_PX = 1
MAX_SIZE_PX = 256


def brush_segment(shape: Shape, start: PixelPoint, end: PixelPoint, size_px: int) -> Region | None:
    """Pixels whose centre lies under a disc sliding from `start` to `end`: no gap, however fast the mouse.

    A brush of one pixel is snapped to pixel centres, since a disc of half a pixel can miss every centre.

    Args:
        shape: size of the patch.
        start: previous position of the brush.
        end: its new position.
        size_px: diameter of the disc.

    Returns:
        The pixels inside the patch, None where there is none.
    """
    radius = size_px / 2
    if size_px <= 1:
        start, end = _centre_under(start), _centre_under(end)
    window = clip_window(
        shape,
        min(start.y, end.y) - radius,
        min(start.x, end.x) - radius,
        max(start.y, end.y) + radius,
        max(start.x, end.x) + radius,
    )
    if window is None:
        return None
    x = np.arange(window.col, window.col + window.width)[None, :] + 0.5 - start.x
    y = np.arange(window.row, window.row + window.height)[:, None] + 0.5 - start.y
    along_x, along_y = end.x - start.x, end.y - start.y
    length2 = along_x**2 + along_y**2
    share = np.clip((x * along_x + y * along_y) / length2, 0.0, 1.0) if length2 > 0 else np.zeros((1, 1))
    mask = (x - share * along_x) ** 2 + (y - share * along_y) ** 2 <= radius**2 + 1e-9
    return Region(window, mask) if mask.any() else None


def _centre_under(point: PixelPoint) -> PixelPoint:
    return PixelPoint(float(np.floor(point.x)) + 0.5, float(np.floor(point.y)) + 0.5)


def next_size(size_px: int, steps: int) -> int:
    """Brush size after `steps` notches of the wheel: a quarter more or less each, at least one pixel."""
    for _ in range(abs(steps)):
        if steps > 0:
            size_px = max(size_px + 1, round(size_px * 1.25))
        else:
            size_px = min(size_px - 1, round(size_px / 1.25))
    return min(MAX_SIZE_PX, max(MIN_SIZE_PX, size_px))
