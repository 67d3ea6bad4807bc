# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `importdataset`."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
)

from ocsge_annotator.processing.campaign_algorithm import Parameters
from ocsge_annotator.processing.dataset_algorithm import DatasetAlgorithm
from ocsge_common.translation import tr


class ImportDataset(DatasetAlgorithm):
    """Labels the open patches of a campaign from masks of others."""

    FOLDER = "FOLDER"
    FILE = "FILE"
    REPLACE = "REPLACE"

    def name(self) -> str:
        """Fixed name."""
        return "importdataset"

    def displayName(self) -> str:
        """Title."""
        return tr("Import masks into a campaign")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Labels the patches that are still to be done from masks of others: rasters on any grid, bands "
            "of 0 and 1, PNG by name, COCO, YOLO, or a data set of this plugin, which comes back to the "
            "pixel. Everything is read before anything is written; a class that the campaign lacks is named "
            "with its pixels. Patches handed in, open elsewhere or not saved stay as they are; labels that "
            "are replaced are kept in the folder labels_before_import."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        folder = QgsProcessingParameterFile.Behavior.Folder
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Folder of the masks"), folder, optional=True))
        self.add(QgsProcessingParameterFile(self.FILE, tr("Or one file (raster, COCO)"), optional=True))
        self.add_campaign()
        self.add_mapping()
        self.add(QgsProcessingParameterBoolean(self.REPLACE, tr("Replace labels that exist"), False))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Import."""
        source = self.parameterAsFile(parameters, self.FILE, context) or self.parameterAsFile(
            parameters, self.FOLDER, context
        )
        if not source:
            raise QgsProcessingException(tr("Choose the folder or the file of the masks."))
        campaign = self.parameterAsFile(parameters, self.CAMPAIGN, context)
        arguments = ["import", source, "--into", campaign]
        mapping = self.parameterAsString(parameters, self.MAPPING, context).strip()
        arguments += [f"--mapping={mapping}"] if mapping else []
        arguments += ["--replace"] if self.parameterAsBool(parameters, self.REPLACE, context) else []
        self.run_command(arguments, feedback)
        return {self.CAMPAIGN: campaign}
