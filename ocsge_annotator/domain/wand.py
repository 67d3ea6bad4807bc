# SPDX-License-Identifier: GPL-2.0-or-later
"""The magic wand: connected pixels whose colour is near that of the one pointed at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow, Region
from ocsge_annotator.domain.runs import connected_region

Colours = npt.NDArray[np.uint8]
"""(B, H, W) uint8, as the screen shows them."""

MAX_TOLERANCE = 255


class Wand:
    """Colour distances to one pixel; asked for region after region while the mouse moves.

    Args:
        colours: of the patch, (B, H, W) uint8.
        seed: the pixel pointed at, inside the patch.
    """

    def __init__(self, colours: Colours, seed: PixelPoint) -> None:
        self._row, self._col = int(seed.y), int(seed.x)
        self._distance = _largest_difference(_soften(colours), self._row, self._col)

    def region(self, tolerance: int, *, is_connected: bool = True) -> Region:
        """Pixels that differ from the seed by at most `tolerance` in every band, the seed among them.

        Args:
            tolerance: 0..255, of the colours shown.
            is_connected: only those connected to the seed, or all of the patch.
        """
        near = self._distance <= tolerance
        near[self._row, self._col] = True
        if is_connected:
            return connected_region(near.view(np.uint8), self._row, self._col)
        return _trimmed(near)


def _soften(colours: Colours) -> Colours:
    """Mean over 3 x 3 px: sensor noise would break every region into dust."""
    padded = np.pad(colours, ((0, 0), (1, 1), (1, 1)), mode="edge").astype(np.uint16)
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    mean: Colours = ((rows[..., :-2] + rows[..., 1:-1] + rows[..., 2:]) // 9).astype(np.uint8)
    return mean


def _largest_difference(colours: Colours, row: int, col: int) -> npt.NDArray[np.uint8]:
    """(H, W) largest difference of a band to that of the seed."""
    largest = np.zeros(colours.shape[1:], dtype=np.uint8)
    for band in colours:
        seed = band[row, col]
        np.maximum(largest, np.maximum(band, seed) - np.minimum(band, seed), out=largest)
    return largest


def _trimmed(mask: npt.NDArray[np.bool_]) -> Region:
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    window = PixelWindow(int(rows[0]), int(cols[0]), int(rows[-1] - rows[0]) + 1, int(cols[-1] - cols[0]) + 1)
    return Region(window, mask[window.slices])
