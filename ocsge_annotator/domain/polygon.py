# SPDX-License-Identifier: GPL-2.0-or-later
"""The pixels of a polygon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocsge_annotator.domain.pixels import PixelPoint, Region, Shape, clip_window


def fill_polygon(shape: Shape, vertices: Sequence[PixelPoint]) -> Region | None:
    """Pixels whose centre is inside a polygon, by the even-odd rule, exact on pixel centres.

    A centre on a left or top edge is inside, on a right or bottom edge outside: two polygons that share an
    edge neither overlap nor leave a gap along it.

    Args:
        shape: size of the patch.
        vertices: at least three, closed by itself; may leave the patch and cross itself.

    Returns:
        The pixels inside the patch, None where there is none.
    """
    if len(vertices) < 3:
        return None
    ring = np.asarray(vertices, dtype=np.float64)
    window = clip_window(shape, ring[:, 1].min(), ring[:, 0].min(), ring[:, 1].max(), ring[:, 0].max())
    if window is None:
        return None
    # One more column takes the crossings right of the window.
    toggles = np.zeros((window.height, window.width + 1), dtype=np.int32)
    centres_y = np.arange(window.row, window.row + window.height) + 0.5
    for x0, y0, x1, y1 in np.hstack([ring, np.roll(ring, -1, axis=0)]):
        rows = np.flatnonzero((centres_y >= min(y0, y1)) & (centres_y < max(y0, y1)))
        if not rows.size:
            continue
        x = x0 + (centres_y[rows] - y0) * (x1 - x0) / (y1 - y0)
        cols = np.clip(np.ceil(x - 0.5).astype(np.int64) - window.col, 0, window.width)
        toggles[rows, cols] += 1  # one edge crosses a row once: no index occurs twice
    mask = (np.cumsum(toggles, axis=1)[:, :-1] % 2).astype(bool)
    return Region(window, mask) if mask.any() else None
