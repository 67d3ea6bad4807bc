# SPDX-License-Identifier: GPL-2.0-or-later
"""The map tools of a lot, and which one is on."""

from __future__ import annotations

from qgis.core import QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.live_segments import LiveSegments
from ocsge_pi_review.adapters.lot_layers import LotLayers
from ocsge_pi_review.adapters.reference_edges import reachable
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.adapters.segment_source import prediction_of
from ocsge_pi_review.map_tools.align_tool import AlignTool
from ocsge_pi_review.map_tools.desk import CodesInHand, Preview, ToolDesk
from ocsge_pi_review.map_tools.insert_tool import InsertTool
from ocsge_pi_review.map_tools.merge_tool import MergeTool
from ocsge_pi_review.map_tools.pick_tool import PickTool
from ocsge_pi_review.map_tools.plan_tool import PlanTool
from ocsge_pi_review.map_tools.reshape_tool import ReshapeTool
from ocsge_pi_review.map_tools.road_tool import RoadTool
from ocsge_pi_review.map_tools.segment_tool import SegmentTool
from ocsge_pi_review.map_tools.selection_bands import Selection
from ocsge_pi_review.map_tools.split_tool import SplitTool

REST = "pick"


class MapToolsBox(QObject):
    """Switches between the tools by name.

    Signals:
        changed(str): name of the tool that is on now.
        previewed(object): a `Preview`, or None.
        sized(): the tool's width, reach or fineness is another.
        made(object): a `Plan` that a tool wrote.

    Args:
        canvas: the map.
        review: what the tools act on.
        gestures: plans, and their writing.
        layers: of the lot; the others of the map may be aligned to.
    """

    changed = pyqtSignal(str)
    previewed = pyqtSignal(object)
    sized = pyqtSignal()
    made = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        review: Review,
        gestures: ReviewGestures,
        layers: LotLayers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._layers, self._crs = canvas, layers, review.store.crs
        self._removed = False
        self._earlier = canvas.mapTool()
        self.codes = CodesInHand(self)
        self.selection = Selection(canvas, review, self)
        desk = ToolDesk(review, gestures, self.codes)
        self.tools: dict[str, PlanTool] = {
            REST: PickTool(canvas, desk, self.selection),
            "merge": MergeTool(canvas, desk),
            "split": SplitTool(canvas, desk),
            "reshape": ReshapeTool(canvas, desk),
            "insert": InsertTool(canvas, desk),
            "road": RoadTool(canvas, desk),
            "align": AlignTool(canvas, desk, self.other_layers),
            "segment": self._segment_tool(desk),
        }
        for tool in self.tools.values():
            tool.finished.connect(self.rest)
            tool.previewed.connect(self._on_previewed)
            tool.sized.connect(self.sized)
            tool.made.connect(self.made)

    @property
    def name(self) -> str:
        """The tool that is on; empty where it is none of these."""
        on = self._canvas.mapTool()
        return next((name for name, tool in self.tools.items() if tool is on), "")

    @property
    def current(self) -> PlanTool | None:
        """The tool that is on, None where it is none of these."""
        return self.tools.get(self.name)

    def take(self, name: str) -> None:
        """Switch to a tool by name."""
        if self.name == name == "segment":
            self.tools[name].change_source()
        elif self.name != name:
            self.codes.drop()
            self._canvas.setMapTool(self.tools[name])
        self.changed.emit(name)

    @guarded
    def rest(self) -> None:
        """Back to picking."""
        self.take(REST)

    def remove(self) -> None:
        """Give the canvas back its earlier tool and leave nothing on the map; safe to call again."""
        if self._removed:
            return
        self._removed = True
        if self.current is not None:
            self._canvas.unsetMapTool(self._canvas.mapTool())
            if self._earlier is not None:
                self._canvas.setMapTool(self._earlier)
        self.selection.remove()
        for tool in self.tools.values():
            tool.remove()
            # The canvas owns its tools: without this each lot would leave some behind.
            tool.deleteLater()

    @guarded
    def _on_previewed(self, preview: Preview | None) -> None:
        self.previewed.emit(preview)

    def _segment_tool(self, desk: ToolDesk) -> SegmentTool:
        store, profile = desk.review.store, desk.review.profile
        image = LiveSegments(self._canvas.mapSettings, store, profile, parent=self)
        return SegmentTool(self._canvas, desk, prediction_of(store, profile, self), image)

    def other_layers(self) -> list[QgsVectorLayer]:
        """Vector layers shown beside the lot's own."""
        own = {layer.id() for layer in (self._layers.items, *self._layers.from_store)}
        return [
            layer
            for layer in self._canvas.layers(True)
            if isinstance(layer, QgsVectorLayer) and layer.id() not in own and reachable(layer, self._crs)
        ]
