# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms on data sets share."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsProcessingFeedback, QgsProcessingParameterFile, QgsProcessingParameterString

from ocsge_annotator.adapters.dataset_command import run_dataset_command
from ocsge_annotator.processing.base import errors_for_processing, reporter
from ocsge_annotator.processing.campaign_algorithm import CampaignAlgorithm
from ocsge_common.translation import tr


class DatasetAlgorithm(CampaignAlgorithm):
    """Runs `ocsge dataset`."""

    CAMPAIGN = "CAMPAIGN"
    MAPPING = "MAPPING"

    def add_campaign(self) -> None:
        """The campaign."""
        self.add(QgsProcessingParameterFile(self.CAMPAIGN, tr("Campaign"), extension="gpkg"))

    def add_mapping(self) -> None:
        """How classes correspond."""
        title = tr("Classes (campaign, cover, flair-1, flair-hub, cosia, or a JSON file)")
        self.add(QgsProcessingParameterString(self.MAPPING, title, optional=True), advanced=True)

    def run_command(self, arguments: Sequence[str], feedback: QgsProcessingFeedback) -> None:
        """Run the command with the algorithm's feedback.

        Raises:
            QgsProcessingException: no backend, a reason of the command, or cancelled.
        """
        with errors_for_processing():
            run_dataset_command(arguments, reporter(feedback), feedback.pushInfo)
