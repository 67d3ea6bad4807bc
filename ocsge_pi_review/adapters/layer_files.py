# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers as the backend wants them: a file or address where one holds exactly that layer, else a copy.

Layers are looked at where they live, on the main thread; copies are written later, in any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsFeedback,
    QgsFields,
    QgsGeometry,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from ocsge_pi_review.domain.errors import LayerFileError

VECTOR_SUFFIXES = (".gpkg", ".shp", ".geojson", ".fgb")


@dataclass(frozen=True)
class LayerCopy:
    """A layer that has to be written to a file before the backend can read it."""

    name: str
    source: QgsVectorLayerFeatureSource
    fields: QgsFields
    kind: QgsWkbTypes.Type
    crs: QgsCoordinateReferenceSystem

    def write(self, path: Path, feedback: QgsFeedback) -> Path:
        """Add the layer to a GeoPackage under its own name.

        Raises:
            LayerFileError: nothing could be written.
        """
        with sink(path, self.name, self.fields, self.kind, self.crs) as writer:
            for feature in self.source.getFeatures(QgsFeatureRequest()):
                if feedback.isCanceled():
                    break
                writer.add(feature)
        return path


class sink:  # noqa: N801 - used as a statement
    """Writes features into a layer of a GeoPackage, made where it does not exist.

    Raises:
        LayerFileError: the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        fields: QgsFields,
        kind: QgsWkbTypes.Type,
        crs: QgsCoordinateReferenceSystem,
    ) -> None:
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", name
        if path.exists():
            options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
        self._path = path
        self._writer = QgsVectorFileWriter.create(
            str(path), _without_row_ids(fields), kind, crs, QgsCoordinateTransformContext(), options
        )
        self._columns = [i for i in range(fields.count()) if not _is_row_id(fields.at(i).name())]
        self._check()

    def __enter__(self) -> sink:
        return self

    def __exit__(self, *_error: object) -> None:
        del self._writer  # the file is whole once the writer has gone

    def add(self, feature: QgsFeature) -> None:
        """Write one feature."""
        row = QgsFeature()
        row.setGeometry(feature.geometry())
        values = feature.attributes()
        row.setAttributes([values[i] for i in self._columns])
        if not self._writer.addFeature(row, QgsFeatureSink.Flag.FastInsert):
            self._check()

    def _check(self) -> None:
        if self._writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise LayerFileError(
                layer=self._path.name,
                problem_en=self._writer.errorMessage(),
                problem_fr=self._writer.errorMessage(),
                remedy_en="Check the room on the disk of temporary files.",
                remedy_fr="Vérifiez la place sur le disque des fichiers temporaires.",
            )


def _is_row_id(name: str) -> bool:
    return name.lower() in ("fid", "ogc_fid")


def _without_row_ids(fields: QgsFields) -> QgsFields:
    kept = QgsFields()
    for field in fields:
        if not _is_row_id(field.name()):
            kept.append(field)
    return kept


def raster_source(layer: QgsRasterLayer) -> Path | str:
    """A file, or the address as `ocsge predict` takes it.

    Raises:
        LayerFileError: a kind of layer that the backend cannot read.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    if layer.providerType() == "wms":
        return _map_service(layer, parts)
    path, prefix = str(parts.get("path", "")), str(parts.get("vsiPrefix", ""))
    if path.startswith(("http://", "https://")):
        return path
    if layer.providerType() != "gdal" or (prefix and not prefix.startswith("/vsicurl")) or not path:
        raise LayerFileError(
            layer=layer.name(),
            problem_en="the backend cannot read this kind of raster layer",
            problem_fr="le moteur ne sait pas lire ce genre de couche raster",
            remedy_en="Save it as a GeoTIFF (Layer > Save As…).",
            remedy_fr="Enregistrez-la en GeoTIFF (Couche > Enregistrer sous…).",
        )
    return Path(path)


def _map_service(layer: QgsRasterLayer, parts: dict[str, Any]) -> str:
    url, names = str(parts.get("url", "")), parts.get("layers")
    name = ",".join(names) if isinstance(names, list) else str(names or "")
    if not name or parts.get("type"):
        raise LayerFileError(
            layer=layer.name(),
            problem_en="XYZ tiles carry no original pixels",
            problem_fr="des tuiles XYZ ne donnent pas les pixels d'origine",
            remedy_en="Add the WMS or WMTS of the same image, or a file.",
            remedy_fr="Ajoutez le WMS ou le WMTS de la même image, ou un fichier.",
        )
    if parts.get("tileMatrixSet"):
        return f"WMTS:{url},layer={name}"
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    crs = parts.get("crs") or layer.crs().authid()
    return f"WMS:{url}{joint}LAYERS={quote(name, safe=',:')}&CRS={crs}"


