# SPDX-License-Identifier: GPL-2.0-or-later
"""A leaf for every piece: what the layer says, else the first rule that has an answer, by name.

Rules for a code that is missing, unknown or no leaf, in this order:

1. the default that the caller gave, where it fits;
2. the other date of a change layer;
3. for a use, what the class of the cover suggests (a vineyard is agriculture);
4. the neighbours: the leaf with the longest common border among those that the layer gives;
5. for a node above leaves: the leaf below it that covers most of this layer, else the profile's choice;
6. for a cover: the profile's default; for a use: the rules of the profile's `neighbourhood`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from inference_backend.contracts.nomenclature import Dimension
from inference_backend.contracts.profile import Profile
from inference_backend.ingest.borders import around, shared_borders
from inference_backend.ingest.codes import Reading, Saying
from inference_backend.ingest.types import Floats, Ints, Pieces, Texts
from inference_backend.postprocess.decision.use_rules import assign_use
from inference_backend.postprocess.types import Codes, RegionGraph

DECIMETRES_PER_METRE = 10
"""Unit of the graph on which the rules of use run: they count in pixels, here of 0.1 m."""


@dataclass(frozen=True)
class Said:
    """What the layer says of each feature.

    Attributes:
        cs, us: (rows,) readings.
        other_cs, other_us: the same at the other date; empty without one.
        hint: (rows,) use that the class suggests, None where none.
    """

    cs: Sequence[Reading]
    us: Sequence[Reading]
    other_cs: Sequence[Reading]
    other_us: Sequence[Reading]
    hint: Sequence[Reading | None]


@dataclass
class Decided:
    """Codes of n pieces in one dimension.

    Attributes:
        code: (n,) leaves.
        rule: (n,) names of the rules.
        confidence: (n,) 0..1, NaN where the layer itself gave the leaf.
    """

    code: Texts
    rule: Texts
    confidence: Floats


def resolve_covers(pieces: Pieces, said: Said, profile: Profile, default: str | None) -> Decided:
    """A cover for every piece."""
    decided = _settled(pieces, said.cs)
    open_pieces = np.flatnonzero([code is None for code in decided.code])
    if len(open_pieces):
        _by_default(decided, pieces, said.cs, open_pieces, default, profile)
        _by_other_date(decided, pieces, said.cs, said.other_cs, profile)
        _by_neighbours(decided, pieces, said.cs, profile)
        _by_majority(decided, pieces, said.cs, "cs", profile)
        fallback = str(profile.section("import", "cover_when_unknown", "code_cs"))
        left = np.array([code is None for code in decided.code], dtype=bool)
        _decide(decided, left, fallback, "import: default", profile, "default")
    return decided


def resolve_uses(
    pieces: Pieces,
    said: Said,
    covers: Texts,
    zone_share: Floats,
    profile: Profile,
    default: str | None,
) -> Decided:
    """A use for every piece."""
    decided = _settled(pieces, said.us)
    open_pieces = np.flatnonzero([code is None for code in decided.code])
    if not len(open_pieces):
        return decided
    _by_default(decided, pieces, said.us, open_pieces, default, profile)
    _by_other_date(decided, pieces, said.us, said.other_us, profile)
    for i in np.flatnonzero([code is None for code in decided.code]).tolist():
        hint = said.hint[int(pieces.row[i])]
        if hint is not None and _fits(hint.code, said.us[int(pieces.row[i])], profile):
            _one(decided, i, str(hint.code), "import: class", profile, "likely")
    # What a few neighbours say is better than a rule; where nobody knows a use, only rules can speak.
    if any(reading.is_settled for reading in said.us):
        _by_neighbours(decided, pieces, said.us, profile)
    _by_majority(decided, pieces, said.us, "us", profile)
    _by_rules_of_use(decided, pieces, covers, zone_share, profile)
    return decided


def _settled(pieces: Pieces, readings: Sequence[Reading]) -> Decided:
    count = len(pieces.row)
    code, rule = np.full(count, None, dtype=object), np.full(count, None, dtype=object)
    of_row = [(r.code, f"import: {r.saying.value}") if r.is_settled else (None, None) for r in readings]
    for i, row in enumerate(pieces.row.tolist()):
        code[i], rule[i] = of_row[row]
    return Decided(code, rule, np.full(count, np.nan))


def _by_default(
    decided: Decided,
    pieces: Pieces,
    readings: Sequence[Reading],
    where: Ints,
    default: str | None,
    profile: Profile,
) -> None:
    for i in where.tolist():
        if _fits(default, readings[int(pieces.row[i])], profile):
            _one(decided, i, str(default), "import: given default", profile, "plausible")


def _by_other_date(
    decided: Decided, pieces: Pieces, own: Sequence[Reading], other: Sequence[Reading], profile: Profile
) -> None:
    if not other:
        return
    for i in np.flatnonzero([code is None for code in decided.code]).tolist():
        row = int(pieces.row[i])
        if _fits(other[row].code, own[row], profile):
            _one(decided, i, str(other[row].code), "import: other date", profile, "plausible")


def _by_neighbours(decided: Decided, pieces: Pieces, readings: Sequence[Reading], profile: Profile) -> None:
    """Leaf with the longest common border among those that the layer gives; no chain of guesses."""
    wanted = np.flatnonzero([code is None for code in decided.code])
    if not len(wanted):
        return
    near = around(wanted, pieces.geometry)
    pairs, length = shared_borders(pieces.geometry[near])
    votes: dict[int, dict[str, float]] = {int(i): {} for i in wanted}
    for (first, second), metres in zip(near[pairs].tolist(), length.tolist(), strict=True):
        for one, lender in ((first, second), (second, first)):
            code = readings[int(pieces.row[lender])].code
            if one in votes and _fits(code, readings[int(pieces.row[one])], profile):
                votes[one][str(code)] = votes[one].get(str(code), 0.0) + metres
    for i, lent in votes.items():
        if lent:
            best = max(lent, key=lambda code: (round(lent[code], 6), code))
            _one(decided, i, best, "import: neighbours", profile, "weak")


def _by_majority(
    decided: Decided, pieces: Pieces, readings: Sequence[Reading], dimension: Dimension, profile: Profile
) -> None:
    """For a node above leaves: what covers most of the layer below it, else the profile's choice."""
    wanted = [
        i
        for i in np.flatnonzero([code is None for code in decided.code]).tolist()
        if readings[int(pieces.row[i])].under
    ]
    if not wanted:
        return
    total: dict[str, float] = {}
    for row, area in zip(pieces.row.tolist(), shapely.area(pieces.geometry).tolist(), strict=True):
        if code := readings[row].code:
            total[code] = total.get(code, 0.0) + area
    for i in wanted:
        reading = readings[int(pieces.row[i])]
        known = {code: area for code, area in total.items() if _fits(code, reading, profile)}
        if known:
            best = max(known, key=lambda code: (known[code], code))
            _one(decided, i, best, "import: most of the layer", profile, "default")
        else:
            chosen = str(profile.section("import", "leaf_of_node", dimension, str(reading.under)))
            _one(decided, i, chosen, "import: leaf of the node", profile, "default")


