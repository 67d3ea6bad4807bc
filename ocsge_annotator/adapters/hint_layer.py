# SPDX-License-Identifier: GPL-2.0-or-later
"""A reference layer read around one patch, and burned onto its pixels with an offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from osgeo import gdal, ogr, osr

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.gdal_calls import attempt, spatial_reference
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.hints import HintRule
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels, PixelWindow
from ocsge_annotator.errors import SourceError

QUARTER_SEGMENTS = 6
FIELD = "value"


@dataclass
class HintShapes:
    """The features of a layer around a patch, as areas in the image's CRS.

    Attributes:
        shapes: WKB of each area and its class value, in the order of the file.
    """

    shapes: list[tuple[bytes, int]] = field(default_factory=list)

    def burn(self, values: Labels, image: Image, window: PixelWindow, offset_m: tuple[float, float]) -> None:
        """Draw the areas into (H, W) uint8 `values`; a pixel belongs to the area that holds its centre.

        Args:
            values: changed in place.
            image: of the campaign.
            window: the patch's pixels in the image.
            offset_m: east and north, by which every area is moved, m.
        """
        height, width = values.shape
        raster = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
        left, pixel_x, _, top, _, pixel_y = image.grid.geotransform_of(window)
        # Moving the raster the other way moves every shape at once.
        raster.SetGeoTransform((left - offset_m[0], pixel_x, 0.0, top - offset_m[1], 0.0, pixel_y))
        raster.SetProjection(image.crs_wkt)
        raster.GetRasterBand(1).WriteArray(values)
        vectors = ogr.GetDriverByName("Memory").CreateDataSource("")
        layer = vectors.CreateLayer("hints", spatial_reference(image.crs_wkt), ogr.wkbUnknown)
        layer.CreateField(ogr.FieldDefn(FIELD, ogr.OFTInteger))
        for wkb, value in self.shapes:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetGeometry(ogr.CreateGeometryFromWkb(wkb))
            feature.SetField(FIELD, value)
            layer.CreateFeature(feature)
        gdal.RasterizeLayer(raster, [1], layer, options=[f"ATTRIBUTE={FIELD}"])
        values[...] = raster.ReadAsArray()


def read_shapes(
    place: str, rule: HintRule, image: Image, bounds: Bounds, classes: Sequence[LabelClass]
) -> HintShapes:
    """Read the features of a layer that touch a rectangle.

    Args:
        place: file, with `|layername=` where it holds several layers.
        rule: how it is read.
        image: of the campaign; gives the CRS.
        bounds: in the image's CRS.
        classes: of the campaign.

    Raises:
        SourceError: unreadable.
    """
    path, _, options = place.partition("|layername=")
    dataset, reason = attempt(gdal.OpenEx, path, gdal.OF_VECTOR)
    layer = None if dataset is None else dataset.GetLayerByName(options) if options else dataset.GetLayer(0)
    if layer is None:
        raise SourceError(
            path=place,
            problem_en=f"this reference layer cannot be read: {reason or 'no such layer'}",
            problem_fr=f"lecture de cette couche de référence impossible : {reason or 'couche absente'}",
            remedy_en="Put the file back, or remove the source from the campaign.",
            remedy_fr="Remettez le fichier en place ou retirez cette source de la campagne.",
        )
    wanted = spatial_reference(image.crs_wkt)
    own = layer.GetSpatialRef() or wanted.Clone()
    own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    _filter(layer, bounds, osr.CoordinateTransformation(wanted, own))
    to_image = osr.CoordinateTransformation(own, wanted)
    found = HintShapes()
    for feature in layer:
        shape = _area(feature, rule, to_image)
        value = rule.value_of(_attributes(feature), classes)
        if shape is not None and value is not None and value != UNLABELLED:
            found.shapes.append((bytes(shape.ExportToWkb()), value))
    return found


def _filter(layer: ogr.Layer, bounds: Bounds, to_layer: osr.CoordinateTransformation) -> None:
    corners = [
        to_layer.TransformPoint(x, y)[:2]
        for x in (bounds.xmin, bounds.xmax)
        for y in (bounds.ymin, bounds.ymax)
    ]
    xs, ys = zip(*corners)
    layer.SetSpatialFilterRect(min(xs), min(ys), max(xs), max(ys))


def _area(
    feature: ogr.Feature, rule: HintRule, to_image: osr.CoordinateTransformation
) -> ogr.Geometry | None:
    """The feature's area in the image's CRS; a line gets its width."""
    geometry = feature.GetGeometryRef()
    if geometry is None or geometry.IsEmpty():
        return None
    geometry = geometry.Clone()
    geometry.FlattenTo2D()
    geometry.Transform(to_image)
    if geometry.GetDimension() == 2:
        return geometry
    width_m = rule.width_m(_attributes(feature))
    return None if not width_m else geometry.Buffer(width_m / 2, QUARTER_SEGMENTS)


def _attributes(feature: ogr.Feature) -> dict[str, object]:
    return {name.lower(): value for name, value in feature.items().items()}


def empty_values(window: PixelWindow) -> Labels:
    """(H, W) uint8 without a class."""
    return np.full((window.height, window.width), UNLABELLED, dtype=np.uint8)
