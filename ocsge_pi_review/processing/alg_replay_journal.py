# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the layer of a lot again from the lot as it was handed out and the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.edits_replay import rebuild
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm, processing_errors

_NAMED = 20
"""Polygons named in the log at most."""


class ReplayJournal(LotAlgorithm):
    """Applies a journal, edit by edit, to the lot as it was."""

    BASE, LAST, OUTPUT = "BASE", "LAST", "OUTPUT"
    EDITS, DIFFERENCES = "EDITS", "DIFFERENCES"

    def name(self) -> str:
        """Fixed."""
        return "replayjournal"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Replay the journal of a lot")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Makes the layer again from the lot as it was handed out and the journal of the lot that came "
            "back, edit by edit, and compares it with the layer that came back: a polygon that differs was "
            "edited past the journal. With the number of an edit, the layer as it was after that edit."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_lot_parameter()
        last = QgsProcessingParameterNumber(
            self.LAST, tr("Number of the last edit (empty: all)"), optional=True, minValue=0
        )
        output = QgsProcessingParameterFileDestination(self.OUTPUT, tr("Lot made again"), tr("Lots (*.gpkg)"))
        base = QgsProcessingParameterFile(self.BASE, tr("Lot as it was handed out"), extension="gpkg")
        for parameter in (base, last, output):
            if not self.addParameter(parameter):
                raise QgsProcessingException(parameter.name())
        self.addOutput(QgsProcessingOutputNumber(self.EDITS, tr("Edits applied")))
        self.addOutput(QgsProcessingOutputNumber(self.DIFFERENCES, tr("Polygons edited past the journal")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Replay."""
        base = Path(self.parameterAsFile(parameters, self.BASE, context))
        target = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        is_asked = parameters.get(self.LAST) is not None
        last = self.parameterAsInt(parameters, self.LAST, context) if is_asked else None
        try:
            with processing_errors():
                lot = self.lot_path(parameters, context)
                made = rebuild(base, lot, target, last, lambda: not feedback.isCanceled())
        except InterruptedError:
            return {}
        feedback.pushInfo(tr("{} edits applied.").format(made.edits))
        if made.differing:
            named = ", ".join(made.differing[:_NAMED])
            feedback.pushWarning(
                tr("{} polygons were edited past the journal: {}").format(len(made.differing), named)
            )
        return {
            self.OUTPUT: str(target),
            self.EDITS: made.edits,
            self.DIFFERENCES: len(made.differing),
        }
