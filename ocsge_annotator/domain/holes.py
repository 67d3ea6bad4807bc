# SPDX-License-Identifier: GPL-2.0-or-later
"""What is left to label in a patch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels, PixelPoint, PixelWindow
from ocsge_annotator.domain.runs import Runs, find_components


@dataclass(frozen=True)
class Hole:
    """A connected area without label.

    Attributes:
        window: its bounding rectangle.
        area_px: number of its pixels.
        inside: centre of one of its pixels, in the middle of its longest run.
    """

    window: PixelWindow
    area_px: int
    inside: PixelPoint


def count_unlabelled(labels: Labels) -> int:
    """Number of pixels without label."""
    return int(np.count_nonzero(labels == UNLABELLED))


def labelled_share(labels: Labels) -> float:
    """Share of the pixels that carry a class, 0..1."""
    return 1.0 - count_unlabelled(labels) / labels.size


def next_hole(labels: Labels, shown: Hole | None) -> Hole | None:
    """The largest area without label; the next smaller one where the largest has just been shown, and so on.

    Args:
        labels: (H, W) uint8.
        shown: the hole that the operator was led to last; once worked on, the largest comes again.

    Returns:
        None where every pixel has its class.
    """
    runs, component = find_components(labels == UNLABELLED)
    if not runs.row.size:
        return None
    hole_of_run = np.unique(component, return_inverse=True)[1]
    areas = np.bincount(hole_of_run, weights=runs.stop - runs.start).astype(np.int64)
    order = np.argsort(-areas, kind="stable")
    place = 0
    if shown is not None:
        row, col = int(shown.inside.y), int(shown.inside.x)
        there = hole_of_run[(runs.row == row) & (runs.start <= col) & (runs.stop > col)]
        if there.size and areas[there[0]] == shown.area_px:
            place = (int(np.flatnonzero(order == there[0])[0]) + 1) % order.size
    members = np.flatnonzero(hole_of_run == order[place])
    return _hole(Runs(runs.row[members], runs.start[members], runs.stop[members]))


def _hole(runs: Runs) -> Hole:
    """The hole made of `runs`, which are in reading order."""
    top, left = int(runs.row[0]), int(runs.start.min())
    lengths = runs.stop - runs.start
    longest = int(np.argmax(lengths))
    middle = (int(runs.start[longest]) + int(runs.stop[longest]) - 1) // 2
    window = PixelWindow(top, left, int(runs.row[-1]) - top + 1, int(runs.stop.max()) - left)
    return Hole(window, int(lengths.sum()), PixelPoint(middle + 0.5, int(runs.row[longest]) + 0.5))
