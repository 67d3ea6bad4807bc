# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine's part of the window: tools, drawings, panel and keys, put in place and taken away as one."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.machine import Machine
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.proposal import ProposalSource
from ocsge_annotator.gui.controller import Controller
from ocsge_annotator.gui.dock import AnnotatorDock
from ocsge_annotator.gui.gestures import GestureTable
from ocsge_annotator.gui.panels.machine import MachinePanel, machine_gestures
from ocsge_annotator.map_tools.bench import Bench
from ocsge_annotator.map_tools.hint_tool import HintTool
from ocsge_annotator.map_tools.interactive_tool import InteractiveTool
from ocsge_annotator.map_tools.proposal_overlay import ProposalOverlay
from ocsge_annotator.map_tools.segment_tool import SegmentTool
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.slots import guarded
from ocsge_common.translation import tr


class MachineBench(QObject):
    """Brings the machine to the canvas and the dock.

    Args:
        session: the work.
        canvas: the map.
        bench: takes the tools.
        dock: takes the panel.
        table: takes the gestures; whoever builds the window shows them afterwards.
        controller: takes what the gestures do.
    """

    def __init__(
        self,
        session: AnnotationSession,
        canvas: QgsMapCanvas,
        bench: Bench,
        dock: AnnotatorDock,
        table: GestureTable,
        controller: Controller,
    ) -> None:
        super().__init__(dock)
        self.machine = Machine(session, LiveClient(parent=self), self)
        labels = bench.overlay
        self._overlay: ProposalOverlay | None = ProposalOverlay(
            canvas, bench.get_place, self.machine, lambda: labels.labels_visible
        )
        bench.add_tool("segment", SegmentTool(canvas, session, bench.get_place, self.machine))
        bench.add_tool("interactive", InteractiveTool(canvas, session, bench.get_place, self.machine))
        bench.add_tool("move_hints", HintTool(canvas, session, bench.get_place, self.machine))
        self.panel = MachinePanel(self.machine)
        dock.add_panel("machine", tr("Segments and proposals"), self.panel)
        table.add(machine_gestures)
        controller.predicted.connect(self._on_predicted)
        proposals = self.machine.proposals
        self._labels = labels
        proposals.changed.connect(self._show_offered)
        controller.add_actions(
            {
                "coarser": lambda: self.machine.segments.step(1),
                "finer": lambda: self.machine.segments.step(-1),
                "hints": self.machine.toggle_hints,
                "grow": self.machine.grow,
                "accept_sure": proposals.accept_sure,
                "reject": proposals.reject,
            }
        )

    @guarded
    def _on_predicted(self) -> None:
        self.machine.choose_source(ProposalSource.PRELABEL)

    @guarded
    def _show_offered(self) -> None:
        proposal = self.machine.proposals.proposal
        self._labels.show_offered(None if proposal is None else proposal.value != UNLABELLED)

    def unload(self) -> None:
        """Take the drawings away and end what runs; the tools go with the bench. Safe to call again."""
        if self._overlay is not None:
            self.machine.proposals.changed.disconnect(self._show_offered)
            self.machine.stop()
            self._overlay.remove()
            self._overlay = None
