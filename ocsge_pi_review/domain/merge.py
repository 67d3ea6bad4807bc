# SPDX-License-Identifier: GPL-2.0-or-later
"""Union of two neighbours of a valid coverage, by taking their common edges away."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ocsge_pi_review.domain.errors import MergeInPiecesError, NotNeighboursError
from ocsge_pi_review.domain.faces import assemble
from ocsge_pi_review.domain.rings import Edge, Polygon, edges, segments


def common_border(first: Polygon, second: Polygon) -> float:
    """Length of the shared border, 0 for polygons that meet at most at points."""
    other = set(edges(second))
    return math.fsum(math.dist(a, b) for a, b in edges(first) if (b, a) in other)


def common_borders(polygon: Polygon, others: Iterable[Polygon]) -> list[float]:
    """Length of the border that a polygon shares with each of the others."""
    # Both directions, since which side is inside need not be known: that takes longer than the rest.
    own = {edge for ring in polygon for a, b in segments(ring) for edge in ((a, b), (b, a))}
    return [_length(edge for ring in other for edge in segments(ring) if edge in own) for other in others]


def _length(sides: Iterable[Edge]) -> float:
    return math.fsum(math.dist(a, b) for a, b in sides)


def merge(first: Polygon, second: Polygon, ids: tuple[str, str] = ("", "")) -> Polygon:
    """The union, every remaining vertex as it was.

    Args:
        first: a polygon.
        second: its neighbour; both hold the same vertices along their border.
        ids: names of the two, for the messages.

    Raises:
        NotNeighboursError: no edge in common.
        MergeInPiecesError: the union is not one part.
    """
    left, right = set(edges(first)), set(edges(second))
    shared = {(a, b) for a, b in left if (b, a) in right}
    if not shared:
        raise NotNeighboursError(first=ids[0], second=ids[1])
    remaining = [e for e in (*edges(first), *edges(second)) if e not in shared and e[::-1] not in shared]
    parts = assemble(remaining)
    if len(parts) != 1:
        raise MergeInPiecesError(first=ids[0], second=ids[1], count=len(parts))
    return parts[0]
