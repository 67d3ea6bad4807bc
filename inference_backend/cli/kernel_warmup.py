# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles every kernel of the chain by running it once on a tiny synthetic commune.

Numba keeps what it compiles beside the code, or in the user's cache where the code cannot be written. What a
run calls is what gets compiled, so that no list of kernels and signatures has to be kept.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from inference_backend.contracts.profile import Profile
from inference_backend.models.reader import default_model_path
from inference_backend.postprocess.pipeline import postprocess
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.progress import Progress, Span
from inference_backend.scene.generate import generate_scene
from inference_backend.service.live.warm_up import warm_up as warm_up_live

SEED, SIZE_M, PIXEL_M, YEAR = 3, 240.0, 0.2, "2022"
"""The smallest commune that has fields, roads, a wood, houses apart and together."""
BLOCK_PX = 640
"""Four blocks, so that borders are stitched."""

_PACKAGE = "inference_backend."


@dataclass(frozen=True)
class Kernel:
    """What this process knows of a kernel that Python has called.

    Attributes:
        signatures: types of arguments that it was called with.
        loaded: how many of them came from the cache.
        compiled: how many were compiled now.
    """

    signatures: tuple[str, ...]
    loaded: int
    compiled: int


def warm_up(progress: Progress) -> dict[str, Kernel]:
    """Run the chain with and without scores and references, and the live service; what was called, by name.

    Raises:
        OutputError: there is no room for temporary files.
        Cancelled: the user stopped.
    """
    warm_up_live()
    profile = Profile.load()
    with tempfile.TemporaryDirectory(prefix="ocsge-warmup-") as name:
        folder = Path(name)
        scene = generate_scene(
            folder / "scene", SEED, size_m=SIZE_M, pixel_m=PIXEL_M, progress=Span(progress, 0.0, 0.1)
        )
        rasters = [scene / f"{kind}_{YEAR}.tif" for kind in ("ortho", "height")]
        predicted = folder / "prediction.tif"
        for blend in (False, True):
            span = Span(progress, 0.2 if blend else 0.1, 0.3 if blend else 0.2)
            options = PredictOptions(blend=blend, restart=True)
            predict(rasters, default_model_path(), predicted, options, progress=span)
        given = [scene / "references", scene / "restricted"]
        runs: tuple[tuple[Path, list[Path], Span], ...] = (
            (predicted, given, Span(progress, 0.3, 0.9)),
            (scene / f"labels_{YEAR}.tif", given, Span(progress, 0.9, 0.95)),
            (predicted, [], Span(progress, 0.95, 1.0)),
        )
        for number, (raster, references, span) in enumerate(runs):
            lot = folder / f"lot_{number}.gpkg"
            postprocess(
                raster, references, lot, profile=profile, millesime=YEAR, block_px=BLOCK_PX, progress=span
            )
    return called_kernels()


def called_kernels() -> dict[str, Kernel]:
    """Kernels of ours that Python has called in this process; those that others call are part of them."""
    from numba.core.registry import CPUDispatcher

    found = {}
    ours = [(name, vars(module)) for name, module in sys.modules.items() if name.startswith(_PACKAGE)]
    for module, content in ours:
        for name, value in content.items():
            if not isinstance(value, CPUDispatcher) or value.py_func.__module__ != module:
                continue
            signatures = tuple(str(signature) for signature in value.nopython_signatures)
            hits, misses = value.stats.cache_hits, value.stats.cache_misses
            if signatures:
                found[f"{module}.{name}"] = Kernel(signatures, sum(hits.values()), sum(misses.values()))
    return found
