# SPDX-License-Identifier: GPL-2.0-or-later
"""The report of a control as a page, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ocsge_common.translation import tr
from ocsge_pi_review.processing.control_algorithm import ControlAlgorithm

LANGUAGES = ("fr", "en")


class ReportControl(ControlAlgorithm):
    """Writes the report of a control."""

    SOURCE = "SOURCE"
    LANGUAGE = "LANGUAGE"
    OUTPUT = "OUTPUT"
    PAGE = "PAGE"

    def name(self) -> str:
        """Fixed."""
        return "controlreport"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Write the report of a control")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("A page that stands alone and prints to PDF, with its tables.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Writes a page that stands alone (HTML, to be printed to PDF by any browser), its tables (CSV) "
            "and the document (JSON): the decision first, then matrices, accuracy of each class with its "
            "interval, areas, risks, map and list of the errors, method and seed.\n\n"
            "Takes the lot, or the JSON that a decision wrote. A control that nobody decided is shown as a "
            "draft by the thresholds of the profile. The backend does the work and must see these files."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        self.add(
            QgsProcessingParameterFile(self.SOURCE, tr("Lot, or JSON of a decision")),
            QgsProcessingParameterEnum(
                self.LANGUAGE, tr("Language of the page"), [tr("French"), tr("English")], defaultValue=0
            ),
            QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Folder of the report")),
            QgsProcessingOutputHtml(self.PAGE, tr("Page")),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read the parameters."""
        self.same_disk = True
        self._source = Path(self.parameterAsFile(parameters, self.SOURCE, context))
        self._language = LANGUAGES[self.parameterAsEnum(parameters, self.LANGUAGE, context)]

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Write."""
        folder = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        inputs = {"source": self._source, "output": folder, "language": self._language}
        done = self.run_process("control_report", inputs, {}, feedback)
        feedback.pushInfo(tr("Page: {}").format(done["page"]))
        return {self.OUTPUT: str(folder), self.PAGE: done["page"]}
