# SPDX-License-Identifier: GPL-2.0-or-later
"""COCO's run lengths: column after column, the first run being of zeros.

Source: the format of the COCO data set, in both of its writings: a list of lengths, and a text in which each
length (from the fourth on, its difference to the one two before) is a little-endian number of five bits a
character, with a sixth for "more to come", from character 48 on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

FIRST_CHARACTER = 48


def region_runs(index: NDArray[np.int32], count: int) -> Iterator[list[int]]:
    """Run lengths of each area of an index, in one pass over it.

    Args:
        index: (H, W), areas from 1 on, 0 elsewhere.
        count: number of areas.
    """
    flat = index.T.ravel()
    edges = np.flatnonzero(np.diff(flat)) + 1
    starts = np.concatenate(([0], edges))
    lengths = np.diff(np.concatenate((starts, [flat.size])))
    owners = flat[starts]
    order = np.argsort(owners, kind="stable")
    bounds = np.searchsorted(owners[order], np.arange(1, count + 2))
    for area in range(count):
        runs = order[bounds[area] : bounds[area + 1]]
        yield _lengths(starts[runs], lengths[runs], flat.size)


def _lengths(starts: NDArray[np.int64], lengths: NDArray[np.int64], size: int) -> list[int]:
    ends = starts + lengths
    gaps = starts - np.concatenate(([0], ends[:-1]))
    pairs = np.stack([gaps, lengths], axis=1).ravel().tolist()
    return [*pairs, size - int(ends[-1])] if len(ends) and ends[-1] < size else pairs


def fill_runs(counts: Sequence[int], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W), whether each pixel is inside.

    Raises:
        ValueError: the lengths do not add up to the image.
    """
    lengths = np.asarray(counts, dtype=np.int64)
    height, width = shape
    if lengths.sum() != height * width or (lengths < 0).any():
        raise ValueError(f"runs of {lengths.sum()} pixels for {height} x {width}")
    inside = np.zeros(len(lengths), dtype=bool)
    inside[1::2] = True
    return np.repeat(inside, lengths).reshape(width, height).T


def encode_text(counts: Sequence[int]) -> str:
    """The short writing of run lengths."""
    text = bytearray()
    for position, count in enumerate(counts):
        number = count - counts[position - 2] if position > 2 else count
        while True:
            bits = number & 0x1F
            number >>= 5
            more = number != (-1 if bits & 0x10 else 0)
            text.append((bits | 0x20 if more else bits) + FIRST_CHARACTER)
            if not more:
                break
    return text.decode("ascii")


def decode_text(text: str) -> list[int]:
    """Inverse of `encode_text`.

    Raises:
        ValueError: not such a text.
    """
    counts: list[int] = []
    position = 0
    while position < len(text):
        number = shift = 0
        while True:
            if position == len(text):
                raise ValueError("the run lengths are cut off")
            bits = ord(text[position]) - FIRST_CHARACTER
            if not 0 <= bits < 64:
                raise ValueError(f"character {text[position]!r} in run lengths")
            position += 1
            number |= (bits & 0x1F) << shift
            shift += 5
            if not bits & 0x20:
                break
        if bits & 0x10:
            number |= -1 << shift
        counts.append(number + counts[-2] if len(counts) > 2 else number)
    return counts
