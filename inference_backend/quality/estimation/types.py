# SPDX-License-Identifier: GPL-2.0-or-later
"""What estimators get: the units of a sample with both codes, and the population they stand for.

Arrays alone: nothing here knows a lot, a database or a controller's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.control import Stratum
from inference_backend.quality.estimation.coding import Coded, coded

FLOATS = NDArray[np.float64]
WHOLE = NDArray[np.int64]
FLAGS = NDArray[np.bool_]
CODES = NDArray[np.str_]
UNSAID = ""
"""Code of the control where it cannot be said, or was not answered."""


@dataclass(frozen=True)
class Units:
    """The sample, one row for each unit drawn, the unanswered ones included.

    A polygon that two points hit is two units.

    Attributes:
        stratum: (n,) names of Population.strata.
        probability: (n,) inclusion probability, 0 < p <= 1; for points, expected hits of the polygon.
        area_m2: (n,) of the polygon, m2, above 0.
        map_cs: (n,) delivered cover.
        map_us: (n,) delivered use.
        control_cs: (n,) cover of the control, at any level; `UNSAID` where it cannot be said or is missing.
        control_us: (n,) the same for use.
        rank: (n,) place along the line or grid that a systematic draw follows; None where unknown, and then a
            systematic sample is treated as a random one.
    """

    stratum: CODES
    probability: FLOATS
    area_m2: FLOATS
    map_cs: CODES
    map_us: CODES
    control_cs: CODES
    control_us: CODES
    rank: WHOLE | None = None

    def __len__(self) -> int:
        """Units drawn."""
        return len(self.stratum)

    @cached_property
    def coded(self) -> dict[str, Coded]:
        """Each column of text as numbers, by its name."""
        names = ("stratum", "map_cs", "map_us", "control_cs", "control_us")
        return {name: coded(getattr(self, name)) for name in names}


@dataclass(frozen=True)
class Mapped:
    """What the lot says of the population: one row for each pair of codes; without rows it is not known.

    Attributes:
        cs: (k,) delivered cover.
        us: (k,) delivered use.
        polygons: (k,) polygons that bear the pair and could be drawn.
        area_m2: (k,) their area, m2.
    """

    cs: CODES = field(default_factory=lambda: np.zeros(0, np.str_))
    us: CODES = field(default_factory=lambda: np.zeros(0, np.str_))
    polygons: WHOLE = field(default_factory=lambda: np.zeros(0, np.int64))
    area_m2: FLOATS = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        """Pairs."""
        return len(self.cs)


@dataclass(frozen=True)
class Population:
    """All polygons that could be drawn: what estimates speak of. Excluded ones are not in it.

    Attributes:
        strata: the strata of the design, those without a unit included.
        mapped: totals by delivered code; they serve post-stratification and stand beside estimated areas.
        covers: leaves of the cover nomenclature in its order; empty: the order of the codes.
        uses: leaves of the use nomenclature.
    """

    strata: tuple[Stratum, ...]
    mapped: Mapped = field(default_factory=Mapped)
    covers: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
