# SPDX-License-Identifier: GPL-2.0-or-later
"""Parcels with the use that the tax files say, which are not open: beside the references, not among them.

A parcel is a piece of a cell between streets. Names of attributes are those of the Cerema's parcel table.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
import shapely.affinity

from inference_backend.scene.bdtopo import Layer
from inference_backend.scene.network import corridor
from inference_backend.scene.plan import SECOND, Plan
from inference_backend.scene.shapes import Rng
from inference_backend.scene.truth import write_layer

FILE, LAYER = "fichiers_fonciers.gpkg", "parcelle_fonciere"
MISSING_SHARE, WRONG_SHARE = 0.06, 0.04
"""Parcels without premises that say a use, and parcels whose premises say another than what one sees."""
_CELLS = ("estate", "village", "industry", "shops", "compost", "school")
_USES = {"US5": "MAISON", "US2": "ACTIVITE", "US3": "ACTIVITE"}
_FRONT_M = 30.0
_SMALLEST_M2 = 100.0
_SHIFT_M = 0.4


def write_parcels(folder: Path, plan: Plan, origin_m: tuple[float, float]) -> None:
    """Write `fichiers_fonciers.gpkg` into `folder`; nothing where no cell is built up."""
    layer = parcels(plan, np.random.default_rng([plan.seed, 6]))
    if layer.records:
        folder.mkdir(parents=True, exist_ok=True)
        columns = {key: [record[key] for record in layer.records] for key in layer.records[0]}
        write_layer(folder / FILE, LAYER, layer.geometry, columns, origin_m)


def parcels(plan: Plan, rng: Rng) -> Layer:
    """Pieces of the built-up cells with their dominant use, in local metres."""
    public = shapely.union_all([corridor(route) for route in plan.routes])
    grid = _lots(plan.size_m)
    layer = Layer(LAYER, "Polygon")
    for surface in plan.surfaces:
        if surface.tag in _CELLS and surface.us in _USES and surface.years & SECOND:
            private = shapely.difference(surface.geometry, public)
            for piece in shapely.get_parts(shapely.intersection(grid, private)):
                _add(layer, piece, str(surface.us), rng)
    return layer


def _lots(size_m: float) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    starts = np.arange(0.0, size_m, _FRONT_M)
    x, y = (values.ravel() for values in np.meshgrid(starts, starts))
    boxes: np.ndarray[tuple[int], np.dtype[np.object_]] = shapely.box(x, y, x + _FRONT_M, y + _FRONT_M)
    return boxes


def _add(layer: Layer, piece: shapely.Geometry, use: str, rng: Rng) -> None:
    says = rng.random()
    if piece.geom_type != "Polygon" or piece.area < _SMALLEST_M2:
        return
    if says < WRONG_SHARE:
        use = str(rng.choice([other for other in _USES if other != use]))
    known = says < 1 - MISSING_SHARE
    shift = rng.normal(0.0, _SHIFT_M, 2)
    layer.add(
        shapely.affinity.translate(piece, float(shift[0]), float(shift[1])),
        idpar=f"999990000A{len(layer.records) + 1:04d}",
        dcntpa=round(piece.area),
        tlocdomin=_USES[use] if known else "AUCUN LOCAL",
        us_dominant=use if known else None,
    )
