# SPDX-License-Identifier: GPL-2.0-or-later
"""What the profile says of one polygon."""

from __future__ import annotations

from inference_backend.contracts.profile import Profile


def minimum_area_m2(profile: Profile, cs: str, in_zone_construite: bool) -> float:
    """The least area a polygon of that cover may have there, m2."""
    if cs == profile.section("built_cover"):
        return profile.number("minimum_area", "built")
    where = "inside_zone_construite" if in_zone_construite else "outside_zone_construite"
    return profile.number("minimum_area", where)
