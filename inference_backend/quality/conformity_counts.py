# SPDX-License-Identifier: GPL-2.0-or-later
"""The counts of a conformity report: shapes, codes, identities, minimum areas."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import Excuse
from inference_backend.quality.ocsge_layer import OcsgeLayer
from inference_backend.runtime.threads import usable_threads
from inference_backend.thresholds import is_under_threshold, minimum_areas_m2, zone_shares

Geometries = NDArray[np.object_]
_POLYGONAL = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))


def is_polygonal(geometry: Geometries) -> NDArray[np.bool_]:
    """(n,) whether each is a polygon or multipolygon with an area."""
    kinds = np.isin(shapely.get_type_id(geometry), _POLYGONAL)
    usable: NDArray[np.bool_] = kinds & ~shapely.is_empty(geometry)
    return usable


def repaired(data: OcsgeLayer) -> Geometries:
    """Geometries made valid, so that areas can be computed; the polygonal part of each."""
    geometry = data.geometry.copy()
    broken = ~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)
    geometry[broken] = shapely.make_valid(geometry[broken], method="structure", keep_collapsed=False)
    return geometry


def shape_counts(data: OcsgeLayer) -> dict[str, Any]:
    """Empty, invalid, multipart and non-polygonal geometries."""
    geometry = data.geometry
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    kinds = np.isin(shapely.get_type_id(geometry), _POLYGONAL)
    return {
        "empty": int(empty.sum()),
        "invalid": int((~shapely.is_valid(geometry) & ~empty).sum()),
        "multipart": int((shapely.get_num_geometries(geometry) > 1).sum()),
        "not_polygon": int((~kinds & ~empty).sum()),
    }


def code_counts(data: OcsgeLayer, nomenclature: Nomenclature) -> dict[str, Any]:
    """Unknown, non-leaf and null codes of both dimensions."""
    unknown: Counter[str] = Counter()
    non_leaf: Counter[str] = Counter()
    null = 0
    columns: tuple[tuple[Dimension, NDArray[np.object_] | None], ...] = (("cs", data.cs), ("us", data.us))
    for dimension, values in columns:
        if values is None:
            continue
        for code, count in Counter(values.tolist()).items():
            if code is None:
                null += count
            elif code not in nomenclature or nomenclature[code].dimension != dimension:
                unknown[code] += count
            elif not nomenclature.is_leaf(code):
                non_leaf[code] += count
    return {"unknown_codes": dict(unknown), "non_leaf_codes": dict(non_leaf), "null_codes": null}


def identity_counts(data: OcsgeLayer) -> dict[str, Any]:
    """Identifiers and geometries that occur twice."""
    repeated = _repeated(data.geometry)
    if data.ids is None:
        return {"duplicate_ids": 0, "null_ids": 0, "duplicate_geometries": repeated}
    ids = Counter(data.ids.tolist())
    null = ids.pop(None, 0)
    shared = sum(count for count in ids.values() if count > 1)
    return {"duplicate_ids": shared, "null_ids": null, "duplicate_geometries": repeated}


def _repeated(geometry: Geometries) -> int:
    """How many geometries an earlier one equals, null ones aside; only those of equal bounds are compared."""
    known = geometry[~shapely.is_missing(geometry)]
    bounds = np.ascontiguousarray(shapely.bounds(known) + 0.0)  # no -0.0
    rows = bounds.view(f"V{bounds.itemsize * bounds.shape[1]}").ravel()
    _, group, size = np.unique(rows, return_inverse=True, return_counts=True)
    alike = known[size[group] > 1]
    return len(alike) - len(set(shapely.to_wkb(shapely.normalize(alike)).tolist()))


def under_threshold(
    data: OcsgeLayer, polygons: Geometries, zones: Geometries | None, profile: Profile
) -> tuple[int, int]:
    """Polygons under their minimum area, without and with an excuse.

    A text in the column `excuse` counts where it is a value of `Excuse`. Without a zone construite every
    polygon is held to the smaller minimum, that of the inside. Rows without a usable cover code are not
    judged: they are counted among the codes.
    """
    leaf = np.array([profile.nomenclature.is_leaf(code) for code in data.cs], dtype=bool)
    judged = np.flatnonzero(is_polygonal(polygons) & leaf)
    shapes = polygons[judged]
    shares = np.ones(len(judged)) if zones is None else zone_shares(shapes, zones, usable_threads())
    minima = minimum_areas_m2(data.cs[judged].tolist(), shares, profile)
    under = is_under_threshold(shapely.area(shapes), minima)
    excused = data.ossature[judged].copy()
    if data.excuse is not None:
        excused |= np.isin(data.excuse[judged].astype(str), [excuse.value for excuse in Excuse])
    return int((under & ~excused).sum()), int((under & excused).sum())
