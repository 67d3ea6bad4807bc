# SPDX-License-Identifier: GPL-2.0-or-later
"""The canvas as a workbench: overlay, tools, and the view of the patch in hand."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.holes import Hole
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow
from ocsge_annotator.map_tools.brush_tool import BrushTool
from ocsge_annotator.map_tools.fill_tool import FillTool
from ocsge_annotator.map_tools.label_overlay import LabelOverlay
from ocsge_annotator.map_tools.line_tool import LineTool
from ocsge_annotator.map_tools.patch_tool import PatchTool
from ocsge_annotator.map_tools.polygon_tool import PolygonTool, RightAngleTool
from ocsge_annotator.map_tools.wand_tool import WandTool
from ocsge_common.slots import guarded

BRUSHES = ("brush", "eraser")
HOLE_VIEW_PX = 60
"""Least size of the view on a hole, px of the patch: one pixel alone would say nothing about where it is."""


class Bench(QObject):
    """Shows the session's patch on a canvas and holds the tools.

    Signals:
        hovered(object): `PixelPoint` under the mouse.
        tool_changed(str): name of the tool now in hand, empty for one of QGIS.

    Args:
        canvas: the map.
        session: the work.
        parent: owner.
    """

    hovered = pyqtSignal(object)
    tool_changed = pyqtSignal(str)

    def __init__(
        self, canvas: QgsMapCanvas, session: AnnotationSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas, self._session = canvas, session
        self.place: PatchPlace | None = None
        self.overlay = LabelOverlay(canvas)
        self.overlay.set_opacity(session.settings.opacity_percent / 100)
        self.tools: dict[str, PatchTool] = {}
        self._mouse: PixelPoint | None = None
        self._connections = [
            (session.patch_changed, self._on_patch),
            (session.labels_changed, self._on_labels),
            (session.choice_changed, self._show_cursor),
            (canvas.mapToolSet, self._on_tool),
            (canvas.destinationCrsChanged, self._on_crs),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)
        self.add_tool("brush", BrushTool(canvas, session, self.get_place))
        self.add_tool("eraser", BrushTool(canvas, session, self.get_place, erases=True))
        self.add_tool("polygon", PolygonTool(canvas, session, self.get_place))
        self.add_tool("building", RightAngleTool(canvas, session, self.get_place))
        self.add_tool("line", LineTool(canvas, session, self.get_place))
        self.add_tool("fill", FillTool(canvas, session, self.get_place))
        self.add_tool("wand", WandTool(canvas, session, self.get_place))

    def add_tool(self, name: str, tool: PatchTool) -> None:
        """Hold one more tool.

        Args:
            name: of the tool and of the gesture that takes it in hand.
            tool: made with `get_place`.
        """
        self.tools[name] = tool
        self._connections.append((tool.hovered, self._on_hover))
        tool.hovered.connect(self._on_hover)

    @property
    def tool_name(self) -> str:
        """Name of the tool in hand, empty for one of QGIS."""
        return next((name for name, tool in self.tools.items() if tool is self._canvas.mapTool()), "")

    def choose_tool(self, name: str) -> None:
        """Take a tool by its name; keys go to the map from now on."""
        self._canvas.setMapTool(self.tools[name])
        self._canvas.setFocus()

    def show_patch(self) -> None:
        """Fit the view to the patch, with some of what is around it."""
        if self.place is not None:
            share = self._session.settings.context_percent / 100
            self._canvas.setExtent(self.place.extent(share))
            self._canvas.refresh()

    def show_hole(self, hole: Hole) -> None:
        """Fit the view to an area without label."""
        self._show_around(hole.window, hole.inside)

    def show_window(self, window: PixelWindow) -> None:
        """Fit the view to a part of the patch."""
        middle = PixelPoint(window.col + window.width / 2, window.row + window.height / 2)
        self._show_around(window, middle)

    def _show_around(self, window: PixelWindow, middle: PixelPoint) -> None:
        if self.place is None:
            return
        size = max(HOLE_VIEW_PX, 2 * window.height, 2 * window.width)
        if size >= max(self._session.opened.editor.shape):  # farther away than the patch itself
            self.show_patch()
            return
        top, left = int(middle.y - size / 2), int(middle.x - size / 2)
        self._canvas.setExtent(self.place.extent(0, PixelWindow(top, left, size, size)))
        self._canvas.refresh()

    def set_opacity(self, percent: int) -> None:
        """Opacity of the labels, 0..100."""
        self.overlay.set_opacity(percent / 100)

    def toggle_labels(self) -> bool:
        """Show or hide the labels; whether they are now visible."""
        self.overlay.set_labels_visible(not self.overlay.labels_visible)
        return self.overlay.labels_visible

    def toggle_outlines(self) -> bool:
        """Show the labels as outlines or filled; whether they are now outlines."""
        self.overlay.set_outlines(not self.overlay.only_outlines)
        return self.overlay.only_outlines

    def value_under_mouse(self) -> int | None:
        """Label under the mouse, None outside the patch."""
        return None if self._mouse is None else self._session.value_at(self._mouse)

    def unload(self) -> None:
        """Take everything off the canvas; safe to call again."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self._connections = []
        if self.overlay is None:
            return
        for tool in self.tools.values():
            self._canvas.unsetMapTool(tool)
            tool.unload()
        self.overlay.show_patch(None, None, ())
        self._canvas.scene().removeItem(self.overlay)
        self.overlay = None

    def get_place(self) -> PatchPlace | None:
        """Place of the patch in hand, None without patch."""
        return self.place

    def _make_place(self) -> PatchPlace | None:
        opened, image = self._session.opened, self._session.image
        if opened is None or image is None:
            return None
        return PatchPlace(image, opened.window, self._canvas.mapSettings().destinationCrs())

    @guarded
    def _on_patch(self) -> None:
        self.place = self._make_place()
        opened, campaign = self._session.opened, self._session.campaign
        if opened is None or campaign is None:
            self.overlay.show_patch(None, None, ())
            return
        for tool in self.tools.values():
            tool.give_up()
        self.overlay.show_patch(self.place, opened.editor.labels, campaign.classes)
        self.show_patch()

    @guarded
    def _on_crs(self) -> None:
        self.place = self._make_place()
        if self.place is not None:
            self.overlay.set_place(self.place)

    @guarded
    def _on_labels(self, window: PixelWindow) -> None:
        self.overlay.refresh(window)

    @guarded
    def _on_hover(self, point: PixelPoint) -> None:
        self._mouse = point
        self._show_cursor()
        self.hovered.emit(point)

    @guarded
    def _show_cursor(self) -> None:
        is_brush = self.tool_name in BRUSHES
        self.overlay.set_cursor(self._mouse if is_brush else None, self._session.brush_px)

    @guarded
    def _on_tool(self) -> None:
        self._show_cursor()
        self.tool_changed.emit(self.tool_name)
