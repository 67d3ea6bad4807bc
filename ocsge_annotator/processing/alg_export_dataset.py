# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `exportdataset`."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.processing.campaign_algorithm import Parameters
from ocsge_annotator.processing.dataset_algorithm import DatasetAlgorithm
from ocsge_common.translation import tr

FORMATS = ("flair", "flair-hub", "odeon", "stac", "coco", "yolo", "png")


class ExportDataset(DatasetAlgorithm):
    """Writes the patches that were handed in as a data set of another tool."""

    FORMAT = "FORMAT"
    ACCEPTED = "ACCEPTED"
    SPLITS = "SPLITS"
    DOMAIN = "DOMAIN"
    ACQUIRED = "ACQUIRED"
    OUTPUT = "OUTPUT"

    def name(self) -> str:
        """Fixed name."""
        return "exportdataset"

    def displayName(self) -> str:
        """Title."""
        return tr("Export a campaign as a data set")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Writes images and labels of the patches that were handed in, in the layout of FLAIR, FLAIR-HUB, "
            "ODEON, STAC, COCO, YOLO, or as pairs of PNG. What was painted is what is written, to the pixel; "
            "classes without counterpart are named, and nothing is written then. The backend does it on this "
            "computer."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.add_campaign()
        titles = ["FLAIR", "FLAIR-HUB", "ODEON", "STAC", "COCO", "YOLO", "PNG"]
        self.add(QgsProcessingParameterEnum(self.FORMAT, tr("Format"), titles, defaultValue=0))
        self.add(QgsProcessingParameterBoolean(self.ACCEPTED, tr("Only patches that were accepted"), False))
        splits = QgsProcessingParameterString(
            self.SPLITS, tr("Splits (train val test unsplit; empty: all)"), optional=True
        )
        self.add(splits, advanced=True)
        self.add_mapping()
        domain = QgsProcessingParameterString(
            self.DOMAIN, tr("Département and year, for FLAIR (D032-2019)"), optional=True
        )
        self.add(domain, advanced=True)
        acquired = QgsProcessingParameterString(
            self.ACQUIRED, tr("Day of the image (2019-07-01)"), optional=True
        )
        self.add(acquired, advanced=True)
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Data set")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Export."""
        folder = self.parameterAsString(parameters, self.OUTPUT, context)
        kind = FORMATS[self.parameterAsEnum(parameters, self.FORMAT, context)]
        campaign = self.parameterAsFile(parameters, self.CAMPAIGN, context)
        arguments = ["export", campaign, "--format", kind, "--output", folder]
        if self.parameterAsBool(parameters, self.ACCEPTED, context):
            arguments += ["--state", PatchState.ACCEPTED.value]
        splits = self.parameterAsString(parameters, self.SPLITS, context).split()
        arguments += ["--split", *splits] if splits else []
        for option, name in (
            ("mapping", self.MAPPING),
            ("domain", self.DOMAIN),
            ("acquired", self.ACQUIRED),
        ):
            text = self.parameterAsString(parameters, name, context).strip()
            arguments += [f"--{option}={text}"] if text else []
        self.run_command(arguments, feedback)
        return {self.OUTPUT: folder}
