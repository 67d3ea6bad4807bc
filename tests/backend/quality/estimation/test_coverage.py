# SPDX-License-Identifier: GPL-2.0-or-later
"""Intervals of 95 % cover the truth 93 to 97 times in 100, for each design, by count and by area.

2,000 samples of each: 40 made populations, 50 samples of each. `make bench-estimators` tries more sizes,
accuracies and each class.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.estimators.draws import CASES, Case
from benchmarks.estimators.populations import Made, made
from benchmarks.estimators.samples import overall_of_many, sample_of
from inference_backend.quality.estimation.assess import assess

POPULATIONS, TIMES, SIZE = 40, 50, 300


@pytest.fixture(scope="module", params=[0.85, 0.95])
def populations(request: pytest.FixtureRequest) -> list[Made]:
    rng = np.random.default_rng(20260101)
    return [made(rng, request.param, size=20_000) for _ in range(POPULATIONS)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_intervals_cover_the_truth(case: Case, populations: list[Made]) -> None:
    rng = np.random.default_rng(7)
    inside: dict[str, list[np.ndarray]] = {"count": [], "area": []}
    for population in populations:
        places, chance = case.draw(rng, population, SIZE, TIMES)
        for by, hits in inside.items():
            found = overall_of_many(case, population, places, chance, by)
            truth = population.accuracy(by)
            hits.append((found.low <= truth) & (truth <= found.high))
    covered = {by: float(np.concatenate(hits).mean()) for by, hits in inside.items()}
    assert all(0.93 <= share <= 0.97 for share in covered.values()), covered


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
@pytest.mark.parametrize("by", ["count", "area"])
def test_the_entry_gives_what_was_simulated(case: Case, by: str) -> None:
    rng = np.random.default_rng(11)
    population = made(rng, 0.9, size=6000)
    places, chance = case.draw(rng, population, SIZE, 3)
    many = overall_of_many(case, population, places, chance, by)
    for number in range(3):
        units, whole = sample_of(case, population, places[number], chance)
        found = assess(units, whole, case.design, "cs", 0, by).overall
        expected = (many.value[number], many.error[number], many.low[number], many.high[number])
        assert (found.value, found.standard_error, found.low, found.high) == pytest.approx(expected)
