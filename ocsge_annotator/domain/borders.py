# SPDX-License-Identifier: GPL-2.0-or-later
"""Where one label meets another."""

from __future__ import annotations

import numpy as np

from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow


def border_mask(labels: Labels, window: PixelWindow) -> Mask:
    """Pixels of a window that have another label above, below, left or right; the patch's edge is no border.

    Args:
        labels: (H, W) of the whole patch.
        window: part of it.
    """
    around = window.grown(1, labels.shape)
    part = labels[around.slices]
    mask = np.zeros(part.shape, dtype=bool)
    down, right = part[1:] != part[:-1], part[:, 1:] != part[:, :-1]
    mask[1:] |= down
    mask[:-1] |= down
    mask[:, 1:] |= right
    mask[:, :-1] |= right
    top, left = window.row - around.row, window.col - around.col
    return mask[top : top + window.height, left : left + window.width]
