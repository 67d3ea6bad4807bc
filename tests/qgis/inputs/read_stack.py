# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by the backend's Python: read the three bands of a raster argument into an .npz, or say the error.

python read_stack.py OUTPUT RASTER AOI PID-TO-KILL (the last two may be empty)
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np

from inference_backend.contracts.model_card import InputBand, ModelCard
from inference_backend.errors import BackendError
from inference_backend.predict.blocks.tile_plan import Tile
from inference_backend.predict.inputs.band_sources import BandChoice, find_bands
from inference_backend.predict.inputs.input_stack import open_stack

CARD = ModelCard(
    "test",
    "1",
    tuple(InputBand(name) for name in ("red", "green", "blue")),
    0.2,
    512,
    64,
    ("a", "b"),
    "logits",
)


def main() -> None:
    output, raster, aoi, victim = sys.argv[1:5]
    area = Path(aoi) if aoi else None
    try:
        with open_stack(find_bands([raster], CARD, BandChoice()), CARD, aoi=area) as stack:
            if victim:
                stack.read(Tile(0, 0, 64, 0))
                os.kill(int(victim), signal.SIGKILL)
            height, width = stack.grid.shape
            read = stack.read(Tile(0, 0, max(height, width), 0))
            np.savez(
                output,
                values=read.values[:, :height, :width],
                inside=read.inside[:height, :width],
                corner=stack.grid.transform[2:6:3],
            )
    except BackendError as error:
        sys.stdout.write(error.text("fr"))
        raise SystemExit(2) from error


main()
