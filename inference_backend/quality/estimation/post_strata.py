# SPDX-License-Identifier: GPL-2.0-or-later
"""Post-strata that have enough units to be told apart."""

from __future__ import annotations

import numpy as np

from inference_backend.quality.estimation.groups import sums
from inference_backend.quality.estimation.types import FLAGS, FLOATS, WHOLE

LEAST = 20
"""Answered units below which a post-stratum is joined with the other small ones: too rough alone."""


def joined(given: WHOLE, said: FLAGS, known: FLOATS) -> tuple[WHOLE, FLOATS, bool]:
    """Delivered classes as groups, those with too few answers as one, with the smallest other if need be.

    Args:
        given: (n,) delivered class of each unit.
        said: (n,) whether it is answered.
        known: (C,) measure of the population by class.

    Returns:
        (n,) group of each unit, (C,) known totals of the groups, and whether some were joined.
    """
    count = sums(given, said, len(known))
    order = np.argsort(count, kind="stable")
    small = int((count < LEAST).sum())
    while 0 < small < len(known) and count[order[:small]].sum() < LEAST:
        small += 1
    if small < 2 or not (known[order[:small]].any() or count[order[:small]].any()):
        return given, known, False
    target = np.arange(len(known))
    target[order[:small]] = order[0]
    return target[given], sums(target, known, len(known)), True
