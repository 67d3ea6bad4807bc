# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers and areas written to a GeoPackage, for a backend that reads files alone.

A layer is looked at where it lives, on the main thread; its copy may be written in any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsFeedback,
    QgsFields,
    QgsGeometry,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from ocsge_pi_review.domain.errors import LayerFileError


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


def copy_of(layer: QgsVectorLayer, name: str) -> LayerCopy:
    """A copy to be written under `name`."""
    source = QgsVectorLayerFeatureSource(layer)
    return LayerCopy(name, source, layer.fields(), layer.wkbType(), layer.crs())


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


def _is_row_id(name: str) -> bool:
    return name.lower() in ("fid", "ogc_fid")


def _without_row_ids(fields: QgsFields) -> QgsFields:
    kept = QgsFields()
    for field in fields:
        if not _is_row_id(field.name()):
            kept.append(field)
    return kept
