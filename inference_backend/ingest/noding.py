# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of polygons cut where they meet: the costly part, done where edges do not match and nowhere else."""

from __future__ import annotations

import numpy as np
import shapely

from inference_backend.ingest.types import Bools, Floats, Geometries, Ints


def noded_lines(
    context: Geometries, is_member: Bools, near: Geometries, wrong: Floats | None, grid_m: float
) -> Geometries:
    """Lines that meet at their ends alone, each once.

    Segments that lie near no unmatched edge are noded already: each is the edge of two neighbours, or of one
    and the outside.

    Args:
        context: polygons on the grid.
        is_member: which of them are to be solved; of the others only what lies near counts.
        near: boxes around the members.
        wrong: (k, 2, 2) segments that match nobody's; None to node every line.
        grid_m: the grid, m.
    """
    segments = _segments_near(context, is_member, near)
    if wrong is None:
        return _noded(segments, grid_m)
    margin = 2 * grid_m
    tree = shapely.STRtree(_boxes(wrong, margin))
    suspect = np.zeros(len(segments), dtype=bool)
    suspect[tree.query(_boxes(segments, margin))[0]] = True
    noded = _noded(segments[suspect], grid_m)
    if suspect.all():
        return noded
    # In segments, since one that was clear may end at a vertex in the middle of a noded line.
    clear, _ = unique_segments(np.concatenate([segments_of(noded), segments[~suspect]]))
    lines: Geometries = shapely.linestrings(clear)
    return lines


def segments_of(lines: Geometries) -> Floats:
    """(k, 2, 2) segments of lines or polygons of any type."""
    parts = shapely.get_parts(lines)
    if len(parts) and shapely.get_dimensions(parts[0]) > 1:
        parts = shapely.get_rings(parts)
    points, line = shapely.get_coordinates(parts, return_index=True)
    same = line[:-1] == line[1:]
    segments: Floats = np.stack([points[:-1][same], points[1:][same]], axis=1)
    return segments


def unique_segments(segments: Floats) -> tuple[Floats, Ints]:
    """Each undirected segment once, and (k,) which of them every given one is."""
    ends = np.ascontiguousarray(segments.reshape(-1, 2)).view(np.complex128).ravel()
    _, vertex = np.unique(ends, return_inverse=True)
    pair = np.sort(vertex.reshape(-1, 2), axis=1)
    key = pair[:, 0] * (len(ends) + 1) + pair[:, 1]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return segments[first], inverse.astype(np.int64)


def _noded(segments: Floats, grid_m: float) -> Geometries:
    """The segments cut where they meet; those that follow each other go as one line, which is faster."""
    if not len(segments):
        return np.empty(0, dtype=object)
    breaks = np.concatenate([[True], (segments[1:, 0] != segments[:-1, 1]).any(axis=1)])
    run = np.cumsum(breaks) - 1
    points = np.concatenate([segments[breaks, 0], segments[:, 1]])
    owner = np.concatenate([np.arange(run[-1] + 1), run])
    order = np.argsort(owner, kind="stable")
    lines = shapely.linestrings(points[order], indices=owner[order])
    noded: Geometries = shapely.get_parts(shapely.union_all(lines, grid_size=grid_m))
    return noded


def _segments_near(context: Geometries, is_member: Bools, near: Geometries) -> Floats:
    """Segments of the members, and of the others those near the members' extent, in the order of rings."""
    others = segments_of(context[~is_member])
    xmin, ymin, xmax, ymax = shapely.total_bounds(near)
    low, high = others.min(axis=1), others.max(axis=1)
    close = (low[:, 0] <= xmax) & (high[:, 0] >= xmin) & (low[:, 1] <= ymax) & (high[:, 1] >= ymin)
    return np.concatenate([segments_of(context[is_member]), others[close]])


def _boxes(segments: Floats, margin: float) -> Geometries:
    low, high = segments.min(axis=1) - margin, segments.max(axis=1) + margin
    boxes: Geometries = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes
