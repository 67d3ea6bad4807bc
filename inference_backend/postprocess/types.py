# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that travel between the steps of post-processing.

A code plane holds 1-based indices into `Codes`; 0 means that nothing has decided yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.grid import Grid

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
F32 = NDArray[np.float32]
BOOL = NDArray[np.bool_]


class Codes:
    """Leaf codes as small integers: 1-based, in the nomenclature's order; 0 is "not decided"."""

    def __init__(self, nomenclature: Nomenclature) -> None:
        self.cs = ("", *(c.code for c in nomenclature.leaves("cs")))
        self.us = ("", *(c.code for c in nomenclature.leaves("us")))
        self.cs_index = {code: i for i, code in enumerate(self.cs)}
        self.us_index = {code: i for i, code in enumerate(self.us)}


@dataclass(frozen=True)
class PredictionPlanes:
    """A prediction whose classes have become cover codes.

    Attributes:
        grid: georeference of all planes.
        cs: (H, W) uint8, cover index; 0 where undecided.
        runner_up: (H, W) uint8, cover index of the second class; 0 where unknown. Never equal to `cs`
            where both are known: two classes of one cover are one.
        confidence: (H, W) uint8, 255 * top-1 score; None for a class raster alone.
        margin: (H, W) uint8, 255 * (top-1 - top-2); None for a class raster alone.
        inside: (H, W) bool, False outside the image. The product covers exactly the True pixels.
        us_hint: (H, W) uint8, use index that the model's class suggests (a ploughed field is agriculture)
            by the profile's `class_to_cover.*.code_us`; 0 where it suggests none. None for no hint at all.
    """

    grid: Grid
    cs: U8
    runner_up: U8
    confidence: U8 | None
    margin: U8 | None
    inside: BOOL
    us_hint: U8 | None = None


@dataclass(frozen=True)
class SourceObject:
    """Where a burned object comes from; goes into SOURCE, ID_ORIGINE and CODE_OR."""

    source: str
    id_origine: str
    code_or: str


@dataclass(frozen=True)
class ReferencePlanes:
    """Reference vectors on the prediction's grid.

    Attributes:
        cs: (H, W) uint8, cover imposed by a reference, 0 where none speaks.
        us: (H, W) uint8, use said by a reference, 0 where none speaks.
        ossature: (H, W) bool, pixel of the skeleton.
        cs_object: (H, W) int32, index into `objects` of what imposed the cover, -1 where none.
        us_rule: (H, W) uint8, index into `us_rules` of what said the use, 0 where none.
        zone_construite: (H, W) bool.
        objects: burned objects.
        us_rules: rule names, entry 0 is "".
        us_rule_confidence: 0..1 for each entry of `us_rules`.
        disagrees: (H, W) bool, pixel of a reference that the prediction contradicts and that was therefore
            not imposed (a demolished building); None where nothing was compared.
    """

    cs: U8
    us: U8
    ossature: BOOL
    cs_object: I32
    us_rule: U8
    zone_construite: BOOL
    objects: tuple[SourceObject, ...]
    us_rules: tuple[str, ...]
    us_rule_confidence: tuple[float, ...]
    disagrees: BOOL | None = None


@dataclass
class RegionGraph:
    """4-connected regions of equal (cs, us, ossature) and the borders between them.

    Attributes:
        labels: (H, W) int32, 0..n-1, -1 outside the image.
        cs, us: (n,) uint8 code indices, 0 where not decided.
        ossature: (n,) bool.
        area_px: (n,) int64.
        zone_share: (n,) float32, share of the area inside the zone construite.
        at_edge: (n,) bool, touches the edge of the image or what is outside it.
        edges: (m, 2) int32, pairs of neighbours, first < second.
        border_px: (m,) int32, length of their common border, pixel sides.
    """

    labels: I32
    cs: U8
    us: U8
    ossature: BOOL
    area_px: NDArray[np.int64]
    zone_share: F32
    at_edge: BOOL
    edges: I32
    border_px: I32


@dataclass(frozen=True)
class UseDecision:
    """Use of every region of a graph.

    Attributes:
        us: (n,) uint8 use index, never 0; the graph's own where it had one.
        rule: (n,) uint8, index into `rules`; 0 where the graph's own use was kept.
        confidence: (n,) float32, 0..1; NaN where the graph's own use was kept.
        rules: rule names, entry 0 is "".
    """

    us: U8
    rule: U8
    confidence: F32
    rules: tuple[str, ...]


@dataclass
class LandCover:
    """The product in memory: one row per polygon, a valid coverage.

    `geometry` is an object array of single shapely Polygons that share their vertices along common borders;
    every column has the same length. Column names are those of `contracts.lot.OCCUPATION_SOL`, and these,
    which the review queue reads and no file keeps: `disagree_share` (share of the area where
    `ReferencePlanes.disagrees`) and `merged_share` (share of the area whose pixels had another cover).
    """

    geometry: NDArray[np.object_]
    columns: dict[str, NDArray[np.generic]]
    grid: Grid
    notes: dict[str, float] = field(default_factory=dict)
