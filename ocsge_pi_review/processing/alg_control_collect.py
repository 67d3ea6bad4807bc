# SPDX-License-Identifier: GPL-2.0-or-later
"""Bringing the answers of controllers back into the lot, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ocsge_common.translation import tr
from ocsge_pi_review.processing.backend_algorithm import explained
from ocsge_pi_review.processing.control_algorithm import ControlAlgorithm


class CollectControl(ControlAlgorithm):
    """Collects control files."""

    LOT = "LOT"
    FILES = "FILES"
    ARBITER = "ARBITER"
    OUTPUT = "OUTPUT"
    NEW = "NEW"
    LEFT = "LEFT"
    DIFFERING = "DIFFERING"
    SHEET = "SHEET"

    def name(self) -> str:
        """Fixed."""
        return "controlcollect"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Bring the answers of a control back")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Brings what controllers answered into the lot; twice changes nothing.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Takes the control files as the controllers hand them back and writes their answers into the "
            "lot. A file may be collected as often as one likes: nothing counts twice. Files of another "
            "control, damaged or altered ones are refused, and the lot stays as it is.\n\n"
            "Where two controllers differ, name an arbiter: a file with these units alone is written for "
            "that person; collect it as well.\n\n"
            "The backend does the work and must see these files."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        kind = QgsProcessing.SourceType.TypeFile
        self.add(
            QgsProcessingParameterFile(self.LOT, tr("Lot in control (GeoPackage)"), extension="gpkg"),
            explained(
                QgsProcessingParameterMultipleLayers(self.FILES, tr("Control files"), kind, optional=True),
                tr("None: only tells where the control stands."),
            ),
            QgsProcessingParameterString(self.ARBITER, tr("Arbiter where two differ"), optional=True),
            QgsProcessingParameterFolderDestination(
                self.OUTPUT, tr("Folder of the arbiter's file"), optional=True, createByDefault=False
            ),
            QgsProcessingOutputNumber(self.NEW, tr("Answers brought back")),
            QgsProcessingOutputNumber(self.LEFT, tr("Units without an answer")),
            QgsProcessingOutputNumber(self.DIFFERING, tr("Opinions that differ")),
            QgsProcessingOutputString(self.SHEET, tr("File for the arbiter")),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read the parameters."""
        self.same_disk = True
        folder = self.parameterAsString(parameters, self.OUTPUT, context)
        self._inputs = {
            "lot": Path(self.parameterAsFile(parameters, self.LOT, context)),
            "files": self.files(parameters, self.FILES, context),
            "arbiter": self.text(parameters, self.ARBITER, context),
            "output": Path(folder) if folder else None,
        }
        if self._inputs["arbiter"] and not folder:
            raise QgsProcessingException(tr("Choose a folder for the arbiter's file."))

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Collect."""
        done = self.run_process("control_collect", self._inputs, {}, feedback)
        left = done["units"] - done["answered"]
        feedback.pushInfo(
            tr("{} new answers; {} of {} units answered; {} second opinions missing; {} differ").format(
                done["new"], done["answered"], done["units"], done["lacking_second"], done["differing"]
            )
        )
        if done["arbiter_file"]:
            feedback.pushInfo(tr("Control file: {}").format(done["arbiter_file"]))
        return {
            self.NEW: done["new"],
            self.LEFT: left,
            self.DIFFERING: done["differing"],
            self.SHEET: done["arbiter_file"] or "",
        }
