# SPDX-License-Identifier: GPL-2.0-or-later
"""Vector layers as the backend wants them: the file that holds exactly that layer, else a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsDataSourceUri, QgsFeedback, QgsProviderRegistry, QgsVectorLayer

from ocsge_pi_review.adapters.layer_copy import LayerCopy, copy_of, temporary_file
from ocsge_pi_review.domain.errors import LayerFileError

VECTOR_SUFFIXES = (".gpkg", ".shp", ".geojson", ".fgb")
NO_GEOMETRY = 100
"""GDAL's wkbNone."""


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


def layer_names(path: Path) -> list[str]:
    """Layers of a file that have geometries; empty where it cannot be opened."""
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    except RuntimeError:
        dataset = None
    if dataset is None:
        return []
    layers = [dataset.GetLayer(number) for number in range(dataset.GetLayerCount())]
    return [layer.GetName() for layer in layers if layer.GetGeomType() != NO_GEOMETRY]


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


def _whole_file(layer: QgsVectorLayer, chosen: Sequence[QgsVectorLayer]) -> Path | None:
    place = plain_file(layer)
    if place is None or place[0].suffix.lower() not in VECTOR_SUFFIXES:
        return None
    names = {at[1] for at in map(plain_file, chosen) if at is not None and at[0] == place[0]}
    others = {name for name in layer_names(place[0]) if name not in names}
    return None if others and len(layer_names(place[0])) > 1 else place[0]


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
