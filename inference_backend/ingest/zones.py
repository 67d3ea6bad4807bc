# SPDX-License-Identifier: GPL-2.0-or-later
"""The zone construite that comes with a layer, made valid and free of overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyproj
import shapely

from inference_backend.ingest.crs_choice import transformed
from inference_backend.ingest.errors import MissingFileError, NoLayerError
from inference_backend.ingest.types import Geometries
from inference_backend.vector_reading import layers_with_fields, read_vector, vector_crs

NAMES = ("zone_construite",)


def read_zones(paths: Sequence[Path], given: Path | None, crs: str) -> Geometries:
    """(k,) polygons in `crs`; none where no file has such a layer.

    Args:
        paths: the files of the layer, whose layer `zone_construite` is taken.
        given: another file; its only layer may have any name.
        crs: system of the result.

    Raises:
        VectorError: `given` cannot be used.
    """
    found = [_read(path, name, crs) for path in paths for name in _names(path)]
    if given is not None:
        found.append(_read(given, _only_layer(given), crs))
    shapes = np.concatenate(found) if found else np.empty(0, dtype=object)
    if not len(shapes):
        return np.empty(0, dtype=object)
    parts = shapely.get_parts(shapely.union_all(shapes))
    polygons: Geometries = parts[shapely.get_dimensions(parts) == 2]
    return polygons


def _read(path: Path, layer: str, crs: str) -> Geometries:
    geometry, _ = read_vector(path, layer)
    geometry = geometry[~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)]
    moved, _ = transformed(geometry, vector_crs(path, layer), pyproj.CRS.from_user_input(crs), path)
    valid: Geometries = shapely.make_valid(moved, method="structure", keep_collapsed=False)
    return valid


def _names(path: Path) -> list[str]:
    return [name for name, _ in layers_with_fields(path) if name.lower() in NAMES]


def _only_layer(path: Path) -> str:
    if not path.exists():
        raise MissingFileError(path=path)
    layers = [name for name, _ in layers_with_fields(path)]
    named = [name for name in layers if name.lower() in NAMES] or layers
    if len(named) != 1:
        raise NoLayerError(path=path, wanted=NAMES[0], layers=", ".join(layers) or "-")
    return named[0]