def vector_inputs(values: Iterable[QgsVectorLayer | Path]) -> list[Path | LayerCopy]:
    """Reference files and copies to be made, each once, files chosen as such first.

    A file or folder chosen as such is taken whole, with all its layers. So is the file of a layer where it
    has no other layer, or all of its layers were chosen; of other layers a copy is needed.

    Args:
        values: layers, files and folders.
    """
    chosen = list(values)
    layers = [value for value in chosen if isinstance(value, QgsVectorLayer)]
    files = {path: path for value in chosen if isinstance(value, Path) for path in _files(value)}
    found: dict[object, Path | LayerCopy] = dict(files)
    for layer in layers:
        place = plain_file(layer)
        if place is not None and place[0] in files:
            continue
        whole = _whole_file(layer, layers)
        found[whole or layer.source()] = whole or _copy(layer)
    return list(found.values())


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.suffix.lower() in VECTOR_SUFFIXES and p.is_file())


def plain_file(layer: QgsVectorLayer) -> tuple[Path, str] | None:
    """File and layer of a layer that shows a whole layer of a file as it is on disk; None for any other."""
    if layer.providerType() != "ogr" or layer.subsetString() or layer.isModified():
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = Path(str(parts.get("path", "")))
    if parts.get("vsiPrefix") or parts.get("subset") or not path.is_file():
        return None
    return path, str(parts.get("layerName") or "") or path.stem


def _whole_file(layer: QgsVectorLayer, chosen: Sequence[QgsVectorLayer]) -> Path | None:
    place = plain_file(layer)
    if place is None or place[0].suffix.lower() not in VECTOR_SUFFIXES:
        return None
    names = {at[1] for at in map(plain_file, chosen) if at is not None and at[0] == place[0]}
    others = {name for name in layer_names(place[0]) if name not in names}
    return None if others and len(layer_names(place[0])) > 1 else place[0]


def layer_names(path: Path) -> list[str]:
    """Layers of a file that have geometries; empty where it cannot be opened."""
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    except RuntimeError:
        dataset = None
    if dataset is None:
        return []
    layers = [dataset.GetLayer(number) for number in range(dataset.GetLayerCount())]
    return [layer.GetName() for layer in layers if layer.GetGeomType() != 100]  # wkbNone


def _copy(layer: QgsVectorLayer) -> LayerCopy:
    if not layer.isSpatial():
        raise LayerFileError(
            layer=layer.name(),
            problem_en="it has no geometry",
            problem_fr="elle n'a pas de géométrie",
            remedy_en="Choose layers of polygons or lines.",
            remedy_fr="Choisissez des couches de polygones ou de lignes.",
        )
    return copy_of(layer, table_name(layer))


def copy_of(layer: QgsVectorLayer, name: str) -> LayerCopy:
    """A copy to be written under `name`."""
    source = QgsVectorLayerFeatureSource(layer)
    return LayerCopy(name, source, layer.fields(), layer.wkbType(), layer.crs())


def table_name(layer: QgsVectorLayer) -> str:
    """The name of a layer where its data are, by which references are recognised; not that of the legend."""
    place = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    if layer.providerType() == "ogr":
        return str(place.get("layerName") or "") or Path(str(place.get("path", ""))).stem or layer.name()
    uri = QgsDataSourceUri(layer.source())
    return uri.table() or uri.param("typename") or layer.name()


def write_copies(inputs: Iterable[Path | LayerCopy], feedback: QgsFeedback) -> list[Path]:
    """The files of `vector_inputs`, copies written; copies go into one file unless their names collide."""
    paths: list[Path] = []
    files: list[tuple[Path, set[str]]] = []
    for entry in inputs:
        if isinstance(entry, Path):
            paths.append(entry)
            continue
        free = next(((path, names) for path, names in files if entry.name not in names), None)
        if free is None:
            free = (temporary_file("references.gpkg"), set())
            files.append(free)
            paths.append(free[0])
        entry.write(free[0], feedback)
        free[1].add(entry.name)
    return paths


def write_area(
    geometries: Iterable[QgsGeometry], crs: QgsCoordinateReferenceSystem, name: str = "area"
) -> Path:
    """A file of polygons."""
    path = temporary_file(f"{name}.gpkg")
    with sink(path, name, QgsFields(), QgsWkbTypes.Type.MultiPolygon, crs) as writer:
        for geometry in geometries:
            feature = QgsFeature()
            geometry.convertToMultiType()
            feature.setGeometry(geometry)
            writer.add(feature)
    return path


def temporary_file(name: str) -> Path:
    """A path of Processing's own folder, removed when QGIS ends."""
    path = Path(QgsProcessingUtils.generateTempFilename(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
