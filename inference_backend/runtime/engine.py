# SPDX-License-Identifier: GPL-2.0-or-later
"""What every inference engine offers; an engine knows tensors, not rasters."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Engine(Protocol):
    """A loaded network, safe to call from `workers` threads at once.

    Attributes:
        name: for logs and tags, for instance `onnxruntime`.
        workers: calls of `infer` that should run at the same time for the best throughput.
    """

    name: str
    workers: int

    def infer(self, batch: NDArray[np.float32]) -> NDArray[Any]:
        """Run the network.

        Args:
            batch: (N, C, H, W) float32, standardised as the card says.

        Returns:
            (N, K, h, w) or (N, h, w): float32 scores, or integer class indices for an argmax model;
            h and w may be smaller than H and W by the same even number.

        Raises:
            EngineError: the engine refused the batch or ran out of memory.
        """
