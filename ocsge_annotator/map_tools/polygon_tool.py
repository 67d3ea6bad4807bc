# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons of the chosen class: free, or with right angles."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsGeometry

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.right_angles import add_corner, close_right, next_corner
from ocsge_annotator.map_tools.corners_tool import CornersTool


class PolygonTool(CornersTool):
    """Any polygon."""


class RightAngleTool(CornersTool):
    """A building: the first edge gives the direction, the others are square to it; Shift sets a corner free.

    Two edges are enough for a rectangle.
    """

    def with_corner(self, point: PixelPoint, *, is_free: bool) -> list[PixelPoint]:
        """One more corner, on an axis of the building."""
        if is_free:
            return [*self.vertices, point]
        return add_corner(self.vertices, next_corner(self.vertices, point))

    def outline(self, corners: Sequence[PixelPoint], place: PatchPlace) -> QgsGeometry:
        """The building as it would be closed now."""
        return super().outline(close_right(corners), place)

    def draw(self, corners: Sequence[PixelPoint]) -> None:
        """Close it and give the class to its pixels."""
        self.session.polygon(close_right(corners), self.session.value, "building")
