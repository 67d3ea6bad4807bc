# SPDX-License-Identifier: GPL-2.0-or-later
"""What a patch does to the ground: is every new geometry valid, and how much changes its codes?"""

from __future__ import annotations

from qgis.core import QgsGeometry

from ocsge_pi_review.domain.errors import InvalidResultError
from ocsge_pi_review.domain.patch import Patch, PolygonRow


def geometry_of(row: PolygonRow) -> QgsGeometry:
    """A row's geometry for QGIS."""
    geometry = QgsGeometry()
    geometry.fromWkb(row.wkb)
    return geometry


def require_valid(patch: Patch) -> None:
    """Accept a patch whose new geometries are valid.

    Raises:
        InvalidResultError: one is not.
    """
    old = {row.id: row.wkb for row in patch.before}
    for row in patch.after:
        if row.wkb == old.get(row.id):
            continue
        geometry = geometry_of(row)
        if not geometry.isGeosValid():
            raise InvalidResultError(id=row.id, reason=geometry.lastError() or "GEOS")


def changed_m2(patch: Patch) -> float:
    """Area whose cover or use changes, m2."""
    after = {row.id: row for row in patch.after}
    total = 0.0
    moved_before, moved_after = [], dict(after)
    for row in patch.before:
        new = after.get(row.id)
        if new is not None and new.wkb == row.wkb:
            del moved_after[row.id]
            total += geometry_of(row).area() if _codes(row) != _codes(new) else 0.0
        else:
            moved_before.append(row)
    shapes = [(_codes(row), geometry_of(row)) for row in moved_after.values()]
    for row in moved_before:
        shape = geometry_of(row)
        others = [other for codes, other in shapes if codes != _codes(row)]
        total += sum(shape.intersection(other).area() for other in others if _may_meet(shape, other))
    return round(total, 3)


def _codes(row: PolygonRow) -> tuple[str, str]:
    return row.cs, row.us


def _may_meet(first: QgsGeometry, second: QgsGeometry) -> bool:
    return bool(first.boundingBox().intersects(second.boundingBox()))
