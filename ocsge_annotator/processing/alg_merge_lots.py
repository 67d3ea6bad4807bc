# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `mergelots`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
)

from ocsge_annotator.adapters.lots_merge import MergeReport, merge_lot
from ocsge_annotator.domain.merge import Outcome
from ocsge_annotator.processing.base import errors_for_processing, reporter
from ocsge_annotator.processing.campaign_algorithm import CampaignAlgorithm, Parameters
from ocsge_common.translation import tr


class MergeLots(CampaignAlgorithm):
    """Takes a lot back into its campaign."""

    CAMPAIGN = "CAMPAIGN"
    LOT = "LOT"
    TAKEN = "TAKEN"
    CONFLICTS = "CONFLICTS"

    def name(self) -> str:
        """Fixed name."""
        return "mergelots"

    def displayName(self) -> str:
        """Title."""
        return tr("Merge a lot into its campaign")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Takes the labels, states and times of a lot back into the campaign from which it was cut. A "
            "patch that was labelled on both sides is a conflict: nothing is overwritten, both labellings "
            "are kept, and the campaign's panel shows them so that one is chosen. A lot may be merged as "
            "often as one likes, also before it is finished."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.add(QgsProcessingParameterFile(self.CAMPAIGN, tr("Campaign"), extension="gpkg"))
        self.add(QgsProcessingParameterFile(self.LOT, tr("Lot that comes back"), extension="gpkg"))
        self.addOutput(QgsProcessingOutputNumber(self.TAKEN, tr("Patches taken over")))
        self.addOutput(QgsProcessingOutputNumber(self.CONFLICTS, tr("Conflicts")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Merge and tell."""
        campaign, lot = (
            Path(self.parameterAsFile(parameters, name, context)) for name in (self.CAMPAIGN, self.LOT)
        )
        with errors_for_processing():
            merged = merge_lot(campaign, lot, reporter(feedback))
        for line in told(merged):
            feedback.pushInfo(line)
        return {self.TAKEN: merged.count(Outcome.TAKE), self.CONFLICTS: merged.count(Outcome.CONFLICT)}


def told(merged: MergeReport) -> list[str]:
    """What became of the lot, a line for each outcome that occurred."""
    texts = {
        Outcome.TAKE: tr("Taken over: {}"),
        Outcome.SAME: tr("There already: {}"),
        Outcome.UNCHANGED: tr("Not labelled since: {}"),
        Outcome.KEEP: tr("Changed in the campaign alone, kept: {}"),
        Outcome.CONFLICT: tr("Labelled on both sides, to be chosen in the campaign's panel: {}"),
        Outcome.BUSY: tr("In somebody's hands, merge again later: {}"),
        Outcome.MISSING: tr("Without label file, ask for the whole folder of the lot: {}"),
    }
    return [
        text.format(_listed(merged.patches[outcome]))
        for outcome, text in texts.items()
        if outcome in merged.patches
    ]


def _listed(names: list[str]) -> str:
    """How many, and which where they are few."""
    return f"{len(names)} ({', '.join(names)})" if len(names) <= 12 else str(len(names))
