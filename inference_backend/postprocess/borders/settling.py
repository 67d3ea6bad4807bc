# SPDX-License-Identifier: GPL-2.0-or-later
"""Courses that can all stay: whichever touches another falls back to a tighter one, down to the traced one.

Every round looks at all courses at once and takes back all that cannot stay, so that the outcome depends on
no order. Two traced courses never touch, which ends it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.borders.arcs import take
from inference_backend.postprocess.borders.assemble import SmoothArcs, arc_areas, lines_of, ring_areas
from inference_backend.postprocess.borders.conflicts import out_of_order, touching
from inference_backend.postprocess.borders.courses import TRACED, Courses, courses_of
from inference_backend.postprocess.borders.reference_edges import EdgeIndex
from inference_backend.postprocess.borders.rings import Nodes, Rings, rings_of
from inference_backend.postprocess.borders.segment_grid import distance_to_segment
from inference_backend.postprocess.borders.splitting import Spots
from inference_backend.postprocess.borders.walls import Bending
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
_BESIDE_NODE_PX = 3.0
_ON_WAY_PX = 0.25
_SHARP = 0.25
"""Cosine of an angle that no border has within a few pixels of a node."""
_AT_ONCE = 512
"""Regions made polygons at once: all of a large lot would take memory that nothing else needs."""


@dataclass(frozen=True)
class Drawing:
    """What courses are drawn from.

    Attributes:
        borders: arcs as traced.
        nodes: their ends.
        kinds: (a,) kinds of arcs.
        index: edges of references.
        axes: (a, 2) unit vector along the walls of the building beside each arc, (0, 0) for none.
        styles: tolerances of one try after the other.
    """

    borders: BlockBorders
    nodes: Nodes
    kinds: U8
    index: EdgeIndex
    axes: F64
    styles: tuple[Bending, ...]


def settle(
    drawing: Drawing, courses: Courses, places: F64, cells: tuple[int, int]
) -> tuple[SmoothArcs, Spots]:
    """Courses that touch each other at nodes alone and leave every region where it was.

    Args:
        drawing: what they are drawn from.
        courses: the courses to try first.
        places: (k, 2) places of the nodes to try first.
        cells: size of the grid of cells.

    Returns:
        The courses; where they touched or left a node in the wrong order, of those that fell back for it.
    """
    borders, nodes = drawing.borders, drawing.nodes
    rings = rings_of(borders, nodes)
    last = len(drawing.styles)
    level = np.where(drawing.kinds == TRACED, last, 0)
    points, starts, places = courses.points, courses.starts, places.copy()
    changed = np.ones(len(level), np.bool_)
    spots: list[Spots] = []
    while True:
        points, starts = _end_at_nodes(points, starts, nodes.start, nodes.end, nodes.islands, places)
        raised, found = _to_raise(points, starts, changed, drawing, level, courses.laid, cells)
        if not raised.any():
            raised = _misplaced(points, starts, changed, borders, rings)
        raised &= level < last
        spots.append(found.of(raised))
        if not raised.any():
            return SmoothArcs(borders, points, starts), _joined(spots)
        level[raised] += 1
        points, starts = _redrawn(points, starts, drawing, level, raised)
        changed = raised | _reset_nodes(places, drawing, level)


def _joined(spots: list[Spots]) -> Spots:
    return Spots(np.concatenate([s.arcs for s in spots]), np.concatenate([s.places for s in spots]))


def _to_raise(
    points: F64, starts: I64, changed: BOOL, drawing: Drawing, level: I64, laid: BOOL, cells: tuple[int, int]
) -> tuple[BOOL, Spots]:
    """(a,) arcs that touch another, the freer one of each pair; those of a node in wrong order; and where."""
    pairs, where = touching(points, starts, changed, cells)
    rank = 2 * (level == len(drawing.styles)) + laid
    a, b = pairs.T
    yields_a = (rank[a] < rank[b]) | ((rank[a] == rank[b]) & (level[a] <= level[b]))
    yields_b = (rank[b] < rank[a]) | ((rank[a] == rank[b]) & (level[b] <= level[a]))
    raised = np.zeros(len(level), np.bool_)
    raised[a[yields_a]] = True
    raised[b[yields_b]] = True
    wrong = out_of_order(points, starts, drawing.nodes.leaving)
    node, heading = np.nonzero((drawing.nodes.leaving >= 0) & wrong[:, None])
    ends = drawing.nodes.leaving[node, heading] // 2
    raised[ends] = True
    spots = _joined(
        [
            Spots(a[yields_a].astype(np.int64), where[yields_a]),
            Spots(b[yields_b].astype(np.int64), where[yields_b]),
            Spots(ends, drawing.nodes.corners[node].astype(np.float64)),
        ]
    )
    return raised, spots


def _misplaced(points: F64, starts: I64, changed: BOOL, borders: BlockBorders, rings: Rings) -> BOOL:
    """(a,) arcs of rings that turned over, and of regions one of whose holes is no longer inside."""
    traced = ring_areas(arc_areas(borders.corners, borders.starts), rings)
    now = ring_areas(arc_areas(points, starts), rings)
    wrong = np.sign(now) != np.sign(traced)
    raised = np.zeros(len(changed), np.bool_)
    of_ring = np.repeat(np.arange(len(rings.region)), np.diff(rings.starts))
    touched = np.zeros(len(wrong), np.bool_)
    touched[of_ring[changed[rings.halves // 2]]] = True
    if not wrong.any():
        wrong = np.isin(rings.region, _with_stray_holes(points, starts, traced, touched, rings))
    raised[rings.halves[wrong[of_ring]] // 2] = True
    return raised


def _with_stray_holes(points: F64, starts: I64, traced: F64, touched: BOOL, rings: Rings) -> I32:
    """Numbers of the regions with holes, one ring of which has changed, that are no valid polygon."""
    inside = rings.region >= 0
    holed = np.unique(rings.region[inside & (traced < 0)])
    holed = np.intersect1d(holed, rings.region[touched])
    if not len(holed):
        return holed
    parts = np.array_split(holed, -(-len(holed) // _AT_ONCE))
    return np.concatenate([_invalid(part, points, starts, traced, rings) for part in parts])


def _invalid(regions: I32, points: F64, starts: I64, traced: F64, rings: Rings) -> I32:
    """Those of some regions that are no valid polygon."""
    chosen = np.flatnonzero(np.isin(rings.region, regions))
    order = chosen[np.lexsort((traced[chosen] < 0, rings.region[chosen]))]
    coordinates, line_starts = lines_of(points, starts, rings.halves, rings.starts, order)
    counts = np.unique(rings.region[order], return_counts=True)[1]
    bounds = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, (line_starts, bounds))
    invalid: I32 = regions[~shapely.is_valid(polygons)]
    return invalid


def _redrawn(points: F64, starts: I64, drawing: Drawing, level: I64, raised: BOOL) -> tuple[F64, I64]:
    """Courses after the arcs in `raised` have taken those of their new level."""
    borders = drawing.borders
    for number, style in enumerate(drawing.styles):
        arcs = np.flatnonzero(raised & (level == number))
        some = take(borders, arcs)
        redrawn = courses_of(
            some.corners,
            some.starts,
            drawing.kinds[arcs],
            drawing.nodes.islands[arcs],
            drawing.axes[arcs],
            drawing.index,
            style,
        )
        points, starts = _replace(points, starts, arcs, redrawn.points, redrawn.starts)
    back = np.flatnonzero(raised & (level == len(drawing.styles)))
    traced = take(borders, back)
    points, starts = _replace(points, starts, back, traced.corners.astype(np.float64), traced.starts)
    return points, starts


def _reset_nodes(places: F64, drawing: Drawing, level: I64) -> BOOL:
    """Put the nodes of traced courses back, in place; (a,) arcs that end at one that moved."""
    nodes = drawing.nodes
    traced = level == len(drawing.styles)
    at = np.unique(np.concatenate((nodes.start[traced], nodes.end[traced])))
    moved = np.zeros(len(places), np.bool_)
    moved[at] = (places[at] != nodes.corners[at]).any(axis=1)
    places[at] = nodes.corners[at]
    arcs: BOOL = moved[nodes.start] | moved[nodes.end]
    return arcs


@njit(cache=True, nogil=True)
def _end_at_nodes(
    points: F64, starts: I64, first: I64, last: I64, islands: BOOL, places: F64
) -> tuple[F64, I64]:
    """Courses from the place of one node to the other; a vertex that this makes superfluous is left out."""
    out, out_starts = np.empty_like(points), np.empty_like(starts)
    p = 0
    for arc in range(len(first)):
        out_starts[arc] = p
        begin, end = starts[arc], starts[arc + 1] - 1
        if not islands[arc]:
            points[begin], points[end] = places[first[arc]], places[last[arc]]
            while end - begin > 1 and _is_behind(points[begin], points[begin + 1], points[begin + 2]):
                points[begin + 1] = points[begin]
                begin += 1
            while end - begin > 1 and _is_behind(points[end], points[end - 1], points[end - 2]):
                points[end - 1] = points[end]
                end -= 1
        out[p : p + end - begin + 1] = points[begin : end + 1]
        p += end - begin + 1
    out_starts[len(first)] = p
    return out[:p].copy(), out_starts


@njit(cache=True, nogil=True)
def _is_behind(node: F64, vertex: F64, beyond: F64) -> bool:
    """Whether a vertex beside a node is on the straight way to the one beyond, or turns back."""
    if max(abs(node[0] - vertex[0]), abs(node[1] - vertex[1])) > _BESIDE_NODE_PX:
        return False
    u, v = node[0] - vertex[0], node[1] - vertex[1]
    r, c = beyond[0] - vertex[0], beyond[1] - vertex[1]
    if u * r + v * c > _SHARP * math.hypot(u, v) * math.hypot(r, c):
        return True
    way = np.array((node[0], node[1], beyond[0], beyond[1]))
    return bool(distance_to_segment(vertex[0], vertex[1], way) < _ON_WAY_PX)


@njit(cache=True, nogil=True)
def _replace(points: F64, starts: I64, arcs: I64, others: F64, other_starts: I64) -> tuple[F64, I64]:
    """Ragged points with those of some arcs replaced."""
    lengths = starts[1:] - starts[:-1]
    for k in range(len(arcs)):
        lengths[arcs[k]] = other_starts[k + 1] - other_starts[k]
    out_starts = np.zeros(len(starts), np.int64)
    for arc in range(len(lengths)):
        out_starts[arc + 1] = out_starts[arc] + lengths[arc]
    out = np.empty((out_starts[-1], 2))
    k = 0
    for arc in range(len(lengths)):
        if k < len(arcs) and arcs[k] == arc:
            out[out_starts[arc] : out_starts[arc + 1]] = others[other_starts[k] : other_starts[k + 1]]
            k += 1
        else:
            out[out_starts[arc] : out_starts[arc + 1]] = points[starts[arc] : starts[arc + 1]]
    return out, out_starts
