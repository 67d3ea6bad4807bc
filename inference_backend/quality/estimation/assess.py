# SPDX-License-Identifier: GPL-2.0-or-later
"""One entry to all estimators: the design that drew the sample chooses, never a person."""

from __future__ import annotations

from inference_backend.contracts.control import ControlDesign
from inference_backend.contracts.control_report import Assessment
from inference_backend.quality.estimation.types import Population, Units

DIMENSIONS = ("cs", "us", "joint")
MEASURES = ("count", "area")


def assess(
    units: Units, population: Population, design: ControlDesign, dimension: str, level: int, by: str
) -> Assessment:
    """Accuracy of one dimension, at one level of the nomenclature, by count or by area.

    Args:
        units: the sample.
        population: what it stands for.
        design: how it was drawn.
        dimension: `cs`, `us` or `joint`.
        level: number of components that are kept of a code; 0 for the leaves.
        by: `count` or `area`.

    Raises:
        EstimationError: arrays of unequal length, a stratum that the population lacks, a probability or an
            area that is none.
    """
    raise NotImplementedError
