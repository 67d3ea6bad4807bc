# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the units of a design from the frame of a lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.control import ControlDesign, Draw, Unit
from inference_backend.control.lot_source import LotTables
from inference_backend.control.strata import Frame
from inference_backend.quality.sampling.curve import along_curve
from inference_backend.quality.sampling.numbers import Stream
from inference_backend.quality.sampling.points import Grid, hit_polygons, point_inside
from inference_backend.quality.sampling.polygons import (
    by_probability,
    proportional_probabilities,
    simple_random,
    systematic,
)
from inference_backend.quality.sampling.spacing import Ground, spaced

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_TRIES = 50
"""Grids, or points for each one wanted, that are tried before a stratum goes with fewer."""


@dataclass(frozen=True)
class Drawn:
    """Units in an order that tells nothing.

    Attributes:
        row: (m,) rows of the frame.
        probability: (m,) inclusion probability, or expected hits of the polygon (points).
        place: (m,) place along the line or grid of a systematic draw; None for others.
        x: (m,) easting of the point to judge, or of a point inside.
        y: (m,) northing.
        shapes: (m,) the polygons.
    """

    row: Ints
    probability: Floats
    place: Ints | None
    x: Floats
    y: Floats
    shapes: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.row)

    def shuffled(self, order: Ints) -> Drawn:
        """The same in another order."""
        place = None if self.place is None else self.place[order]
        return Drawn(
            self.row[order],
            self.probability[order],
            place,
            self.x[order],
            self.y[order],
            self.shapes[order],
        )


def needs_boxes(design: ControlDesign) -> bool:
    """Whether a design has to know where every polygon is."""
    return design.draw is Draw.SYSTEMATIC or (design.distance_m > 0 and design.unit is Unit.POLYGON)


def draw_units(tables: LotTables, frame: Frame, design: ControlDesign, sizes: Ints) -> Drawn:
    """Draw.

    Args:
        tables: the lot, for the geometries of what is drawn.
        frame: what is drawn from; with boxes where `needs_boxes`.
        design: how.
        sizes: (h,) units of each stratum.
    """
    if design.unit is Unit.POINT:
        drawn = _points(tables, frame, design, sizes)
    else:
        drawn = _polygons(tables, frame, design, sizes)
    return drawn.shuffled(Stream(design.seed, "order of work").order(len(drawn)))


def _polygons(tables: LotTables, frame: Frame, design: ControlDesign, sizes: Ints) -> Drawn:
    place = None
    if design.distance_m > 0:
        row, probability = _spaced(frame, design, sizes)
    else:
        row, probability, place = _by_stratum(frame, design, sizes)
    shapes = tables.polygons(frame.polygons.fid[row])
    points = shapely.point_on_surface(shapes)
    return Drawn(row, probability, place, shapely.get_x(points), shapely.get_y(points), shapes)


def _by_stratum(frame: Frame, design: ControlDesign, sizes: Ints) -> tuple[Ints, Floats, Ints | None]:
    line = along_curve(frame.centres[:, 0], frame.centres[:, 1]) if design.draw is Draw.SYSTEMATIC else None
    rows, probabilities = [np.zeros(0, np.int64)], [np.zeros(0)]
    order = np.argsort(frame.stratum, kind="stable")
    ends = np.cumsum(frame.units)
    for stratum, size in enumerate(sizes.tolist()):
        members = order[ends[stratum] - frame.units[stratum] : ends[stratum]]
        stream = Stream(design.seed, "units", frame.names[stratum])
        if size == 0:
            continue
        if line is not None:
            chosen = systematic(line[members], size, float(stream.uniform(1)[0]))
            share = np.full(size, size / len(members))
        elif design.draw is Draw.AREA:
            each = proportional_probabilities(frame.polygons.area_m2[members], size)
            chosen = by_probability(each, stream.uniform(len(members)), float(stream.uniform(1)[0]))
            share = each[chosen]
        else:
            chosen = simple_random(stream.uniform(len(members)), size)
            share = np.full(size, size / len(members))
        rows.append(members[chosen])
        probabilities.append(share)
    row = np.concatenate(rows)
    return row, np.concatenate(probabilities), None if line is None else line[row]


