# SPDX-License-Identifier: GPL-2.0-or-later
"""What is left to label in a patch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels, PixelPoint, PixelWindow
from ocsge_annotator.domain.runs import find_components


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


def find_holes(labels: Labels) -> list[Hole]:
    """The areas without label, in reading order of their first pixel."""
    runs, component = find_components(labels == UNLABELLED)
    order = np.argsort(component, kind="stable")
    _, starts = np.unique(component[order], return_index=True)
    holes = []
    for members in np.split(order, starts[1:]) if order.size else []:
        rows, start, stop = runs.row[members], runs.start[members], runs.stop[members]
        top, left = int(rows[0]), int(start.min())
        longest = int(np.argmax(stop - start))
        centre = (int(start[longest]) + int(stop[longest]) - 1) // 2
        holes.append(
            Hole(
                PixelWindow(top, left, int(rows[-1]) - top + 1, int(stop.max()) - left),
                int((stop - start).sum()),
                PixelPoint(centre + 0.5, int(rows[longest]) + 0.5),
            )
        )
    return holes


def next_hole(labels: Labels, shown: Hole | None) -> Hole | None:
    """The largest area without label; the next smaller one where the largest has just been shown, and so on.

    Args:
        labels: (H, W) uint8.
        shown: the hole that the operator was led to last; once worked on, the largest comes again.

    Returns:
        None where every pixel has its class.
    """
    holes = sorted(find_holes(labels), key=lambda hole: -hole.area_px)
    if not holes:
        return None
    return holes[(holes.index(shown) + 1) % len(holes)] if shown in holes else holes[0]
