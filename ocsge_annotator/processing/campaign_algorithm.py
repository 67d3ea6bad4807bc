# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms on campaigns share: parameters that choose patches, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRectangle,
    QgsVectorLayer,
)

from ocsge_annotator.adapters.campaign_draw import Draw, Method
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.adapters.layer_sources import file_of
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.strata import Sampler, raster_sampler, vector_sampler
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.splits import SPLITS, SplitPlan
from ocsge_annotator.processing.base import GROUP_ID
from ocsge_common.translation import tr

BUFFER_M = 100.0
"""Default distance between patches of different splits, m: the side of a 512 px patch at 0.2 m."""
BLOCK_M = 1000.0
"""Default side of the blocks of a split, m: ten patches."""
Parameters = dict[str, Any]


class CampaignAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of the group, with helpers for its parameters."""

    AREA = "AREA"
    METHOD = "METHOD"
    SAMPLE = "SAMPLE"
    SEED = "SEED"
    STRATA = "STRATA"
    STRATA_FIELD = "STRATA_FIELD"
    PREDICTION = "PREDICTION"
    DIVERSITY = "DIVERSITY"
    VALIDATION = "VALIDATION"
    TEST = "TEST"
    BUFFER = "BUFFER"
    BLOCK = "BLOCK"
    TWICE = "TWICE"

    def group(self) -> str:
        """Title of the group."""
        return tr("Annotation campaign")

    def groupId(self) -> str:
        """Name of the group."""
        return GROUP_ID

    def createInstance(self) -> CampaignAlgorithm:
        """A new one."""
        return type(self)()

    # Parameters

    def add(self, parameter: QgsProcessingParameterDefinition, *, advanced: bool = False) -> None:
        """Add a parameter, folded away where it is advanced."""
        if advanced:
            parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(parameter)

    def add_integer(
        self, name: str, title: str, default: int, *, advanced: bool = True, **limits: int
    ) -> None:
        """Add a whole number, 0 or more unless told."""
        kind = Qgis.ProcessingNumberParameterType.Integer
        limits.setdefault("minValue", 0)
        self.add(QgsProcessingParameterNumber(name, title, kind, default, **limits), advanced=advanced)

    def add_number(
        self, name: str, title: str, default: float, maximum: float = 1e9, *, advanced: bool = True
    ) -> None:
        """Add a number from 0."""
        kind = Qgis.ProcessingNumberParameterType.Double
        number = QgsProcessingParameterNumber(name, title, kind, default, minValue=0.0, maxValue=maximum)
        self.add(number, advanced=advanced)

    def add_draw_parameters(self, default_count: int) -> None:
        """Area, method, number, and what each method needs."""
        polygons = [QgsProcessing.SourceType.VectorPolygon]
        self.add(
            QgsProcessingParameterFeatureSource(self.AREA, tr("Area of interest"), polygons, optional=True)
        )
        methods = [
            tr("At random"),
            tr("On a regular lattice"),
            tr("By strata of a layer, the rare ones as often as the common ones"),
            tr("Where a model is least sure (active learning)"),
        ]
        self.add(
            QgsProcessingParameterEnum(self.METHOD, tr("Choice of the patches"), methods, defaultValue=0)
        )
        title = tr("Number of patches (0: all)")
        self.add_integer(self.SAMPLE, title, default_count, advanced=False)
        kinds = [QgsProcessing.SourceType.Raster, QgsProcessing.SourceType.VectorPolygon]
        self.add(
            QgsProcessingParameterMapLayer(
                self.STRATA, tr("Layer of the strata (raster of classes, or polygons)"), None, True, kinds
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString(
                self.STRATA_FIELD, tr("Field of the strata (for polygons)"), optional=True
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.PREDICTION, tr("Prediction of the model that must learn"), optional=True
            ),
            advanced=True,
        )
        title = tr("Diversity (0: the most uncertain patches, 1: those most unlike each other)")
        self.add_number(self.DIVERSITY, title, 0.5, 1.0)
        self.add_integer(self.SEED, tr("Seed of the draw"), 0)

    def add_split_parameters(self) -> None:
        """Validation, test, distance between them, double annotation."""
        self.add_number(self.VALIDATION, tr("Patches for validation (%)"), 0.0, 100.0)
        self.add_number(self.TEST, tr("Patches for the test (%)"), 0.0, 100.0)
        title = tr("Distance between training, validation and test patches (m)")
        self.add_number(self.BUFFER, title, BUFFER_M)
        self.add_number(self.BLOCK, tr("Side of the blocks that stay in one set (m)"), BLOCK_M)
        self.add_number(self.TWICE, tr("Patches that a second person labels as well (%)"), 0.0, 100.0)

    # Reading

    def draw(self, parameters: Parameters, context: QgsProcessingContext, image: Image) -> Draw:
        """What the user wants drawn.

        Raises:
            QgsProcessingException: the method lacks its number or its layer.
        """
        method = Method(self.parameterAsEnum(parameters, self.METHOD, context))
        count = self.parameterAsInt(parameters, self.SAMPLE, context)
        strata = self.parameterAsLayer(parameters, self.STRATA, context)
        prediction = self.parameterAsRasterLayer(parameters, self.PREDICTION, context)
        if method in (Method.STRATIFIED, Method.UNCERTAIN) and not count:
            raise QgsProcessingException(tr("Give the number of patches to choose: this method ranks them."))
        if method is Method.STRATIFIED and strata is None:
            raise QgsProcessingException(tr("Choose the layer of the strata."))
        if method is Method.UNCERTAIN and prediction is None:
            raise QgsProcessingException(tr("Choose the prediction whose doubts are to be looked at."))
        field = self.parameterAsString(parameters, self.STRATA_FIELD, context)
        return Draw(
            method,
            count,
            self.parameterAsInt(parameters, self.SEED, context),
            partial(opened_strata, strata, field, image, context) if strata is not None else None,
            strata.name() if strata is not None else "",
            Path(prediction.source()) if prediction is not None else None,
            self.parameterAsDouble(parameters, self.DIVERSITY, context),
            self._split_plan(parameters, context, image),
            self.parameterAsDouble(parameters, self.TWICE, context) / 100,
        )

    def _split_plan(
        self, parameters: Parameters, context: QgsProcessingContext, image: Image
    ) -> SplitPlan | None:
        validation, test, buffer_m, block_m = (
            self.parameterAsDouble(parameters, name, context)
            for name in (self.VALIDATION, self.TEST, self.BUFFER, self.BLOCK)
        )
        if validation + test > 100:
            raise QgsProcessingException(
                tr("Validation ({} %) and test ({} %) together have more than all patches.").format(
                    f"{validation:g}", f"{test:g}"
                )
            )
        if not validation and not test:
            return None
        return split_plan(
            (100 - validation - test, validation, test),
            image,
            buffer_m,
            block_m,
            self.parameterAsInt(parameters, self.SEED, context),
        )

    def inside_area(
        self, cells: list[GridCell], image: Image, parameters: Parameters, context: QgsProcessingContext
    ) -> list[GridCell]:
        """The cells that touch the area of interest; all without area."""
        area = self.area(parameters, context, QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt))
        if area is None:
            return cells
        engine = QgsGeometry.createGeometryEngine(area.constGet())
        engine.prepareGeometry()
        kept = []
        for cell in cells:
            rectangle = QgsGeometry.fromRect(QgsRectangle(*image.grid.bounds_of(cell.window)))
            if engine.intersects(rectangle.constGet()):
                kept.append(cell)
        return kept

    def area(
        self, parameters: Parameters, context: QgsProcessingContext, crs: QgsCoordinateReferenceSystem
    ) -> QgsGeometry | None:
        """The area of interest in a CRS, None without one.

        Raises:
            QgsProcessingException: a layer without any polygon.
        """
        source = self.parameterAsSource(parameters, self.AREA, context)
        if source is None:
            return None
        request = QgsFeatureRequest().setNoAttributes().setDestinationCrs(crs, context.transformContext())
        area = QgsGeometry.unaryUnion([feature.geometry() for feature in source.getFeatures(request)])
        if area.isEmpty():
            raise QgsProcessingException(
                tr("{}: the area of interest has no polygon.").format(source.sourceName())
            )
        return area


def split_plan(
    percents: tuple[float, float, float], image: Image, buffer_m: float, block_m: float, seed: int
) -> SplitPlan:
    """A plan in pixels of the image, from metres."""
    pixel_m, crs = image.grid.pixel_x, QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt)
    if crs.isGeographic():
        whole = PixelWindow(0, 0, image.grid.height_px, image.grid.width_px)
        pixel_m = PatchPlace(image, whole, crs).pixel_m
    shares = dict(zip(SPLITS, percents))
    return SplitPlan(shares, round(buffer_m / pixel_m), max(1, round(block_m / pixel_m)), seed)


@contextmanager
def opened_strata(
    layer: QgsMapLayer, field: str, image: Image, context: QgsProcessingContext
) -> Iterator[Sampler]:
    """A layer of strata, ready to be looked at.

    Raises:
        QgsProcessingException: a layer of polygons without its field.
        StrataError: the layer cannot be read.
    """
    if not isinstance(layer, QgsVectorLayer):
        with raster_sampler(file_of(layer) or Path(layer.source()), image) as sampler:
            yield sampler
        return
    if layer.fields().lookupField(field) < 0:
        names = ", ".join(layer.fields().names())
        raise QgsProcessingException(
            tr("{}: give the field of the strata; this layer has {}.").format(layer.name(), names)
        )
    crs = QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt)
    request = QgsFeatureRequest().setSubsetOfAttributes([field], layer.fields())
    request.setDestinationCrs(crs, context.transformContext())
    numbers: dict[str, int] = {}
    shapes = (
        (bytes(feature.geometry().asWkb()), numbers.setdefault(str(feature[field]), len(numbers)))
        for feature in layer.getFeatures(request)
        if feature.hasGeometry()
    )
    with vector_sampler(shapes, image) as sampler:
        yield sampler


def bounds_in(
    extent: QgsRectangle,
    source: QgsCoordinateReferenceSystem,
    target: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> Bounds:
    """A rectangle in another CRS."""
    moved = QgsCoordinateTransform(source, target, context.transformContext()).transformBoundingBox(extent)
    return Bounds(moved.xMinimum(), moved.yMinimum(), moved.xMaximum(), moved.yMaximum())


def span(report: Callable[[float], None], low: float, high: float) -> Callable[[float], None]:
    """A part of a report, itself taking 0 to 1."""
    return lambda share: report(low + (high - low) * share)
