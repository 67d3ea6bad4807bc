# SPDX-License-Identifier: GPL-2.0-or-later
"""A small lot whose neighbours share every vertex: crooked fields in rows, a road of the skeleton between."""

from __future__ import annotations

import numpy as np
import shapely
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.contracts.lot import LotKey
from inference_backend.grid import Grid
from inference_backend.postprocess.lot.lot_metadata import new_lot_metadata
from inference_backend.postprocess.lot.lot_writer import write_lot
from inference_backend.postprocess.review.review_queue import build_queue
from inference_backend.postprocess.types import LandCover

WEST, NORTH = 600_000.0, 6_700_000.0
FIELD_M = 80.0
COVERS = ("CS2.2.1", "CS2.1.1.1", "CS1.1.2.1", "CS1.2.2")
USES = ("US1.1", "US1.2", "US6.6", "US6.6")
COLUMNS = 8
ROAD_ROW = 3


def fields(columns: int, rows: int, seed: int) -> list[shapely.Polygon]:
    """Polygons of a crooked grid, row by row; row `ROAD_ROW` is one polygon."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    inner = ((x > 0) & (x < columns) & (y > 0) & (y < rows))[..., None]
    nodes = np.stack((x, y), axis=-1) + inner * random.uniform(-0.2, 0.2, (*x.shape, 2))
    nodes = nodes * [FIELD_M, -FIELD_M] + [WEST, NORTH]
    across, down = _bent(nodes[:, :-1], nodes[:, 1:], random), _bent(nodes[:-1], nodes[1:], random)
    # The ground has straight sides.
    across[[0, -1], :, 1] = (across[[0, -1], :, 0] + across[[0, -1], :, 2]) / 2
    down[:, [0, -1], 1] = (down[:, [0, -1], 0] + down[:, [0, -1], 2]) / 2
    shapes = []
    for j in range(rows):
        if j == ROAD_ROW:
            shapes.append(_ring(across[j], across[j + 1], down[j, 0], down[j, -1]))
            continue
        shapes += [
            _ring(across[j, [i]], across[j + 1, [i]], down[j, i], down[j, i + 1]) for i in range(columns)
        ]
    return shapes


def make_lot(path, profile, columns=COLUMNS, rows=6, seed=1, name="commune"):
    """Write a lot of those fields; its queue holds those with little confidence."""
    shapes = np.array(fields(columns, rows, seed), dtype=object)
    random, count = np.random.default_rng(seed), len(shapes)
    kind = random.integers(0, len(COVERS), count)
    road = np.arange(count) == columns * ROAD_ROW
    cover = LandCover(
        shapes,
        {
            "id": np.array([f"OCSGE{i:010d}" for i in range(1, count + 1)], dtype=object),
            "code_cs": np.where(road, "CS1.1.1.2", np.array(COVERS, dtype=object)[kind]),
            "code_us": np.where(road, "US4.1.1", np.array(USES, dtype=object)[kind]),
            "millesime": np.array(["2022"] * count, dtype=object),
            "source": np.array(["calcul"] * count, dtype=object),
            "ossature": road.astype(int),
            "area_m2": shapely.area(shapes),
            "confidence": random.uniform(0.3, 0.9, count),
            "margin": random.uniform(0.0, 0.5, count),
            "us_confidence": random.uniform(0.3, 0.9, count),
        },
        Grid(10, 10, from_origin(WEST, NORTH, 1, 1), CRS.from_epsg(2154)),
    )
    metadata = new_lot_metadata(profile, "2022", name)
    metadata[LotKey.FOOTPRINT.value] = shapely.to_wkt(shapely.coverage_union_all(shapes), -1)
    zone = np.array([shapely.box(WEST, NORTH - 200, WEST + 200, NORTH)], dtype=object)
    write_lot(path, cover, zone, build_queue(cover, profile), metadata)
    return path


def _bent(start, end, random):
    """Lines from start to end with a vertex in between, (..., 2 points without the end, 2)."""
    middle = (start + end) / 2 + random.uniform(-3, 3, start.shape)
    return np.stack((start, middle, end), axis=-2)[..., :, :]


def _ring(top, bottom, left, right):
    over = np.concatenate([line[:-1] for line in top] + [top[-1][-1:]])
    under = np.concatenate([line[:-1] for line in bottom] + [bottom[-1][-1:]])
    return shapely.Polygon(np.concatenate((over, right[1:], under[::-1][1:], left[::-1][1:])))
