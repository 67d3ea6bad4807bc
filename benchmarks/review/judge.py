# SPDX-License-Identifier: GPL-2.0-or-later
"""What the truth says about a polygon: its codes, and the part of it that is something else."""

from dataclasses import dataclass

from qgis.core import QgsFeature, QgsGeometry, QgsSpatialIndex, QgsVectorLayer

LEAST_WIDTH_M = 4.0
"""A wrong part narrower than this on average, m, is left: nobody draws it."""
LEAST_SHARE = 0.08
"""A wrong part smaller than this share of the polygon is left."""
TOUCHES_M = 2.0


@dataclass(frozen=True)
class WrongPart:
    """A part of a polygon that the truth gives other codes."""

    shape: QgsGeometry
    cs: str
    us: str


@dataclass(frozen=True)
class Verdict:
    """Codes of a polygon by the truth, and its largest wrong part, None where it may stay whole."""

    cs: str
    us: str
    wrong: WrongPart | None


class Judge:
    """Knows the truth of a commune.

    Args:
        source: a layer with code_cs and code_us.
        minimum_m2: gives the least area of a cover at a place.
    """

    def __init__(self, source, minimum_m2):
        layer = QgsVectorLayer(source, "truth", "ogr")
        assert layer.isValid(), source
        self._truth = {feature.id(): feature for feature in layer.getFeatures()}
        self._index = QgsSpatialIndex(layer.getFeatures())
        self._minimum_m2 = minimum_m2

    def verdict(self, row):
        """What should become of a polygon."""
        shape = QgsGeometry()
        shape.fromWkb(row.wkb)
        pieces = [(f["code_cs"], f["code_us"], part) for f, part in self._pieces(shape)]
        cs = _largest((piece[0], piece[2].area()) for piece in pieces)
        us = _largest((piece[1], piece[2].area()) for piece in pieces if piece[0] == cs)
        parts = []
        for other in sorted({piece[0] for piece in pieces if piece[0] != cs}):
            same = [piece for piece in pieces if piece[0] == other]
            for part in QgsGeometry.unaryUnion([piece[2] for piece in same]).asGeometryCollection():
                if self._is_worth(part, other, shape):
                    uses = ((piece[1], piece[2].intersection(part).area()) for piece in same)
                    parts.append(WrongPart(part, other, _largest(uses)))
        return Verdict(cs, us, max(parts, key=lambda part: part.shape.area(), default=None))

    def _pieces(self, shape):
        for fid in self._index.intersects(shape.boundingBox()):
            feature: QgsFeature = self._truth[fid]
            part = shape.intersection(feature.geometry())
            if part.area() > 0:
                yield feature, part

    def _is_worth(self, part, cs, shape):
        area, length = part.area(), part.length()
        is_wide = length > 0 and 2 * area / length >= LEAST_WIDTH_M
        return is_wide and area >= max(self._minimum_m2(cs, part), LEAST_SHARE * shape.area())


def _largest(shares):
    totals = {}
    for name, area in shares:
        totals[name] = totals.get(name, 0.0) + area
    return max(totals, key=totals.get)


def inner_line(part, shape, tolerance_m):
    """The border of a part inside its polygon as one line from border to border; None where it is not one."""
    rim = QgsGeometry(shape.constGet().boundary())
    line = QgsGeometry(part.constGet().boundary()).difference(rim.buffer(0.3, 4)).mergeLines()
    lines = [found for found in line.asGeometryCollection() if found.length() > TOUCHES_M]
    if len(lines) != 1:
        return None
    points = lines[0].simplify(tolerance_m).asPolyline()
    return [(p.x(), p.y()) for p in points] if len(points) >= 2 and points[0] != points[-1] else None


def outline(part, tolerance_m):
    """Outer border of a part without the closing vertex."""
    ring = part.simplify(tolerance_m).asPolygon()[0]
    return [(p.x(), p.y()) for p in ring[:-1]]
