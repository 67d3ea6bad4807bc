# SPDX-License-Identifier: GPL-2.0-or-later
"""Connected areas of one class, as runs of pixels: what COCO calls an object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


@dataclass(frozen=True)
class Regions:
    """The areas of a mask.

    Attributes:
        index: (H, W) int32, from 1; 0 where nothing is labelled.
        values: (R,) class of each area.
        boxes: (R, 4) left, top, width, height, px.
        areas: (R,) px.
    """

    index: NDArray[np.int32]
    values: NDArray[np.int64]
    boxes: NDArray[np.int64]
    areas: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.values)


def find_regions(mask: NDArray[np.uint8], unlabelled: int) -> Regions:
    """Areas of one class whose pixels share sides, class by class, from top to bottom.

    Args:
        mask: (H, W).
        unlabelled: value that is no class.
    """
    index = np.zeros(mask.shape, dtype=np.int32)
    values: list[int] = []
    for value in np.unique(mask):
        if value == unlabelled:
            continue
        found, count = ndimage.label(mask == value)
        index[found > 0] = found[found > 0] + len(values)
        values += [int(value)] * count
    boxes = [
        (columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
        for rows, columns in ndimage.find_objects(index)
    ]
    areas = np.bincount(index.ravel(), minlength=len(values) + 1)[1:]
    return Regions(
        index,
        np.array(values, dtype=np.int64),
        np.array(boxes, dtype=np.int64).reshape(-1, 4),
        areas.astype(np.int64),
    )
