# SPDX-License-Identifier: GPL-2.0-or-later
"""How the backend is told a coordinate system: by its code, in full where it has none."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem

_OWN = "USER:"
"""Before the number of a system that this user defined: nobody else knows it."""


def crs_text(crs: QgsCoordinateReferenceSystem) -> str | None:
    """Authority and code, or the definition as WKT; None where there is no coordinate system."""
    if not crs.isValid():
        return None
    code = crs.authid()
    if code and not code.startswith(_OWN):
        return str(code)
    return str(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED))
