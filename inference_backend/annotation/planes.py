# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands of any type brought to one scale, so that infrared and height weigh as much as colours."""

from __future__ import annotations

import numpy as np

from inference_backend.annotation.types import F32, Patch
from inference_backend.contracts.live import BandRole

LOW_PERCENT, HIGH_PERCENT = 2.0, 98.0
SAMPLE_STEP = 3
"""Every third pixel each way is enough for percentiles."""
MOST_SCALED = 3.0
LEAST_HEIGHT_RANGE_M = 8.0
"""A height range below this is not stretched: noise on flat ground would become an edge."""


def scaled_planes(patch: Patch) -> F32:
    """The bands, most values in [0, 1] and none beyond [-1, 3]; 0.5 where there is no data.

    Returns:
        (C, H, W) float32.
    """
    planes = np.empty(patch.image.shape, np.float32)
    has_gaps = not patch.valid.all()
    for number, (band, role) in enumerate(zip(patch.image, patch.bands, strict=True)):
        plane = band.astype(np.float32)
        sample = plane[::SAMPLE_STEP, ::SAMPLE_STEP]
        if has_gaps:
            sample = sample[patch.valid[::SAMPLE_STEP, ::SAMPLE_STEP]]
        low, high = np.percentile(sample, (LOW_PERCENT, HIGH_PERCENT)) if sample.size else (0.0, 1.0)
        reach = max(float(high - low), LEAST_HEIGHT_RANGE_M if role is BandRole.HEIGHT else 1e-6)
        scaled = (plane - np.float32(low)) / np.float32(reach)
        planes[number] = np.clip(scaled, 1 - MOST_SCALED, MOST_SCALED) if sample.size else 0.5
    if has_gaps:
        planes[:, ~patch.valid] = 0.5
    return planes