def _spaced(frame: Frame, design: ControlDesign, sizes: Ints) -> tuple[Ints, Floats]:
    centres = frame.centres
    ground = Ground(frame.stratum, sizes, centres[:, 0], centres[:, 1], design.distance_m)
    return spaced(ground, Stream(design.seed, "units"))


def _points(tables: LotTables, frame: Frame, design: ControlDesign, sizes: Ints) -> Drawn:
    parts = [
        _grid_points(tables, frame, design, stratum, size)
        if design.draw is Draw.SYSTEMATIC
        else _random_points(tables, frame, design, stratum, size)
        for stratum, size in enumerate(sizes.tolist())
        if size
    ]
    row, x, y = (np.concatenate([part[i] for part in parts]) for i in range(3))
    stratum = frame.stratum[row]
    counts = np.bincount(stratum, minlength=len(sizes))
    # Expected hits: of a grid by its spacing, of thrown points by their number.
    number = sizes if design.draw is Draw.SYSTEMATIC else counts
    hits = (number / np.maximum(frame.area_m2, 1e-9))[stratum] * frame.polygons.area_m2[row]
    place = along_curve(x, y) if design.draw is Draw.SYSTEMATIC else None
    return Drawn(row, hits, place, x, y, tables.polygons(frame.polygons.fid[row]))


def _random_points(
    tables: LotTables, frame: Frame, design: ControlDesign, stratum: int, size: int
) -> tuple[Ints, Floats, Floats]:
    members = np.flatnonzero(frame.stratum == stratum)
    stream = Stream(design.seed, "points", frame.names[stratum])
    rows: list[int] = []
    places: list[tuple[float, float]] = []
    for _ in range(_TRIES):
        hit = members[hit_polygons(frame.polygons.area_m2[members], size - len(rows), stream)]
        for row, shape in zip(hit.tolist(), tables.polygons(frame.polygons.fid[hit]), strict=True):
            place = point_inside(shape, stream)
            if _is_apart(place, places, design.distance_m):
                rows.append(row)
                places.append(place)
        if len(rows) == size:
            break
    points = np.array(places, dtype=np.float64).reshape(-1, 2)
    return np.array(rows, dtype=np.int64), points[:, 0], points[:, 1]


def _is_apart(place: tuple[float, float], kept: list[tuple[float, float]], distance_m: float) -> bool:
    return distance_m == 0 or all((place[0] - x) ** 2 + (place[1] - y) ** 2 >= distance_m**2 for x, y in kept)


def _grid_points(
    tables: LotTables, frame: Frame, design: ControlDesign, stratum: int, size: int
) -> tuple[Ints, Floats, Floats]:
    """Nodes of a grid on the stratum's polygons; another origin is tried where it meets none of them."""
    members = np.flatnonzero(frame.stratum == stratum)
    spacing_m = float(np.sqrt(frame.area_m2[stratum] / size))
    stream = Stream(design.seed, "grid", frame.names[stratum])
    if frame.boxes is None:
        raise ValueError("a frame without boxes")
    for _ in range(_TRIES):
        grid = Grid(spacing_m, stream)
        hit = members[grid.boxes_hit(frame.boxes[members])]
        rows, x, y = [np.zeros(0, np.int64)], [np.zeros(0)], [np.zeros(0)]
        for row, shape in zip(hit.tolist(), tables.polygons(frame.polygons.fid[hit]), strict=True):
            _, _, inside_x, inside_y = grid.inside(shape)
            rows.append(np.full(len(inside_x), row))
            x.append(inside_x)
            y.append(inside_y)
        if sum(map(len, x)):
            break
    return np.concatenate(rows), np.concatenate(x), np.concatenate(y)
