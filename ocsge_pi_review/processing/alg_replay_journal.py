# SPDX-License-Identifier: GPL-2.0-or-later
"""Bring a lot up to its journal, without opening it for review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingOutputNumber

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.replay import replay_pending
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm, processing_errors


class ReplayJournal(LotAlgorithm):
    """Applies what an interrupted session left in the journal alone."""

    APPLIED = "APPLIED"

    def name(self) -> str:
        """Fixed."""
        return "replayjournal"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Replay the journal of a lot")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Applies to the layer the gestures that an interrupted session left in the journal "
            "alone. The review "
            "does the same when it opens a lot; this is for lots that are delivered without being "
            "opened again."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_lot_parameter()
        self.addOutput(QgsProcessingOutputNumber(self.APPLIED, tr("Gestures applied")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Replay."""
        with processing_errors():
            applied = self._replay(self.lot_path(parameters, context))
        feedback.pushInfo(tr("{} gestures applied.").format(applied))
        return {self.APPLIED: applied}

    def _replay(self, path: Path) -> int:
        lock = lock_lot(path)
        try:
            return replay_pending(path)
        finally:
            lock.unlock()
