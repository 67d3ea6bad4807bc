# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons a gesture brings under their minimum area, and which out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import minimum_area_m2
from ocsge_pi_review.domain.errors import BelowMinimumError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import area

REFUSE = "refuse"
"""Value of the profile's `review.gestures.below_minimum`; the other is `warn`."""
ZoneShare = Callable[[PolygonRow], float]
"""Share of a polygon's area in the zone construite, 0..1."""


@dataclass(frozen=True)
class SmallPolygon:
    """A polygon under its minimum area; areas in m2."""

    polygon_id: str
    area_m2: float
    minimum_m2: float


def small_polygons(
    rows: Iterable[PolygonRow], zone_share: ZoneShare, profile: Profile
) -> dict[str, SmallPolygon]:
    """By id, the rows under their minimum area that nothing excuses."""
    tolerance_m2 = profile.number("conformity", "area_tolerance")
    found = {}
    for row in rows:
        if row.is_locked or row.is_margin or row.attributes.get("excuse"):
            continue
        small = SmallPolygon(row.id, area(row.polygon), minimum_area_m2(row.cs, zone_share(row), profile))
        if small.area_m2 < small.minimum_m2 - tolerance_m2:
            found[row.id] = small
    return found


def threshold_changes(
    patch: Patch, zone_share: ZoneShare, profile: Profile
) -> tuple[tuple[SmallPolygon, ...], tuple[SmallPolygon, ...]]:
    """Polygons that the patch brings under their minimum area; those that it brings out of it or removes."""
    before = small_polygons(patch.before, zone_share, profile)
    after = small_polygons(patch.after, zone_share, profile)
    broken = tuple(small for polygon_id, small in after.items() if polygon_id not in before)
    healed = tuple(small for polygon_id, small in before.items() if polygon_id not in after)
    return broken, healed


def require_thresholds(patch: Patch, zone_share: ZoneShare, profile: Profile) -> None:
    """Accept a patch that brings no polygon under its minimum area, or any where the profile only warns.

    Raises:
        BelowMinimumError: the profile refuses that, and the patch does it.
    """
    # A lot carries the profile that it was made with, which may be older than this rule.
    if profile.section("review").get("gestures", {}).get("below_minimum") != REFUSE:
        return
    broken, _ = threshold_changes(patch, zone_share, profile)
    if broken:
        worst = min(broken, key=lambda small: small.area_m2 / small.minimum_m2)
        raise BelowMinimumError(id=worst.polygon_id, area_m2=worst.area_m2, minimum_m2=worst.minimum_m2)
