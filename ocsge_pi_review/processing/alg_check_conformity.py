# SPDX-License-Identifier: GPL-2.0-or-later
"""Conformity of any OCS GE layer, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsVectorLayer,
)

from inference_backend.contracts.lot import OCCUPATION_SOL, ZONE_CONSTRUITE
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.conformity_report import report_page
from ocsge_pi_review.adapters.layer_copy import LayerCopy, copy_of, temporary_file
from ocsge_pi_review.adapters.layer_files import plain_file
from ocsge_pi_review.processing.backend_algorithm import BackendAlgorithm, explained


class CheckConformity(BackendAlgorithm):
    """Counts gaps, overlaps, invalid and too small polygons, unknown codes."""

    INPUT = "INPUT"
    ZONE = "ZONE"
    PARTIAL = "PARTIAL"
    CS_COLUMN = "CS_COLUMN"
    US_COLUMN = "US_COLUMN"
    OUTPUT_HTML = "OUTPUT_HTML"
    CONFORMS = "CONFORMS"

    def name(self) -> str:
        """Fixed."""
        return "checkconformity"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("3. Check the conformity of an OCS GE layer")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("What a delivery is refused for, counted.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Counts what a delivery is refused for: gaps, overlaps, invalid and multipart geometries, "
            "polygons under their minimum area, missing, unknown and non-leaf codes, duplicate identifiers. "
            "Takes any OCS GE layer: a lot, a published one, with columns in capitals or not.\n\n"
            "The output “conforms” and the counts can be used in a model. The backend does the work; the "
            "algorithm “Check the coverage of a lot” looks at gaps and overlaps without one."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        self.add(
            QgsProcessingParameterVectorLayer(self.INPUT, tr("OCS GE layer, or lot"), polygons),
            explained(
                QgsProcessingParameterVectorLayer(self.ZONE, tr("Built-up zone"), polygons, optional=True),
                tr("Where the file of the layer has none; without any, the smallest minimum holds."),
            ),
        )
        self.add_profile()
        self.advanced(
            QgsProcessingParameterBoolean(self.PARTIAL, tr("A change layer, no partition"), False),
            tr("Its gaps and small polygons are no fault."),
        )
        self.advanced(
            QgsProcessingParameterString(self.CS_COLUMN, tr("Cover column, if unusual"), optional=True)
        )
        self.advanced(
            QgsProcessingParameterString(self.US_COLUMN, tr("Use column, if unusual"), optional=True)
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, tr("Report"), "HTML (*.html)", optional=True
            ),
            QgsProcessingOutputBoolean(self.CONFORMS, tr("Conforms")),
            *(QgsProcessingOutputNumber(output, text) for output, (_, text) in _numbers().items()),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read layers and values."""
        self._layer = self._place(parameters, self.INPUT, OCCUPATION_SOL.name, context)
        if self._layer is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.INPUT))
        self._zone = self._place(parameters, self.ZONE, ZONE_CONSTRUITE.name, context)
        self._inputs = {
            "profile": self.profile(parameters, context),
            "partial": self.parameterAsBool(parameters, self.PARTIAL, context),
            "cs_column": self.text(parameters, self.CS_COLUMN, context),
            "us_column": self.text(parameters, self.US_COLUMN, context),
        }

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Check."""
        path, layer = _on_disk(self._layer, feedback)
        zone = _on_disk(self._zone, feedback)[0] if self._zone is not None else None
        inputs = {**self._inputs, "path": path, "layer": layer or None, "zone": zone}
        found = self.run_process("check", inputs, {}, feedback)
        figures = found.get("conformity") or {}
        results: dict[str, Any] = {self.CONFORMS: bool(found.get("conforms"))}
        results |= {output: figures.get(name) for output, (name, _) in _numbers().items()}
        page = self.parameterAsFileOutput(parameters, self.OUTPUT_HTML, context)
        if page:
            Path(page).write_text(report_page(found), encoding="utf-8")
            results[self.OUTPUT_HTML] = page
        faults = ", ".join(figures.get("faults") or ())
        feedback.pushInfo(
            tr("Conforms.") if found.get("conforms") else tr("Does not conform: {}").format(faults)
        )
        return results

    def _place(
        self, parameters: dict[str, Any], name: str, table: str, context: QgsProcessingContext
    ) -> tuple[Path, str] | LayerCopy | None:
        """File and layer, a copy to be made, or None; a file chosen as such leaves the layer open."""
        value = parameters.get(name)
        if isinstance(value, str) and value and Path(value).is_file():
            return Path(value), ""
        layer: QgsVectorLayer | None = self.parameterAsVectorLayer(parameters, name, context)
        if layer is None:
            return None
        return plain_file(layer) or copy_of(layer, table)


def _on_disk(place: tuple[Path, str] | LayerCopy, feedback: QgsProcessingFeedback) -> tuple[Path, str]:
    if isinstance(place, LayerCopy):
        return place.write(temporary_file(f"{place.name}.gpkg"), feedback), place.name
    return place


def _numbers() -> dict[str, tuple[str, str]]:
    """Numeric output to figure of the report and title."""
    return {
        "POLYGONS": ("polygons", tr("Polygons")),
        "GAPS": ("gaps", tr("Gaps")),
        "OVERLAPS": ("overlaps", tr("Overlaps")),
        "INVALID": ("invalid", tr("Invalid geometries")),
        "TOO_SMALL": ("under_threshold", tr("Under the minimum area, without excuse")),
    }
