# SPDX-License-Identifier: GPL-2.0-or-later
"""What the blocks must know of the whole lot before anything is burned: counted per block, decided once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import I64, Window
from inference_backend.postprocess.building_use import use_of_buildings
from inference_backend.postprocess.burn_items import CoverItems
from inference_backend.postprocess.coarse import CoarsePlanes, coarse_counts
from inference_backend.postprocess.ragged import OBJECTS, Ragged
from inference_backend.postprocess.reference_set import Bounds, ReferenceSet
from inference_backend.postprocess.run_kernels import count_agreement
from inference_backend.postprocess.scanline import scan
from inference_backend.postprocess.small_buildings import enlarged_buildings
from inference_backend.postprocess.types import BOOL, U8, PredictionPlanes
from inference_backend.postprocess.zone_grid import zone_polygons


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
class Survey:
    """What the whole lot decided about its references.

    Attributes:
        accepted: (count,) bool by object number: imposed, unless something with priority lies there.
        building_rule: (count,) uint8 row of the use tables that says an imposed building's use, 0 for none.
        building_use: (count,) uint8 that use.
        enlarged: small isolated buildings in the shape in which they are imposed.
        zones: polygons of the zone construite, valid, apart from each other.
        zone_shapes: the same in pixels.
        coarse: counts of the model's hints and of the image on the coarse grid.
        us_rules: names of what can say a use, entry 0 is "".
        us_rule_confidence: 0..1 of each.
        reach_px: how far beyond a window `read_and_burn` looks.
    """

    accepted: BOOL
    building_rule: U8
    building_use: U8
    enlarged: CoverItems
    zones: OBJECTS
    zone_shapes: Ragged
    coarse: CoarsePlanes
    us_rules: tuple[str, ...]
    us_rule_confidence: tuple[float, ...]
    reach_px: int = 0

    def imposed(self, references: ReferenceSet) -> ReferenceSet:
        """The objects of `references` that are imposed, in the shape in which they are."""
        return replace(references, cover=imposed_items(references.cover, self))

    def window(self, window: Window) -> Survey:
        """The part that `burn` and `read_and_burn` read for `window`, to be sent to another machine."""
        wide = window.grown(self.reach_px, (window.row + 2**30, window.col + 2**30))
        found = self.zone_shapes.hits(wide)
        return replace(
            self,
            zones=self.zones[found],
            zone_shapes=self.zone_shapes.take(found),
            coarse=self.coarse.around(wide),
        )


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
    imposed = references.cover.take(accepted)
    use_rule, use = use_of_buildings(imposed, references.use, rules, profile)
    enlarged = enlarged_buildings(imposed, rules, grid, profile)
    zones = zone_polygons(imposed, enlarged, coarse, rules, grid, bounds, profile)
    return Survey(
        accepted,
        _by_number(use_rule, imposed, references.count),
        _by_number(use, imposed, references.count),
        enlarged,
        zones,
        Ragged.of(zones, grid),
        coarse.without_built(),
        rules.uses.names,
        rules.uses.confidence,
        references.reach_px,
    )


def imposed_items(items: CoverItems, survey: Survey) -> CoverItems:
    """Of `items`, those that passed their gate; small isolated buildings in their enlarged shape."""
    swapped = np.isin(items.number, survey.enlarged.number)
    kept = items.take(np.flatnonzero(survey.accepted[items.number] & ~swapped))
    ours = survey.enlarged.take(np.flatnonzero(np.isin(survey.enlarged.number, items.number)))
    both = kept.joined(ours)
    return both.take(np.argsort(both.number, kind="stable"))


def _gated_in(references: ReferenceSet, window: Window) -> I64:
    near = references.cover.shapes.hits(window)
    gated: I64 = near[references.cover.share[near] > 0]
    return gated


def _gates(parts: Iterable[SurveyPart], references: ReferenceSet) -> tuple[BOOL, CoarsePlanes]:
    """By object number whether it passes, and the sum of the coarse counts."""
    decided, agreeing = np.zeros(references.count, np.int64), np.zeros(references.count, np.int64)
    coarse = CoarsePlanes.empty(references.grid, references.rules.coarse_px)
    for part in parts:
        decided[part.objects[:, 0]] += part.objects[:, 1]
        agreeing[part.objects[:, 0]] += part.objects[:, 2]
        coarse.add(part.coarse)
    share = np.zeros(references.count, np.float64)
    share[references.cover.number] = references.cover.share
    accepted: BOOL = agreeing >= share * decided
    return accepted, coarse


def _by_number(values: U8, items: CoverItems, count: int) -> U8:
    spread = np.zeros(count, np.uint8)
    spread[items.number] = values
    return spread


def whole_window(grid: Grid) -> Window:
    """The window that holds the whole raster."""
    return Window(0, 0, grid.height_px, grid.width_px)
