# SPDX-License-Identifier: GPL-2.0-or-later
"""Tidying labels: smoother borders, no small gaps, no specks. Unlabelled areas stay unless they are gaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels, Mask
from ocsge_annotator.domain.runs import Indices, find_components

_SHIFTS = ((0, 1), (0, -1), (1, 0), (-1, 0))
_NO_COMPONENT = -1


def smooth(labels: Labels, radius_px: int) -> Labels:
    """Each labelled pixel takes the commonest label of the square around it; on a draw it keeps its own.

    Args:
        labels: (H, W) uint8.
        radius_px: half the side of the square, 1 for 3 x 3 px.
    """
    best = labels.copy()
    most = np.zeros(labels.shape, dtype=np.int32)
    own = np.zeros_like(most)
    for value in np.unique(labels[labels != UNLABELLED]):
        here = labels == value
        count = _count_around(here, radius_px)
        own[here] = count[here]
        wins = count > most
        best[wins], most[wins] = value, count[wins]
    keeps = (own == most) | (labels == UNLABELLED)
    return np.where(keeps, labels, best).astype(np.uint8)


def close_gaps(labels: Labels, most_px: int) -> Labels:
    """Unlabelled areas of at most `most_px` pixels take the labels around them, each pixel from its nearest.

    Args:
        labels: (H, W) uint8.
        most_px: area of the largest gap closed, px.
    """
    numbers, areas = number_areas(labels == UNLABELLED)
    if not areas.size:
        return labels.copy()
    gap = (numbers != _NO_COMPONENT) & (areas[numbers] <= most_px)
    return _grow_into(labels, gap)


def remove_specks(labels: Labels, least_px: int) -> Labels:
    """Labelled areas under `least_px` pixels take the label with which they share the longest border.

    An area that has only unlabelled pixels around it stays.

    Args:
        labels: (H, W) uint8.
        least_px: area of the smallest one that stays, px.
    """
    result = labels.copy()
    for _ in range(2):  # specks beside specks join larger ones first, and may be too small still
        numbers, areas = _number_labelled(result)
        small = np.zeros(labels.shape, dtype=bool)
        inside = numbers != _NO_COMPONENT
        small[inside] = areas[numbers[inside]] < least_px
        if not small.any():
            break
        table = _longest_neighbour(result, numbers, small, areas.size)
        result[small] = np.where(table[numbers[small]] == UNLABELLED, result[small], table[numbers[small]])
    return result


def number_areas(mask: Mask) -> tuple[npt.NDArray[np.int64], Indices]:
    """Connected areas (4 neighbours) of a mask.

    Returns:
        (H, W) number of the area of each pixel, -1 outside the mask; and the area of each, px.
    """
    runs, component = find_components(mask)
    numbers = np.full(mask.shape, _NO_COMPONENT, dtype=np.int64)
    if not runs.row.size:
        return numbers, np.empty(0, dtype=np.int64)
    area_of_run = np.unique(component, return_inverse=True)[1]
    lengths = runs.stop - runs.start
    areas = np.bincount(area_of_run, weights=lengths).astype(np.int64)
    numbers[mask] = np.repeat(area_of_run, lengths)  # runs are in reading order, as the mask's pixels
    return numbers, areas


def only_class(before: Labels, after: Labels, value: int) -> Labels:
    """`after` where the change gives or takes the class `value`, `before` elsewhere."""
    return np.where((before == value) | (after == value), after, before).astype(np.uint8)


def _number_labelled(labels: Labels) -> tuple[npt.NDArray[np.int64], Indices]:
    """As `number_areas`, of every class at once."""
    numbers = np.full(labels.shape, _NO_COMPONENT, dtype=np.int64)
    areas: list[Indices] = []
    total = 0
    for value in np.unique(labels[labels != UNLABELLED]):
        mask = labels == value
        own, sizes = number_areas(mask)
        numbers[mask] = own[mask] + total
        areas.append(sizes)
        total += sizes.size
    return numbers, np.concatenate(areas) if areas else np.empty(0, dtype=np.int64)


def _longest_neighbour(
    labels: Labels, numbers: npt.NDArray[np.int64], small: Mask, count: int
) -> npt.NDArray[np.uint8]:
    """(count,) label of another area with the longest border to each small one, `UNLABELLED` for none.

    Areas that stay are preferred to other small ones.
    """
    keys: list[Indices] = []
    weights: list[npt.NDArray[np.float64]] = []
    for rows, cols in _SHIFTS:
        here, there = _pair(numbers.shape, rows, cols)
        meets = small[here] & (labels[there] != UNLABELLED) & (numbers[here] != numbers[there])
        keys.append(numbers[here][meets] * 256 + labels[there][meets])
        weights.append(np.where(small[there][meets], 1.0, 1e6))
    key, place = np.unique(np.concatenate(keys), return_inverse=True)
    border = np.bincount(place, weights=np.concatenate(weights), minlength=key.size)
    table = np.full(count, UNLABELLED, dtype=np.uint8)
    order = np.argsort(border, kind="stable")
    table[key[order] // 256] = (key[order] % 256).astype(np.uint8)  # the longest is written last
    return table


def _pair(shape: tuple[int, ...], rows: int, cols: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Slices of the pixels that have a neighbour (`rows`, `cols`) away, and of those neighbours."""
    height, width = shape[:2]
    here = (slice(max(0, -rows), height - max(0, rows)), slice(max(0, -cols), width - max(0, cols)))
    there = (slice(max(0, rows), height - max(0, -rows)), slice(max(0, cols), width - max(0, -cols)))
    return here, there


def _grow_into(labels: Labels, gap: Mask) -> Labels:
    """Labels grown into `gap` from all sides, one pixel a round; what no label reaches stays."""
    result, left = labels.copy(), gap.copy()
    while left.any():
        found = np.full(labels.shape, UNLABELLED, dtype=np.uint8)
        for rows, cols in _SHIFTS:
            here, there = _pair(labels.shape, rows, cols)
            takes = left[here] & (found[here] == UNLABELLED)
            found[here] = np.where(takes, result[there], found[here])
        reached = left & (found != UNLABELLED)
        if not reached.any():
            break
        result[reached] = found[reached]
        left &= ~reached
    return result


def _count_around(mask: Mask, radius_px: int) -> npt.NDArray[np.int32]:
    """(H, W) number of True pixels in the square around each."""
    side = 2 * radius_px + 1
    padded = np.pad(mask.astype(np.int32), radius_px)
    sums = np.pad(padded.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    around: npt.NDArray[np.int32] = (
        sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    )
    return around
