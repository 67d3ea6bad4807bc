# SPDX-License-Identifier: GPL-2.0-or-later
"""The gestures of a review: rows in, a patch out. Nothing is written here.

Every patch has the polygon that stands in front afterwards as its first row `after`, and, for a gesture on a
polygon, that polygon as its first row `before`. A locked or read-only neighbour is in a patch only to receive
vertices; its outline does not move. A gesture that cannot be done raises a `ReviewError` that says why.
"""

from ocsge_pi_review.domain.gestures.absorbing import absorb, best_neighbour
from ocsge_pi_review.domain.gestures.codes import OPERATOR_RULE, Codes, keep, set_code, set_codes
from ocsge_pi_review.domain.gestures.cutting import split_by
from ocsge_pi_review.domain.gestures.inserting import insert_polygon, road, take_segment
from ocsge_pi_review.domain.gestures.merging import merge_into
from ocsge_pi_review.domain.gestures.reshaping import align, reshape

__all__ = [
    "OPERATOR_RULE",
    "Codes",
    "absorb",
    "align",
    "best_neighbour",
    "insert_polygon",
    "keep",
    "merge_into",
    "reshape",
    "road",
    "set_code",
    "set_codes",
    "split_by",
    "take_segment",
]
