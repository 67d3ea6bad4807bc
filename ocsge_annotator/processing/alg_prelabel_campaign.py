# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `prelabelcampaign`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.prelabel import DEFAULT_FLOOR, PreLabeller
from ocsge_annotator.processing.base import GROUP_ID, errors_for_processing, reporter
from ocsge_common.translation import tr


class PrelabelCampaign(QgsProcessingAlgorithm):
    """Fills the open patches of a campaign from a prediction."""

    CAMPAIGN = "CAMPAIGN"
    PREDICTION = "PREDICTION"
    FLOOR = "FLOOR"
    REPLACE = "REPLACE"
    COUNT = "COUNT"
    SHARE = "SHARE"

    def name(self) -> str:
        """Fixed name."""
        return "prelabelcampaign"

    def displayName(self) -> str:
        """Title."""
        return tr("Pre-label a campaign from a prediction")

    def group(self) -> str:
        """Title of the group."""
        return tr("Annotation campaign")

    def groupId(self) -> str:
        """Name of the group."""
        return GROUP_ID

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Gives to the pixels of each patch that is still to be done the class of a prediction, where its "
            "confidence reaches the floor. Classes are matched by name, then by cover code. Undecided pixels "
            "stay without label, and labels that exist stay as they are unless asked otherwise. The campaign "
            "must not be open in the annotation panel."
        )

    def createInstance(self) -> PrelabelCampaign:
        """A new one."""
        return PrelabelCampaign()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.addParameter(QgsProcessingParameterFile(self.CAMPAIGN, tr("Campaign"), extension="gpkg"))
        self.addParameter(QgsProcessingParameterRasterLayer(self.PREDICTION, tr("Prediction")))
        self.addParameter(
            QgsProcessingParameterNumber(
                self.FLOOR,
                tr("Least confidence (0 to 1)"),
                Qgis.ProcessingNumberParameterType.Double,
                DEFAULT_FLOOR,
                minValue=0.0,
                maxValue=1.0,
            )
        )
        self.addParameter(QgsProcessingParameterBoolean(self.REPLACE, tr("Replace labels that exist"), False))
        self.addOutput(QgsProcessingOutputNumber(self.COUNT, tr("Patches changed")))
        self.addOutput(QgsProcessingOutputNumber(self.SHARE, tr("Mean labelled share")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Pre-label."""
        layer = self.parameterAsRasterLayer(parameters, self.PREDICTION, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.PREDICTION))
        with errors_for_processing():
            campaign = read_campaign(Path(self.parameterAsFile(parameters, self.CAMPAIGN, context)))
            labeller = PreLabeller.prepare(
                campaign,
                Path(layer.source()),
                floor=self.parameterAsDouble(parameters, self.FLOOR, context),
                replace=self.parameterAsBool(parameters, self.REPLACE, context),
            )
            changed, share = labeller.apply_to_all(reporter(feedback))
        feedback.pushInfo(
            tr("{} patches pre-labelled, {} % of their pixels.").format(changed, f"{100 * share:.0f}")
        )
        return {self.COUNT: changed, self.SHARE: share}
