# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures on the polygon in front of a review, by the one door that the tools use."""

from __future__ import annotations

import math

from qgis.core import QgsGeometry

from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.domain.merge import common_border


def free_neighbour(review: Review) -> str:
    row = review.row()
    around = [n for n in review.around(row) if not n.is_locked]
    return max(around, key=lambda n: common_border(row.polygon, n.polygon)).id


def line_across(review: Review) -> list[tuple[float, float]]:
    geometry = QgsGeometry()
    geometry.fromWkb(review.row().wkb)
    x, y = geometry.pointOnSurface().asPoint()
    dx, dy = 300 * math.cos(0.4), 300 * math.sin(0.4)
    return [(x - dx, y - dy), (x + dx, y + dy)]


def set_cover(review: Review, code: str = "CS1.2.1") -> None:
    gestures = ReviewGestures(review)
    gestures.make(gestures.set_codes([review.polygon_id], {"cs": code}))


def set_use(review: Review, code: str = "US3") -> None:
    gestures = ReviewGestures(review)
    gestures.make(gestures.set_codes([review.polygon_id], {"us": code}))


def merge(review: Review, neighbour: str = "") -> None:
    gestures = ReviewGestures(review)
    gestures.make(gestures.merge(neighbour or free_neighbour(review)))


def split(review: Review) -> None:
    gestures = ReviewGestures(review)
    gestures.make(gestures.split(line_across(review), 1.0))


GESTURES = {
    "accept": lambda review: review.accept(),
    "cover": set_cover,
    "use": set_use,
    "merge": merge,
    "split": split,
    "postpone": lambda review: review.postpone("à revoir sur place", ask=False),
    "ask": lambda review: review.postpone("cave ou hangar ?", ask=True),
    "comment": lambda review: review.comment("toit récent", '{"type": "Point", "coordinates": [1, 2]}'),
}
