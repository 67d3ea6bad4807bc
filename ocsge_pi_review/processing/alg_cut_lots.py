# SPDX-License-Identifier: GPL-2.0-or-later
"""One lot into several that can be handed over, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from inference_backend.contracts.lot import ImageryRole
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.layer_copy import LayerCopy, copy_of, temporary_file
from ocsge_pi_review.adapters.layer_files import layer_names, plain_file, table_name
from ocsge_pi_review.processing.backend_algorithm import BackendAlgorithm, explained

WAYS = ("work", "grid", "commune", "cells")


class CutLots(BackendAlgorithm):
    """Cuts a lot into lots of whole polygons."""

    LOT = "LOT"
    BY = "BY"
    COUNT = "COUNT"
    HOURS = "HOURS"
    SIZE = "SIZE"
    COMMUNES = "COMMUNES"
    COMMUNE_COLUMN = "COMMUNE_COLUMN"
    REFERENCES = "REFERENCES"
    LINK = "LINK"
    OUTPUT = "OUTPUT"
    MADE = "MADE"

    def name(self) -> str:
        """Fixed."""
        return "cutlots"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Cut a lot into lots")

    def group(self) -> str:
        """Shown in the toolbox."""
        return tr("Lots under review")

    def groupId(self) -> str:
        """Fixed."""
        return "lots"

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Makes lots of equal work that can be handed over, each in one file.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Polygons stay whole. Each lot gets its own polygons, their neighbours as a read-only margin, "
            "its part of the queue, the reference vectors and images of its ground, styles and rules: "
            "whoever gets the file needs nothing else.\n\n"
            "What was handed out is noted in the lot that was cut; “Merge lots back” takes it back.\n\n"
            "The backend does the work and must see these files."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        double = Qgis.ProcessingNumberParameterType.Double
        self.add(
            QgsProcessingParameterFile(self.LOT, tr("Lot to cut (GeoPackage)"), extension="gpkg"),
            QgsProcessingParameterEnum(
                self.BY,
                tr("Lots are"),
                [tr("Of equal work"), tr("Squares"), tr("Communes"), tr("Cells of the skeleton")],
                defaultValue=0,
            ),
            explained(
                QgsProcessingParameterNumber(self.COUNT, tr("Number of lots"), optional=True, minValue=1),
                tr("Or say how many hours a lot may take; squares and communes need neither."),
            ),
            QgsProcessingParameterNumber(
                self.HOURS, tr("Expected work of a lot, at most (h)"), double, optional=True, minValue=0.01
            ),
            QgsProcessingParameterNumber(
                self.SIZE, tr("Side of a square (m)"), double, optional=True, minValue=1.0
            ),
        )
        self._declare_company()
        self.add(
            QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Folder of the lots")),
            QgsProcessingOutputNumber(self.MADE, tr("Number of lots made")),
        )

    def _declare_company(self) -> None:
        kinds = QgsProcessing.SourceType
        self.add(
            explained(
                QgsProcessingParameterVectorLayer(
                    self.COMMUNES, tr("Limits of communes"), [kinds.TypeVectorPolygon], optional=True
                ),
                tr("To cut by, and for the filter of the queue."),
            ),
            QgsProcessingParameterMultipleLayers(
                self.REFERENCES, tr("Reference vectors"), kinds.TypeVectorAnyGeometry, optional=True
            ),
        )
        for role, text in _roles():
            self.add(QgsProcessingParameterRasterLayer(role.value.upper(), text, optional=True))
        self.advanced(
            QgsProcessingParameterString(
                self.COMMUNE_COLUMN, tr("Column of the INSEE code, if unusual"), optional=True
            )
        )
        self.advanced(
            QgsProcessingParameterBoolean(self.LINK, tr("Link images instead of clipping them"), False)
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read layers and values."""
        self.same_disk = True
        self._lot = Path(self.parameterAsFile(parameters, self.LOT, context))
        communes = self.parameterAsVectorLayer(parameters, self.COMMUNES, context)
        chosen = self.chosen_layers(parameters, self.REFERENCES, context)
        self._vectors = [layer if isinstance(layer, Path) else _as_file(layer) for layer in chosen]
        self._communes = None if communes is None else _as_file(communes)
        is_linked = self.parameterAsBool(parameters, self.LINK, context)
        clipped, linked = {}, {}
        for role, _ in _roles():
            layer = self.parameterAsRasterLayer(parameters, role.value.upper(), context)
            if layer is None:
                continue
            is_file = layer.providerType() == "gdal" and Path(layer.source()).is_file()
            (clipped if is_file and not is_linked else linked)[role.value] = layer.source()
        self._inputs = {
            "by": WAYS[self.parameterAsEnum(parameters, self.BY, context)],
            "count": self.whole_number(parameters, self.COUNT, context),
            "hours": self._double(parameters, self.HOURS, context),
            "side_m": self._double(parameters, self.SIZE, context),
            "commune_column": self.text(parameters, self.COMMUNE_COLUMN, context),
            "imagery": clipped or None,
            "imagery_link": linked or None,
        }

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Cut."""
        folder = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        inputs = {
            **self._inputs,
            "lot": self._lot,
            "output": folder,
            "communes": None if self._communes is None else _written(self._communes, feedback),
            "references": [_written(entry, feedback) for entry in self._vectors] or None,
        }
        made = self.run_process("cut", inputs, {}, feedback)["lots"]
        for lot in made:
            feedback.pushInfo(
                tr("{}: {} polygons, {} to review, expected {:.2f} h").format(
                    lot["path"], lot["polygons"], lot["items"], lot["work_s"] / 3600
                )
            )
        return {self.OUTPUT: str(folder), self.MADE: len(made)}

    def _double(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> float | None:
        return None if parameters.get(name) is None else self.parameterAsDouble(parameters, name, context)


def _roles() -> tuple[tuple[ImageryRole, str], ...]:
    return (
        (ImageryRole.ORTHO, tr("Ortho-image")),
        (ImageryRole.INFRARED, tr("Infrared")),
        (ImageryRole.HEIGHT, tr("Height")),
        (ImageryRole.OTHER_DATE, tr("Image of another date")),
        (ImageryRole.PREDICTION, tr("Prediction")),
    )


def _as_file(layer: Any) -> Path | LayerCopy:
    place = plain_file(layer)
    if layer is None:
        raise QgsProcessingException(tr("No such layer."))
    alone = place is not None and len(layer_names(place[0])) == 1
    return place[0] if place is not None and alone else copy_of(layer, table_name(layer))


def _written(entry: Path | LayerCopy, feedback: QgsProcessingFeedback) -> Path:
    if isinstance(entry, LayerCopy):
        return entry.write(temporary_file(f"{entry.name}.gpkg"), feedback)
    return entry
