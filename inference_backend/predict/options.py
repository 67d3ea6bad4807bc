# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user may ask of a prediction, in one value that travels to workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from inference_backend.predict.inputs.band_sources import BandChoice
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.runtime.choose import AUTO


@dataclass(frozen=True)
class PredictOptions:
    """Everything beside rasters, model and output; picklable.

    Attributes:
        engine: `auto`, a name of `runtime.choose.engine_names`, or `v2:URL` of a KServe V2 server.
        choice: bands and constants given explicitly; otherwise by band description.
        resample: bring rasters of other resolutions onto one grid at the model's resolution.
        crs: coordinate system that stands in for the rasters' own, for instance `EPSG:2154`.
        aoi: vector file of the area of interest; None for the whole raster. Pixels outside are no-data.
        overlap_px: margin of a tile on each side, px; None for the card's, less where the network is known
            to look less far around a pixel.
        blend: mix the scores of neighbouring tiles over their margins instead of cutting them at mid-way.
        probabilities: also write one uint8 band per class, `round(255 * p)`, beside the output.
        scheduler: address of a Dask scheduler such as `tcp://host:8786`; empty for local threads.
        restart: start over, even where an earlier run left finished blocks.
        policy: which files and servers the rasters may refer to; a service limits it.
    """

    engine: str = AUTO
    choice: BandChoice = field(default_factory=BandChoice)
    resample: bool = False
    crs: str | None = None
    aoi: Path | None = None
    overlap_px: int | None = None
    blend: bool = False
    probabilities: bool = False
    scheduler: str = ""
    restart: bool = False
    policy: SourcePolicy = EVERYTHING


DEFAULT_OPTIONS = PredictOptions()
"""What nobody asked anything of."""
