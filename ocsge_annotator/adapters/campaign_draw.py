# SPDX-License-Identifier: GPL-2.0-or-later
"""Choosing the patches of a campaign among the places that an image has for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np

from ocsge_annotator.adapters.fingerprint import image_fingerprint
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.adapters.strata import Sampler, shares_in_cells
from ocsge_annotator.adapters.uncertainty import measure_doubt
from ocsge_annotator.domain.patch_grid import GridCell, rank_cells
from ocsge_annotator.domain.sampling import (
    draw_stratified,
    draw_systematic,
    draw_twice,
    draw_uncertain,
    features_of,
)
from ocsge_annotator.domain.splits import SplitPlan, assign_splits

Report = Callable[[float], None]


class Method(Enum):
    """How patches are drawn."""

    RANDOM = 0
    SYSTEMATIC = 1
    STRATIFIED = 2
    UNCERTAIN = 3


@dataclass(frozen=True)
class Draw:
    """What to draw.

    Attributes:
        method: see `Method`.
        count: how many; 0 takes all, for the methods that need no choice.
        seed: of every draw.
        strata: opens the layer of strata, for `STRATIFIED`.
        strata_name: of that layer, for errors.
        prediction: of the model, for `UNCERTAIN`.
        diversity: see `domain.sampling.draw_uncertain`.
        split: how the patches are shared out, None for no splits.
        twice_share: share of the patches that a second person labels as well, 0..1.
    """

    method: Method = Method.RANDOM
    count: int = 0
    seed: int = 0
    strata: Callable[[], AbstractContextManager[Sampler]] | None = None
    strata_name: str = ""
    prediction: Path | None = None
    diversity: float = 0.5
    split: SplitPlan | None = None
    twice_share: float = 0.0


def draw_cells(
    cells: Sequence[GridCell], image: Image, draw: Draw, report: Report, known: Sequence[GridCell] = ()
) -> list[GridCell]:
    """The cells chosen, in the order of work, with split, second labelling and doubt.

    Args:
        cells: the places there are, those of `known` left out.
        image: of the campaign; its pixels need not be there yet, but for the prediction's place.
        draw: what to draw.
        report: takes the share done; may raise to stop.
        known: patches that the campaign has already; they keep their splits, and ranks go on behind them.

    Raises:
        StrataError: the layer of strata cannot be used.
        PredictionMismatchError: the prediction cannot be used.
    """
    chosen = _choose(list(cells), image, draw, report, known)
    last = max((cell.rank for cell in known), default=0)
    chosen = [replace(cell, rank=last + rank) for rank, cell in enumerate(chosen, start=1)]
    if draw.split is not None:
        chosen = _split(chosen, draw.split, known)
    again = set(draw_twice(len(chosen), draw.twice_share, draw.seed))
    return [replace(cell, twice=index in again) for index, cell in enumerate(chosen)]


def _choose(
    cells: list[GridCell], image: Image, draw: Draw, report: Report, known: Sequence[GridCell]
) -> list[GridCell]:
    if draw.method is Method.STRATIFIED and draw.strata is not None:
        with draw.strata() as sampler:
            shares = shares_in_cells(sampler, image, cells, draw.strata_name, report)
        return [cells[index] for index in draw_stratified(shares, draw.count, draw.seed)]
    if draw.method is Method.UNCERTAIN and draw.prediction is not None:
        return _most_doubtful(cells, image, draw, report, known)
    if not 0 < draw.count < len(cells):
        return rank_cells(cells)
    if draw.method is Method.SYSTEMATIC:
        return [cells[index] for index in draw_systematic(cells, draw.count, draw.seed)]
    return rank_cells(cells, draw.count, draw.seed)


def _most_doubtful(
    cells: list[GridCell], image: Image, draw: Draw, report: Report, known: Sequence[GridCell]
) -> list[GridCell]:
    doubts, shares = measure_doubt(draw.prediction, image, [*cells, *known], report)
    centres = np.array(
        [(c.window.row + c.window.height / 2, c.window.col + c.window.width / 2) for c in (*cells, *known)]
    )
    features = features_of(shares, centres, float(np.hypot(image.grid.width_px, image.grid.height_px)))
    count = draw.count or len(cells)
    drawn = draw_uncertain(
        doubts[: len(cells)], features[: len(cells)], count, draw.diversity, features[len(cells) :]
    )
    return [replace(cells[index], uncertainty=round(float(doubts[index]), 6)) for index in drawn]


def _split(chosen: list[GridCell], plan: SplitPlan, known: Sequence[GridCell]) -> list[GridCell]:
    fixed = {index: cell.split for index, cell in enumerate(known)}
    splits = assign_splits([cell.window for cell in (*known, *chosen)], plan, fixed)
    return [replace(cell, split=split) for cell, split in zip(chosen, splits[len(known) :])]


def with_fingerprints(cells: Iterable[GridCell], image: Image, report: Report) -> list[GridCell]:
    """The cells with the fingerprints of their pixels, so that a changed image is noticed later.

    Raises:
        ImageError: the image cannot be read.
    """
    cells = list(cells)
    marked = []
    for number, cell in enumerate(cells):
        marked.append(replace(cell, fingerprint=image_fingerprint(image, cell.window)))
        report((number + 1) / len(cells))
    return marked


def split_counts(cells: Iterable[GridCell]) -> Mapping[str, int]:
    """Number of patches by split, "" for those without."""
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell.split] = counts.get(cell.split, 0) + 1
    return counts
