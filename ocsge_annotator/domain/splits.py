# SPDX-License-Identifier: GPL-2.0-or-later
"""Training, validation and test patches that do not see each other's ground.

Neighbouring pixels resemble each other, so that a model tested beside its training patches looks better than
it is. Patches closer than a buffer therefore get one split; where patches touch over a large area, that area
is cut into square blocks and the patches along a cut are left without split.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ocsge_annotator.domain.pixels import PixelWindow

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class SplitPlan:
    """How patches are shared out.

    Attributes:
        shares: of the patches by split, any positive scale.
        buffer_px: least distance between two patches of different splits.
        block_px: side of the blocks into which what holds together is cut.
        seed: of the draw.
    """

    shares: Mapping[str, float]
    buffer_px: int
    block_px: int
    seed: int = 0


def gap_px(first: PixelWindow, second: PixelWindow) -> float:
    """Distance between two windows, 0 where they touch or overlap."""
    down = max(first.row - second.row - second.height, second.row - first.row - first.height, 0)
    across = max(first.col - second.col - second.width, second.col - first.col - first.width, 0)
    return float(np.hypot(down, across))


def assign_splits(
    windows: Sequence[PixelWindow], plan: SplitPlan, fixed: Mapping[int, str] | None = None
) -> list[str]:
    """Split of each patch; empty for one that would be too near to a patch of another split.

    Args:
        windows: of all patches.
        plan: see `SplitPlan`.
        fixed: splits that are given already, by index; they stay.
    """
    fixed = dict(fixed or {})
    near = _near(windows, plan.buffer_px)
    splits = [fixed.get(index, "") for index in range(len(windows))]
    groups = list(_groups(windows, near, plan.block_px, set(fixed)))
    generator = np.random.default_rng(plan.seed)
    generator.shuffle(groups)
    groups.sort(key=len, reverse=True)  # stable: groups of one size stay shuffled
    given = Counter(split for split in splits if split)
    for group in groups:
        around = {fixed[other] for index in group for other in near[index] if fixed.get(other)}
        split = sorted(around)[0] if around else _most_wanting(given, plan.shares)
        given[split] += len(group)
        for index in group:
            splits[index] = split
    _clear_borders(splits, near, set(fixed))
    return splits


def _near(windows: Sequence[PixelWindow], buffer_px: int) -> list[list[int]]:
    """Patches closer than the buffer to each patch."""
    reach = max((max(w.height, w.width) for w in windows), default=1) + max(buffer_px, 1)
    bins: dict[tuple[int, int], list[int]] = {}
    for index, window in enumerate(windows):
        bins.setdefault((window.row // reach, window.col // reach), []).append(index)
    near: list[list[int]] = [[] for _ in windows]
    for (row, col), members in bins.items():
        around = [o for r in (-1, 0, 1) for c in (-1, 0, 1) for o in bins.get((row + r, col + c), ())]
        for index in members:
            near[index] = [
                other
                for other in around
                if other != index and _is_near(windows[index], windows[other], buffer_px)
            ]
    return near


def _is_near(first: PixelWindow, second: PixelWindow, buffer_px: int) -> bool:
    gap = gap_px(first, second)
    return gap < buffer_px or _overlap(first, second)


def _overlap(first: PixelWindow, second: PixelWindow) -> bool:
    return (
        abs(2 * (first.row - second.row) + first.height - second.height) < first.height + second.height
        and abs(2 * (first.col - second.col) + first.width - second.width) < first.width + second.width
    )


def _groups(
    windows: Sequence[PixelWindow], near: Sequence[Sequence[int]], block_px: int, fixed: set[int]
) -> Iterator[list[int]]:
    """Patches that hold together, cut into blocks where they reach further than one."""
    seen = set(fixed)
    for start in range(len(windows)):
        if start in seen:
            continue
        seen.add(start)
        group, queue = [], [start]
        while queue:
            index = queue.pop()
            group.append(index)
            fresh = [other for other in near[index] if other not in seen]
            seen.update(fresh)
            queue.extend(fresh)
        yield from _blocks(windows, sorted(group), block_px)


def _blocks(windows: Sequence[PixelWindow], group: list[int], block_px: int) -> Iterator[list[int]]:
    members = [windows[index] for index in group]
    height = max(w.row + w.height for w in members) - min(w.row for w in members)
    width = max(w.col + w.width for w in members) - min(w.col for w in members)
    if max(height, width) <= block_px:
        yield group
        return
    blocks: dict[tuple[int, int], list[int]] = {}
    for index, window in zip(group, members):
        place = (window.row + window.height // 2) // block_px, (window.col + window.width // 2) // block_px
        blocks.setdefault(place, []).append(index)
    yield from blocks.values()


def _most_wanting(given: Mapping[str, int], shares: Mapping[str, float]) -> str:
    """The split that is furthest below its share."""
    done, total = sum(given.values()) or 1, sum(shares.values())
    wanted = [name for name in shares if shares[name] > 0]
    return max(wanted, key=lambda name: shares[name] / total - given.get(name, 0) / done)


def _clear_borders(splits: list[str], near: Sequence[Sequence[int]], fixed: set[int]) -> None:
    """Take the split from patches too near to another split's; training gives way first, then validation."""
    for name in SPLITS:
        for index, split in enumerate(splits):
            if split != name or index in fixed:
                continue
            if any(splits[other] not in ("", name) for other in near[index]):
                splits[index] = ""
