# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile's rules about references as tables that kernels read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.types import BOOL, F32, U8, Codes

UNDECIDED = "undecided"
SKELETON = ("roads", "rails", "water")
NEAREST, HINT, GROUNDS = "nearest_building", "class_hint", "grounds"
MOST_COARSE_PX = 255
"""Side of the largest coarse pixel whose pixels 16 bits can count: 5 m on images down to 2 cm."""


@dataclass(frozen=True)
class CoverTables:
    """One row per rule that imposes a cover: the skeleton's kinds, then the cover rules.

    Attributes:
        rules: the profile's entries.
        cs: (r,) uint8 cover index imposed.
        ossature: (r,) bool.
        over: (r, covers) bool, predicted covers that it replaces.
        agreeing: (r, covers) bool, predicted covers that speak for the object.
        share: (r,) float32, share of an object's decided pixels that must agree.
        fringe_px: (r,) uint8, width of the strips of `cs` beside an object that are its own shifted edge.
        us_rule: (r,) uint8, position of the use that goes with it, 0 for none.
    """

    rules: tuple[dict[str, Any], ...]
    cs: U8
    ossature: BOOL
    over: BOOL
    agreeing: BOOL
    share: F32
    fringe_px: U8
    us_rule: U8


@dataclass(frozen=True)
class UseTables:
    """One row per use rule; row 0 is "no rule". The first rule that speaks has the say.

    Attributes:
        names: rule names.
        confidence: 0..1 of each.
        us: (r,) uint8 use index, 0 where the rule gives several uses.
        over: (r, covers) bool, covers on which it speaks.
        special: kind of special rule to its row (`nearest_building`, `class_hint`, `grounds`).
    """

    names: tuple[str, ...]
    confidence: tuple[float, ...]
    us: U8
    over: BOOL
    special: dict[str, int]


@dataclass(frozen=True)
class BurnRules:
    """Everything that the block steps need of a profile.

    Attributes:
        covers: rules of cover.
        uses: rules of use.
        built: index of the built cover.
        coarse_px: side of a coarse pixel, px.
        hint_share: share of a model's hint around a pixel from which it counts.
        grounds_px: side of a pixel of the plane of grounds, px.
        grounds_reach_m: (uses,) float32 reach of a building's grounds by its use, m.
    """

    covers: CoverTables
    uses: UseTables
    built: int
    coarse_px: int
    hint_share: float
    grounds_px: int
    grounds_reach_m: F32


def burn_rules(profile: Profile, grid: Grid) -> BurnRules:
    """Tables of `profile` for a raster.

    Args:
        profile: rules.
        grid: the whole raster; its pixel turns metres into pixels.
    """
    codes = Codes(profile.nomenclature)
    reach = np.zeros(len(codes.us), np.float32)
    for code in profile.section("grounds", "distance"):
        reach[codes.us_index[code]] = profile.number("grounds", "distance", code)
    return BurnRules(
        _cover_tables(profile, codes, grid),
        _use_tables(profile, codes),
        codes.cs_index[profile.section("built_cover")],
        min(_pixels(profile.number("references", "coarse_pixel"), grid), MOST_COARSE_PX),
        profile.number("class_hint", "minimum_share"),
        _pixels(profile.number("grounds", "coarse_pixel"), grid),
        reach,
    )


def skeleton_kinds(profile: Profile) -> list[str]:
    """Kinds of network that the profile puts into the skeleton."""
    table = profile.section("skeleton")
    return [kind for kind in SKELETON if kind in table and table[kind].get("active", True)]


def _pixels(metres: float, grid: Grid) -> int:
    return max(1, round(metres / grid.pixel_m))


def _cover_tables(profile: Profile, codes: Codes, grid: Grid) -> CoverTables:
    skeleton = [profile.section("skeleton", kind) for kind in skeleton_kinds(profile)]
    rules = [*skeleton, *profile.section("cover_rules")]
    agreements = [rule.get("agreement") for rule in rules]
    fringe = [rule["fringe"]["value"] if "fringe" in rule else 0.0 for rule in rules]
    return CoverTables(
        tuple(rules),
        np.array([codes.cs_index[rule["code_cs"]] for rule in rules], np.uint8),
        np.arange(len(rules)) < len(skeleton),
        np.stack([_covers(rule.get("over"), codes) for rule in rules]),
        np.stack([_covers(_agreeing(rule), codes) for rule in rules]),
        np.array([a["minimum_share"]["value"] if a else 0.0 for a in agreements], np.float32),
        np.array([min(round(width / grid.pixel_m), 255) for width in fringe], np.uint8),
        np.where(np.arange(len(rules)) < len(skeleton), np.arange(len(rules)) + 1, 0).astype(np.uint8),
    )


def _agreeing(rule: dict[str, Any]) -> list[str]:
    """Covers whose prediction speaks for an object of `rule`."""
    names: list[str] = rule["agreement"]["covers"] if "agreement" in rule else [rule["code_cs"]]
    return names


def _use_tables(profile: Profile, codes: Codes) -> UseTables:
    rules = [profile.section("skeleton", kind) for kind in skeleton_kinds(profile)]
    rules += profile.section("use_rules")
    over = [rule.get("over") for rule in rules]
    special = {
        rule["kind"]: i for i, rule in enumerate(rules, 1) if rule.get("kind") in (NEAREST, HINT, GROUNDS)
    }
    if GROUNDS in special:
        over[special[GROUNDS] - 1] = profile.section("grounds", "over")
    return UseTables(
        ("", *(str(rule["name"]) for rule in rules)),
        (0.0, *(profile.number("confidence_levels", rule["confidence"]) for rule in rules)),
        np.array([0, *(codes.us_index[r["code_us"]] if r["code_us"] else 0 for r in rules)], np.uint8),
        np.stack([np.zeros(len(codes.cs), bool), *(_covers(names, codes) for names in over)]),
        special,
    )


def _covers(names: list[str] | None, codes: Codes) -> NDArray[np.bool_]:
    """(covers,) which cover indices are among `names`; all where there are none. `undecided` is index 0."""
    if names is None:
        return np.ones(len(codes.cs), bool)
    mask = np.zeros(len(codes.cs), bool)
    mask[[0 if name == UNDECIDED else codes.cs_index[name] for name in names]] = True
    return mask
