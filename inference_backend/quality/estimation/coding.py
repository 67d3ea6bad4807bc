# SPDX-License-Identifier: GPL-2.0-or-later
"""Codes as whole numbers: text is sorted once for a sample, not once for each level and measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Coded:
    """A column of text.

    Attributes:
        labels: its distinct values, sorted.
        index: (n,) place of each row's value in `labels`.
    """

    labels: tuple[str, ...]
    index: NDArray[np.int64]


def coded(values: NDArray[np.str_]) -> Coded:
    """Distinct values of a column and where they stand."""
    labels, index = np.unique(np.asarray(values, dtype=np.str_), return_inverse=True)
    return Coded(tuple(str(label) for label in labels), index.ravel().astype(np.int64))


def places(labels: tuple[str, ...], among: tuple[str, ...]) -> NDArray[np.int64]:
    """Place of each label in `among`, -1 where it is not there."""
    known = {name: number for number, name in enumerate(among)}
    return np.array([known.get(label, -1) for label in labels], dtype=np.int64).reshape(len(labels))
