# SPDX-License-Identifier: GPL-2.0-or-later
"""Use of the regions about which no reference speaks: from cover, zone, size and neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.types import BOOL, F32, U8, Codes, RegionGraph, UseDecision

FLOATS = NDArray[np.float64]
INTS = NDArray[np.int64]
_TRANSPORT = "US4.1"


def assign_use(graph: RegionGraph, codes: Codes, profile: Profile, pixel_area_m2: float) -> UseDecision:
    """Give a use to every region that has none.

    The profile's rules run in order, several rounds, since a garden may learn its use from a garden; what is
    left takes the default of its cover, inside or outside the zone construite.

    Args:
        graph: regions; those with `us` keep it.
        codes: indices.
        profile: rules (`neighbourhood`).
        pixel_area_m2: area of a pixel (`Grid.pixel_area_m2`).
    """
    state = _State(graph, codes, profile, pixel_area_m2)
    for _ in range(int(profile.number("neighbourhood", "rounds"))):
        before = int((state.us == 0).sum())
        for rule in profile.section("neighbourhood", "rules"):
            state.apply(rule)
        if int((state.us == 0).sum()) == before:
            break
    state.apply_defaults()
    return UseDecision(state.us, state.rule, state.confidence, tuple(state.names))


class _State:
    """The decision in the making."""

    def __init__(self, graph: RegionGraph, codes: Codes, profile: Profile, pixel_area_m2: float) -> None:
        self.graph, self.codes, self.profile = graph, codes, profile
        self.us: U8 = graph.us.copy()
        self.rule: U8 = np.zeros(len(graph.us), np.uint8)
        self.confidence: F32 = np.full(len(graph.us), np.nan, np.float32)
        self.names = [""]
        self.inside: BOOL = graph.zone_share >= profile.number("inside_zone_share")
        self.area_m2 = graph.area_px * pixel_area_m2
        first, second = graph.edges[:, 0], graph.edges[:, 1]
        self.region: INTS = np.concatenate([first, second]).astype(np.int64)
        self.neighbour: INTS = np.concatenate([second, first]).astype(np.int64)
        self.border: FLOATS = np.concatenate([graph.border_px, graph.border_px]).astype(np.float64)

    def apply(self, rule: dict[str, Any]) -> None:
        """One rule of the profile on all regions that still have no use."""
        wanted = self._candidates(rule)
        if not wanted.any():
            return
        if "from" in rule:
            use = self._from_neighbours(wanted, rule)
        else:
            use = np.where(wanted, self.codes.us_index[rule["code_us"]], 0).astype(np.uint8)
        self._decide(use > 0, use, rule["name"], rule["confidence"])

    def apply_defaults(self) -> None:
        """The default of each cover, for what is left."""
        level = self.profile.section("neighbourhood", "default_confidence")
        undecided = self.profile.section("neighbourhood", "undecided_default")
        table = {"": undecided, **self.profile.section("neighbourhood", "defaults")}
        for place, there in (("inside", self.inside), ("outside", ~self.inside)):
            use = np.array([self.codes.us_index[table[cs][place]] for cs in self.codes.cs], np.uint8)
            left = (self.us == 0) & there
            self._decide(left, use[self.graph.cs], f"default of the cover {place} the built-up zone", level)

    def _candidates(self, rule: dict[str, Any]) -> BOOL:
        covers = np.zeros(len(self.codes.cs), bool)
        covers[[self.codes.cs_index[code] for code in rule["covers"]]] = True
        wanted: BOOL = (self.us == 0) & covers[self.graph.cs]
        if "zone" in rule:
            wanted &= self.inside if rule["zone"] == "inside" else ~self.inside
        if "minimum_area" in rule:
            wanted &= self.area_m2 >= float(rule["minimum_area"]["value"])
        return wanted

    def _from_neighbours(self, wanted: BOOL, rule: dict[str, Any]) -> U8:
        """Use with the longest border among those of the rule, where together they reach its share.

        Borders with transport networks do not count unless the rule is about them: a garden is no less a
        garden for lying along a road.
        """
        lenders = [self.codes.us_index[code] for code in rule["from"]]
        chosen = np.flatnonzero(wanted)
        row = np.full(len(wanted), -1, dtype=np.int64)
        row[chosen] = np.arange(len(chosen))
        touching = wanted[self.region]
        rows, use = row[self.region[touching]], self.us[self.neighbour[touching]]
        border = self.border[touching]
        counted = ~self._is_transport(rule)[use]
        total = np.bincount(rows[counted], weights=border[counted], minlength=len(chosen))
        lent = np.stack(
            [np.bincount(rows[use == u], weights=border[use == u], minlength=len(chosen)) for u in lenders]
        )
        together = lent.sum(axis=0)
        enough = (together > 0) & (together >= float(rule["minimum_border_share"]["value"]) * total)
        result = np.zeros(len(wanted), np.uint8)
        result[chosen] = np.where(enough, np.array(lenders, np.uint8)[lent.argmax(axis=0)], 0)
        return result

    def _is_transport(self, rule: dict[str, Any]) -> BOOL:
        return np.array(
            [c.startswith(_TRANSPORT) and c not in rule["from"] for c in self.codes.us], dtype=bool
        )

    def _decide(self, where: BOOL, use: U8, name: str, level: str) -> None:
        if not where.any():
            return
        if name not in self.names:
            self.names.append(name)
        self.us[where] = use[where]
        self.rule[where] = self.names.index(name)
        self.confidence[where] = self.profile.number("confidence_levels", level)
