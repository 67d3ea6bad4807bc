# SPDX-License-Identifier: GPL-2.0-or-later
"""Made populations of polygons whose every error is known.

Areas are as unequal as those of real lots: their squared coefficient of variation is near 4. Small polygons
and some classes are wrong more often, and errors stand together along the line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARES = (0.40, 0.20, 0.12, 0.10, 0.08, 0.05, 0.03, 0.02)
"""Of the polygons, by class."""
LEAVES = tuple(f"CS{number}" for number in range(1, len(SHARES) + 1))


@dataclass(frozen=True)
class Made:
    """A population, its polygons in the order of a line through the territory.

    Attributes:
        given: (N,) delivered class, 0..7.
        true: (N,) true class.
        area_m2: (N,)
        commune: (N,) 0..5, stretches of the line.
    """

    given: NDArray[np.int64]
    true: NDArray[np.int64]
    area_m2: NDArray[np.float64]
    commune: NDArray[np.int64]

    def measure(self, by: str) -> NDArray[np.float64]:
        """(N,) 1, or areas."""
        return self.area_m2 if by == "area" else np.ones(len(self.given))

    def accuracy(self, by: str) -> float:
        """True overall accuracy."""
        measure = self.measure(by)
        return float(measure[self.given == self.true].sum() / measure.sum())


def made(rng: np.random.Generator, accuracy: float, *, size: int = 20_000, together: float = 0.3) -> Made:
    """A population.

    Args:
        rng: source of chance.
        accuracy: share of the polygons that is right, about.
        size: polygons, N.
        together: how much errors stand together along the line; 0 for not at all.
    """
    given = rng.choice(len(SHARES), size, p=SHARES)
    area = 2000 * (1 + 0.3 * given) * np.exp(rng.normal(0, 1.25, size))
    wave = _smooth(rng, size, max(size // 40, 1))
    odds = np.linspace(0.5, 2, len(SHARES))[given] * np.clip((area / 2000) ** -0.2, 0.4, 2.5)
    odds *= np.exp(together * wave)
    wrong = rng.random(size) < np.clip((1 - accuracy) * odds / odds.mean(), 0, 0.95)
    # A class is mostly taken for its neighbour.
    step = rng.choice([1, 2, 3, 7], size, p=[0.5, 0.2, 0.1, 0.2])
    true = np.where(wrong, (given + step) % len(SHARES), given)
    return Made(given, true, area, np.arange(size) * 6 // size)


def _smooth(rng: np.random.Generator, size: int, width: int) -> NDArray[np.float64]:
    """Chance that varies slowly along the line, of mean 0 and deviation 1."""
    noise = rng.normal(size=size + width - 1)
    moving = np.convolve(noise, np.ones(width), "valid") / np.sqrt(width)
    return np.asarray(moving)
