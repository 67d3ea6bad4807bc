# SPDX-License-Identifier: GPL-2.0-or-later
"""Map of a sample over its lot: signs by kind of error on a bounded number of outlines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from inference_backend.contracts.control_report import ControlReport, FoundError
from inference_backend.control.report_names import Names
from inference_backend.reporting.maps import Map
from inference_backend.reporting.markup import Html
from inference_backend.reporting.palette import BAD, DOUBT, FAINT

_NO_SHAPES = np.zeros(0, dtype=object)
_NO_POINTS = np.zeros((0, 2))


@dataclass(frozen=True)
class MapData:
    """What a map is drawn from, in the layer's CRS; empty where only the report is at hand.

    Attributes:
        footprint: (n,) outline of the lot.
        outlines: (n,) polygons that give the eye a hold: the largest ones.
        right: (n, 2) units without an error.
        unsaid: (n, 2) units of which nothing could be said, or that nobody answered.
    """

    footprint: npt.NDArray[Any] = field(default_factory=lambda: _NO_SHAPES)
    outlines: npt.NDArray[Any] = field(default_factory=lambda: _NO_SHAPES)
    right: npt.NDArray[np.float64] = field(default_factory=lambda: _NO_POINTS)
    unsaid: npt.NDArray[np.float64] = field(default_factory=lambda: _NO_POINTS)


_LEAST_SIDE_M = 100.0
"""Side of a map that shows a single place, m."""
_SIGNS = (
    ("both", "cross", "#7a1fa2", ("cover and use wrong", "couverture et usage faux")),
    ("cover", "triangle", BAD, ("cover wrong", "couverture fausse")),
    ("use", "square", "#0072b2", ("use wrong", "usage faux")),
    ("omission", "diamond", "#1d2733", ("object missing", "objet oublié")),
    ("other", "plus", "#1d2733", ("geometry or threshold", "géométrie ou seuil")),
)


def sign_of(error: FoundError) -> str:
    """The sign of a unit with several kinds of errors: codes before shapes."""
    kinds = set(error.kinds)
    if {"cover", "use"} <= kinds:
        return "both"
    return next((kind for kind in ("cover", "use", "omission") if kind in kinds), "other")


def error_map(report: ControlReport, ground: MapData, names: Names) -> Html | None:
    """The picture, None where there is nothing to place."""
    bounds = _bounds(report, ground)
    if bounds is None:
        return None
    words = names.words
    picture = Map(bounds, words, title=words.t("Map of the errors", "Carte des erreurs"), height_px=700)
    if len(ground.outlines):
        picture.polygons(ground.outlines, "none", stroke="#c3cad3", width_px=0.5)
    if len(ground.footprint):
        picture.polygons(ground.footprint, "none", stroke="#1d2733", width_px=1.4)
    if len(ground.right):
        picture.points(ground.right, "ring", FAINT, name=words.t("no error", "sans erreur"), size_px=2.6)
    if len(ground.unsaid):
        name = words.t("cannot say or no answer", "ne se prononce pas ou sans réponse")
        picture.points(ground.unsaid, "disc", DOUBT, name=name, size_px=3)
    for key, shape, colour, name_of in _SIGNS:
        shown = [error for error in report.errors if sign_of(error) == key]
        if shown:
            tips = [f"{error.sample_id} · {error.polygon_id}" for error in shown]
            xy = np.array([(error.x, error.y) for error in shown])
            picture.points(xy, shape, colour, name=words.t(*name_of), size_px=5.5, tips=tips)
    return picture.html()


def _bounds(report: ControlReport, ground: MapData) -> tuple[float, float, float, float] | None:
    points = [np.array([(e.x, e.y) for e in report.errors]).reshape(-1, 2), ground.right, ground.unsaid]
    boxes = [np.concatenate((xy.min(axis=0), xy.max(axis=0))) for xy in points if len(xy)]
    for shapes in (ground.footprint, ground.outlines):
        if len(shapes):
            boxes.append(np.asarray(shapely.total_bounds(shapes)))
    if not boxes:
        return None
    stack = np.vstack(boxes)
    xmin, ymin = stack[:, :2].min(axis=0).tolist()
    xmax, ymax = stack[:, 2:].max(axis=0).tolist()
    if max(xmax - xmin, ymax - ymin) < _LEAST_SIDE_M:  # a single error of a report without its lot
        half = _LEAST_SIDE_M / 2
        return xmin - half, ymin - half, xmax + half, ymax + half
    return xmin, ymin, xmax, ymax
