# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid of a map service, which has none of its own: the model gives the pixel, the user the place."""

from __future__ import annotations

import pyproj
from rasterio.crs import CRS
from rasterio.transform import Affine

from inference_backend.area.area import Area
from inference_backend.area.area_layer import AreaLayer
from inference_backend.grid import Grid
from inference_backend.predict.errors import ServiceOptionError
from inference_backend.predict.inputs.raster_checks import crs_name, ground_step
from inference_backend.predict.inputs.sources import Source
from inference_backend.predict.inputs.wms import Box, WmsAddress, grid_on_box
from inference_backend.vector_reading import bounds_in

MAX_SERVICE_PX = 100_000
"""Side of what is taken from a service without an area of interest: 20 km at 0.2 m. Layers of services reach
over a whole country."""
_CONTEXT_PX = 512  # around the area, so that its edge is seen in its surroundings


def map_grid(
    address: WmsAddress,
    beside: Grid | None,
    pixel_m: float,
    *,
    crs: CRS | None,
    layer: AreaLayer | None,
) -> Grid:
    """Pixels of the model's size over the place to draw, on whole multiples of that size.

    Args:
        address: the service.
        beside: another raster of the stack, whose extent serves where nothing else gives one.
        pixel_m: ground size of a pixel, m.
        crs: the user's, where the address names none.
        layer: area of interest.

    Raises:
        ServiceOptionError: neither system nor place is known, or far too large a place.
    """
    system = address.crs or crs or (beside.crs if beside else None) or _projected(layer)
    if system is None or system.is_geographic:
        raise _no_system(address)
    box = _box(address, beside, system, layer)
    if box is None:
        raise too_large(address.source)
    width, height = box[2] - box[0], box[3] - box[1]
    step = ground_step(system, Grid(1, 1, Affine(width, 0, box[0], 0, -height, box[3]), system), pixel_m)
    if address.box is None and layer is not None:
        margin = _CONTEXT_PX * step
        box = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    grid = grid_on_box(box, step, system)
    if layer is None and max(grid.shape) > MAX_SERVICE_PX:
        raise too_large(address.source)
    return grid


def _box(address: WmsAddress, beside: Grid | None, system: CRS, layer: AreaLayer | None) -> Box | None:
    if address.box is not None:
        return address.box
    if layer is not None:
        return Area.of(layer, system).bounds
    if beside is None or beside.crs is None:
        return None
    return bounds_in(beside.bounds, beside.crs, pyproj.CRS.from_user_input(system.to_wkt()))


def _projected(layer: AreaLayer | None) -> CRS | None:
    return CRS.from_wkt(layer.crs.to_wkt()) if layer is not None and layer.crs.is_projected else None


def too_large(source: Source) -> ServiceOptionError:
    """The error for a service of which no limited place is asked."""
    return ServiceOptionError(
        path=source.shown,
        problem_en="covers a whole country, or does not say what it covers",
        problem_fr="couvre tout un pays, ou ne dit pas ce qu'il couvre",
        remedy_en="Say where to predict: --aoi area.gpkg, or &BBOX=xmin,ymin,xmax,ymax in a WMS's address.",
        remedy_fr="Dites où prédire : --aoi zone.gpkg, ou &BBOX=xmin,ymin,xmax,ymax dans l'adresse d'un WMS.",
    )


def other_system(address: WmsAddress, grid: Grid) -> ServiceOptionError:
    """The error for a service asked in another system than the other rasters'."""
    name = crs_name(grid.crs) if grid.crs else "-"
    return ServiceOptionError(
        path=address.source.shown,
        problem_en=f"asks for another coordinate system than the other rasters' ({name})",
        problem_fr=f"demande un autre système de coordonnées que celui des autres rasters ({name})",
        remedy_en=f"Write CRS={name} in the address: the server draws in it.",
        remedy_fr=f"Écrivez CRS={name} dans l'adresse : le serveur dessine dans ce système.",
    )


def _no_system(address: WmsAddress) -> ServiceOptionError:
    return ServiceOptionError(
        path=address.source.shown,
        problem_en="names no projected coordinate system to draw in",
        problem_fr="ne nomme aucun système de coordonnées projeté où dessiner",
        remedy_en="Add it to the address: &CRS=EPSG:2154",
        remedy_fr="Ajoutez-le à l'adresse : &CRS=EPSG:2154",
    )
