# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a polygon lies in the zone construite, which lowers its minimum area."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsSpatialIndex, QgsVectorLayer


class ZoneConstruite:
    """The polygons of `zone_construite`, read once.

    Args:
        layer: the layer of a lot.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._index = QgsSpatialIndex(
            layer.getFeatures(), flags=QgsSpatialIndex.Flag.FlagStoreFeatureGeometries
        )

    def holds(self, geometry: QgsGeometry) -> bool:
        """Whether an inner point of `geometry` lies in the zone."""
        inner = geometry.pointOnSurface()
        candidates = self._index.intersects(inner.boundingBox())
        return any(self._index.geometry(fid).contains(inner) for fid in candidates)