def _by_rules_of_use(
    decided: Decided, pieces: Pieces, covers: Texts, zone_share: Floats, profile: Profile
) -> None:
    left = np.flatnonzero([code is None for code in decided.code])
    if not len(left):
        return
    codes = Codes(profile.nomenclature)
    pairs, length = shared_borders(pieces.geometry)
    graph = RegionGraph(
        labels=np.zeros((0, 0), np.int32),
        cs=np.array([codes.cs_index[code] for code in covers], dtype=np.uint8),
        us=np.array([codes.us_index[code] if code else 0 for code in decided.code], dtype=np.uint8),
        ossature=np.zeros(len(covers), dtype=bool),
        area_px=np.round(shapely.area(pieces.geometry) * DECIMETRES_PER_METRE**2).astype(np.int64),
        zone_share=zone_share.astype(np.float32),
        at_edge=np.zeros(len(covers), dtype=bool),
        edges=pairs.astype(np.int32),
        border_px=np.round(length * DECIMETRES_PER_METRE).astype(np.int32),
    )
    use = assign_use(graph, codes, profile, 1.0 / DECIMETRES_PER_METRE**2)
    for i in left.tolist():
        decided.code[i] = codes.us[int(use.us[i])]
        decided.rule[i] = use.rules[int(use.rule[i])] or "import: default"
        decided.confidence[i] = float(use.confidence[i])


def _fits(code: str | None, reading: Reading, profile: Profile) -> bool:
    """Whether a leaf may stand for what was read: below the node, where one was read."""
    if code is None:
        return False
    return reading.under is None or reading.under in profile.nomenclature.ancestors(code)


def _decide(decided: Decided, where: np.ndarray, code: str, rule: str, profile: Profile, level: str) -> None:
    for i in np.flatnonzero(where).tolist():
        _one(decided, i, code, rule, profile, level)


def _one(decided: Decided, i: int, code: str, rule: str, profile: Profile, level: str) -> None:
    decided.code[i], decided.rule[i] = code, rule
    decided.confidence[i] = profile.number("confidence_levels", level)


def count_sayings(readings: Sequence[Reading]) -> dict[str, int]:
    """How often each kind of saying occurs."""
    counts: dict[str, int] = {}
    for reading in readings:
        counts[reading.saying.value] = counts.get(reading.saying.value, 0) + 1
    return counts


__all__ = ["Decided", "Said", "Saying", "count_sayings", "resolve_covers", "resolve_uses"]
