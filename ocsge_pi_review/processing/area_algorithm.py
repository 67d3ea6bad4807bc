# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms that may keep to a part of an image have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
)

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.layer_copy import write_area
from ocsge_pi_review.processing.backend_algorithm import BackendAlgorithm


class AreaAlgorithm(BackendAlgorithm):
    """A backend algorithm with an area of interest, an extent, or both."""

    AREA = "AREA"
    EXTENT = "EXTENT"

    def area_parameter(self) -> QgsProcessingParameterFeatureSource:
        """The area of interest."""
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        return QgsProcessingParameterFeatureSource(self.AREA, tr("Area of interest"), polygons, optional=True)

    def extent_parameter(self) -> QgsProcessingParameterExtent:
        """The extent."""
        return QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True)

    def collect_area(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        image_crs: QgsCoordinateReferenceSystem,
    ) -> None:
        """Look at the area where its layer lives; `image_crs` is that of an extent without one."""
        self._area = self.parameterAsSource(parameters, self.AREA, context)
        self._image_crs = image_crs

    def area_file(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path | None:
        """A file of the area, the extent, or what they share; None for the whole image."""
        has_extent = bool(parameters.get(self.EXTENT))
        if self._area is None:
            return self._extent_file(parameters, context) if has_extent else None
        crs = self._area.sourceCrs()
        clip = self.parameterAsExtentGeometry(parameters, self.EXTENT, context, crs) if has_extent else None
        shapes = list(_shapes(self._area, clip))
        if not shapes:
            raise QgsProcessingException(tr("Area of interest: it has no polygon inside the extent."))
        return write_area(shapes, crs)

    def _extent_file(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path:
        crs = self.parameterAsExtentCrs(parameters, self.EXTENT, context)
        box = self.parameterAsExtent(parameters, self.EXTENT, context)
        return write_area([QgsGeometry.fromRect(box)], crs if crs.isValid() else self._image_crs)


def _shapes(source: QgsProcessingFeatureSource, clip: QgsGeometry | None) -> Iterator[QgsGeometry]:
    for feature in source.getFeatures(QgsFeatureRequest().setNoAttributes()):
        shape = feature.geometry() if clip is None else feature.geometry().intersection(clip)
        if not shape.isEmpty():
            yield shape
