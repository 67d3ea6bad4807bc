# SPDX-License-Identifier: GPL-2.0-or-later
"""A mask as outlines that, painted in their order, give the mask back.

YOLO's polygons have no holes: what lies in a hole is painted later. Areas come from the largest outline to
the smallest, as their readers paint them too. Only pixels without label cannot be painted; an area around
some is cut in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inference_backend.datasets.outlines import fill_outline, trace_outline
from inference_backend.datasets.regions import find_regions

DIGITS = 7
"""Decimals of a share of the image: a thousandth of a pixel in images of 10,000."""


@dataclass(frozen=True)
class Outline:
    """One polygon.

    Attributes:
        value: class.
        points: (N, 2) columns and rows, px.
        filled_px: pixels inside and on it.
    """

    value: int
    points: NDArray[np.int64]
    filled_px: int


def outlines_of(mask: NDArray[np.uint8], unlabelled: int) -> list[Outline]:
    """Outlines in the order of painting.

    Args:
        mask: (H, W).
        unlabelled: value that is no class.
    """
    regions = find_regions(mask, unlabelled)
    blank = mask == unlabelled
    found = []
    for position, (left, top, width, height) in enumerate(regions.boxes.tolist()):
        box = np.s_[top : top + height, left : left + width]
        inside = regions.index[box] == position + 1
        for points, filled_px in _pieces(inside, blank[box]):
            found.append(Outline(int(regions.values[position]), points + np.array([left, top]), filled_px))
    return sorted(found, key=lambda outline: -outline.filled_px)


def _pieces(inside: NDArray[np.bool_], blank: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Outlines (in the box) whose fill takes no blank pixel."""
    points = trace_outline(inside)
    filled = fill_outline(points, inside.shape)
    caught = filled & blank
    if not caught.any():
        yield points, int(filled.sum())
        return
    row = int(np.argwhere(caught)[0, 0])
    for start, stop in ((0, row), (row, row + 1), (row + 1, len(inside))):
        part = inside[start:stop]
        labelled, count = ndimage.label(part)
        for index in range(1, count + 1):
            for piece, filled_px in _pieces(labelled == index, blank[start:stop]):
                yield piece + np.array([0, start]), filled_px


def paint(
    outlines: list[tuple[int, NDArray[np.int64]]], shape: tuple[int, int], unlabelled: int
) -> NDArray[np.uint8]:
    """(H, W) uint8 of values, painted from the largest outline to the smallest.

    Args:
        outlines: value and (N, 2) columns and rows.
        shape: of the image.
        unlabelled: value where nothing is painted.
    """
    mask = np.full(shape, unlabelled, dtype=np.uint8)
    filled = [(value, fill_outline(points, shape)) for value, points in outlines]
    for value, pixels in sorted(filled, key=lambda item: -int(item[1].sum())):
        mask[pixels] = value
    return mask


def write_line(index: int, points: NDArray[np.int64], shape: tuple[int, int]) -> str:
    """One line of a label file: class index, then x and y of each point as shares of the image."""
    height, width = shape
    shares = (points + 0.5) / (width, height)
    return " ".join([str(index), *(f"{share:.{DIGITS}f}" for share in shares.ravel())])


def read_line(line: str, shape: tuple[int, int]) -> tuple[int, NDArray[np.int64]]:
    """Inverse of `write_line`.

    Raises:
        ValueError: not a line of a polygon.
    """
    words = line.split()
    shares = np.array([float(word) for word in words[1:]])
    if len(shares) < 6 or len(shares) % 2:
        raise ValueError(f"{len(shares)} numbers are no polygon")
    height, width = shape
    points = np.floor(shares.reshape(-1, 2) * (width, height)).astype(np.int64)
    return int(words[0]), np.clip(points, 0, (width - 1, height - 1))
