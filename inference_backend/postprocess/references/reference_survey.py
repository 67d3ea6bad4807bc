# SPDX-License-Identifier: GPL-2.0-or-later
"""What the blocks must know of the whole lot before anything is burned: counted per block, decided once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import I64, Window
from inference_backend.postprocess.references.building_use import use_of_buildings
from inference_backend.postprocess.references.burn_items import CoverItems
from inference_backend.postprocess.references.coarse import CoarsePlanes, coarse_counts
from inference_backend.postprocess.references.ragged import FLOATS, OBJECTS, Ragged, boxes_in, widened
from inference_backend.postprocess.references.reference_set import Bounds, ReferenceSet
from inference_backend.postprocess.references.run_kernels import count_agreement
from inference_backend.postprocess.references.scanline import scan
from inference_backend.postprocess.references.small_buildings import enlarged_buildings
from inference_backend.postprocess.references.zone_grid import zone_polygons
from inference_backend.postprocess.types import BOOL, I32, U8, PredictionPlanes


@dataclass(frozen=True)
class SurveyPart:
    """Counts over one block.

    Attributes:
        objects: (k, 3) int64 rows (number, decided, agreeing pixels) of the objects that need agreement.
        coarse: counts of the block's pixels on the coarse grid of the lot.
    """

    objects: I64
    coarse: CoarsePlanes


@dataclass(frozen=True)
class Decisions:
    """What the whole lot decided about k of its objects.

    Attributes:
        number: (k,) int32, ascending.
        box: (k, 4) float64, see `Ragged`, around both shapes of what is enlarged.
        accepted: (k,) bool: imposed, unless something with priority lies there.
        enlarged: (k,) bool: imposed in another shape.
        use_rule: (k,) uint8 row of the use tables that says the use of an imposed building, 0 for none.
        use: (k,) uint8 that use.
    """

    number: I32
    box: FLOATS
    accepted: BOOL
    enlarged: BOOL
    use_rule: U8
    use: U8

    def take(self, index: NDArray[Any]) -> Decisions:
        """Those at positions `index`."""
        return Decisions(*(getattr(self, field.name)[index] for field in fields(self)))

    def about(self, numbers: I32) -> Decisions:
        """Those about the objects of `numbers`, which must be among these."""
        return self.take(np.searchsorted(self.number, numbers))


@dataclass(frozen=True)
class Survey:
    """What the whole lot decided about its references.

    Attributes:
        decisions: about each object.
        enlarged: small isolated buildings in the shape in which they are imposed.
        zones: polygons of the zone construite, valid, apart from each other.
        zone_shapes: the same in pixels.
        coarse: counts of the model's hints and of the image on the coarse grid.
        us_rules: names of what can say a use, entry 0 is "".
        us_rule_confidence: 0..1 of each.
        reach_px: how far beyond a window `read_and_burn` looks for objects.
    """

    decisions: Decisions
    enlarged: CoverItems
    zones: OBJECTS
    zone_shapes: Ragged
    coarse: CoarsePlanes
    us_rules: tuple[str, ...]
    us_rule_confidence: tuple[float, ...]
    reach_px: int

    def imposed(self, references: ReferenceSet) -> ReferenceSet:
        """The objects of `references` that are imposed, in the shape in which they are."""
        items = references.cover
        decided = self.decisions.about(items.number)
        kept = items.take(np.flatnonzero(decided.accepted & ~decided.enlarged))
        ours = self.enlarged.take(np.flatnonzero(np.isin(self.enlarged.number, items.number)))
        both = kept.joined(ours)
        return replace(references, cover=both.take(np.argsort(both.number, kind="stable")))

    def window(self, window: Window) -> Survey:
        """The part that `burn` and `read_and_burn` read for `window`, to be sent to another machine."""
        wide = widened(window, self.reach_px)
        zones = self.zone_shapes.hits(wide)
        return replace(
            self,
            decisions=self.decisions.take(boxes_in(self.decisions.box, wide)),
            enlarged=self.enlarged.take(self.enlarged.outlines.hits(wide)),
            zones=self.zones[zones],
            zone_shapes=self.zone_shapes.take(zones),
            coarse=self.coarse.around(window.grown(self.reach_px, (2**31, 2**31))),
        )

    def spooled(self, folder: Path) -> Survey:
        """The same with what grows with the lot in files of `folder`."""
        return replace(self, coarse=self.coarse.spooled(folder))


def survey_block(references: ReferenceSet, planes: PredictionPlanes, window: Window) -> SurveyPart:
    """Counts over `window`; those of windows that tile a raster add up to those of the raster.

    Args:
        references: of the lot, or of the window.
        planes: the prediction in `window`.
        window: part of the whole raster.
    """
    rules = references.rules
    gated = references.cover.take(_gated_in(references, window))
    counts = np.zeros((len(gated), 3), np.int64)
    counts[:, 0] = gated.number
    count_agreement(scan(gated.shapes, window), gated.rule, planes.cs, rules.covers.agreeing, counts)
    return SurveyPart(counts[counts[:, 1] > 0], coarse_counts(planes, window, rules.built, rules.coarse_px))


def finish_survey(
    parts: Iterable[SurveyPart], references: ReferenceSet, bounds: Bounds, profile: Profile
) -> Survey:
    """Decide on the whole lot; the order of `parts` and how they tile the raster do not matter.

    Args:
        parts: one per block.
        references: of the whole lot.
        bounds: (xmin, ymin, xmax, ymax) of the lot; the zone construite ends there.
        profile: rules.
    """
    grid, rules = references.grid, references.rules
    accepted, coarse = _gates(parts, references)
    passed = np.flatnonzero(accepted)
    imposed = references.cover.take(passed)
    use_rule, use = np.zeros(len(accepted), np.uint8), np.zeros(len(accepted), np.uint8)
    use_rule[passed], use[passed] = use_of_buildings(imposed, references.use, rules, profile)
    enlarged = enlarged_buildings(imposed, rules, grid, profile)
    zones = zone_polygons(imposed, enlarged, coarse, rules, grid, bounds, profile)
    cover = references.cover
    grew = np.isin(cover.number, enlarged.number)
    box = cover.outlines.box.copy()
    at = np.searchsorted(cover.number, enlarged.number)
    box[at, :2] = np.minimum(box[at, :2], enlarged.outlines.box[:, :2])
    box[at, 2:] = np.maximum(box[at, 2:], enlarged.outlines.box[:, 2:])
    decisions = Decisions(cover.number, box, accepted, grew, use_rule, use)
    reach_px = references.reach_px + math.ceil(references.lending_m / grid.pixel_m)
    return Survey(
        decisions,
        enlarged,
        zones,
        Ragged.of(zones, grid),
        coarse.without_built(),
        rules.uses.names,
        rules.uses.confidence,
        reach_px,
    )


def _gated_in(references: ReferenceSet, window: Window) -> I64:
    near = references.cover.outlines.hits(window)
    gated: I64 = near[references.cover.share[near] > 0]
    return gated


def _gates(parts: Iterable[SurveyPart], references: ReferenceSet) -> tuple[BOOL, CoarsePlanes]:
    """(n,) whether each object passes, and the sum of the coarse counts."""
    decided, agreeing = np.zeros(references.count, np.int64), np.zeros(references.count, np.int64)
    coarse = CoarsePlanes.empty(references.grid, references.rules.coarse_px)
    for part in parts:
        decided[part.objects[:, 0]] += part.objects[:, 1]
        agreeing[part.objects[:, 0]] += part.objects[:, 2]
        coarse.add(part.coarse)
    number = references.cover.number
    accepted: BOOL = agreeing[number] >= references.cover.share.astype(np.float64) * decided[number]
    return accepted, coarse


def whole_window(grid: Grid) -> Window:
    """The window that holds the whole raster."""
    return Window(0, 0, grid.height_px, grid.width_px)
