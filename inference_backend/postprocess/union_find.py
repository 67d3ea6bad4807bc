# SPDX-License-Identifier: GPL-2.0-or-later
"""The disjoint-set forest that labelling and merging share."""

from __future__ import annotations

from numba import njit

from inference_backend.postprocess.types import I32


@njit(cache=True)
def find_root(parent: I32, i: int) -> int:
    """Root of `i`, halving the path to it."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int(parent[i])
    return i
