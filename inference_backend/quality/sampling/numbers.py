# SPDX-License-Identifier: GPL-2.0-or-later
"""Random numbers that are the same on every machine and with every version of numpy.

numpy promises that for the raw numbers of its generators, not for the distributions made from them.
"""

from __future__ import annotations

import hashlib
import secrets

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_KEY_BYTES = 16
_UNIT = 2.0**-53
_SEEDS = 2**31 - 1


def fresh_seed() -> int:
    """A seed that nobody can know before the draw, 0 <= seed < 2**31 - 1."""
    return secrets.randbelow(_SEEDS)


class Stream:
    """Numbers of one purpose of one seed; another purpose gives others.

    Args:
        seed: of the design.
        purpose: words that tell what the numbers are for.
    """

    def __init__(self, seed: int, *purpose: object) -> None:
        text = "\0".join(str(part) for part in (seed, *purpose))
        key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:_KEY_BYTES], "little")
        self._source = np.random.Philox(key=key)

    def uniform(self, count: int) -> Floats:
        """(count,) numbers, 0 <= u < 1."""
        raw = np.asarray(self._source.random_raw(count), dtype=np.uint64).reshape(count)
        numbers: Floats = (raw >> np.uint64(11)).astype(np.float64) * _UNIT
        return numbers

    def order(self, count: int) -> NDArray[np.int64]:
        """(count,) a random permutation of 0..count-1."""
        permutation: NDArray[np.int64] = np.argsort(self.uniform(count), kind="stable")
        return permutation
