# SPDX-License-Identifier: GPL-2.0-or-later
"""Samples and populations for tests of the estimators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from inference_backend.contracts.control import Stratum
from inference_backend.quality.estimation.types import Mapped, Population, Units


def stratified(
    stratum: Sequence[str], given: Sequence[str], found: Sequence[str], sizes: Mapping[str, float]
) -> tuple[Units, Population]:
    """A sample of polygons of 1 m² by stratum, with cover alone; use is always right."""
    names = np.array(stratum)
    drawn = {name: int((names == name).sum()) for name in sizes}
    count = len(names)
    units = Units(
        names,
        np.array([drawn[name] / sizes[name] for name in names]),
        np.ones(count),
        np.array(list(given)),
        np.full(count, "US1.1"),
        np.array(list(found)),
        np.full(count, "US1.1"),
    )
    strata = tuple(Stratum(name, int(size), float(size), drawn[name]) for name, size in sizes.items())
    return units, Population(strata)


def pairs_of(table: Sequence[Sequence[int]], names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Delivered and controlled codes of a matrix of counts: rows delivered, columns of the control."""
    rows, cols = np.nonzero(np.array(table))
    times = np.array(table)[rows, cols]
    labels = np.array(list(names))
    return np.repeat(labels[rows], times), np.repeat(labels[cols], times)


def plain(
    given: Sequence[str],
    found: Sequence[str],
    *,
    size: int,
    area_m2: Sequence[float] | None = None,
    mapped: Mapped | None = None,
) -> tuple[Units, Population]:
    """A simple random sample of a population without strata."""
    count = len(given)
    area = np.ones(count) if area_m2 is None else np.array(area_m2, float)
    units = Units(
        np.full(count, "all"),
        np.full(count, count / size),
        area,
        np.array(list(given)),
        np.full(count, "US1.1"),
        np.array(list(found)),
        np.full(count, "US1.1"),
    )
    whole = float(area.sum() * size / count) if count else float(size)
    return units, Population((Stratum("all", size, whole, count),), mapped or Mapped())
