# SPDX-License-Identifier: GPL-2.0-or-later
"""Which minimum area a polygon has to reach: the one definition for merging, control and editing."""

from __future__ import annotations

from enum import Enum

from .profile import Profile


class Excuse(str, Enum):
    """Why a polygon may stay under its threshold (column `excuse`)."""

    SKELETON = "skeleton"
    ENCLOSED_BY_SKELETON = "enclosed_by_skeleton"
    ENCLOSED_BY_REFERENCE = "enclosed_by_reference"
    """Beside the skeleton, it has neighbours alone whose outline a reference holds: a bank between ponds."""
    LOT_EDGE = "lot_edge"
    AS_DELIVERED = "as_delivered"
    """It comes from an existing layer, in which it was as small."""


def is_inside_zone_construite(zone_share: float, profile: Profile) -> bool:
    """Whether a polygon counts as inside.

    Args:
        zone_share: share of its area in the zone construite, 0..1.
        profile: gives the share from which on it is inside.
    """
    return zone_share >= profile.number("inside_zone_share")


def minimum_area_m2(code_cs: str, zone_share: float, profile: Profile) -> float:
    """Minimum area of a polygon, m2, before any excuse.

    Args:
        code_cs: cover leaf.
        zone_share: share of the polygon's area in the zone construite, 0..1.
        profile: gives the areas.
    """
    if code_cs == profile.section("built_cover"):
        return profile.number("minimum_area", "built")
    inside = is_inside_zone_construite(zone_share, profile)
    return profile.number("minimum_area", "inside_zone_construite" if inside else "outside_zone_construite")
