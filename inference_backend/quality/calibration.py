# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether chances that were stated came true: expected against found, by area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOATS = NDArray[np.float64]
BINS = 10


@dataclass(frozen=True)
class Reliability:
    """Polygons grouped by the chance of an error that was stated for them, 0 to 1 in equal steps.

    Attributes:
        stated: (k,) mean chance in each group that holds an area, by area.
        found: (k,) share of the group's area that is wrong.
        share: (k,) share of all area that is in the group.
    """

    stated: tuple[float, ...]
    found: tuple[float, ...]
    share: tuple[float, ...]

    @property
    def error(self) -> float:
        """Mean distance between stated and found, by area: the expected calibration error."""
        rows = zip(self.stated, self.found, self.share, strict=True)
        return float(sum(share * abs(stated - found) for stated, found, share in rows))


def reliability(chance: FLOATS, wrong_m2: FLOATS, area_m2: FLOATS, bins: int = BINS) -> Reliability:
    """Compare chances with what happened.

    Args:
        chance: (n,) stated chance that a point of the polygon is wrong, 0..1.
        wrong_m2: (n,) wrong area of each polygon.
        area_m2: (n,) area of each polygon.
        bins: number of groups.
    """
    group = np.minimum((chance * bins).astype(np.int64), bins - 1)
    area = np.bincount(group, area_m2, minlength=bins)
    stated = np.bincount(group, chance * area_m2, minlength=bins)
    found = np.bincount(group, wrong_m2, minlength=bins)
    kept = area > 0
    return Reliability(
        tuple((stated[kept] / area[kept]).tolist()),
        tuple((found[kept] / area[kept]).tolist()),
        tuple((area[kept] / area.sum()).tolist()),
    )
