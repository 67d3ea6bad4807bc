# SPDX-License-Identifier: GPL-2.0-or-later
"""A made coverage: regions grown on a lattice of shared corners, one road across, one island.

Every polygon is a set of cells, its border runs through the lattice's corners, so that neighbours hold the
same vertices by construction.
"""

from __future__ import annotations

import random

from ocsge_pi_review.domain.faces import assemble
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, area
from ocsge_pi_review.domain.wkb import encode

ORIGIN = (650_000.0, 6_860_000.0)
CELL_M = 12.0
ROAD_ID = "OCSGE0000000001"
COVERS = (
    ("CS2.2.1", "US1.1"),
    ("CS2.1.1.1", "US1.2"),
    ("CS1.1.1.1", "US5"),
    ("CS1.1.1.2", "US5"),
    ("CS2.2.1", "US5"),
    ("CS1.2.2", "US6.3"),
    ("CS2.1.2", "US6.3"),
    ("CS1.1.2.1", "US2"),
)


def polygon_id(number: int) -> str:
    return f"OCSGE{number:010d}"


def make_polygons(seed: int = 1, cells: int = 30, regions: int = 48) -> dict[str, Polygon]:
    """A valid coverage of `regions` + 2 polygons; the first is a road from side to side."""
    rng = random.Random(seed)
    labels = _grow(rng, cells, regions)
    corner = _corners(rng, cells)
    borders: dict[int, list[Edge]] = {}
    for (row, col), label in labels.items():
        square = [(row, col), (row, col + 1), (row + 1, col + 1), (row + 1, col)]
        sides = [((row - 1, col), 0), ((row, col + 1), 1), ((row + 1, col), 2), ((row, col - 1), 3)]
        for neighbour, side in sides:
            if labels.get(neighbour) != label:
                edge = (corner[square[side]], corner[square[(side + 1) % 4]])
                borders.setdefault(label, []).append(edge)
    polygons = {}
    for label, edges in sorted(borders.items()):
        parts = assemble(edges)
        assert len(parts) == 1, f"region {label} fell into {len(parts)} parts"
        polygons[polygon_id(label)] = parts[0]
    return polygons


def make_rows(seed: int = 1, cells: int = 30, regions: int = 48) -> dict[str, PolygonRow]:
    """The same with attributes of `occupation_sol`."""
    rng = random.Random(seed)
    rows = {}
    for known_id, polygon in make_polygons(seed, cells, regions).items():
        is_road = known_id == ROAD_ID
        cs, us = ("CS1.1.1.2", "US4.1.1") if is_road else rng.choice(COVERS)
        runner_up = rng.choice([other for other, _ in COVERS if other != cs])
        confidence = round(rng.uniform(0.3, 0.99), 3)
        attributes = {
            "code_cs": cs,
            "code_us": us,
            "millesime": "2022",
            "source": "BD TOPO" if is_road else "calcul",
            "ossature": int(is_road),
            "id_origine": "TRONROUT0000000001" if is_road else "NC",
            "code_or": "NC",
            "area_m2": area(polygon),
            "confidence": None if is_road else confidence,
            "margin": None if is_road else round(confidence * rng.uniform(0.1, 0.9), 3),
            "runner_up_cs": None if is_road else runner_up,
            "undecided_share": 0.0,
            "cs_rule": "reference" if is_road else "model",
            "us_rule": "network" if is_road else "default",
            "us_confidence": 0.5,
            "excuse": None,
        }
        rows[known_id] = PolygonRow(known_id, attributes, encode(polygon))
    return rows


def _grow(rng: random.Random, cells: int, regions: int) -> dict[tuple[int, int], int]:
    road_row = cells // 2
    labels = {(road_row, col): 1 for col in range(cells)}
    island = (cells // 4, cells // 4)
    labels[island] = 2
    # A ring of one region around the island, so that a polygon has a hole.
    for row in range(island[0] - 1, island[0] + 2):
        for col in range(island[1] - 1, island[1] + 2):
            labels.setdefault((row, col), 3)
    free = [(r, c) for r in range(cells) for c in range(cells) if (r, c) not in labels]
    front = []
    for number, seed_cell in enumerate(rng.sample(free, regions - 1), start=4):
        labels[seed_cell] = number
        front.append(seed_cell)
    while front:
        row, col = front.pop(rng.randrange(len(front)))
        around = [(row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)]
        empty = [c for c in around if c not in labels and 0 <= c[0] < cells and 0 <= c[1] < cells]
        if empty:
            chosen = rng.choice(empty)
            labels[chosen] = labels[(row, col)]
            front += [(row, col), chosen]
    assert len(labels) == cells * cells, "a pocket was left"
    return labels


def _corners(rng: random.Random, cells: int) -> dict[tuple[int, int], Point]:
    corners = {}
    for row in range(cells + 1):
        for col in range(cells + 1):
            inside = 0 < row < cells and 0 < col < cells
            dx, dy = (rng.uniform(-3, 3), rng.uniform(-3, 3)) if inside else (0.0, 0.0)
            # Rows count northwards, so that a cell's corners in order turn counter-clockwise.
            corners[(row, col)] = (ORIGIN[0] + col * CELL_M + dx, ORIGIN[1] + row * CELL_M + dy)
    return corners
