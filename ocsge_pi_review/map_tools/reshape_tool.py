# SPDX-License-Identifier: GPL-2.0-or-later
"""A line from border to border becomes the new border."""

from __future__ import annotations

from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.map_tools.drawn_line import DrawnLine


class ReshapeTool(DrawnLine):
    """Draws the new course of the border of the polygon in front."""

    def draft(self, points: list[Point]) -> Plan:
        """Move the border to what is drawn."""
        return self.gestures.reshape(points)
