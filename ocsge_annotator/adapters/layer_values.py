# SPDX-License-Identifier: GPL-2.0-or-later
"""What a layer of the project has on a patch: values of a raster, or of a field of a vector layer."""

from __future__ import annotations

import numpy as np
from osgeo import gdal, ogr
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from inference_backend.contracts.prediction import TAG_CLASSES, decode_classes
from ocsge_annotator.adapters.gdal_calls import attempt, spatial_reference
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.copied_labels import NOTHING, LayerValues
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import LayerError

MOST_VALUES = 200
"""More are no classes but measurements, or names of places."""
PLACE_FIELD = "place"


def raster_values(layer: QgsRasterLayer, image: Image, window: PixelWindow) -> LayerValues:
    """Values of the first band at the centre of each pixel of a patch.

    Args:
        layer: a raster of any CRS and pixel size.
        image: of the campaign.
        window: the patch's pixels in it.

    Raises:
        LayerError: it cannot be read there, or holds too many values to be classes.
    """
    bounds = image.grid.bounds_of(window)
    options = {
        "format": "MEM",
        "dstSRS": image.crs_wkt,
        "outputBounds": tuple(bounds),
        "width": window.width,
        "height": window.height,
        "resampleAlg": "near",
        "dstAlpha": True,
    }
    dataset, reason = attempt(gdal.Warp, "", layer.source(), **options)
    if dataset is None:
        raise _error(layer, f"cannot be read: {reason}", f"lecture impossible : {reason}")
    band = dataset.GetRasterBand(1).ReadAsArray()
    known = dataset.GetRasterBand(dataset.RasterCount).ReadAsArray() > 0
    values = np.unique(band[known])
    if values.size > MOST_VALUES:
        raise _too_many(layer, values.size)
    places = np.full(band.shape, NOTHING, dtype=np.int16)
    places[known] = np.searchsorted(values, band[known])
    names = _names_of_values(layer.source())
    return LayerValues(tuple(names.get(float(v), f"{v:g}") for v in values.astype(float)), places)


def _names_of_values(source: str) -> dict[float, str]:
    """Names of a raster's values, from its class table or its categories."""
    dataset, _ = attempt(gdal.OpenEx, source, gdal.OF_RASTER)
    tag = dataset.GetMetadataItem(TAG_CLASSES) if dataset is not None else None
    if tag is not None:
        return {float(entry.index): entry.name for entry in decode_classes(tag)}
    names = dataset.GetRasterBand(1).GetRasterCategoryNames() if dataset is not None else None
    return {float(place): name for place, name in enumerate(names or ()) if name}


def vector_values(layer: QgsVectorLayer, field: str, image: Image, window: PixelWindow) -> LayerValues:
    """Values of a field where a layer's features lie on a patch; a later feature covers an earlier one.

    Args:
        layer: polygons, or lines, which become a pixel wide.
        field: whose values are wanted, empty for one value for all features.
        image: of the campaign.
        window: the patch's pixels in it.

    Raises:
        LayerError: the features hold too many values to be classes.
    """
    crs = QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt)
    bounds = image.grid.bounds_of(window)
    rectangle = QgsRectangle(bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax)
    transform = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance().transformContext())
    there = transform.transformBoundingBox(
        rectangle, QgsCoordinateTransform.TransformDirection.ReverseTransform
    )
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    drawn = memory.CreateLayer("drawn", spatial_reference(image.crs_wkt))
    drawn.CreateField(ogr.FieldDefn(PLACE_FIELD, ogr.OFTInteger))
    names: dict[str, int] = {}
    for feature in layer.getFeatures(QgsFeatureRequest().setFilterRect(there)):
        geometry = feature.geometry()
        geometry.transform(transform)
        value = feature[field] if field else layer.name()
        name = "" if value is None or value == NULL else str(value)
        row = ogr.Feature(drawn.GetLayerDefn())
        row.SetField(PLACE_FIELD, names.setdefault(name, len(names)))
        row.SetGeometryDirectly(ogr.CreateGeometryFromWkb(bytes(geometry.asWkb())))
        drawn.CreateFeature(row)
    if len(names) > MOST_VALUES:
        raise _too_many(layer, len(names))
    return LayerValues(tuple(names), _burn(drawn, image, window))


def _burn(drawn: ogr.Layer, image: Image, window: PixelWindow) -> np.ndarray:
    raster = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, gdal.GDT_Int16)
    raster.SetGeoTransform(image.grid.geotransform_of(window))
    raster.SetProjection(image.crs_wkt)
    raster.GetRasterBand(1).Fill(NOTHING)
    gdal.RasterizeLayer(raster, [1], drawn, options=[f"ATTRIBUTE={PLACE_FIELD}"])
    return raster.GetRasterBand(1).ReadAsArray()


def _too_many(layer: QgsRasterLayer | QgsVectorLayer, count: int) -> LayerError:
    return _error(
        layer,
        f"has {count} different values on this patch, more than {MOST_VALUES}",
        f"a {count} valeurs différentes sur cette dalle, plus de {MOST_VALUES}",
    )


def _error(layer: QgsRasterLayer | QgsVectorLayer, en: str, fr: str) -> LayerError:
    return LayerError(
        path=layer.name(),
        problem_en=f"the layer {en}",
        problem_fr=f"la couche {fr}",
        remedy_en="Choose another layer or field, one that holds classes.",
        remedy_fr="Choisissez une autre couche ou un autre champ, qui contient des classes.",
    )
