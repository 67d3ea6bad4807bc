# SPDX-License-Identifier: GPL-2.0-or-later
"""An axis drawn over the coverage becomes a road of the chosen width."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas

from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.map_tools.desk import ToolDesk
from ocsge_pi_review.map_tools.drawn_line import DrawnLine
from ocsge_pi_review.map_tools.plan_tool import metres

STEP_M = 0.5
NARROWEST_M, WIDEST_M = 2.0, 80.0


class RoadTool(DrawnLine):
    """Draws the axis; the wheel changes the width, codes are those of the profile's roads."""

    uses_codes = has_size = True

    def __init__(self, canvas: QgsMapCanvas, desk: ToolDesk) -> None:
        super().__init__(canvas, desk)
        self.width_m = desk.review.profile.number("skeleton", "roads", "default_width")

    def size_text(self) -> str:
        """From side to side."""
        return metres(self.width_m)

    def draft(self, points: list[Point]) -> Plan:
        """Lay the road over the coverage."""
        return self.gestures.road(points, self.width_m, self.codes())

    def codes(self) -> Codes:
        """What it would get now."""
        roads = self.review.profile.section("skeleton", "roads")
        return self.desk.codes.over(Codes(roads["code_cs"], roads["code_us"]))

    def step(self, steps: int) -> bool:
        """Wider or narrower."""
        self.width_m = min(max(self.width_m + steps * STEP_M, NARROWEST_M), WIDEST_M)
        self.sized.emit()
        self._think(self._drawn)
        return True
