# SPDX-License-Identifier: GPL-2.0-or-later
"""What a finished patch should not contain: holes, specks, areas too large for their class, odd neighbours.

The rules are those of the profile's section `annotation`. They name covers, so that they hold for any class
table that the profile maps to covers, or single classes where a cover is too wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.profile import Profile, normalise_class_name
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow, Region, changed_window
from ocsge_annotator.domain.runs import connected_regions


class RuleKind(str, Enum):
    """What is wrong."""

    HOLE = "hole"
    SPECK = "speck"
    TOO_LARGE = "too_large"
    NEIGHBOURS = "neighbours"


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule.

    Attributes:
        kind: the rule.
        window: where, px of the patch.
        value: class value, `UNLABELLED` for a hole.
        other: the neighbour's class value for `NEIGHBOURS`, else None.
        size: m2; metres of common border for `NEIGHBOURS`.
        limit: what the rule allows, in the unit of `size`.
        region: its pixels; None for `NEIGHBOURS`.
    """

    kind: RuleKind
    window: PixelWindow
    value: int
    other: int | None
    size: float
    limit: float
    region: Region | None = None


@dataclass(frozen=True)
class LabelRules:
    """The rules for one campaign, by class value.

    Attributes:
        minimum_area_m2: smallest area that a class may have.
        maximum_area_m2: largest one, for the classes that have a limit.
        apart: pairs of classes that should not touch, and the length from which their border counts, m.
    """

    minimum_area_m2: dict[int, float]
    maximum_area_m2: dict[int, float]
    apart: dict[tuple[int, int], float]


def read_label_rules(profile: Profile, classes: Sequence[LabelClass]) -> LabelRules:
    """The profile's rules for a class table.

    Raises:
        ProfileError: a value is missing.
    """
    smallest = {entry.value: profile.number("annotation", "minimum_area") for entry in classes}
    for rule in profile.section("annotation", "minimum_area_of"):
        smallest.update(
            dict.fromkeys(_named(rule["classes"], classes, profile), _value(rule["minimum_area"]))
        )
    largest: dict[int, float] = {}
    for rule in profile.section("annotation", "maximum_area_of"):
        largest.update(dict.fromkeys(_named(rule["classes"], classes, profile), _value(rule["maximum_area"])))
    border_m = profile.number("annotation", "border")
    apart = {
        (min(a, b), max(a, b)): border_m
        for rule in profile.section("annotation", "apart")
        for a in _named(rule["classes"], classes, profile)
        for b in _named(rule["beside"], classes, profile)
        if a != b
    }
    return LabelRules(smallest, largest, apart)


def _value(entry: dict[str, Any]) -> float:
    return float(entry["value"])


def _named(names: Sequence[str], classes: Sequence[LabelClass], profile: Profile) -> list[int]:
    """Values of the classes that a rule names, by their own name or by their cover code."""
    wanted = {normalise_class_name(name) for name in names}
    return [
        entry.value
        for entry in classes
        if normalise_class_name(entry.name) in wanted
        or normalise_class_name(profile.cover_of_class(entry.name) or "") in wanted
    ]


def find_faults(labels: Labels, rules: LabelRules, pixel_area_m2: float) -> list[Finding]:
    """All places of a patch that break a rule; holes first, then the largest.

    An area that the patch's edge cuts is judged by its larger limit alone: the rest of it is outside.

    Args:
        labels: (H, W) uint8.
        rules: of the campaign.
        pixel_area_m2: area of one pixel.
    """
    found = [*_areas(labels, rules, pixel_area_m2), *_neighbours(labels, rules, pixel_area_m2**0.5)]
    order = list(RuleKind)
    return sorted(found, key=lambda f: (order.index(f.kind), -f.size, f.window.row, f.window.col))


def _areas(labels: Labels, rules: LabelRules, pixel_area_m2: float) -> Iterator[Finding]:
    for value in np.unique(labels).tolist():
        for region in connected_regions(labels == value):
            area_m2 = int(np.count_nonzero(region.mask)) * pixel_area_m2
            if value == UNLABELLED:
                yield Finding(RuleKind.HOLE, region.window, value, None, area_m2, 0.0, region)
                continue
            least, most = rules.minimum_area_m2.get(value, 0.0), rules.maximum_area_m2.get(value)
            if area_m2 < least and not _is_cut(region.window, labels):
                yield Finding(RuleKind.SPECK, region.window, value, None, area_m2, least, region)
            if most is not None and area_m2 > most:
                yield Finding(RuleKind.TOO_LARGE, region.window, value, None, area_m2, most, region)


def _is_cut(window: PixelWindow, labels: Labels) -> bool:
    """Whether an area touches the edge of the patch."""
    height, width = labels.shape
    return (
        window.row == 0
        or window.col == 0
        or window.row + window.height == height
        or window.col + window.width == width
    )


def _neighbours(labels: Labels, rules: LabelRules, pixel_m: float) -> Iterator[Finding]:
    for (a, b), least_m in rules.apart.items():
        beside, edges = _touching(labels, a, b)
        if edges * pixel_m >= least_m and edges:
            window = changed_window(np.zeros_like(labels), beside.astype(np.uint8))
            if window is not None:
                yield Finding(RuleKind.NEIGHBOURS, window, a, b, edges * pixel_m, least_m)


def _touching(labels: Labels, a: int, b: int) -> tuple[Mask, int]:
    """Pixels of class `a` that touch class `b`, and the number of edges between the two."""
    beside, edges = np.zeros(labels.shape, dtype=bool), 0
    for axis in (0, 1):
        first, second = (slice(None, -1), slice(1, None)) if axis == 0 else (np.s_[:, :-1], np.s_[:, 1:])
        for here, there in ((first, second), (second, first)):
            meets = (labels[here] == a) & (labels[there] == b)
            beside[here] |= meets
            edges += int(np.count_nonzero(meets))
    return beside, edges
