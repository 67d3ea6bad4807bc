# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm `createcampaign`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from inference_backend.contracts.campaign import IMAGE_FOLDER, SourceRole
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_annotator.adapters.campaign_draw import draw_cells, split_counts, with_fingerprints
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign
from ocsge_annotator.adapters.campaign_images import LaidImage, fetch_image, fetch_sources, lay_image
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.adapters.image_cover import covered_cells
from ocsge_annotator.adapters.layer_sources import source_of
from ocsge_annotator.domain.campaign import Source
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.label_classes import LabelClass, cover_classes, physical_classes, read_class_file
from ocsge_annotator.domain.patch_grid import DEFAULT_PATCH_SIZE_PX, GridCell, count_cells, lay_cells
from ocsge_annotator.processing.base import errors_for_processing, reporter
from ocsge_annotator.processing.campaign_algorithm import CampaignAlgorithm, Parameters, span
from ocsge_common.translation import tr

PIXEL_M = 0.2
"""Pixel of the orthophotographs from which OCS GE is made, m."""
LEAST_COVER_PERCENT = 50.0
"""Below it a patch costs its annotator more in moving than it gives in labels."""
MAX_CELLS = 1_000_000
RASTER_ROLES = {
    "INFRARED": SourceRole.INFRARED,
    "HEIGHT": SourceRole.HEIGHT,
    "OTHER_DATE": SourceRole.OTHER_DATE,
}


