# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads one layer of a vector file as shapely geometries and text columns, with errors that help."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import rasterio.crs
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from inference_backend.errors import VectorError, gdal_reason

Box = tuple[float, float, float, float]
READ_ERRORS = (DataSourceError, DataLayerError, FeatureError, GeometryError)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what we handle: measures (M) are dropped, damaged files and geometries are told by errors."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Measured")
        warnings.filterwarnings("ignore", message="GPKG: bad application_id")
        warnings.filterwarnings("ignore", message="invalid value encountered in from_wkb")
        yield


def layers_with_fields(path: Path) -> list[tuple[str, list[str]]]:
    """Name and attribute names of every spatial layer.

    Raises:
        VectorError: not a readable vector file.
    """
    try:
        with quiet():
            names = [str(name) for name, geometry in pyogrio.list_layers(path) if geometry is not None]
            return [(name, list(pyogrio.read_info(path, layer=name)["fields"])) for name in names]
    except READ_ERRORS as error:
        raise VectorError(
            path=path,
            problem_en=f"not a readable vector file ({gdal_reason(error)})",
            problem_fr=f"fichier vecteur illisible ({gdal_reason(error)})",
            remedy_en="Copy or download it again, or leave it out.",
            remedy_fr="Recopiez-le ou téléchargez-le de nouveau, ou retirez-le.",
        ) from error


def vector_crs(path: Path, layer: str) -> pyproj.CRS:
    """CRS of a layer.

    Raises:
        VectorError: it has none, or one that does not say where on the Earth it is.
    """
    with quiet():
        text = pyogrio.read_info(path, layer=layer)["crs"]
    try:
        crs = pyproj.CRS.from_user_input(text) if text else None
        if crs is not None and (crs.is_projected or crs.is_geographic):
            return crs
    except pyproj.exceptions.CRSError:
        pass
    raise VectorError(
        path=path,
        problem_en=f"layer {layer} has no usable coordinate system (read: {text or 'nothing'})",
        problem_fr=f"la couche {layer} n'a pas de système de coordonnées utilisable (lu : {text or 'rien'})",
        remedy_en="Assign it one in QGIS (Define projection) or restore its .prj.",
        remedy_fr="Attribuez-lui-en un dans QGIS (Définir la projection) ou rétablissez son .prj.",
    )


def bounds_in(box: Box, crs: rasterio.crs.CRS, target: pyproj.CRS) -> Box:
    """`box` of a raster's CRS as a box of `target` that encloses it."""
    source = pyproj.CRS.from_user_input(crs.to_wkt())
    if source == target:
        return box
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    xmin, ymin, xmax, ymax = transformer.transform_bounds(*box, densify_pts=21)
    return float(xmin), float(ymin), float(xmax), float(ymax)


def read_vector(
    path: Path,
    layer: str,
    *,
    bbox: Box | None = None,
    encoding: str | None = None,
    columns: Sequence[str] | None = None,
) -> tuple[NDArray[np.object_], dict[str, NDArray[np.object_]]]:
    """Geometries (None where null, without Z and M) and columns as text (None where null).

    Args:
        path: any file GDAL reads.
        layer: its layer.
        bbox: only objects that touch it, in the layer's CRS.
        encoding: of a shapefile without `.cpg`; a `.cpg` wins.
        columns: attributes to read; all by default.

    Raises:
        VectorError: the layer cannot be read.
    """
    _, geometry, texts = read_features(path, layer, bbox=bbox, encoding=encoding, columns=columns)
    return geometry, texts


def read_features(
    path: Path,
    layer: str,
    *,
    bbox: Box | None = None,
    encoding: str | None = None,
    columns: Sequence[str] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.object_], dict[str, NDArray[np.object_]]]:
    """What `read_vector` gives, behind the identifiers by which GIS programs name the features."""
    forced = encoding if path.suffix.lower() == ".shp" and not _has_cpg(path) else None
    try:
        with quiet():
            meta, fids, wkb, found = pyogrio.raw.read(
                path,
                layer=layer,
                bbox=bbox,
                encoding=forced,
                force_2d=True,
                return_fids=True,
                columns=columns,
            )
            geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    except (*READ_ERRORS, UnicodeDecodeError, ValueError) as error:
        raise VectorError(
            path=path,
            problem_en=f"layer {layer} cannot be read ({gdal_reason(error)})",
            problem_fr=f"la couche {layer} est illisible ({gdal_reason(error)})",
            remedy_en="Copy or download the file again, or leave it out.",
            remedy_fr="Recopiez ou téléchargez de nouveau le fichier, ou retirez-le.",
        ) from error
    texts = {str(name): _texts(values) for name, values in zip(meta["fields"], found, strict=True)}
    return np.asarray(fids, dtype=np.int64), geometry, texts


def _has_cpg(path: Path) -> bool:
    return path.with_suffix(".cpg").exists() or path.with_suffix(".CPG").exists()


def _texts(values: NDArray[Any]) -> NDArray[np.object_]:
    """Texts of a column; equal values share one text, as most columns have few."""
    known: dict[object, str | None] = {}
    texts = np.empty(len(values), dtype=object)
    texts[:] = [
        known[value] if value in known else known.setdefault(value, _text(value)) for value in values.tolist()
    ]
    return texts


def _text(value: object) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None
