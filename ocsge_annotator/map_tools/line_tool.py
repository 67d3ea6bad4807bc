# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of a given width, for roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qgis.core import Qgis, QgsGeometry
from qgis.PyQt.QtGui import QWheelEvent

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.line_band import line_band
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.tool_choices import next_width
from ocsge_annotator.map_tools.corners_tool import CornersTool
from ocsge_annotator.map_tools.patch_tool import notches

ARC_SEGMENTS = 8
MITRE_LIMIT = 2.0


class LineTool(CornersTool):
    """Click along the middle of a road; Ctrl and the wheel change its width."""

    least_corners = 2

    def outline(self, corners: Sequence[PixelPoint], place: PatchPlace) -> QgsGeometry:
        """The road as it would be, as wide on the map as on the ground."""
        line = QgsGeometry.fromPolylineXY([place.to_map(corner) for corner in corners])
        half = self._width_px(place) * place.map_units_per_px / 2
        return line.buffer(half, ARC_SEGMENTS, Qgis.EndCapStyle.Flat, Qgis.JoinStyle.Round, MITRE_LIMIT)

    def draw(self, corners: Sequence[PixelPoint]) -> None:
        """Give the class to the band."""
        place = self._place()
        if place is not None and self.session.opened is not None:
            region = line_band(self.session.opened.editor.shape, corners, self._width_px(place))
            self.session.apply(region, self.session.value, "line", corners[0])

    def turned(self, event: QWheelEvent) -> None:
        """The wheel changes the width."""
        choices = self.session.choices
        width_m = next_width(choices.line_width_m, notches(event))
        self.session.choose(replace(choices, line_width_m=width_m))
        if self.vertices:
            self._show(self.vertices)

    def _width_px(self, place: PatchPlace) -> float:
        return self.session.choices.line_width_m / place.pixel_m
