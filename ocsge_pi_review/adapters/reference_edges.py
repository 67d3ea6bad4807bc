# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of other layers that a border may be moved onto."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ocsge_pi_review.domain.rings import Point

MOST_FEATURES = 200
"""Features looked at under the pointer; a layer with more there is too dense to aim at."""
LINEAR = (QgsWkbTypes.GeometryType.LineGeometry, QgsWkbTypes.GeometryType.PolygonGeometry)


@dataclass(frozen=True)
class ReferenceLine:
    """A line or one ring of a polygon.

    Attributes:
        points: vertices in the lot's CRS.
        layer: name of the layer that holds it.
    """

    points: tuple[Point, ...]
    layer: str


def nearest_line(
    point: Point, reach_m: float, layers: Iterable[QgsVectorLayer], crs: QgsCoordinateReferenceSystem
) -> ReferenceLine | None:
    """The line nearest to a point, None where none is within reach.

    Args:
        point: in the lot's CRS.
        reach_m: how far to look, m.
        layers: of lines and polygons, in any CRS.
        crs: of the lot.
    """
    best: tuple[float, ReferenceLine] | None = None
    here = QgsGeometry.fromPointXY(QgsPointXY(*point))
    for layer in layers:
        if layer.geometryType() not in LINEAR:
            continue
        for geometry in _around(point, reach_m, layer, crs):
            for points in _lines(geometry):
                distance = QgsGeometry.fromPolylineXY(points).distance(here)
                if distance <= reach_m and (best is None or distance < best[0]):
                    line = ReferenceLine(tuple((p.x(), p.y()) for p in points), layer.name())
                    best = distance, line
    return None if best is None else best[1]


def _around(
    point: Point, reach_m: float, layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem
) -> list[QgsGeometry]:
    x, y = point
    request = QgsFeatureRequest().setLimit(MOST_FEATURES)
    request.setNoAttributes().setDestinationCrs(crs, QgsProject.instance().transformContext())
    request.setFilterRect(QgsRectangle(x - reach_m, y - reach_m, x + reach_m, y + reach_m))
    return [feature.geometry() for feature in layer.getFeatures(request) if feature.hasGeometry()]


def _lines(geometry: QgsGeometry) -> list[list[QgsPointXY]]:
    straight = QgsGeometry(geometry.constGet().segmentize())
    if straight.type() == QgsWkbTypes.GeometryType.LineGeometry:
        return straight.asMultiPolyline() if straight.isMultipart() else [straight.asPolyline()]
    polygons = straight.asMultiPolygon() if straight.isMultipart() else [straight.asPolygon()]
    return [ring for polygon in polygons for ring in polygon]


def reachable(layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem) -> bool:
    """Whether the places of a layer can be told in the lot's CRS."""
    try:
        way = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
        way.transformBoundingBox(layer.extent())
    except QgsCsException:
        return False
    return way.isValid()
