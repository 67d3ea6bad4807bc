# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `createcampaign`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRectangle,
)

from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.domain.label_classes import LabelClass, cover_classes, physical_classes, read_class_file
from ocsge_annotator.domain.patch_grid import DEFAULT_PATCH_SIZE_PX, GridCell, lay_cells, rank_cells
from ocsge_annotator.processing.base import GROUP_ID, errors_for_processing, reporter
from ocsge_common.translation import tr


class CreateCampaign(QgsProcessingAlgorithm):
    """Lays the patches of a campaign over an image."""

    IMAGE = "IMAGE"
    NAME = "NAME"
    PATCH_SIZE = "PATCH_SIZE"
    STEP = "STEP"
    MARGIN = "MARGIN"
    AREA = "AREA"
    SAMPLE = "SAMPLE"
    SEED = "SEED"
    CLASSES = "CLASSES"
    CLASS_FILE = "CLASS_FILE"
    OUTPUT = "OUTPUT"
    COUNT = "COUNT"

    def name(self) -> str:
        """Fixed name."""
        return "createcampaign"

    def displayName(self) -> str:
        """Title."""
        return tr("Create an annotation campaign")

    def group(self) -> str:
        """Title of the group."""
        return tr("Annotation campaign")

    def groupId(self) -> str:
        """Name of the group."""
        return GROUP_ID

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Lays square patches over an image, exactly on its pixels, and writes the campaign: a "
            "GeoPackage (patches, classes, description) and a folder of labels beside it. Incomplete patches "
            "at the edges are left out. With a sample, patches are drawn at random and come in the order of "
            "their draw."
        )

    def createInstance(self) -> CreateCampaign:
        """A new one."""
        return CreateCampaign()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        integer = Qgis.ProcessingNumberParameterType.Integer
        self.addParameter(QgsProcessingParameterRasterLayer(self.IMAGE, tr("Image")))
        self.addParameter(QgsProcessingParameterString(self.NAME, tr("Name of the campaign"), optional=True))
        self.addParameter(
            QgsProcessingParameterNumber(
                self.PATCH_SIZE,
                tr("Patch size (px)"),
                integer,
                DEFAULT_PATCH_SIZE_PX,
                minValue=16,
                maxValue=4096,
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                self.STEP, tr("Distance between patches (px; 0: they touch)"), integer, 0, minValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                self.MARGIN, tr("Margin along the image's edges (px)"), integer, 0, minValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                self.AREA, tr("Area of interest"), [QgsProcessing.SourceType.VectorPolygon], optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                self.SAMPLE, tr("Number of patches drawn at random (0: all)"), integer, 0, minValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(self.SEED, tr("Seed of the draw"), integer, 0, minValue=0)
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                self.CLASSES,
                tr("Classes"),
                [tr("Physical classes of the models (15)"), tr("Cover codes of OCS GE (14)")],
                defaultValue=0,
            )
        )
        self.addParameter(
            QgsProcessingParameterFile(
                self.CLASS_FILE, tr("Own class table (JSON)"), extension="json", optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(self.OUTPUT, tr("Campaign"), "GeoPackage (*.gpkg)")
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Lay, choose, write."""
        report = reporter(feedback)
        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        size = self.parameterAsInt(parameters, self.PATCH_SIZE, context)
        with errors_for_processing():
            image = self._image(parameters, context)
            report(0.1)
            step = self.parameterAsInt(parameters, self.STEP, context) or size
            cells = lay_cells(image.grid, size, step, self.parameterAsInt(parameters, self.MARGIN, context))
            cells = self._inside_area(cells, image, parameters, context)
            if not cells:
                raise QgsProcessingException(
                    tr(
                        "{}: no whole patch of {} px fits. Choose a smaller patch, margin or a larger area."
                    ).format(image.path, size)
                )
            report(0.5)
            sample = self.parameterAsInt(parameters, self.SAMPLE, context)
            ranked = rank_cells(cells, sample, self.parameterAsInt(parameters, self.SEED, context))
            name = self.parameterAsString(parameters, self.NAME, context) or output.stem
            classes = self._classes(parameters, context)
            report(0.6)
            create_campaign(CampaignPlan(output, name, image, DEFAULT_PROFILE, size, classes, tuple(ranked)))
        feedback.pushInfo(tr("{} patches, {} classes").format(len(ranked), len(classes)))
        return {self.OUTPUT: str(output), self.COUNT: len(ranked)}

    def _image(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Image:
        layer = self.parameterAsRasterLayer(parameters, self.IMAGE, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.IMAGE))
        return read_image(Path(layer.source()))

    def _classes(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[LabelClass, ...]:
        own = self.parameterAsFile(parameters, self.CLASS_FILE, context)
        if own:
            return read_class_file(Path(own))
        profile = Profile.load(DEFAULT_PROFILE)
        return (physical_classes, cover_classes)[self.parameterAsEnum(parameters, self.CLASSES, context)](
            profile
        )

    def _inside_area(
        self, cells: list[GridCell], image: Image, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[GridCell]:
        """The cells that touch the area of interest; all without area."""
        source = self.parameterAsSource(parameters, self.AREA, context)
        if source is None:
            return cells
        request = QgsFeatureRequest().setNoAttributes()
        crs = QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt)
        request.setDestinationCrs(crs, context.transformContext())
        area = QgsGeometry.unaryUnion([feature.geometry() for feature in source.getFeatures(request)])
        engine = QgsGeometry.createGeometryEngine(area.constGet())
        engine.prepareGeometry()
        kept = []
        for cell in cells:
            rectangle = QgsGeometry.fromRect(QgsRectangle(*image.grid.bounds_of(cell.window)))
            if engine.intersects(rectangle.constGet()):
                kept.append(cell)
        return kept
