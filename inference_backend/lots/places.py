# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the polygons of a lot are, and the work that is left on each."""

from __future__ import annotations

import numpy as np
import shapely

from inference_backend.contracts.lot import ItemState
from inference_backend.lots.division import Places
from inference_backend.lots.errors import CutError
from inference_backend.lots.lot_file import LotFile
from inference_backend.postprocess.lot.gpkg_functions import wkb_of
from inference_backend.progress import Progress

_AT_ONCE = 10_000
_HECTARE_M2 = 10_000.0


def read_places(lot: LotFile, progress: Progress) -> Places:
    """A point in each polygon of a lot and what its open item is expected to cost.

    Raises:
        CutError: the lot has no polygon of its own.
    """
    profile = lot.profile()
    opening = profile.number("review", "cost", "opening")
    per_root = profile.number("review", "cost", "per_square_root_hectare")
    settled = (ItemState.DONE.value, ItemState.GONE.value)
    query = (
        "SELECT c.fid, c.geom, c.ossature, EXISTS (SELECT 1 FROM review_item i WHERE i.polygon_id = c.id "
        "AND i.state NOT IN (?, ?)) FROM occupation_sol c WHERE c.margin_of IS NULL ORDER BY c.fid"
    )
    cursor, parts = lot.database.execute(query, settled), []
    total = max(int(lot.one("SELECT count(*) FROM occupation_sol")), 1)
    while rows := cursor.fetchmany(_AT_ONCE):
        shapes = shapely.from_wkb([wkb_of(row[1]) for row in rows])
        points = shapely.point_on_surface(shapes)
        is_open = np.array([row[3] for row in rows], dtype=bool)
        cost = opening + per_root * np.sqrt(shapely.area(shapes) / _HECTARE_M2)
        locked = np.array([bool(row[2]) for row in rows], dtype=bool)
        fids = np.array([row[0] for row in rows], dtype=np.int64)
        parts.append((fids, shapely.get_x(points), shapely.get_y(points), cost * is_open, locked))
        progress.update(min(len(parts) * _AT_ONCE / total, 1.0))
    if not parts:
        raise CutError(
            path=lot.path,
            problem_en="holds no polygon of its own",
            problem_fr="ne contient aucun polygone à lui",
            remedy_en="Choose another lot.",
            remedy_fr="Choisissez un autre lot.",
        )
    return Places(*(np.concatenate(column) for column in zip(*parts, strict=True)))
