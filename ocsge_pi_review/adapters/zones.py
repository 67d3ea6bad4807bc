# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of a polygon lies in the zone construite, which lowers its minimum area."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict

from qgis.core import QgsGeometry, QgsGeometryEngine

from inference_backend.contracts.lot import ZONE_CONSTRUITE
from ocsge_pi_review.adapters.gpkg_blob import box_of_row, wkb_of
from ocsge_pi_review.adapters.gpkg_table import GpkgTable
from ocsge_pi_review.domain.patch import PolygonRow

_KEPT = 64
"""Polygons of the zone that are kept ready."""


class ZoneShares:
    """The polygons of `zone_construite`, read where they are asked for.

    Args:
        connection: of `gpkg.connect`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._table = GpkgTable(connection, ZONE_CONSTRUITE.name)
        self._ready: OrderedDict[int, tuple[QgsGeometry, QgsGeometryEngine]] = OrderedDict()

    def share(self, row: PolygonRow) -> float:
        """Share of a polygon's area in the zone, 0..1."""
        geometry = QgsGeometry()
        geometry.fromWkb(row.wkb)
        whole_m2 = geometry.area()
        if not whole_m2:
            return 0.0
        condition, values = self._table.in_box(box_of_row(row))
        statement = f"SELECT rowid FROM zone_construite WHERE {condition}"  # nosec B608 - constants and marks
        keys = [found[0] for found in self._table.connection.execute(statement, values)]
        return min(1.0, sum(self._inside_m2(key, geometry) for key in keys) / whole_m2)

    def _inside_m2(self, key: int, geometry: QgsGeometry) -> float:
        zone, engine = self._zone(key)
        shape = geometry.constGet()
        if engine.contains(shape):
            return float(geometry.area())
        return float(geometry.intersection(zone).area()) if engine.intersects(shape) else 0.0

    def _zone(self, key: int) -> tuple[QgsGeometry, QgsGeometryEngine]:
        if key not in self._ready:
            zone = QgsGeometry()
            for found in self._table.select("rowid = ?", (key,)):
                zone.fromWkb(wkb_of(found[self._table.geometry]))
            engine = QgsGeometry.createGeometryEngine(zone.constGet())
            engine.prepareGeometry()
            self._ready[key] = zone, engine
            if len(self._ready) > _KEPT:
                self._ready.popitem(last=False)
        self._ready.move_to_end(key)
        return self._ready[key]
