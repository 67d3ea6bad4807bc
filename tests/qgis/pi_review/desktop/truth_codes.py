# SPDX-License-Identifier: GPL-2.0-or-later
"""What the truth of a made commune says of each polygon of a lot: the eyes of people in a story.

    .venv/bin/python -m tests.qgis.pi_review.desktop.truth_codes LOT TRUTH OUTPUT

Writes JSON: by polygon id, the cover that covers most of it and the use that covers most of that cover.
Runs in the backend's environment.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import pyogrio
import shapely

TRUTH_LAYER = "truth_2022"


def codes_by_polygon(lot: Path, truth: Path) -> dict[str, tuple[str, str]]:
    """Cover and use by the truth of each polygon that meets it."""
    polygons = pyogrio.raw.read(lot, layer="occupation_sol", columns=["id"])
    real = pyogrio.raw.read(truth, layer=TRUTH_LAYER, columns=["code_cs", "code_us"])
    shapes, zones = shapely.from_wkb(polygons[2]), shapely.from_wkb(real[2])
    ids, (covers, uses) = polygons[3][0], real[3]
    rows, places = shapely.STRtree(zones).query(shapes, predicate="intersects")
    shares_m2 = shapely.area(shapely.intersection(shapes[rows], zones[places]))
    met: dict[str, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))
    for row, place, share_m2 in zip(rows, places, shares_m2, strict=True):
        met[str(ids[row])][covers[place], uses[place]] += float(share_m2)
    return {polygon: _largest(shares) for polygon, shares in met.items()}


def _largest(shares: dict[tuple[str, str], float]) -> tuple[str, str]:
    by_cover: dict[str, float] = defaultdict(float)
    for (cover, _), share_m2 in shares.items():
        by_cover[cover] += share_m2
    cover = max(by_cover, key=lambda code: by_cover[code])
    return max((couple for couple in shares if couple[0] == cover), key=lambda couple: shares[couple])


def main(lot: Path, truth: Path, output: Path) -> None:
    """Write what the truth says."""
    output.write_text(json.dumps(codes_by_polygon(lot, truth)), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
