# SPDX-License-Identifier: GPL-2.0-or-later
"""Roads and railways as polygons of real width, joined where their ends nearly meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.references.reference_layers import ReferenceLayer, normalise
from inference_backend.postprocess.references.selection import select

FLOATS = NDArray[np.float64]
_END_DECIMALS = 3
"""Line ends of one node differ by less than a millimetre."""


def skeleton_polygons(layer: ReferenceLayer, kind: str, profile: Profile) -> ReferenceLayer:
    """The skeleton objects of a line layer, each as the polygon of its width.

    Args:
        layer: line layer.
        kind: `roads` or `rails`, an entry of the profile's `skeleton`.
        profile: rules.
    """
    rule = profile.section("skeleton", kind)
    chosen = select(layer, rule)
    minimum = profile.number("minimum_width", "network")
    widths = _road_widths(chosen, rule) if kind == "roads" else _rail_widths(chosen, rule)
    widths = np.maximum(widths + 2 * float(rule["verge"]["value"]), minimum)
    lines = join_ends(chosen.geometry, profile.number("skeleton", "snap_distance"))
    polygons = shapely.buffer(lines, widths / 2, quad_segs=4)
    return ReferenceLayer(chosen.role, chosen.source, polygons, chosen.attributes)


def join_ends(lines: NDArray[np.object_], distance: float) -> NDArray[np.object_]:
    """Lines whose free ends reach the nearest other line within `distance`.

    A free end is one at which no other line ends; ends that already touch a line stay as they are.
    """
    if len(lines) < 2:
        return lines
    ends = np.stack([shapely.get_point(lines, 0), shapely.get_point(lines, -1)], axis=1).ravel()
    owner = np.repeat(np.arange(len(lines)), 2)
    places = np.round(shapely.get_coordinates(ends), _END_DECIMALS)
    _, inverse, count = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    free = np.flatnonzero(count[inverse.ravel()] == 1)
    tree = shapely.STRtree(lines)
    which, other = tree.query(ends[free], predicate="dwithin", distance=distance)
    which, other = which[owner[free[which]] != other], other[owner[free[which]] != other]
    gap = shapely.distance(ends[free[which]], lines[other])
    joined = lines.copy()
    for end, position in _nearest(free[which], gap).items():
        if gap[position] > 0:
            target = shapely.get_point(shapely.shortest_line(ends[end], lines[other[position]]), -1)
            joined[owner[end]] = _extended(joined[owner[end]], target, at_start=end % 2 == 0)
    return joined


def _nearest(ends: NDArray[np.int64], gap: FLOATS) -> dict[int, int]:
    best: dict[int, int] = {}
    for position in np.argsort(gap, kind="stable"):
        best.setdefault(int(ends[position]), int(position))
    return best


def _extended(line: Any, point: Any, *, at_start: bool) -> Any:
    coordinates, extra = shapely.get_coordinates(line), shapely.get_coordinates(point)
    parts = (extra, coordinates) if at_start else (coordinates, extra)
    return shapely.linestrings(np.concatenate(parts))


def _road_widths(layer: ReferenceLayer, rule: dict[str, Any]) -> FLOATS:
    """(n,) carriageway widths, m: the attribute, else lanes, else by nature, by importance, the default."""
    widths = np.full(len(layer), float(rule["default_width"]["value"]))
    for attribute, table in (
        ("importance", rule["width_by_importance"]),
        ("nature", rule["width_by_nature"]),
    ):
        known = {normalise(key): float(entry["value"]) for key, entry in table.items()}
        texts = layer.text(attribute).tolist()
        values = {text: known.get(normalise(text), np.nan) for text in set(texts)}
        found = np.array([values[text] for text in texts], np.float64)
        widths = np.where(np.isnan(found), widths, found)
    lanes = layer.numbers("voies") * float(rule["lane_width"]["value"])
    widths = np.where(lanes > 0, lanes, widths)
    measured = layer.numbers("largeur")
    return np.where(measured > 0, measured, widths)


def _rail_widths(layer: ReferenceLayer, rule: dict[str, Any]) -> FLOATS:
    tracks = layer.numbers("voies")
    return np.where(tracks >= 1, tracks, 1.0) * float(rule["width_per_track"]["value"])
