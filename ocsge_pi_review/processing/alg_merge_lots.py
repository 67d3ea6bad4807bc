# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots that came back, into the one they were cut from, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
)

from ocsge_common.translation import tr, user_language
from ocsge_pi_review.processing.backend_algorithm import BackendAlgorithm, explained


class MergeLots(BackendAlgorithm):
    """Applies the gestures of delivered lots to their parent."""

    PARENT = "PARENT"
    LOTS = "LOTS"
    CONFLICTS = "CONFLICTS"
    APPLIED = "APPLIED"
    REFUSED = "REFUSED"

    def name(self) -> str:
        """Fixed."""
        return "mergelots"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Merge lots back")

    def group(self) -> str:
        """Shown in the toolbox."""
        return tr("Lots under review")

    def groupId(self) -> str:
        """Fixed."""
        return "lots"

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Takes delivered lots back into the one they were cut from.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Every gesture of a delivered lot is applied where the polygons are still as the lot got them, "
            "with its operator and time. Vertices that two lots added to a common border end on both sides. "
            "Gestures that do not fit any more are conflicts: they change nothing and lie in a layer of "
            "their own beside the lot. Merging a lot twice changes nothing.\n\n"
            "A lot that was changed past its journal, is not delivered or comes from elsewhere is "
            "refused.\n\n"
            "The backend does the work and must see these files."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        self.add(
            QgsProcessingParameterFile(
                self.PARENT, tr("The lot they were cut from (GeoPackage)"), extension="gpkg"
            ),
            QgsProcessingParameterMultipleLayers(
                self.LOTS, tr("Delivered lots"), QgsProcessing.SourceType.TypeFile
            ),
            explained(
                QgsProcessingParameterFolderDestination(
                    self.CONFLICTS, tr("Folder of conflicts"), optional=True, createByDefault=False
                ),
                tr("Without one, beside each lot."),
            ),
            QgsProcessingOutputNumber(self.APPLIED, tr("Gestures merged")),
            QgsProcessingOutputNumber(self.REFUSED, tr("Conflicts")),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read the files."""
        self.same_disk = True
        self._parent = Path(self.parameterAsFile(parameters, self.PARENT, context))
        self._lots = [Path(path) for path in self.parameterAsFileList(parameters, self.LOTS, context)]
        folder = self.parameterAsString(parameters, self.CONFLICTS, context)
        self._folder = Path(folder) if folder else None

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Merge."""
        inputs = {"parent": self._parent, "lots": self._lots, "conflicts": self._folder}
        done = self.run_process("merge", inputs, {}, feedback)["lots"]
        for lot in done:
            feedback.pushInfo(
                tr("{}: {} gestures merged, {} known already, {} conflicts").format(
                    lot["lot"], lot["applied"], lot["known"], lot["conflicts"]
                )
            )
            for reason in lot["reasons"]:
                feedback.pushWarning(f"{lot['lot']}: {reason['fr' if user_language() == 'fr' else 'en']}")
            if lot["layer"]:
                feedback.pushWarning(tr("Conflicts: {}").format(lot["layer"]))
                _show(lot["layer"], lot["lot"], context)
        return {
            self.APPLIED: sum(lot["applied"] for lot in done),
            self.REFUSED: sum(lot["conflicts"] for lot in done),
            self.CONFLICTS: str(self._folder) if self._folder else "",
        }


def _show(path: str, name: str, context: QgsProcessingContext) -> None:
    """Have Processing add the layer of conflicts; nothing happens without a project."""
    if context.project() is None:
        return
    title = tr("Conflicts: {}").format(name)
    details = QgsProcessingContext.LayerDetails(title, context.project(), "CONFLICTS")
    context.addLayerToLoadOnCompletion(f"{path}|layername=conflict", details)
