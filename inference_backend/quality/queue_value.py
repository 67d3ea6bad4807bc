# SPDX-License-Identifier: GPL-2.0-or-later
"""What a review queue is worth: the errors its head contains, against a draw at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOATS = NDArray[np.float64]
HEAD = 0.1
"""The part of the queue, and of the area, that is looked at: the first tenth."""


@dataclass(frozen=True)
class QueueValue:
    """Shares of the wrong area (cover or use wrong) of the whole lot, 0..1.

    Attributes:
        items: polygons in the queue.
        share_of_polygons: of the lot's polygons that are in the queue.
        share_of_area: of the lot's area that is in the queue.
        errors_in_queue: share of the wrong area that the whole queue contains.
        head_items: the first tenth of the queue, by count.
        head_area: share of the lot's area in it; a random draw of that area finds this share of the errors.
        head_errors: share of the wrong area in it.
        random_by_count: share of the wrong area that as many polygons drawn at random would contain.
        tenth_of_area_errors: share of the wrong area in the queue's head up to a tenth of the lot's area.
        tenth_of_area: the share of area this took: 0.1, less where the queue is shorter.
    """

    items: int
    share_of_polygons: float
    share_of_area: float
    errors_in_queue: float
    head_items: int
    head_area: float
    head_errors: float
    random_by_count: float
    tenth_of_area_errors: float
    tenth_of_area: float


def queue_value(order: Sequence[int], wrong_m2: FLOATS, area_m2: FLOATS) -> QueueValue:
    """Measure a queue.

    Args:
        order: positions of the queue's polygons, first come first.
        wrong_m2: (n,) wrong area of each polygon of the lot.
        area_m2: (n,) area of each polygon of the lot.
    """
    queue = np.asarray(order, dtype=np.int64)
    total, whole, count = float(wrong_m2.sum()), float(area_m2.sum()), len(area_m2)
    head = queue[: int(np.ceil(HEAD * len(queue)))]
    reached = np.concatenate([[0.0], np.cumsum(area_m2[queue])])
    found = np.concatenate([[0.0], np.cumsum(wrong_m2[queue])])
    limit = min(HEAD * whole, float(reached[-1]))
    return QueueValue(
        items=len(queue),
        share_of_polygons=_share(len(queue), count),
        share_of_area=_share(float(reached[-1]), whole),
        errors_in_queue=_share(float(found[-1]), total),
        head_items=len(head),
        head_area=_share(float(area_m2[head].sum()), whole),
        head_errors=_share(float(wrong_m2[head].sum()), total),
        random_by_count=_share(len(head), count),
        tenth_of_area_errors=_share(float(np.interp(limit, reached, found)), total),
        tenth_of_area=_share(limit, whole),
    )


def errors_in_head(order: Sequence[int] | NDArray[np.int64], wrong_m2: FLOATS, head_share: float) -> float:
    """Share of the wrong area in the first polygons of an order.

    Args:
        order: positions of polygons, first come first; those it lacks come last.
        wrong_m2: (n,) wrong area of each polygon of the lot.
        head_share: how many of the lot's n polygons are looked at, 0..1.
    """
    head = np.asarray(order, dtype=np.int64)[: int(np.ceil(head_share * len(wrong_m2)))]
    return _share(float(wrong_m2[head].sum()), float(wrong_m2.sum()))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
