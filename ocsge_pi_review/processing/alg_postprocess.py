# SPDX-License-Identifier: GPL-2.0-or-later
"""From a prediction and references to a lot, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from inference_backend.contracts.lot import OCCUPATION_SOL, REVIEW_ITEM, ZONE_CONSTRUITE
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.crs_text import crs_text
from ocsge_pi_review.adapters.layer_files import vector_inputs, write_copies
from ocsge_pi_review.adapters.lot_group import load_lot
from ocsge_pi_review.adapters.raster_source import raster_source
from ocsge_pi_review.processing.area_algorithm import AreaAlgorithm
from ocsge_pi_review.processing.backend_algorithm import explained, is_year

LARGEST_BLOCK_PX = 65_536
MOST_WORKERS = 256


class Postprocess(AreaAlgorithm):
    """Makes a coverage of polygons with cover, use and review queue."""

    PREDICTION = "PREDICTION"
    REFERENCES = "REFERENCES"
    REFERENCES_FOLDER = "REFERENCES_FOLDER"
    MILLESIME = "MILLESIME"
    NAME = "NAME"
    OUTPUT = "OUTPUT"
    LOAD = "LOAD"
    IMAGE = "IMAGE"
    CLASS_TABLE = "CLASS_TABLE"
    CRS = "CRS"
    PIXEL = "PIXEL"
    WORKERS = "WORKERS"
    SCHEDULER = "SCHEDULER"
    BLOCK = "BLOCK"
    RESTART = "RESTART"
    COVERAGE = "COVERAGE"
    ZONE = "ZONE"
    QUEUE = "QUEUE"
    POLYGONS = "POLYGONS"
    TO_REVIEW = "TO_REVIEW"

    def name(self) -> str:
        """Fixed."""
        return "postprocess"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("2. Post-process: classes to OCS GE lot")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Makes a complete coverage with cover, use and review queue.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Makes an OCS GE lot of a prediction and reference vectors: a complete coverage without gap or "
            "overlap, every polygon with cover, use, source and confidence; the built-up zone; and the "
            "review queue, the most valuable first, with its reasons.\n\n"
            "References: BD TOPO, RPG, BD Forêt, fichiers fonciers; layers, whole files or a folder, in any "
            "coordinate system. A layer is recognised by its name in the file (batiment, "
            "troncon_de_route, …), never by that of the legend. All of them are optional: rules whose source "
            "is missing stay silent.\n\n"
            "The lot is one GeoPackage; the review opens it as it is. When it ends, a group of layers shows "
            "cover, use, confidence, built-up zone and queue in official colours.\n\n"
            "The backend does the work: the one that Settings > Options > OCS GE review names."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        self.add(
            QgsProcessingParameterRasterLayer(self.PREDICTION, tr("Prediction, or raster of classes")),
            QgsProcessingParameterMultipleLayers(
                self.REFERENCES,
                tr("References (BD TOPO, RPG, BD Forêt, …)"),
                QgsProcessing.SourceType.TypeVectorAnyGeometry,
                optional=True,
            ),
            explained(
                QgsProcessingParameterFile(
                    self.REFERENCES_FOLDER,
                    tr("Folder of references"),
                    QgsProcessingParameterFile.Behavior.Folder,
                    optional=True,
                ),
                tr("A delivery as it was unpacked: every layer in it and below that the profile knows."),
            ),
            self.area_parameter(),
            explained(
                QgsProcessingParameterString(self.MILLESIME, tr("Year of the ortho-image (millésime)")),
                tr("Four digits, for instance 2022."),
            ),
            explained(
                QgsProcessingParameterString(self.NAME, tr("Name of the lot"), optional=True),
                tr("Without one, the name of the file."),
            ),
        )
        self.add_profile()
        self.add(
            QgsProcessingParameterFileDestination(self.OUTPUT, tr("Lot"), "GeoPackage (*.gpkg)"),
            QgsProcessingParameterBoolean(
                self.LOAD, tr("Show the lot as a group of layers when it ends"), defaultValue=True
            ),
        )
        self._declare_class_raster()
        self._declare_computation()
        self._declare_outputs()

    def _declare_class_raster(self) -> None:
        self.advanced(
            QgsProcessingParameterRasterLayer(self.IMAGE, tr("Image to show underneath"), optional=True),
            tr("One that is in the project already lies underneath anyway."),
        )
        self.advanced(self.extent_parameter())
        self.advanced(
            QgsProcessingParameterString(
                self.CLASS_TABLE, tr("Class table, for a raster of classes alone"), optional=True
            ),
            tr("flair-1, flair-1-argmax, flair-hub or cosia; or the path of a JSON file of your own."),
        )
        self.advanced(
            QgsProcessingParameterCrs(
                self.CRS, tr("Coordinate system, for a raster without one"), optional=True
            )
        )
        self.advanced(
            QgsProcessingParameterNumber(
                self.PIXEL,
                tr("Pixel size (m), for a raster without georeference"),
                Qgis.ProcessingNumberParameterType.Double,
                optional=True,
                minValue=0.0,
            )
        )

    def _declare_computation(self) -> None:
        integer = Qgis.ProcessingNumberParameterType.Integer
        self.advanced(
            QgsProcessingParameterNumber(
                self.WORKERS,
                tr("Workers (blocks at the same time)"),
                integer,
                optional=True,
                minValue=1,
                maxValue=MOST_WORKERS,
            ),
            tr("Without a value, one per processor core. The result does not depend on it."),
        )
        self.advanced(
            QgsProcessingParameterString(self.SCHEDULER, tr("Dask scheduler"), optional=True),
            tr("Spreads the work over a cluster: for instance tcp://host:8786."),
        )
        self.advanced(
            QgsProcessingParameterNumber(
                self.BLOCK,
                tr("Side of a block (px)"),
                integer,
                optional=True,
                minValue=256,
                maxValue=LARGEST_BLOCK_PX,
            ),
            tr("Smaller blocks take less memory. The result does not depend on it."),
        )
        self.advanced(
            QgsProcessingParameterBoolean(self.RESTART, tr("Start over"), False),
            tr("Without it, the finished blocks of an earlier run with the same inputs are kept."),
        )

    def _declare_outputs(self) -> None:
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        points = QgsProcessing.SourceType.TypeVectorPoint
        self.add(
            QgsProcessingOutputVectorLayer(self.COVERAGE, tr("Coverage (occupation_sol)"), polygons),
            QgsProcessingOutputVectorLayer(self.ZONE, tr("Built-up zone"), polygons),
            QgsProcessingOutputVectorLayer(self.QUEUE, tr("Review queue"), points),
            QgsProcessingOutputNumber(self.POLYGONS, tr("Polygons")),
            QgsProcessingOutputNumber(self.TO_REVIEW, tr("Polygons to review")),
        )

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """Whether the values can be worked with, and what is wrong where they cannot."""
        year = self.parameterAsString(parameters, self.MILLESIME, context).strip()
        if not is_year(year):
            return False, tr("Year of the ortho-image: four digits are wanted, for instance 2022.")
        return super().checkParameterValues(parameters, context)

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read layers and values."""
        references = self.chosen_layers(parameters, self.REFERENCES, context)
        folder = self.parameterAsFile(parameters, self.REFERENCES_FOLDER, context)
        self._references = vector_inputs([*references, *([Path(folder)] if folder else ())])
        crs = self.parameterAsCrs(parameters, self.CRS, context)
        table = self.text(parameters, self.CLASS_TABLE, context)
        self.collect_area(parameters, context, crs if crs.isValid() else self._crs(parameters, context))
        self._inputs = {
            "prediction": self._prediction(parameters, context),
            "millesime": self.parameterAsString(parameters, self.MILLESIME, context).strip(),
            "profile": self.profile(parameters, context),
            "class_table": Path(table) if table and Path(table).is_file() else table,
            "crs": crs_text(crs),
            "pixel_m": self._pixel(parameters, context),
            "workers": self.whole_number(parameters, self.WORKERS, context),
            "scheduler": self.text(parameters, self.SCHEDULER, context),
            "block_px": self.whole_number(parameters, self.BLOCK, context),
            "restart": self.parameterAsBool(parameters, self.RESTART, context) or None,
        }
        image = self.parameterAsRasterLayer(parameters, self.IMAGE, context)
        self._image = image.source() if image is not None else ""

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Post-process."""
        lot = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        name = self.text(parameters, self.NAME, context) or lot.stem
        if self._references:
            feedback.setProgressText(tr("Gathering the references"))
        references = write_copies(self._references, feedback)
        area = self.area_file(parameters, context)
        inputs = {**self._inputs, "name": name, "references": references, "aoi": area}
        found = self.run_process("postprocess", inputs, {"lot": lot}, feedback)
        summary = found.get("summary") or {}
        for notice in summary.get("notices") or ():
            feedback.pushWarning(notice_text(notice))
        if self.parameterAsBool(parameters, self.LOAD, context):
            load_lot(lot, name, context, self._image)
        return {
            self.OUTPUT: str(lot),
            self.COVERAGE: f"{lot}|layername={OCCUPATION_SOL.name}",
            self.ZONE: f"{lot}|layername={ZONE_CONSTRUITE.name}",
            self.QUEUE: f"{lot}|layername={REVIEW_ITEM.name}",
            self.POLYGONS: summary.get("polygons"),
            self.TO_REVIEW: summary.get("review_items"),
        }

    def _prediction(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path:
        layer = self.parameterAsRasterLayer(parameters, self.PREDICTION, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.PREDICTION))
        source = raster_source(layer)
        if not isinstance(source, Path):
            raise QgsProcessingException(
                tr("{}: a prediction is a file, not an address. Save it as a GeoTIFF.").format(source)
            )
        return source

    def _crs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> QgsCoordinateReferenceSystem:
        layer = self.parameterAsRasterLayer(parameters, self.PREDICTION, context)
        return layer.crs() if layer is not None else QgsCoordinateReferenceSystem()

    def _pixel(self, parameters: dict[str, Any], context: QgsProcessingContext) -> float | None:
        if parameters.get(self.PIXEL) is None:
            return None
        return self.parameterAsDouble(parameters, self.PIXEL, context) or None


def notice_text(notice: Any) -> str:
    """A notice of the backend in the user's language."""
    if isinstance(notice, dict):
        return str(notice.get(user_language()) or notice.get("en") or "")
    return str(notice)
