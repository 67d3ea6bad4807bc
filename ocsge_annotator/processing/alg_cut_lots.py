# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `cutlots`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.lots_cut import CutPlan, cut_lots
from ocsge_annotator.processing.base import errors_for_processing, reporter
from ocsge_annotator.processing.campaign_algorithm import CampaignAlgorithm, Parameters
from ocsge_common.translation import tr


class CutLots(CampaignAlgorithm):
    """Shares a campaign out to annotators."""

    CAMPAIGN = "CAMPAIGN"
    NAMES = "NAMES"
    CLIP = "CLIP"
    OUTPUT = "OUTPUT"
    COUNT = "COUNT"

    def name(self) -> str:
        """Fixed name."""
        return "cutlots"

    def displayName(self) -> str:
        """Title."""
        return tr("Cut a campaign into lots")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Shares the patches that are still to be done out to annotators. Each lot is a folder that is a "
            "campaign of its own: with its images it can be sent away and worked on without network. Patches "
            "that two people label go into two lots, and the second person starts from a blank patch.\n\n"
            "Patches that are in a lot already stay there. The lots come back with “Merge a lot into its "
            "campaign”."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.add(QgsProcessingParameterFile(self.CAMPAIGN, tr("Campaign"), extension="gpkg"))
        self.add(
            QgsProcessingParameterString(
                self.NAMES, tr("Names of the lots, one for each annotator (A; B; C)")
            )
        )
        self.add(
            QgsProcessingParameterBoolean(self.CLIP, tr("Give each lot the images of its patches"), True)
        )
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Folder of the lots")))
        self.addOutput(QgsProcessingOutputNumber(self.COUNT, tr("Number of lots")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Cut."""
        names = lot_names(self.parameterAsString(parameters, self.NAMES, context))
        folder = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        clips = self.parameterAsBool(parameters, self.CLIP, context)
        with errors_for_processing():
            campaign = read_campaign(Path(self.parameterAsFile(parameters, self.CAMPAIGN, context)))
            made = cut_lots(campaign, CutPlan(folder, names, clips), reporter(feedback))
        for path in made:
            feedback.pushInfo(tr("{}: {} patches").format(path, len(read_campaign(path).patches)))
        return {self.OUTPUT: str(folder), self.COUNT: len(made)}


def lot_names(text: str) -> tuple[str, ...]:
    """Names separated by semicolons, each fit for a folder.

    Raises:
        QgsProcessingException: no name, or one that no folder can have.
    """
    names = tuple(name.strip() for name in text.split(";") if name.strip())
    if not names:
        raise QgsProcessingException(tr("Give the names of the lots."))
    for name in names:
        if set(name) & set('/\\:*?"<>|') or name.startswith("."):
            raise QgsProcessingException(tr("“{}” cannot be the name of a folder.").format(name))
    return names
