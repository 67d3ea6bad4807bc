# SPDX-License-Identifier: GPL-2.0-or-later
"""Regions of a block's core after noise, widths and small buildings: what they are in the whole raster.

Every step is a function of the raster that is computed in a window and knows where it holds:

- keys are values of pixels;
- speckle makes only merges that begin a schedule of the whole raster, and every schedule ends alike
  (`speckle`); what it could not settle is UNKNOWN, everything else has its final key;
- narrow parts look a fixed distance around a pixel, three-valued where that meets UNKNOWN or the window's
  edge (`narrow_parts`); the middle line takes the nearest wide pixel and is UNKNOWN where something unknown
  is as near (`midline`);
- buildings compete for free pixels within a fixed reach, and what is unknown within it stops the block
  (`building_growth`). They depend on the keys after speckle alone.

So each pixel of the window has the value of the whole raster or is UNKNOWN. An UNKNOWN pixel in the core
means a larger window. The window that is the whole raster has no edge and nothing unknown.
"""

from __future__ import annotations

import math

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import BlockRegions, HaloTooSmall, Window
from inference_backend.postprocess.merge_rules import merge_rules
from inference_backend.postprocess.regions.building_growth import GrowthRules, grow_buildings
from inference_backend.postprocess.regions.midline import share_out
from inference_backend.postprocess.regions.narrow_parts import narrow_parts
from inference_backend.postprocess.regions.pixel_keys import (
    UNKNOWN,
    find_runs,
    pixel_keys,
    require_room,
    without_holds,
)
from inference_backend.postprocess.regions.region_sums import summed_regions
from inference_backend.postprocess.regions.speckle import Scores, merge_speckle
from inference_backend.postprocess.regions.width_rules import width_rules
from inference_backend.postprocess.types import Codes, PredictionPlanes, ReferencePlanes

_ROUNDING = 1e-9


def regions_of_block(
    planes: PredictionPlanes,
    reference: ReferencePlanes,
    window: Window,
    core: Window,
    whole: Grid,
    profile: Profile,
) -> BlockRegions:
    """Regions of a core, exact whatever the window.

    Args:
        planes: prediction of the window.
        reference: references of the window.
        window: place of the planes in the raster.
        core: pixels whose regions are wanted, inside the window.
        whole: georeference of the raster.
        profile: rules.

    Raises:
        HaloTooSmall: what the core becomes depends on pixels beyond the window.
        ProfileError: a value is missing.
        TooManyCodesError: the nomenclature has more codes than a key holds.
    """
    codes = Codes(profile.nomenclature)
    require_room(codes)
    pixel_m2 = whole.pixel_area_m2
    edges = _open_edges(window, whole)
    place = core.inside(window)
    cell_px = max(1, round(profile.number("skeleton", "cell") / whole.pixel_m))
    rules = merge_rules(profile, codes).in_units(pixel_m2)
    corner = (window.row, window.col)
    key = pixel_keys(planes.cs, reference, planes.inside, corner, cell_px, rules.holds)
    runs = find_runs(key)
    nothing = np.zeros((0, 0), np.uint8)
    top = nothing if planes.confidence is None else planes.confidence
    margin = nothing if planes.margin is None else planes.margin
    scores = Scores(planes.cs, planes.runner_up, top, margin)
    noise_px = math.ceil(profile.number("merging", "speckle_area") / pixel_m2 * (1.0 - _ROUNDING))
    state = merge_speckle(runs, key, scores, noise_px, rules, edges)
    _require_known(key[place])
    box = (place[0].start, place[0].stop, place[1].start, place[1].stop)
    growth = grow_buildings(runs, state, key, reference.cs, growth_rules(profile, codes, whole), box, edges)
    del runs, state  # as large as the planes; so are those below
    widths = width_rules(profile, codes, whole.pixel_m)
    narrow = narrow_parts(key, corner, edges, widths)
    share_out(key, narrow, widths.takes, widths.reach_px, edges)
    key.ravel()[growth.pixels] = growth.key
    final = np.ascontiguousarray(key[place])
    del key, narrow, growth
    _require_known(final)
    return summed_regions(without_holds(final), planes, reference, place, core, whole.shape, len(codes.cs))


def growth_rules(profile: Profile, codes: Codes, whole: Grid) -> GrowthRules:
    """Which buildings grow, in pixels."""
    goal = profile.number("minimum_area", "built") * profile.number("merging", "built_margin")
    least = profile.number("minimum_area", "built_considered")
    return GrowthRules(
        cover=codes.cs_index[profile.section("built_cover")],
        from_px=math.ceil(least / whole.pixel_area_m2 * (1.0 - _ROUNDING)),
        to_px=math.ceil(goal / whole.pixel_area_m2 * (1.0 - _ROUNDING)),
    )


def _open_edges(window: Window, whole: Grid) -> tuple[bool, bool, bool, bool]:
    bottom, right = window.row + window.height, window.col + window.width
    return window.row > 0, bottom < whole.height_px, window.col > 0, right < whole.width_px


def _require_known(key: np.ndarray[tuple[int, ...], np.dtype[np.uint16]]) -> None:
    if (key == UNKNOWN).any():
        raise HaloTooSmall
