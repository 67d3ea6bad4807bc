# SPDX-License-Identifier: GPL-2.0-or-later
"""Statistics of a band from its histogram, under the names that GDAL and QGIS know."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.prediction import NODATA


def statistics_tags(histogram: NDArray[np.uint64]) -> dict[str, str]:
    """Exact minimum, maximum, mean, standard deviation and share of valid pixels; none where all is no-data.

    Args:
        histogram: (256,) pixels of each value.
    """
    counts = histogram.astype(np.float64)
    valid = counts.copy()
    valid[NODATA] = 0
    total = valid.sum()
    if not total:
        return {}
    values = np.arange(256)
    mean = float((values * valid).sum() / total)
    variance = float(((values - mean) ** 2 * valid).sum() / total)
    present = np.flatnonzero(valid)
    return {
        "STATISTICS_MINIMUM": str(int(present[0])),
        "STATISTICS_MAXIMUM": str(int(present[-1])),
        "STATISTICS_MEAN": f"{mean:.6g}",
        "STATISTICS_STDDEV": f"{variance**0.5:.6g}",
        "STATISTICS_VALID_PERCENT": f"{100 * total / counts.sum():.4g}",
    }