class CreateCampaign(CampaignAlgorithm):
    """Lays the patches of a campaign over an image."""

    IMAGE = "IMAGE"
    MORE_IMAGES = "MORE_IMAGES"
    PIXEL_SIZE = "PIXEL_SIZE"
    NAME = "NAME"
    PATCH_SIZE = "PATCH_SIZE"
    STEP = "STEP"
    MARGIN = "MARGIN"
    COVER = "COVER"
    CLASSES = "CLASSES"
    CLASS_FILE = "CLASS_FILE"
    OTHER_LABELS = "OTHER_LABELS"
    LABEL_FIELD = "LABEL_FIELD"
    HINTS = "HINTS"
    OUTPUT = "OUTPUT"
    COUNT = "COUNT"

    def name(self) -> str:
        """Fixed name."""
        return "createcampaign"

    def displayName(self) -> str:
        """Title."""
        return tr("Create an annotation campaign")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Lays square patches over an image, exactly on its pixels, and writes the campaign: a "
            "GeoPackage (patches, classes, sources, description) and a folder of labels beside it. "
            "Incomplete patches at the edges are left out.\n\n"
            "The image is a file, several files of one mosaic, or a map service (WMS, WMTS). A service is "
            "fetched once, patch by patch, at the pixel size given, into files beside the campaign: work "
            "then needs no network and the image never changes. If it is stopped, the same settings take "
            "up where it ended.\n\n"
            "Patches are all those of the area, or a choice: at random, on a regular lattice, by strata of "
            "a layer, or where a model is least sure. The draw depends on its seed alone.\n\n"
            "With shares for validation and test, patches nearer to each other than the distance given never "
            "come into different sets; those between two sets are left without."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.add(QgsProcessingParameterRasterLayer(self.IMAGE, tr("Image (file or map service)")))
        self.add(QgsProcessingParameterString(self.NAME, tr("Name of the campaign"), optional=True))
        self.add_integer(
            self.PATCH_SIZE,
            tr("Patch size (px)"),
            DEFAULT_PATCH_SIZE_PX,
            advanced=False,
            minValue=16,
            maxValue=4096,
        )
        self.add_draw_parameters(0)
        self.add_integer(self.STEP, tr("Distance between patches (px; 0: they touch)"), 0)
        self.add_integer(self.MARGIN, tr("Margin along the image's edges (px)"), 0)
        self.add_number(
            self.COVER, tr("Least part of a patch that has image (%)"), LEAST_COVER_PERCENT, 100.0
        )
        self.add_split_parameters()
        self._add_source_parameters()
        self._add_class_parameters()
        self.add(QgsProcessingParameterFileDestination(self.OUTPUT, tr("Campaign"), "GeoPackage (*.gpkg)"))
        self.addOutput(QgsProcessingOutputNumber(self.COUNT, tr("Number of patches")))

    def _add_source_parameters(self) -> None:
        raster, anything = QgsProcessing.SourceType.Raster, QgsProcessing.SourceType.MapLayer
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.MORE_IMAGES, tr("Other files of the same image (mosaic)"), raster, optional=True
            ),
            advanced=True,
        )
        self.add_number(self.PIXEL_SIZE, tr("Pixel of a map service (m)"), PIXEL_M)
        titles = {
            "INFRARED": tr("Infrared image"),
            "HEIGHT": tr("Height above the ground"),
            "OTHER_DATE": tr("Image of another date"),
        }
        for name, title in titles.items():
            self.add(QgsProcessingParameterRasterLayer(name, title, optional=True), advanced=True)
        self.add(
            QgsProcessingParameterMapLayer(
                self.OTHER_LABELS, tr("Labels of another year (raster or polygons)"), optional=True
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString(
                self.LABEL_FIELD, tr("Field of the class (labels as polygons)"), optional=True
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.HINTS, tr("Vector hints (buildings, roads, water, crops…)"), anything, optional=True
            ),
            advanced=True,
        )

    def _add_class_parameters(self) -> None:
        tables = [tr("Physical classes of the models (15)"), tr("Cover codes of OCS GE (14)")]
        self.add(QgsProcessingParameterEnum(self.CLASSES, tr("Classes"), tables, defaultValue=0))
        self.add(
            QgsProcessingParameterFile(
                self.CLASS_FILE, tr("Own class table (JSON)"), extension="json", optional=True
            ),
            advanced=True,
        )

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Lay, choose, fetch, write."""
        report = reporter(feedback)
        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        size = self.parameterAsInt(parameters, self.PATCH_SIZE, context)
        with errors_for_processing():
            laid = self._lay(parameters, context, output.parent)
            image = laid.image
            classes = self._classes(parameters, context)
            sources = self._sources(parameters, context, output.parent)
            report(0.05)
            cells = self._cells(image, size, parameters, context)
            if laid.service is None:
                least = self.parameterAsDouble(parameters, self.COVER, context) / 100
                cells = covered_cells(image, cells, least, span(report, 0.05, 0.1))
            self._require(cells, image, size)
            draw = self.draw(parameters, context, image)
            cells = draw_cells(cells, image, draw, span(report, 0.1, 0.3))
            if laid.service is not None:
                feedback.pushInfo(tr("Fetching the image of {} patches…").format(len(cells)))
            origin = fetch_image(laid, cells, span(report, 0.3, 0.6))
            fetched = fetch_sources(image, sources, cells, output.parent, span(report, 0.6, 0.8))
            cells = with_fingerprints(cells, image, span(report, 0.8, 0.98))
            name = self.parameterAsString(parameters, self.NAME, context) or output.stem
            create_campaign(
                CampaignPlan(
                    output, name, image, DEFAULT_PROFILE, size, classes, tuple(cells), (*origin, *fetched)
                )
            )
        feedback.pushInfo(tr("{} patches, {} classes").format(len(cells), len(classes)))
        if draw.split is not None:
            counts = split_counts(cells)
            feedback.pushInfo(
                tr("{} for training, {} for validation, {} for the test, {} in none (too near)").format(
                    *(counts.get(split, 0) for split in ("train", "val", "test", ""))
                )
            )
        return {self.OUTPUT: str(output), self.COUNT: len(cells)}

    def _lay(self, parameters: Parameters, context: QgsProcessingContext, folder: Path) -> LaidImage:
        layer = self.parameterAsRasterLayer(parameters, self.IMAGE, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.IMAGE))
        area = self.area(parameters, context, layer.crs())
        box = None
        if area is not None:
            rectangle = area.boundingBox()
            box = Bounds(
                rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum()
            )
        more = self.parameterAsLayerList(parameters, self.MORE_IMAGES, context)
        pixel_m = self.parameterAsDouble(parameters, self.PIXEL_SIZE, context)
        return lay_image(layer, more, pixel_m, box, folder / IMAGE_FOLDER)

    def _cells(
        self, image: Image, size: int, parameters: Parameters, context: QgsProcessingContext
    ) -> list[GridCell]:
        step = self.parameterAsInt(parameters, self.STEP, context) or size
        margin = self.parameterAsInt(parameters, self.MARGIN, context)
        count = count_cells(image.grid, size, step, margin)
        if count > MAX_CELLS:
            raise QgsProcessingException(
                tr("{}: {} patches are too many. Give an area of interest, or a larger distance.").format(
                    image.path, count
                )
            )
        return self.inside_area(lay_cells(image.grid, size, step, margin), image, parameters, context)

    def _require(self, cells: list[GridCell], image: Image, size: int) -> None:
        """Go on with patches alone."""
        if not cells:
            raise QgsProcessingException(
                tr(
                    "{}: no whole patch of {} px fits. Choose a smaller patch, margin or a larger area."
                ).format(image.path, size)
            )

    def _sources(self, parameters: Parameters, context: QgsProcessingContext, folder: Path) -> list[Source]:
        layers: list[tuple[QgsMapLayer | None, SourceRole, dict[str, str]]] = [
            (self.parameterAsRasterLayer(parameters, name, context), role, {})
            for name, role in RASTER_ROLES.items()
        ]
        field = self.parameterAsString(parameters, self.LABEL_FIELD, context)
        labels = self.parameterAsLayer(parameters, self.OTHER_LABELS, context)
        layers.append((labels, SourceRole.OTHER_LABELS, {"attribute": field} if field else {}))
        hints = self.parameterAsLayerList(parameters, self.HINTS, context)
        layers += [(hint, SourceRole.HINT, {}) for hint in hints]
        return [
            source_of(layer, role, folder, options) for layer, role, options in layers if layer is not None
        ]

    def _classes(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[LabelClass, ...]:
        own = self.parameterAsFile(parameters, self.CLASS_FILE, context)
        if own:
            return read_class_file(Path(own))
        profile = Profile.load(DEFAULT_PROFILE)
        return (physical_classes, cover_classes)[self.parameterAsEnum(parameters, self.CLASSES, context)](
            profile
        )
