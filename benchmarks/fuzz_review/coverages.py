# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows of post-processed communes: some polygons as a lot, those around them as its margin."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path

import shapely
from pyogrio.raw import read

from benchmarks.fuzz_review.judge import Rows
from inference_backend.contracts.lot import OCCUPATION_SOL
from ocsge_pi_review.domain.patch import PolygonRow

MARGIN_OF = "another lot"


@lru_cache(maxsize=4)
def lot_rows(path: Path) -> Rows:
    """Every polygon of a lot."""
    meta, _, geometry, values = read(path, layer=OCCUPATION_SOL.name)
    names = [str(name) for name in meta["fields"]]
    rows = {}
    for i, shape in enumerate(shapely.from_wkb(geometry)):
        attributes = {name: _plain(values[k][i]) for k, name in enumerate(names)}
        row_id = str(attributes.pop("id"))
        rows[row_id] = PolygonRow(row_id, attributes, shapely.to_wkb(shape, byte_order=1))
    return rows


def window(rows: Rows, number: int, count: int = 24, margin: int = 8) -> Rows:
    """The polygons nearest to one of them; the farthest are read-only.

    Args:
        rows: a coverage.
        number: picks the one in the middle.
        count: polygons in all.
        margin: how many of them belong to another lot.
    """
    ids = sorted(rows)
    shapes = [shapely.from_wkb(rows[row_id].wkb) for row_id in ids]
    far = shapely.distance(shapes, shapes[number % len(ids)].point_on_surface())
    order = sorted(range(len(ids)), key=lambda i: (float(far[i]), ids[i]))[:count]
    chosen = {ids[i]: rows[ids[i]] for i in order}
    for i in order[count - margin :]:
        chosen[ids[i]] = rows[ids[i]].with_values(margin_of=MARGIN_OF)
    return chosen


def write_window(rows: Rows, path: Path) -> None:
    """Keep a window as text, for tests without a commune."""
    path.write_text(json.dumps([row.to_dict() for row in rows.values()], indent=0) + "\n", encoding="utf-8")


def read_window(path: Path) -> Rows:
    """A window that `write_window` kept."""
    rows = [PolygonRow.from_dict(raw) for raw in json.loads(path.read_text(encoding="utf-8"))]
    return {row.id: row for row in rows}


def _plain(value: object) -> object:
    """A JSON value of what a column holds."""
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and math.isnan(plain) else plain
