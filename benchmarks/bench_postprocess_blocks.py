# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a lot is the same whatever the blocks and the workers: geometries and attributes, byte for byte."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import lots, mosaic, timing
from benchmarks.figures import Figures
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.pipeline import postprocess

SIDE_KM = 2
BLOCKS_PX = (None, 1920, 5120)
WORKERS = (1, 2)


def measure() -> Figures:
    side_km = 1 if timing.is_quick() else SIDE_KM
    with tempfile.TemporaryDirectory() as name:
        folder, tiles = Path(name), mosaic.scenes()
        prediction = mosaic.write_prediction(folder / "prediction.vrt", side_km, tiles)
        references = mosaic.write_references(folder / "references", side_km, tiles)
        found = []
        for workers in WORKERS:
            for block_px in BLOCKS_PX:
                lot = folder / f"{workers}_{block_px}.gpkg"
                options = {"workers": workers, "block_px": block_px}
                postprocess(
                    prediction, [references], lot, profile=Profile.load(), millesime=lots.YEAR, **options
                )
                found.append(lots.content(lot))
    return {
        "blocks_identical": int(all(other == found[0] for other in found[1:])),
        "blocks_compared": len(found),
    }
