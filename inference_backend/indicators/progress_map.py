# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the production stands on the ground: one outline per lot, and those of the départements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import pyproj
import shapely

from inference_backend.errors import gdal_reason
from inference_backend.indicators.acceptance_curve import accepted_on
from inference_backend.indicators.errors import ProductionFileError
from inference_backend.indicators.figures import Figures
from inference_backend.indicators.footprint import WORLD
from inference_backend.indicators.production import Outlines, Production
from inference_backend.indicators.pseudonyms import Pseudonyms

_MAINLAND = shapely.box(-6.0, 41.0, 10.0, 51.6)
_MAINLAND_CRS = "EPSG:2154"
_OUTLINE_WIDTH = 400.0
"""Outlines of départements are simplified by this part of their width."""


@dataclass(frozen=True)
class Place:
    """A lot on the map.

    Attributes:
        shape: outline in EPSG:4326.
        properties: see `contracts.indicators.PROGRESS_PROPERTIES`.
    """

    shape: Any
    properties: dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """A part of the map with a projection of its own.

    Attributes:
        places: its lots.
        shapes: their outlines, m.
        outlines: of its départements, m.
        bounds: of everything, m.
    """

    places: tuple[Place, ...]
    shapes: npt.NDArray[Any]
    outlines: npt.NDArray[Any]
    bounds: tuple[float, float, float, float]


def places_of(figures: Figures, names: Pseudonyms) -> list[Place]:
    """Lots that count and say where they are."""
    placed = [lot for lot in figures.lots if lot.summary.footprint]
    shapes = shapely.from_wkb([lot.summary.footprint for lot in placed])
    return [
        Place(
            shape,
            {
                "name": lot.summary.name,
                "departement": lot.departement,
                "state": lot.summary.state,
                "since": accepted_on(lot) or (lot.summary.history[-1][0][:10] if lot.summary.history else ""),
                "km2": round(lot.summary.area_km2, 4),
                "subcontractor": names.company(lot.summary.assigned_to),
                "path": lot.label,
            },
        )
        for lot, shape in zip(placed, shapes, strict=True)
    ]


def geojson_of(places: Sequence[Place]) -> str:
    """The lots as GeoJSON (RFC 7946)."""
    shapes = shapely.to_geojson(np.array([place.shape for place in places], dtype=object))
    told = [json.dumps(place.properties, ensure_ascii=False) for place in places]
    features = [
        f'{{"type":"Feature","properties":{properties},"geometry":{shape}}}'
        for properties, shape in zip(told, shapes, strict=True)
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def read_outlines(production: Production) -> dict[str, Any]:
    """Outlines of the départements by code, in EPSG:4326; none where the production names no layer.

    Raises:
        ProductionFileError: the layer cannot be read, or has no such column.
    """
    if production.outlines is None:
        return {}
    source = production.outlines
    wanted = {departement.code for departement in production.departements}
    try:
        info, _, geometry, columns = pyogrio.raw.read(
            source.file, layer=source.layer, columns=[source.code_column]
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError) as error:
        raise _unreadable(production, source, gdal_reason(error)) from error
    if source.code_column not in info["fields"]:
        raise _unreadable(production, source, source.code_column)
    shapes = shapely.from_wkb(geometry)
    to_world = pyproj.Transformer.from_crs(info["crs"] or WORLD, WORLD, always_xy=True)
    found = {}
    for code, shape in zip(columns[0], shapes, strict=True):
        if str(code) in wanted and shape is not None and not shape.is_empty:
            outline = _moved(shape, to_world)
            xmin, _, xmax, _ = outline.bounds
            found[str(code)] = shapely.simplify(outline, (xmax - xmin) / _OUTLINE_WIDTH)
    return found


def panels_of(places: Sequence[Place], outlines: dict[str, Any]) -> list[Panel]:
    """The map in parts: the mainland first, then what lies overseas, each in a projection of its own."""
    groups: dict[str, tuple[list[Place], list[Any]]] = {}
    inside = _MAINLAND.contains(shapely.centroid(np.array([place.shape for place in places], dtype=object)))
    for place, is_inside in zip(places, inside, strict=True):
        key = "" if is_inside else str(place.properties["departement"])
        groups.setdefault(key, ([], []))[0].append(place)
    for code, outline in outlines.items():
        key = "" if _MAINLAND.contains(shapely.centroid(outline)) else code
        groups.setdefault(key, ([], []))[1].append(outline)
    return [_panel(*groups[key]) for key in sorted(groups)]


def _panel(places: list[Place], outlines: list[Any]) -> Panel:
    shapes = [place.shape for place in places]
    transformer = pyproj.Transformer.from_crs(WORLD, _crs_for([*shapes, *outlines]), always_xy=True)
    moved, around = (_moved(np.array(found, dtype=object), transformer) for found in (shapes, outlines))
    bounds = shapely.total_bounds(np.concatenate([moved, around]))
    return Panel(tuple(places), moved, around, (bounds[0], bounds[1], bounds[2], bounds[3]))


def _crs_for(shapes: list[Any]) -> str:
    xmin, ymin, xmax, ymax = shapely.total_bounds(np.array(shapes, dtype=object))
    longitude, latitude = (xmin + xmax) / 2, (ymin + ymax) / 2
    if _MAINLAND.contains(shapely.Point(longitude, latitude)):
        return _MAINLAND_CRS
    return f"+proj=laea +lat_0={latitude:.6f} +lon_0={longitude:.6f} +ellps=GRS80 +units=m"


def _moved(shape: Any, transformer: Any) -> Any:
    def move(xy: Any) -> Any:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shapely.force_2d(shape), move)


def _unreadable(production: Production, source: Outlines, reason: object) -> ProductionFileError:
    return ProductionFileError(
        path=production.path,
        key="outlines",
        problem_en=f"{source.file} cannot be used ({reason})",
        problem_fr=f"{source.file} est inutilisable ({reason})",
        remedy_en="Give the file, its layer and the column that holds the INSEE codes.",
        remedy_fr="Donnez le fichier, sa couche et la colonne qui porte les codes INSEE.",
    )
