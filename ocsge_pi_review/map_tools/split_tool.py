# SPDX-License-Identifier: GPL-2.0-or-later
"""A line drawn across the polygon in front cuts it."""

from __future__ import annotations

from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.map_tools.drawn_line import DrawnLine


class SplitTool(DrawnLine):
    """Draws the cut; an end just short of the border is carried across it."""

    def draft(self, points: list[Point]) -> Plan:
        """Cut along what is drawn."""
        return self.gestures.split(points, self.reach_m)
