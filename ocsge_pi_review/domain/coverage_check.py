# SPDX-License-Identifier: GPL-2.0-or-later
"""Is a set of polygons a valid coverage? Answered on edges alone, without a geometry library.

In a noded coverage every edge has its reverse in exactly one neighbour, save along the outer limit. What is
left over shows each defect: rings that turn clockwise are gaps, edges held twice are overlaps.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ocsge_pi_review.domain.faces import simple_rings, trace_walks
from ocsge_pi_review.domain.rings import Edge, Polygon, Ring, area, edges, signed_area

AREA_TOLERANCE_M2 = 1e-3


@dataclass
class CoverageReport:
    """Defects of a coverage.

    Attributes:
        count: polygons looked at.
        area_m2: sum of their areas.
        gaps: rings of ground that no polygon covers.
        overlap_m2: area covered twice or more.
        doubled_edges: edges that two polygons hold in the same direction.
        spikes: ids of polygons with a side that runs back on itself or a repeated vertex.
    """

    count: int = 0
    area_m2: float = 0.0
    gaps: list[Ring] = field(default_factory=list)
    overlap_m2: float = 0.0
    doubled_edges: int = 0
    spikes: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether the polygons form one coverage without gap or overlap."""
        return not (self.gaps or self.overlap_m2 > AREA_TOLERANCE_M2 or self.doubled_edges or self.spikes)


def check_coverage(polygons: Mapping[str, Polygon]) -> CoverageReport:
    """Look for gaps, overlaps and unmatched vertices.

    A vertex that one side of a border lacks shows as a gap or an overlap of no area, which is a defect too.
    """
    report = CoverageReport(count=len(polygons), area_m2=math.fsum(area(p) for p in polygons.values()))
    held: Counter[Edge] = Counter()
    for polygon_id, polygon in polygons.items():
        own = list(edges(polygon))
        if any(a == b for a, b in own) or len(set(own)) != len(own) or _runs_back(own):
            report.spikes.append(polygon_id)
        held.update(own)
    report.doubled_edges = sum(n - 1 for n in held.values() if n > 1)
    border = [edge for edge in held if edge[::-1] not in held]
    outer_m2 = 0.0
    for ring in (ring for walk in trace_walks(border) for ring in simple_rings(walk)):
        ring_m2 = signed_area(ring)
        outer_m2 += ring_m2
        if ring_m2 <= 0:
            report.gaps.append(ring)
    report.overlap_m2 = max(0.0, report.area_m2 - outer_m2)
    return report


def _runs_back(own: list[Edge]) -> bool:
    known = set(own)
    return any((b, a) in known for a, b in own)
