# SPDX-License-Identifier: GPL-2.0-or-later
"""How often 95 % intervals cover the truth: by design, measure, accuracy and size, overall and by class.

python -m benchmarks.estimators.coverage build/estimators.json
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.estimators.draws import CASES, Case
from benchmarks.estimators.populations import LEAVES, Made, made
from benchmarks.estimators.samples import overall_of_many, sample_of
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.control_report import Assessment, Estimate
from inference_backend.quality.estimation.assess import assess

SETTINGS = ((0.85, 300), (0.95, 300), (0.98, 300), (0.9, 100), (0.95, 1000))
"""Accuracy of the population and size of the sample."""
POPULATIONS, TIMES, CLASS_TIMES = 40, 50, 5
MEASURES = ("count", "area")


def main(arguments: list[str]) -> None:
    """Writes the table to the file that is named, and prints it."""
    rows = [row for accuracy, size in SETTINGS for row in _rows(accuracy, size)]
    target = Path(arguments[0])
    with replace_when_done(target) as part:
        part.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    for row in rows:
        print(*row.values(), sep="\t")


def _rows(accuracy: float, size: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(20260101)
    populations = [made(rng, accuracy) for _ in range(POPULATIONS)]
    return [
        {"accuracy": accuracy, "size": size, "design": case.name, "by": by}
        | _overall(case, populations, size, by)
        | _by_class(case, populations, size, by)
        for case in CASES
        for by in MEASURES
    ]


def _overall(case: Case, populations: list[Made], size: int, by: str) -> dict[str, float]:
    """Coverage of overall accuracy, and the standard error over the real spread."""
    rng = np.random.default_rng(7)
    inside, off, square = [], [], []
    for population in populations:
        places, chance = case.draw(rng, population, size, TIMES)
        found, truth = overall_of_many(case, population, places, chance, by), population.accuracy(by)
        inside.append((found.low <= truth) & (truth <= found.high))
        off.append(found.value - truth)
        square.append(found.error**2)
    spread = float(np.concatenate(off).std())
    return {
        "overall": round(100 * float(np.concatenate(inside).mean()), 1),
        "error_over_spread": round(float(np.sqrt(np.concatenate(square).mean())) / spread, 2),
    }


def _by_class(case: Case, populations: list[Made], size: int, by: str) -> dict[str, float]:
    """Coverage of user's and producer's accuracy and of areas, all classes together."""
    rng = np.random.default_rng(8)
    hits: dict[str, list[bool]] = defaultdict(list)
    for population in populations:
        truth = _truth(population, by)
        places, chance = case.draw(rng, population, size, CLASS_TIMES)
        for row in places:
            found = assess(*sample_of(case, population, row, chance), case.design, "cs", 0, by)
            _count(found, truth, hits)
    return {name: round(100 * float(np.mean(values)), 1) for name, values in hits.items()}


def _truth(population: Made, by: str) -> dict[str, dict[str, float]]:
    size = len(LEAVES)
    table = np.bincount(population.given * size + population.true, population.measure(by), size**2)
    table = table.reshape(size, size)
    right, rows, columns = np.diag(table), table.sum(axis=1), table.sum(axis=0)
    columns_of = {"users": right / rows, "producers": right / columns, "areas": columns}
    return {name: dict(zip(LEAVES, map(float, values), strict=True)) for name, values in columns_of.items()}


def _count(found: Assessment, truth: dict[str, dict[str, float]], hits: dict[str, list[bool]]) -> None:
    for name, values in truth.items():
        estimates: dict[str, Estimate] = getattr(found, name)
        for code, estimate in estimates.items():
            if estimate.low is not None and estimate.high is not None:
                slack = 1e-9 * abs(values[code])
                hits[name].append(estimate.low - slack <= values[code] <= estimate.high + slack)


if __name__ == "__main__":
    main(sys.argv[1:])
