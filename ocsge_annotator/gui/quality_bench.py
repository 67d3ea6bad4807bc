# SPDX-License-Identifier: GPL-2.0-or-later
"""The part of the window that looks after the quality of labels: rules, control, arbitration."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from ocsge_annotator.adapters.control import ControlDesk
from ocsge_annotator.adapters.patch_checks import PatchChecks
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.disagreements import Disagreement
from ocsge_annotator.gui.controller import Controller
from ocsge_annotator.gui.dock import AnnotatorDock
from ocsge_annotator.gui.gestures import GestureTable
from ocsge_annotator.gui.panels.checks import ChecksPanel, check_gestures
from ocsge_annotator.gui.panels.control import ControlPanel, control_gestures
from ocsge_annotator.map_tools.bench import Bench
from ocsge_annotator.map_tools.highlight import Highlight
from ocsge_common.translation import tr


class QualityBench(QObject):
    """Brings rules and control to the dock.

    Args:
        session: the work.
        canvas: the map.
        bench: leads the view.
        dock: takes the panels.
        table: takes the gestures.
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
        self._session, self._bench = session, bench
        self._highlight: Highlight | None = Highlight(canvas, bench.get_place)
        self.checks = ChecksPanel(session, PatchChecks(session), self._pixel_m, bench.show_window)
        self.desk = ControlDesk(session, self)
        self.control = ControlPanel(session, self.desk, self._show)
        dock.add_panel("checks", tr("Checks"), self.checks, is_open=False)
        dock.add_panel("control", tr("Control"), self.control, is_open=False)
        for rows in (check_gestures, control_gestures):
            table.add(rows)
        controller.add_actions({"check": self.checks.run, **self.control.actions()})
        controller.count_faults = self.checks.run

    def unload(self) -> None:
        """Take the drawing off the canvas; safe to call again."""
        if self._highlight is not None:
            self._highlight.remove()
            self._highlight = None

    def _pixel_m(self) -> float | None:
        return self._bench.place.pixel_m if self._bench.place is not None else None

    def _show(self, area: Disagreement | None) -> None:
        if self._highlight is None:
            return
        if area is None:
            self._highlight.show_region(None)
            return
        classes = self._session.campaign.classes if self._session.campaign is not None else ()
        rgb = next((c.rgb for c in classes if c.value == area.second), (255, 255, 255))
        self._bench.show_window(area.region.window)
        self._highlight.show_region(area.region, rgb)
