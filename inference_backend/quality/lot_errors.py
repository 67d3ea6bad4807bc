# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong area of each polygon of a lot, against a truth that covers it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.quality.conformity_counts import is_polygonal, repaired
from inference_backend.quality.ocsge_layer import OcsgeLayer
from inference_backend.quality.overlay import Overlay, overlay

FLOATS = NDArray[np.float64]
BOOLS = NDArray[np.bool_]
NO_CODE = "-"


@dataclass(frozen=True)
class LotErrors:
    """What overlaying a lot and a truth says.

    Attributes:
        pairs: polygons of the lot (first) and of the truth (second) that share an area.
        cs_right, us_right: (m,) for each pair, whether the codes agree.
        area_m2: (n,) area of each polygon of the lot.
    """

    pairs: Overlay
    cs_right: BOOLS
    us_right: BOOLS
    area_m2: FLOATS

    @property
    def cs_wrong_m2(self) -> FLOATS:
        """(n,) area whose cover is wrong."""
        return self._area_where(~self.cs_right)

    @property
    def us_wrong_m2(self) -> FLOATS:
        """(n,) area whose use is wrong."""
        return self._area_where(~self.us_right)

    @property
    def wrong_m2(self) -> FLOATS:
        """(n,) area whose cover or use is wrong."""
        return self._area_where(~(self.cs_right & self.us_right))

    def _area_where(self, chosen: BOOLS) -> FLOATS:
        pairs = self.pairs
        sums = np.bincount(pairs.first[chosen], pairs.area_m2[chosen], minlength=len(self.area_m2))
        return sums.astype(np.float64)


def lot_errors(lot: OcsgeLayer, truth: OcsgeLayer) -> LotErrors:
    """Compare the codes of two layers in the same CRS wherever they share an area."""
    first, second = _polygons(lot), _polygons(truth)
    pairs = overlay(first, second)
    cs = codes_of(lot, lot.cs)[pairs.first] == codes_of(truth, truth.cs)[pairs.second]
    us = codes_of(lot, lot.us)[pairs.first] == codes_of(truth, truth.us)[pairs.second]
    return LotErrors(pairs, cs, us, shapely.area(first))


def codes_of(layer: OcsgeLayer, values: NDArray[np.object_] | None) -> NDArray[np.str_]:
    """(n,) codes as texts, `NO_CODE` where the layer has none."""
    if values is None:
        return np.full(len(layer.geometry), NO_CODE)
    return np.array([code or NO_CODE for code in values.tolist()], dtype=str)


def _polygons(layer: OcsgeLayer) -> NDArray[np.object_]:
    """Valid polygons, an empty one where the layer has none, so that positions are kept."""
    shapes = repaired(layer)
    shapes[~is_polygonal(shapes)] = shapely.Polygon()
    return shapes
