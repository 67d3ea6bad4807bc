# SPDX-License-Identifier: GPL-2.0-or-later
"""Which patches of an image are worth labelling; each draw depends on its seed alone.

Every function returns indices of the candidates in the order of the draw, so that the first part of a sample
is a sample as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocsge_annotator.domain.patch_grid import GridCell

Shares = npt.NDArray[np.floating]
"""(N, K) share of each of K strata in each of N patches, 0..1."""


def draw_random(candidates: int, count: int, seed: int = 0) -> list[int]:
    """A simple random sample without replacement; all of them where `count` is 0 or too large."""
    order = np.random.default_rng(seed).permutation(candidates)
    return [int(index) for index in (order[:count] if count else order)]


def draw_systematic(cells: Sequence[GridCell], count: int, seed: int = 0) -> list[int]:
    """A regular lattice over the candidates, with a random origin, of `count` patches.

    The widest lattice that has enough patches is taken, then thinned evenly; it comes as a walk, row by row.

    Args:
        cells: candidates, any shape of area.
        count: how many.
        seed: of the origin.
    """
    if count >= len(cells):
        return list(range(len(cells)))
    rows, cols = (np.array([getattr(cell, name) for cell in cells]) for name in ("row", "col"))
    start = np.random.default_rng(seed).random(2)
    narrow, wide = 1.0, float(max(np.ptp(rows), np.ptp(cols)) + 1)
    found = np.arange(len(cells))
    for _ in range(40):
        step = (narrow + wide) / 2
        chosen = np.flatnonzero(_on_lattice(rows, step, start[0]) & _on_lattice(cols, step, start[1]))
        if len(chosen) >= count:
            found, narrow = chosen, step
        else:
            wide = step
    found = found[np.lexsort((np.where(rows[found] % 2, -cols[found], cols[found]), rows[found]))]
    return [int(index) for index in found[np.arange(count) * len(found) // count]]


def _on_lattice(places: npt.NDArray[np.int_], step: float, start: float) -> npt.NDArray[np.bool_]:
    """Whether a line of a lattice of `step` falls on each place; `start` is its origin in steps."""
    last = places - places.min() - start * step
    falls: npt.NDArray[np.bool_] = np.floor((last + 1) / step - 1e-9) > np.floor(last / step - 1e-9)
    return falls


def draw_stratified(shares: Shares, count: int, seed: int = 0) -> list[int]:
    """A sample in which the strata take turns, the rarest first.

    In its turn a stratum draws among the patches left, each as likely as the share that it has of it: a rare
    stratum is seen although it fills no patch.

    Args:
        shares: of the strata in the candidates; a patch of none of them is never drawn.
        count: how many; fewer come where the strata have fewer patches.
        seed: of the draws.
    """
    generator = np.random.default_rng(seed)
    left = np.asarray(shares, dtype=float).copy()
    strata = [int(k) for k in np.argsort(left.sum(axis=0), kind="stable") if left[:, k].any()]
    drawn: list[int] = []
    while strata and len(drawn) < count:
        stratum = strata.pop(0)
        total = left[:, stratum].sum()
        if total <= 0:
            continue
        index = int(generator.choice(len(left), p=left[:, stratum] / total))
        drawn.append(index)
        left[index] = 0
        strata.append(stratum)
    return drawn


def draw_uncertain(
    uncertainty: npt.NDArray[np.floating],
    features: npt.NDArray[np.floating],
    count: int,
    diversity: float,
    known: npt.NDArray[np.floating] | None = None,
) -> list[int]:
    """The patches of which a model would learn most: uncertain, and unlike what is chosen already.

    Greedy: the next patch is the one with the highest product of uncertainty and distance, each raised
    to its weight, where distance is that to the nearest patch chosen or known.

    Args:
        uncertainty: (N,) of the model on the candidates, 0..1.
        features: (N, F) of the candidates, see `features_of`; NaN uncertainty is never drawn.
        count: how many.
        diversity: weight of the distance, 0..1; with 0 the most uncertain come, wherever they are.
        known: (M, F) of the patches that the campaign has already.

    Source: farthest-first traversal (Gonzalez 1985; Sener and Savarese 2018), weighted by uncertainty.
    """
    doubt = np.where(np.isnan(uncertainty), -1.0, np.clip(uncertainty, 1e-6, 1.0))
    nearest = np.full(len(doubt), np.inf)
    for row in known if known is not None else ():
        nearest = np.minimum(nearest, np.linalg.norm(features - row, axis=1))
    drawn: list[int] = []
    while len(drawn) < min(count, int((uncertainty >= 0).sum())):
        distance = np.ones_like(doubt) if np.isinf(nearest).all() else np.clip(nearest, 1e-6, None)
        worth = np.where(doubt >= 0, np.abs(doubt) ** (1 - diversity) * distance**diversity, -1.0)
        worth[drawn] = -1.0
        index = int(np.argmax(worth))
        drawn.append(index)
        nearest = np.minimum(nearest, np.linalg.norm(features - features[index], axis=1))
    return drawn


def features_of(shares: Shares, centres: npt.NDArray[np.floating], span: float) -> Shares:
    """Where a patch is and what is in it, as a point; two patches are at most 1 apart.

    Args:
        shares: of the predicted classes in each patch; rows sum to 1 or less.
        centres: (N, 2) of the patches, any unit.
        span: largest distance between two centres of the image, in that unit.

    Returns:
        (N, K + 2); half of the squared distance is Hellinger's between the shares, half that of the places.
    """
    return np.hstack(
        [np.sqrt(np.asarray(shares, dtype=float)) / 2, np.asarray(centres) / (span * np.sqrt(2))]
    )


def draw_twice(count: int, share: float, seed: int = 0) -> list[int]:
    """Which of `count` patches a second person labels as well, drawn at random; rounded to the nearest."""
    return sorted(draw_random(count, round(count * share), seed)) if round(count * share) else []
