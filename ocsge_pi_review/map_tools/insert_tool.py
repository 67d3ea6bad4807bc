# SPDX-License-Identifier: GPL-2.0-or-later
"""A polygon drawn over the coverage cuts those underneath."""

from __future__ import annotations

from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.map_tools.drawn_line import DrawnLine


class InsertTool(DrawnLine):
    """Draws the new polygon; without a code in hand it gets the second choice for the polygon in front."""

    least = 3
    is_closed = True
    uses_codes = True

    def draft(self, points: list[Point]) -> Plan:
        """Lay what is drawn over the coverage."""
        return self.gestures.insert(points, self.codes())

    def codes(self) -> Codes:
        """What it would get now."""
        row = self.review.row()
        runner_up = row.attributes.get("runner_up_cs")
        return self.desk.codes.over(Codes(str(runner_up or row.cs), row.us))
