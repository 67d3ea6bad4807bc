# SPDX-License-Identifier: GPL-2.0-or-later
"""Which synthetic communes train, tune and test the model; knows no PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

DEMO_SEED = 7
FIRST_SEEDS = {"train": 1000, "validation": 2000, "test": 3000}


def seeds_of(counts: Sequence[int]) -> dict[str, list[int]]:
    """Seeds of the training, validation and test scenes.

    Args:
        counts: number of scenes of each.

    Raises:
        ValueError: two parts share a scene, or the demo's commune is among them.
    """
    parts = zip(FIRST_SEEDS.items(), counts, strict=True)
    seeds = {part: list(range(first, first + count)) for (part, first), count in parts}
    every = [seed for part in seeds.values() for seed in part]
    check_seeds(every)
    if len(set(every)) != len(every):
        raise ValueError(f"training, validation and test share scenes: {seeds}")
    return seeds


def check_seeds(seeds: Sequence[int]) -> None:
    """Refuse the demo's commune as training or test data.

    Raises:
        ValueError: it is among them.
    """
    if DEMO_SEED in seeds:
        raise ValueError(f"seed {DEMO_SEED} is the demo's commune: it must never train or test the model")
