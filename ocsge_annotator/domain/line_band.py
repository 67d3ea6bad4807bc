# SPDX-License-Identifier: GPL-2.0-or-later
"""The pixels of a line of a given width: a road drawn along its middle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocsge_annotator.domain.pixels import Mask, PixelPoint, PixelWindow, Region, Shape, clip_window


def line_band(shape: Shape, vertices: Sequence[PixelPoint], width_px: float) -> Region | None:
    """Pixels whose centre is at most half of `width_px` from a line; bends are round, both ends cut square.

    A line narrower than a pixel is drawn a pixel wide, so that it is never broken.

    Args:
        shape: size of the patch.
        vertices: of the line, at least two; may leave the patch.
        width_px: of the band.

    Returns:
        The pixels inside the patch, None where there is none.
    """
    points = _without_repeats(vertices)
    if len(points) < 2:
        return None
    half = max(width_px, 1.0) / 2
    x, y = zip(*points)
    window = clip_window(shape, min(y) - half, min(x) - half, max(y) + half, max(x) + half)
    if window is None:
        return None
    mask = np.zeros((window.height, window.width), dtype=bool)
    last = len(points) - 2
    for place, (start, end) in enumerate(zip(points, points[1:])):
        part = clip_window(
            shape,
            min(start.y, end.y) - half,
            min(start.x, end.x) - half,
            max(start.y, end.y) + half,
            max(start.x, end.x) + half,
        )
        if part is not None:
            inner = PixelWindow(part.row - window.row, part.col - window.col, part.height, part.width)
            mask[inner.slices] |= _bar(part, start, end, half, place == 0, place == last)
    return Region(window, mask) if mask.any() else None


def _bar(
    window: PixelWindow, start: PixelPoint, end: PixelPoint, half: float, is_first: bool, is_last: bool
) -> Mask:
    """Pixels near one piece of the line, cut square where the line ends."""
    x = np.arange(window.col, window.col + window.width)[None, :] + 0.5 - start.x
    y = np.arange(window.row, window.row + window.height)[:, None] + 0.5 - start.y
    along_x, along_y = end.x - start.x, end.y - start.y
    share = (x * along_x + y * along_y) / (along_x**2 + along_y**2)
    nearest = np.clip(share, 0.0, 1.0)
    near = (x - nearest * along_x) ** 2 + (y - nearest * along_y) ** 2 <= half**2 + 1e-9
    if is_first:
        near &= share >= 0.0
    if is_last:
        near &= share <= 1.0
    return near


def _without_repeats(vertices: Sequence[PixelPoint]) -> list[PixelPoint]:
    """The vertices without those that lie on the one before: a double click gives two."""
    kept: list[PixelPoint] = []
    for vertex in vertices:
        if not kept or vertex != kept[-1]:
            kept.append(vertex)
    return kept
