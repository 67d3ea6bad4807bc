# SPDX-License-Identifier: GPL-2.0-or-later
"""Dirty layers in memory, and the repair of them without files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from hypothesis import strategies as st

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.noding import segments_of, unique_segments
from inference_backend.ingest.repair import RepairOptions, repair
from inference_backend.ingest.types import Source, SourceFile
from inference_backend.progress import Silent

X0, Y0 = 700_000.0, 6_600_000.0
PROFILE = Profile.load()


def objects(geometries):
    array = np.empty(len(geometries), dtype=object)
    array[:] = list(geometries)
    return array


def source_of(geometries, is_partition=True, **text):
    count = len(geometries)
    file = SourceFile(Path("layer.gpkg"), "layer", "ocsge", count, "Lambert-93", False, {})
    columns = {role: objects(values) for role, values in text.items()}
    return Source(
        (file,),
        "EPSG:2154",
        np.zeros(count, np.int64),
        np.arange(count),
        objects(geometries),
        columns,
        is_partition,
    )


def repaired(geometries, ossature=(), quality=(), is_partition=True, codes=(), **options):
    """What `repair` makes of polygons alone."""
    source = source_of(geometries, is_partition)
    count = len(geometries)
    return repair(
        source,
        np.zeros(count, bool),
        np.array(ossature, bool) if len(ossature) else np.zeros(count, bool),
        np.array(quality, np.int64) if len(quality) else np.zeros(count, np.int64),
        ["2022"] * count,
        list(codes) or ["CS2.2.1/US1.1"] * count,
        PROFILE,
        RepairOptions(**options),
        Silent(),
    )


def box(xmin, ymin, xmax, ymax):
    return shapely.box(X0 + xmin, Y0 + ymin, X0 + xmax, Y0 + ymax)


def ring(*points):
    return shapely.Polygon([(X0 + x, Y0 + y) for x, y in points])


def is_noded(polygons):
    """Whether borders meet at vertices alone, for polygons that GEOS flags without a reason.

    It does where a hole touches the shell of its polygon in one point, beside which another edge starts.
    """
    segments, _ = unique_segments(segments_of(polygons))
    noded = shapely.union_all(shapely.linestrings(segments), grid_size=1e-4)
    return len(segments_of(np.array([noded], dtype=object))) == len(segments)


LENGTHS = st.integers(0, 60).map(float)
SHIFTS = st.sampled_from([0.0, 0.0, 0.00004, 0.0003, 0.03, 0.15, 2.0])


@st.composite
def boxes(draw):
    x, y = draw(LENGTHS), draw(LENGTHS)
    dx, dy = draw(SHIFTS), draw(SHIFTS)
    w, h = draw(st.sampled_from([0.1, 5.0, 20.0, 60.0])), draw(st.sampled_from([0.3, 5.0, 20.0, 60.0]))
    return box(x + dx, y + dy, x + dx + w, y + dy + h)


@st.composite
def rings(draw):
    """Any ring, most of them self-crossing."""
    points = draw(st.lists(st.tuples(LENGTHS, LENGTHS), min_size=3, max_size=7))
    return ring(*points)


@st.composite
def dirty_layers(draw):
    shapes = draw(st.lists(st.one_of(boxes(), boxes(), rings()), min_size=1, max_size=9))
    if draw(st.booleans()):
        shapes.append(draw(st.sampled_from(shapes)))
    if draw(st.booleans()) and len(shapes) > 1:
        shapes.append(shapely.MultiPolygon(shapes[:2]))
    if draw(st.booleans()):
        shapes.append(draw(st.sampled_from([None, shapely.Point(X0, Y0), shapely.Polygon()])))
    ossature = draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes)))
    return shapes, ossature
