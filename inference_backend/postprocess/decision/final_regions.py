# SPDX-License-Identifier: GPL-2.0-or-later
"""The regions that become polygons, with everything that was counted about them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference_backend.postprocess.decision.lot_graph import LotGraph, contract
from inference_backend.postprocess.merge_rules import SCALE
from inference_backend.postprocess.types import BOOL, I32, RegionGraph, UseDecision

I64 = NDArray[np.int64]
Block = tuple[int, int]


@dataclass
class FinalRegions:
    """Result of the decision: n regions in the order of their first pixel.

    Attributes:
        lot: codes, sums and borders.
        number: for each block (n_b,) int32, final region of each of its regions.
        by_default: (n,) bool, cover given by default for want of any evidence.
        mixed: (n,) bool, a stand that became mixed because no kind of tree dominates.
        use_votes: (v, 5) int64 rows (region, use index, rule, pixels, confidence in millionths times pixels).
        use_rules: rule names; the votes count in them.
    """

    lot: LotGraph
    number: dict[Block, I32]
    by_default: BOOL
    mixed: BOOL
    use_votes: I64
    use_rules: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lot)

    @property
    def graph(self) -> RegionGraph:
        """Codes, areas and borders as rules on regions read them; without labels."""
        return self.lot.as_regions()

    def contracted(self, root: I32) -> tuple[FinalRegions, I32]:
        """The same with regions merged, and (n,) int32 new number of each.

        Args:
            root: (n,) int32, for each region the one it becomes part of, itself for a survivor.
        """
        lot, renamed = contract(self.lot, root)
        merged = replace(
            self,
            lot=lot,
            number={block: renamed[number] for block, number in self.number.items()},
            by_default=_of_survivors(self.by_default, root, renamed, len(lot)),
            mixed=_of_survivors(self.mixed, root, renamed, len(lot)),
            use_votes=moved_votes(self.use_votes, renamed),
        )
        return merged, renamed


def votes_of_references(lot: LotGraph, confidences: tuple[float, ...]) -> I64:
    """Votes of the rules by which references said a use.

    Args:
        lot: regions before any use is decided.
        confidences: 0..1 of each rule.
    """
    region, rule, pixels = lot.uses.T
    said = lot.us[region] > 0
    millionths = np.rint(np.asarray(confidences, np.float64) * SCALE).astype(np.int64)
    use = lot.us[region].astype(np.int64)
    rows: I64 = np.stack([region, use, rule, pixels, millionths[rule] * pixels], axis=1)
    spoken: I64 = rows[said & (rule > 0)]
    return spoken


def votes_of_decision(lot: LotGraph, use: UseDecision, offset: int) -> I64:
    """Votes of the rules by which regions without a word of references got their use.

    Args:
        lot: regions on which it was decided.
        use: the decision.
        offset: number of rules of the references, after which the others count.
    """
    region = np.flatnonzero(use.rule > 0)
    pixels = lot.area_px[region]
    certainty = np.rint(np.nan_to_num(use.confidence[region].astype(np.float64)) * SCALE).astype(np.int64)
    rule = use.rule[region].astype(np.int64) + offset
    return np.stack([region, use.us[region].astype(np.int64), rule, pixels, certainty * pixels], axis=1)


def moved_votes(votes: I64, number: I32) -> I64:
    """The same votes for renumbered regions."""
    moved = votes.copy()
    moved[:, 0] = number[votes[:, 0]]
    return moved


def _of_survivors(flags: BOOL, root: I32, renamed: I32, count: int) -> BOOL:
    result = np.zeros(count, np.bool_)
    survivors = np.flatnonzero(root == np.arange(len(root)))
    result[renamed[survivors]] = flags[survivors]
    return result
