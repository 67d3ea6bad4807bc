# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks from a file: the layers of the collaborative service's QGIS plugin.

The file is only read, by OGR: nothing in it is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr, osr

from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_errors import SignalementFileError
from ocsge_pi_review.domain.signalement_layer import (
    LAYER,
    NUMBER,
    SKETCH_LAYERS,
    from_feature,
    plain,
    sketch_object,
)

DRIVERS = ("GPKG", "GeoJSON", "SQLite", "ESRI Shapefile", "FlatGeobuf")
_WGS84 = 4326


def read_signalements(path: Path) -> list[Signalement]:
    """Remarks of a file, in longitude and latitude; features without number are left out.

    Sketches are in layers of the same file, or in files of their names beside it.

    Raises:
        SignalementFileError: no such file, or no remarks in it.
    """
    gdal.ErrorReset()
    try:
        dataset = _opened(path)
        layer = _layer_of_remarks(dataset, path)
        sketches = _sketches(dataset, path)
        return list(_remarks(layer, sketches, path.name))
    except RuntimeError as error:
        # Some other plugin may have asked GDAL for exceptions.
        raise SignalementFileError(path=path, problem_en=error, problem_fr=error) from error


def _opened(path: Path) -> gdal.Dataset:
    if not path.is_file():
        raise SignalementFileError(path=path, problem_en="no such file", problem_fr="fichier introuvable")
    flags = gdal.OF_VECTOR | gdal.OF_READONLY
    dataset = gdal.OpenEx(str(path), flags, allowed_drivers=list(DRIVERS))
    if dataset is None:
        reason = gdal.GetLastErrorMsg() or path.suffix
        problems = {
            "problem_en": f"not a readable layer ({reason})",
            "problem_fr": f"couche illisible ({reason})",
        }
        raise SignalementFileError(path=path, **problems)
    return dataset


def _layer_of_remarks(dataset: gdal.Dataset, path: Path) -> ogr.Layer:
    layers = [dataset.GetLayer(number) for number in range(dataset.GetLayerCount())]
    named = [layer for layer in layers if plain(layer.GetName()) == plain(LAYER)]
    for layer in (*named, *layers):
        is_sketch = plain(layer.GetName()) in map(plain, SKETCH_LAYERS)
        if not is_sketch and NUMBER in _names(layer):
            return layer
    raise SignalementFileError(
        path=path,
        problem_en="no layer has a field NoSignalement",
        problem_fr="aucune couche n'a de champ NoSignalement",
    )


def _sketches(dataset: gdal.Dataset, path: Path) -> dict[str, list[dict[str, Any]]]:
    """Objects by the number of their remark."""
    found: dict[str, list[dict[str, Any]]] = {}
    beside = [path.with_name(f"{name}{path.suffix}") for name in SKETCH_LAYERS]
    others = [_opened(file) for file in beside if file.is_file() and file != path]
    for one in (dataset, *others):
        for number in range(one.GetLayerCount()):
            layer = one.GetLayer(number)
            if plain(layer.GetName()) in map(plain, SKETCH_LAYERS) and NUMBER in _names(layer):
                for values, wkt in _features(layer):
                    found.setdefault(str(values[NUMBER]), []).append(sketch_object(values, wkt))
    return found


def _remarks(
    layer: ogr.Layer, sketches: dict[str, list[dict[str, Any]]], source: str
) -> Iterator[Signalement]:
    for values, wkt in _features(layer):
        if values.get(NUMBER) not in (None, ""):
            yield from_feature(values, wkt, sketches.get(str(values[NUMBER]), []), source)


def _names(layer: ogr.Layer) -> list[str]:
    definition = layer.GetLayerDefn()
    return [plain(definition.GetFieldDefn(number).GetName()) for number in range(definition.GetFieldCount())]


def _features(layer: ogr.Layer) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Attributes by plain name and the geometry as text in longitude and latitude."""
    way = _way_to_degrees(layer)
    names = _names(layer)
    layer.ResetReading()
    for feature in layer:
        values = {name: _value(feature, number) for number, name in enumerate(names)}
        geometry = feature.GetGeometryRef()
        if geometry is None or geometry.IsEmpty():
            yield values, None
            continue
        plane = geometry.Clone()
        plane.FlattenTo2D()
        if way is not None:
            plane.Transform(way)
        yield values, plane.ExportToWkt()


def _value(feature: ogr.Feature, number: int) -> Any:
    if not feature.IsFieldSetAndNotNull(number):
        return None
    if feature.GetFieldDefnRef(number).GetType() == ogr.OFTDateTime:
        # 2026/03/03 09:00:00+00, without an offset where there is none
        text = feature.GetFieldAsString(number).replace("/", "-")
        return f"{text}:00" if text[-3:-2] in ("+", "-") and ":" in text else text
    if feature.GetFieldDefnRef(number).GetType() in (ogr.OFTInteger, ogr.OFTInteger64):
        return feature.GetFieldAsInteger64(number)
    if feature.GetFieldDefnRef(number).GetType() == ogr.OFTReal:
        value = feature.GetFieldAsDouble(number)
        return int(value) if value.is_integer() else value
    return feature.GetFieldAsString(number)


def _way_to_degrees(layer: ogr.Layer) -> osr.CoordinateTransformation | None:
    reference = layer.GetSpatialRef()
    if reference is None:
        return None
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(_WGS84)
    for one in (reference, degrees):
        one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return None if reference.IsSame(degrees) else osr.CoordinateTransformation(reference, degrees)
