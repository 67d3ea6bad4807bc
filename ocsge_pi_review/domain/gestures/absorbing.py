# SPDX-License-Identifier: GPL-2.0-or-later
"""A polygon that is too small goes to the neighbour that suits it best."""

from __future__ import annotations

from collections.abc import Iterable

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.errors import NoNeighbourError
from ocsge_pi_review.domain.gestures.merging import merge_into
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import is_free, require_free
from ocsge_pi_review.domain.rings import edges


def absorb(row: PolygonRow, around: Iterable[PolygonRow], profile: Profile) -> Patch:
    """Let the best neighbour absorb `row`; it is the first row `after`.

    Raises:
        LockedPolygonError, MarginPolygonError: the polygon may not be changed.
        NoNeighbourError: every neighbour is locked or belongs to another lot.
    """
    require_free(row)
    return merge_into(row, best_neighbour(row, around, profile))


def best_neighbour(row: PolygonRow, around: Iterable[PolygonRow], profile: Profile) -> PolygonRow:
    """The free neighbour with the longest common border, weighted by how alike the codes are.

    The weights are those of the profile's `merging.weights`, as generalisation has them.

    Raises:
        NoNeighbourError: every neighbour is locked or belongs to another lot.
    """
    whole_m = sum(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for a, b in edges(row.polygon))
    scored = []
    for other in around:
        if other.id == row.id or not is_free(other):
            continue
        border_m = common_border(row.polygon, other.polygon)
        if border_m > 0:
            scored.append((_score(row, other, border_m / whole_m, profile), other.id, other))
    if not scored:
        raise NoNeighbourError(id=row.id)
    return max(scored, key=lambda entry: entry[:2])[2]


def _score(row: PolygonRow, other: PolygonRow, border_share: float, profile: Profile) -> float:
    def weight(name: str) -> float:
        return profile.number("merging", "weights", name)

    cover, use = _closeness(row.cs, other.cs, profile), _closeness(row.us, other.us, profile)
    # A point of contact must not win by its codes alone: the border multiplies what they add.
    return border_share * (weight("border") + weight("thematic") * cover + weight("use") * use)


def _closeness(first: str, second: str, profile: Profile) -> float:
    """1 for the same code, 0 for codes of different roots or unknown ones."""
    tree = profile.nomenclature
    if first not in tree or second not in tree:
        return 0.0
    apart = tree.distance(first, second)
    return 1.0 - apart / (len(tree.ancestors(first)) + len(tree.ancestors(second)))
