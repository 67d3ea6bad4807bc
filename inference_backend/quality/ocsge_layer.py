# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads any OCS GE layer: our lot, IGN's GeoPackages and shapefiles, older and change layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.errors import VectorError
from inference_backend.vector_reading import layers_with_fields, read_vector, vector_crs

COVER_NAMES = ("code_cs", "couverture", "cs")
USE_NAMES = ("code_us", "usage", "us")
ID_NAMES = ("id", "id_ocs")
OCS_LAYERS = ("occupation_sol", "occupation_du_sol")
ZONE_LAYERS = ("zone_construite",)
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class OcsgeLayer:
    """A layer as it is in the file, nothing repaired.

    Attributes:
        path: the file.
        name: the layer.
        geometry: (n,) shapely geometries of any kind, None where null.
        cs: (n,) cover codes, None where null.
        us: (n,) use codes, None where null; None where the layer has no such column.
        ids: (n,) identifiers; None where the layer has no such column.
        excuse: (n,) texts; None where the layer has no such column.
        ossature: (n,) bool.
        crs: name of the coordinate system.
    """

    path: Path
    name: str
    geometry: NDArray[np.object_]
    cs: Texts
    us: Texts | None
    ids: Texts | None
    excuse: Texts | None
    ossature: NDArray[np.bool_]
    crs: str


def read_layer(
    path: Path, layer: str | None = None, cs_column: str | None = None, us_column: str | None = None
) -> OcsgeLayer:
    """Read one layer.

    Args:
        path: GeoPackage, shapefile or what else GDAL reads.
        layer: its name; by default the one called occupation_sol, else the only one with a cover column.
        cs_column: cover column, where it has no usual name (`cs_2018` in change layers).
        us_column: use column, likewise.

    Raises:
        VectorError: unreadable, no CRS or one in degrees, no such layer, no cover column, or no row.
    """
    if not path.exists():
        raise _error(path, "no such file", "fichier introuvable", "Correct the path.", "Corrigez le chemin.")
    name, fields = _choose_layer(path, layer, cs_column)
    lower = {field.lower(): field for field in fields}
    cover, use = _find(lower, cs_column, COVER_NAMES), _find(lower, us_column, USE_NAMES)
    if cover is None or (us_column and use is None):
        raise _no_column(path, name, fields, cs_column if cover is None else us_column)
    crs = vector_crs(path, name)
    if not crs.is_projected:
        raise _in_degrees(path, name, crs.name)
    geometry, columns = _without_margin(*read_vector(path, name, encoding="UTF-8"))
    if not len(geometry):
        raise _empty(path, name)
    identifier, excuse = _find(lower, None, ID_NAMES), lower.get("excuse")
    ossature = columns.get(lower.get("ossature", ""))
    count = len(geometry)
    return OcsgeLayer(
        path,
        name,
        geometry,
        columns[cover],
        columns[use] if use else None,
        columns[identifier] if identifier else None,
        columns[excuse] if excuse else None,
        np.zeros(count, bool) if ossature is None else np.array([v == "1" for v in ossature], dtype=bool),
        crs.name,
    )


def _without_margin(
    geometry: NDArray[np.object_], columns: dict[str, Texts]
) -> tuple[NDArray[np.object_], dict[str, Texts]]:
    """Without the neighbours that a lot holds for reading alone: another lot answers for those."""
    margin_of = columns.get("margin_of")
    if margin_of is None:
        return geometry, columns
    own = np.array([value is None for value in margin_of], dtype=bool)
    return geometry[own], {name: values[own] for name, values in columns.items()}


def read_zones(path: Path, layer: str | None = None) -> NDArray[np.object_] | None:
    """Polygons of the zone construite without overlap among themselves; None where the file has none.

    Args:
        path: a file; its layer `zone_construite` is taken, in either case.
        layer: another name; then it must exist.
    """
    names = [name for name, _ in layers_with_fields(path)]
    wanted = [name for name in names if name.lower() in ((layer.lower(),) if layer else ZONE_LAYERS)]
    if not wanted and layer is not None:
        raise _no_layer(path, layer, names)
    if not wanted:
        return None
    geometry, _ = read_vector(path, wanted[0])
    whole = shapely.union_all(shapely.make_valid(geometry[~shapely.is_missing(geometry)]))
    parts = shapely.get_parts(whole)
    return np.array(parts[shapely.get_dimensions(parts) == 2], dtype=object)


def _choose_layer(path: Path, layer: str | None, cs_column: str | None) -> tuple[str, list[str]]:
    layers = dict(layers_with_fields(path))
    if layer is not None:
        match = [name for name in layers if name.lower() == layer.lower()]
        if not match:
            raise _no_layer(path, layer, list(layers))
        return match[0], layers[match[0]]
    named = [name for name in layers if name.lower() in OCS_LAYERS]
    coded = [n for n, f in layers.items() if _find({x.lower(): x for x in f}, cs_column, COVER_NAMES)]
    candidates = named or coded or (list(layers) if len(layers) == 1 else [])
    if len(candidates) == 1:
        return candidates[0], layers[candidates[0]]
    raise _no_layer(path, "?", list(layers))


def _find(lower: dict[str, str], explicit: str | None, usual: Sequence[str]) -> str | None:
    names = (explicit.lower(),) if explicit else usual
    return next((lower[name] for name in names if name in lower), None)


def _no_layer(path: Path, layer: str, names: list[str]) -> VectorError:
    listed = ", ".join(names) or "-"
    return _error(
        path,
        f"cannot tell which layer to read (asked for: {layer}; in the file: {listed})",
        f"impossible de savoir quelle couche lire (demandée : {layer} ; dans le fichier : {listed})",
        "Name it with --layer.",
        "Nommez-la avec --layer.",
    )


def _in_degrees(path: Path, layer: str, crs: str) -> VectorError:
    return _error(
        path,
        f"layer {layer} is in degrees ({crs}), in which areas cannot be measured",
        f"la couche {layer} est en degrés ({crs}), où les surfaces ne se mesurent pas",
        "Reproject it: ogr2ogr -t_srs EPSG:2154 out.gpkg in.gpkg",
        "Reprojetez-la : ogr2ogr -t_srs EPSG:2154 sortie.gpkg entree.gpkg",
    )


def _empty(path: Path, layer: str) -> VectorError:
    return _error(
        path,
        f"layer {layer} holds no polygon (rows: 0)",
        f"la couche {layer} ne contient aucun polygone (lignes : 0)",
        "Check that it was written whole, or name another layer with --layer.",
        "Vérifiez qu'elle a été écrite en entier, ou nommez une autre couche avec --layer.",
    )


def _no_column(path: Path, layer: str, fields: list[str], column: str | None) -> VectorError:
    listed = ", ".join(fields) or "-"
    return _error(
        path,
        f"layer {layer} has no column {column or '/'.join(COVER_NAMES)} (its columns: {listed})",
        f"la couche {layer} n'a pas de colonne {column or '/'.join(COVER_NAMES)} (ses colonnes : {listed})",
        "Name the columns with --cs-column and --us-column.",
        "Nommez les colonnes avec --cs-column et --us-column.",
    )


def _error(path: Path, en: str, fr: str, remedy_en: str, remedy_fr: str) -> VectorError:
    return VectorError(path=path, problem_en=en, problem_fr=fr, remedy_en=remedy_en, remedy_fr=remedy_fr)
