# SPDX-License-Identifier: GPL-2.0-or-later
"""Answered units summed into cells of like stratum, delivered and controlled class: all that sums need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.quality.estimation.frame import Frame
from inference_backend.quality.estimation.groups import counts, distinct, sums
from inference_backend.quality.estimation.types import FLOATS, WHOLE
from inference_backend.quality.estimation.variance import Neighbours, Sums
from inference_backend.quality.estimation.view import View


@dataclass(frozen=True)
class Cells:
    """A sample by cells.

    Attributes:
        given: (K,) delivered class.
        found: (K,) class of the control.
        units: (K,) answered units.
        sums: of their weights.
    """

    given: WHOLE
    found: WHOLE
    units: WHOLE
    sums: Sums


def cells_of(frame: Frame, view: View) -> Cells:
    """The answered units of a sample by cell."""
    kept = np.flatnonzero(frame.answered)
    size = len(view.classes)
    group = frame.group[kept]
    keys, cell = distinct((group * size + view.given[kept]) * size + view.found[kept], frame.groups * size**2)
    weight, heavy, loose = frame.weight[kept], frame.heavy[kept], frame.loose[kept]
    near = None if frame.rank is None else _neighbours(cell, group, frame.rank[kept], heavy * np.sqrt(loose))
    found = Sums(
        keys // size**2,
        sums(cell, weight, len(keys)),
        sums(cell, loose * weight**2, len(keys)),
        sums(cell, loose * heavy**2, len(keys)),
        sums(cell, loose, len(keys)),
        sums(cell, loose * heavy, len(keys)),
        sums(group, loose > 0, frame.groups),
        near,
    )
    return Cells(keys // size % size, keys % size, counts(cell, len(keys)), found)


def _neighbours(cell: WHOLE, group: WHOLE, rank: WHOLE, root: FLOATS) -> Neighbours:
    """Neighbours along the line within each group, the last with the first, summed by pair of cells."""
    order = np.lexsort((rank, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    after = np.arange(1, len(order) + 1)
    after[np.append(starts[1:], len(order)) - 1] = starts
    follower = order[after]
    size = int(cell.max(initial=0)) + 1
    keys, pair = distinct(cell[order] * size + cell[follower], size**2)
    return Neighbours(keys // size, keys % size, sums(pair, root[order] * root[follower], len(keys)))
