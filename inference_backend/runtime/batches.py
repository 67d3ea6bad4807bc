# SPDX-License-Identifier: GPL-2.0-or-later
"""Any number of images through a network that takes a fixed number at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def in_batches(values: Array, batch: int | None, run: Callable[[Array], Array]) -> Array:
    """Results of all images, the last batch being filled up with copies of its last image.

    Args:
        values: (N, C, H, W).
        batch: images that `run` takes; None for any number.
        run: from (batch, C, H, W) to (batch, ...).

    Returns:
        (N, ...).
    """
    if batch is None or len(values) == batch:
        return run(values)
    results = [run(_filled(values[i : i + batch], batch)) for i in range(0, len(values), batch)]
    return np.concatenate(results)[: len(values)]


def joined(outputs: Sequence[Array]) -> Array:
    """Several outputs as one, along the class axis; (N, H, W) is taken for one class.

    Raises:
        ValueError: they differ in height or width.
    """
    if len(outputs) == 1:
        return outputs[0]
    return np.concatenate([array[:, None] if array.ndim == 3 else array for array in outputs], axis=1)


def _filled(values: Array, batch: int) -> Array:
    missing = batch - len(values)
    return np.concatenate((values, np.repeat(values[-1:], missing, axis=0))) if missing else values
