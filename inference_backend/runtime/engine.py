# SPDX-License-Identifier: GPL-2.0-or-later
"""What every inference engine offers; an engine knows tensors, not rasters."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from inference_backend.runtime.score_map import ScoreMap


class Engine(Protocol):
    """A loaded network, safe to call from `workers` threads at once.

    An engine takes raster values and standardises them itself, as the card says: some fold that into the
    graph, and a remote one sends bytes instead of floats.

    Attributes:
        name: for logs and tags, for instance `onnxruntime`.
        precision: arithmetic of the network: `f32`, `f16`, `bf16` or `int8`.
        workers: calls of `infer` that should run at the same time for the best throughput.
    """

    name: str
    precision: str
    workers: int

    def infer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Run the network.

        Args:
            values: (N, C, H, W) raster values in the card's band order, not standardised; uint8 where every
                band is of bytes, else float32.

        Returns:
            (N, K, h, w) or (N, h, w): float32 scores, or integer class indices for an argmax model;
            h and w may be smaller than H and W by the same even number.

        Raises:
            EngineError: the engine refused the batch or ran out of memory.
        """

    def close(self) -> None:
        """Give back memory, threads and connections; safe to call twice."""


class PlaneEngine(Engine, Protocol):
    """An engine that can also make the four planes of a prediction where the network is."""

    gives_planes: bool

    def planes(self, values: NDArray[Any], min_confidence: float) -> NDArray[np.uint8]:
        """Class, confidence, runner-up and margin.

        Args:
            values: as for `infer`.
            min_confidence: top-1 score below which no class wins, 0..1.

        Returns:
            (N, 4, h, w) uint8, see `contracts.prediction`, all of it taken to be inside the image.

        Raises:
            EngineError: as for `infer`.
        """


def plane_engine(engine: Engine) -> PlaneEngine | None:
    """The same engine where it makes planes itself, else None."""
    return cast(PlaneEngine, engine) if getattr(engine, "gives_planes", False) else None


class MapEngine(Engine, Protocol):
    """An engine that can also lend the scores of one tile as they lie in its memory, which is faster."""

    lends_maps: bool

    def prepare(self, dtype: DTypeLike, shape: tuple[int, int, int]) -> None:
        """Get ready for tiles, in the background; what fails there fails again when the first one comes.

        Args:
            dtype: of their values, uint8 or float32.
            shape: (C, H, W) of each.
        """

    def lend(self, values: NDArray[Any]) -> AbstractContextManager[ScoreMap]:
        """Scores of a tile, to be read inside the block alone.

        Args:
            values: as for `infer`, of one tile.

        Raises:
            EngineError: as for `infer`.
        """


def map_engine(engine: Engine) -> MapEngine | None:
    """The same engine where it lends maps, else None."""
    return cast(MapEngine, engine) if getattr(engine, "lends_maps", False) else None
