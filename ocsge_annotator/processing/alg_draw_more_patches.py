# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `drawmorepatches`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
)

from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.campaign_more import cells_of, draw_more, places_left, shares_of
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.processing.base import errors_for_processing, reporter
from ocsge_annotator.processing.campaign_algorithm import CampaignAlgorithm, Parameters, split_plan
from ocsge_common.translation import tr

DEFAULT_COUNT = 50


class DrawMorePatches(CampaignAlgorithm):
    """Adds patches to a campaign, for instance where a model is still unsure."""

    CAMPAIGN = "CAMPAIGN"
    COUNT = "COUNT"

    def name(self) -> str:
        """Fixed name."""
        return "drawmorepatches"

    def displayName(self) -> str:
        """Title."""
        return tr("Add patches to a campaign")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Adds patches to a campaign, behind those it has and never on the same place. To teach a model "
            "what it does not know yet, predict the image with it, then choose the patches where it is "
            "least sure: those that resemble each other, or patches labelled before, are left aside.\n\n"
            "The sets for training, validation and test go on as they are. The campaign must not be open in "
            "the annotation panel."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.add(QgsProcessingParameterFile(self.CAMPAIGN, tr("Campaign"), extension="gpkg"))
        self.add_draw_parameters(DEFAULT_COUNT)
        self.add_split_parameters()
        self.addOutput(QgsProcessingOutputNumber(self.COUNT, tr("Patches added")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Choose and add."""
        with errors_for_processing():
            campaign = read_campaign(Path(self.parameterAsFile(parameters, self.CAMPAIGN, context)))
            if campaign.lot:
                raise QgsProcessingException(
                    tr("{}: this is a lot; add the patches to the whole campaign.").format(campaign.path)
                )
            image = read_image(campaign.image)
            known = cells_of(campaign, image)
            draw = self.draw(parameters, context, image)
            shares = shares_of(known)
            if draw.split is None and shares is not None:
                metres = (
                    self.parameterAsDouble(parameters, name, context) for name in (self.BUFFER, self.BLOCK)
                )
                draw = replace(draw, split=split_plan(shares, image, *metres, draw.seed))
            places = self.inside_area(places_left(campaign, image, known), image, parameters, context)
            if not places:
                raise QgsProcessingException(
                    tr("{}: no place is left for another patch.").format(campaign.path)
                )
            added = draw_more(campaign, image, draw, places, reporter(feedback))
        feedback.pushInfo(tr("{} patches added").format(len(added)))
        return {self.COUNT: len(added)}
