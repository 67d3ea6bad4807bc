# SPDX-License-Identifier: GPL-2.0-or-later
"""The ground of a corrective patch: delivered objects over what stands there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qgis.core import QgsFeature, QgsGeometry, QgsSpatialIndex

from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.domain.corrections import Correction, correction, net_change
from ocsge_pi_review.domain.patch import Patch, PolygonRow

BORDER_WIDTH_M = 0.02
"""Ground narrower than this on average, m, is a border that was given vertices: gestures snap to 1 cm."""


def corrections(patches: Iterable[Patch]) -> Iterator[tuple[Correction, QgsGeometry]]:
    """What a journal changed: each correction and its polygon, by delivered object.

    Args:
        patches: every row in order, undone gestures and their undo included.
    """
    change = net_change(patches)
    finals = list(change.finals.values())
    shapes = [geometry_of(row) for row in finals]
    index = QgsSpatialIndex()
    for number, shape in enumerate(shapes):
        feature = QgsFeature(number)
        feature.setGeometry(shape)
        index.addFeature(feature)
    for _, original in sorted(change.originals.items()):
        whole = geometry_of(original)
        for number in sorted(index.intersects(whole.boundingBox()), key=lambda n: finals[n].id):
            final = finals[number]
            if final.wkb == original.wkb:
                found = correction(original, final, is_part=False)
                if found is not None:
                    yield found, whole
                continue
            # Anything but `None` there depends on the share, which is asked for where it matters alone.
            if correction(original, final, is_part=True) is not None:
                yield from _overlaid(original, whole, final, shapes[number])


def _overlaid(
    original: PolygonRow, whole: QgsGeometry, final: PolygonRow, shape: QgsGeometry
) -> Iterator[tuple[Correction, QgsGeometry]]:
    parts = [part for part in whole.intersection(shape).asGeometryCollection() if _is_ground(part)]
    rest = whole.difference(shape)
    is_part = len(parts) > 1 or any(_is_ground(part) for part in rest.asGeometryCollection())
    found = correction(original, final, is_part=is_part)
    if found is None:
        return
    for part in parts:
        # Where nothing is left over, the object itself: its vertices, not those that gestures added.
        yield found, part if is_part else whole


def _is_ground(part: QgsGeometry) -> bool:
    length = part.length()
    return bool(length > 0 and 2 * part.area() / length > BORDER_WIDTH_M)
