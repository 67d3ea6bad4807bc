# SPDX-License-Identifier: GPL-2.0-or-later
"""Lays the references of a lot on one window of its prediction: cover, use, skeleton and zone construite.

What comes out for a pixel is a function of the whole lot's survey and, beside an imposed object, of the
prediction within `ReferenceSet.reach_px` of the pixel: never of the window.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np

from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.burning.fringe_kernel import give_fringe_away
from inference_backend.postprocess.burning.ground_use import grounds
from inference_backend.postprocess.burning.hint_kernel import smooth_hint
from inference_backend.postprocess.burning.use_kernel import UseRows, decide_use
from inference_backend.postprocess.references.burn_items import CoverItems
from inference_backend.postprocess.references.burn_rules import GROUNDS, HINT
from inference_backend.postprocess.references.ragged import Ragged, widened
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import Survey
from inference_backend.postprocess.references.run_kernels import covers_of, fill, first_rule, impose, rename
from inference_backend.postprocess.references.scanline import scan
from inference_backend.postprocess.types import BOOL, I32, U8, PredictionPlanes, ReferencePlanes


def burn(
    references: ReferenceSet, survey: Survey, planes: PredictionPlanes, window: Window
) -> ReferencePlanes:
    """Everything the references say in `window`.

    `cs_object` holds object numbers of the lot: ask `references.source_objects` what they are. Within
    `references.reach_px` of an edge of the window that is no edge of the raster the strips beside imposed
    objects may differ from those of a larger window, so read that much more than is kept.

    Args:
        references: of the lot, or of the window (`ReferenceSet.window`), before the gates.
        survey: of the lot, or of the window (`Survey.window`).
        planes: the prediction in `window`.
        window: part of the whole raster.
    """
    rules = references.rules
    items = _items_here(references.cover, survey, window)
    decided = survey.decisions.about(items.number)
    shape = (window.height, window.width)
    local, disagrees = np.full(shape, -1, np.int32), np.zeros(shape, bool)
    impose(
        scan(items.shapes, window),
        np.arange(len(items), dtype=np.int32),
        decided.accepted,
        rules.covers.over[items.rule],
        (planes.cs, planes.inside),
        local,
        disagrees,
    )
    cs, ossature = covers_of(local, rules.covers.cs[items.rule], rules.covers.ossature[items.rule])
    widest = int(rules.covers.fringe_px.max(initial=0))
    give_fringe_away(local, rules.covers.fringe_px[items.rule], widest, planes, cs)
    us, us_rule = _use(references, survey, (planes, window), (items, local, cs))
    return ReferencePlanes(
        cs=cs,
        us=us,
        ossature=ossature,
        cs_object=rename(local, items.number),
        us_rule=us_rule,
        zone_construite=_zone(survey.zone_shapes, planes.inside, window),
        objects=(),
        us_rules=survey.us_rules,
        us_rule_confidence=survey.us_rule_confidence,
        disagrees=disagrees,
    )


def read_and_burn(
    references: ReferenceSet,
    survey: Survey,
    read: Callable[[Window], PredictionPlanes],
    window: Window,
) -> tuple[PredictionPlanes, ReferencePlanes]:
    """The prediction and the references in `window`, equal in every window that holds a pixel.

    Args:
        references: see `burn`.
        survey: see `burn`.
        read: gives the prediction of a window; it is asked for `references.reach_px` more on each side.
        window: part of the whole raster.
    """
    wide = window.grown(references.reach_px, references.grid.shape)
    planes = read(wide)
    burned = burn(references, survey, planes, wide)
    if wide == window:
        return planes, burned
    cut = window.inside(wide)
    predicted, said = _content(planes), _content(burned)
    del planes, burned
    predicted["grid"] = window.grid(references.grid)
    return PredictionPlanes(**_cropped(predicted, cut)), ReferencePlanes(**_cropped(said, cut))


def _cropped(content: dict[str, Any], cut: tuple[slice, slice]) -> dict[str, Any]:
    """Contiguous copies of the part `cut` of every plane, in place: each wide plane goes at once."""
    for name, value in content.items():
        if isinstance(value, np.ndarray):
            content[name] = np.ascontiguousarray(value[cut])
    return content


def _content(planes: PredictionPlanes | ReferencePlanes) -> dict[str, Any]:
    return {field.name: getattr(planes, field.name) for field in fields(planes)}


def _items_here(cover: CoverItems, survey: Survey, window: Window) -> CoverItems:
    """Objects that meet the window in the shape in which they are imposed, by number; refused ones too."""
    near = cover.take(cover.outlines.hits(window))
    grown = survey.enlarged.take(survey.enlarged.outlines.hits(window))
    both = near.take(np.flatnonzero(~survey.decisions.about(near.number).enlarged)).joined(grown)
    return both.take(np.argsort(both.number, kind="stable"))


def _use(
    references: ReferenceSet,
    survey: Survey,
    here: tuple[PredictionPlanes, Window],
    burned: tuple[CoverItems, I32, U8],
) -> tuple[U8, U8]:
    planes, window = here
    items, local, cs = burned
    rules = references.rules
    decided = survey.decisions.about(items.number)
    areas = references.use.take(references.use.outlines.hits(window))
    us_rule = np.zeros(cs.shape, np.uint8)
    first_rule(
        scan(areas.shapes, window), areas.rule, rules.uses.over, (cs, planes.cs, planes.inside), us_rule
    )
    rows = UseRows(
        rules.uses.us,
        rules.uses.over,
        np.maximum(decided.use_rule, rules.covers.us_rule[items.rule]),
        np.where(decided.use > 0, decided.use, rules.uses.us[rules.covers.us_rule[items.rule]]),
        rules.uses.special.get(HINT, 0),
        rules.uses.special.get(GROUNDS, 0),
    )
    hint = smooth_hint(survey.coarse, window, rules.hint_share) if rows.hint else None
    yard, start = _grounds(references, survey, window)
    pixels = (cs, planes.cs, local, planes.inside)
    return decide_use(pixels, us_rule, rows, hint, (yard, start, rules.grounds_px), window)


def _grounds(references: ReferenceSet, survey: Survey, window: Window) -> tuple[U8, tuple[int, int]]:
    rules, pixel_m = references.rules, references.grid.pixel_m
    near = references.cover.outlines.hits(widened(window, math.ceil(references.lending_m / pixel_m)))
    decided = survey.decisions.about(references.cover.number[near])
    named = decided.accepted & (decided.use > 0)
    buildings = references.cover.outlines.take(near[named]).in_pixels()
    reach_px = rules.grounds_reach_m / (rules.grounds_px * pixel_m)
    return grounds(buildings, decided.use[named], window, rules.grounds_px, reach_px)


def _zone(shapes: Ragged, inside: BOOL, window: Window) -> BOOL:
    zone = np.zeros(inside.shape, bool)
    here = shapes.take(shapes.hits(window))
    fill(scan(here, window), np.ones(len(here), bool), zone)
    zone &= inside
    return zone
