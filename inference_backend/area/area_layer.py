# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the polygons of an area of interest: `file`, or `file|layername=NAME` as QGIS writes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from inference_backend.area.errors import AreaError
from inference_backend.vector_reading import layers_with_fields, quiet, read_vector, vector_crs

_POLYGON_TYPES = (3, 6)


@dataclass(frozen=True)
class AreaLayer:
    """Polygons as the file has them.

    Attributes:
        path: the argument, for messages.
        crs: their system.
        polygons: polygons and multipolygons, none null or empty.
    """

    path: str
    crs: pyproj.CRS
    polygons: NDArray[np.object_]


def read_area(given: Path) -> AreaLayer:
    """The polygons of an area of interest.

    Args:
        given: `file` or `file|layername=NAME`; without a name, the only layer that has polygons.

    Raises:
        VectorError: unreadable, or without a usable system.
        AreaError: no polygon, or several layers to choose from.
    """
    text, _, option = str(given).partition("|")
    path = Path(text)
    layer = _layer(path, option.rpartition("=")[2])
    crs = vector_crs(path, layer)
    geometries, _ = read_vector(path, layer)
    known = geometries[~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)]
    polygons = known[np.isin(shapely.get_type_id(known), _POLYGON_TYPES)]
    if len(polygons) == 0:
        found = ", ".join(sorted({geometry.geom_type for geometry in known})) or "-"
        raise _no_polygon(f"{path}", found)
    return AreaLayer(str(given), crs, polygons)


def _layer(path: Path, wanted: str) -> str:
    names = [name for name, _ in layers_with_fields(path)]
    if wanted:
        if wanted not in names:
            raise _choose(path, names, f"no layer {wanted}", f"pas de couche {wanted}")
        return wanted
    with quiet():
        types = {name: str(pyogrio.read_info(path, layer=name)["geometry_type"]) for name in names}
    with_polygons = [name for name, kind in types.items() if "Polygon" in kind or "Surface" in kind]
    candidates = with_polygons or [
        name for name, kind in types.items() if kind.startswith(("Unknown", "Geom"))
    ]
    if len(candidates) > 1:
        raise _choose(path, candidates, "several layers", "plusieurs couches")
    if not candidates:
        raise _no_polygon(str(path), ", ".join(sorted(set(types.values()))) or "-")
    return candidates[0]


def _no_polygon(path: str, found: str) -> AreaError:
    return AreaError(
        path=path,
        problem_en=f"holds no polygon (found: {found})",
        problem_fr=f"ne contient aucun polygone (trouvé : {found})",
        remedy_en="Draw or choose the area of interest as polygons.",
        remedy_fr="Dessinez ou choisissez la zone d'intérêt sous forme de polygones.",
    )


def _choose(path: Path, names: list[str], problem_en: str, problem_fr: str) -> AreaError:
    listed = ", ".join(names)
    return AreaError(
        path=path,
        problem_en=f"{problem_en}: {listed}",
        problem_fr=f"{problem_fr} : {listed}",
        remedy_en=f"Name one: {path}|layername={names[0] if names else 'NAME'}",
        remedy_fr=f"Nommez-en une : {path}|layername={names[0] if names else 'NOM'}",
    )
