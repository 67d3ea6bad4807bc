# SPDX-License-Identifier: GPL-2.0-or-later
"""A sample seen in one dimension at one level: delivered and controlled class of each unit as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.quality.estimation.coding import Coded, coded, places
from inference_backend.quality.estimation.groups import sums
from inference_backend.quality.estimation.levels import coarse, cut, is_under
from inference_backend.quality.estimation.types import FLAGS, FLOATS, UNSAID, WHOLE, Population, Units

_BETWEEN = " "
"""Between cover and use in a joint class."""


@dataclass(frozen=True)
class View:
    """One dimension, one level.

    Attributes:
        classes: codes in the nomenclature's order.
        given: (n,) delivered class.
        found: (n,) class of the control; -1 where it cannot be said at this level.
        wrong: (n,) whether even a coarse answer shows that the unit is wrong.
        mapped: (k,) class of each row of `Population.mapped`.
    """

    classes: tuple[str, ...]
    given: WHOLE
    found: WHOLE
    wrong: FLAGS
    mapped: WHOLE

    @property
    def said(self) -> FLAGS:
        """(n,) whether the control tells the class."""
        return self.found >= 0

    def totals(self, per_row: FLOATS) -> FLOATS:
        """Sum of a column of `Population.mapped` by class."""
        return sums(self.mapped, per_row, len(self.classes))


def view_of(units: Units, population: Population, dimension: str, level: int) -> View:
    """The sample in a dimension at a level."""
    if dimension == "joint":
        return _joint(_single(units, population, "cs", level), _single(units, population, "us", level))
    return _single(units, population, dimension, level)


def _single(units: Units, population: Population, dimension: str, level: int) -> View:
    cover = dimension == "cs"
    leaves = population.covers if cover else population.uses
    given, found = (units.coded[f"{side}_{dimension}"] for side in ("map", "control"))
    mapped = coded(population.mapped.cs if cover else population.mapped.us)
    known = leaves or {*given.labels, *found.labels, *mapped.labels}
    vague = coarse(found.labels, level, known) | {UNSAID}
    short = {
        code: cut(code, level, leaves) for code in {*given.labels, *found.labels, *mapped.labels} - vague
    }
    short |= {code: cut(code, level, leaves) for code in (*given.labels, *mapped.labels)}
    order = tuple(dict.fromkeys(cut(leaf, level, leaves) for leaf in leaves))
    present = set(short.values())
    classes = (*(c for c in order if c in present), *sorted(present - set(order)))
    return View(
        classes,
        _numbers(given, classes, short)[given.index],
        np.where(_is_in(found, vague), -1, _numbers(found, classes, short)[found.index]),
        _contradicts(given, found, vague),
        _numbers(mapped, classes, short)[mapped.index],
    )


def _numbers(column: Coded, classes: tuple[str, ...], short: dict[str, str]) -> WHOLE:
    return places(tuple(short.get(label, label) for label in column.labels), classes)


def _is_in(column: Coded, labels: set[str]) -> FLAGS:
    return np.array([label in labels for label in column.labels], dtype=bool)[column.index]


def _contradicts(given: Coded, found: Coded, vague: set[str]) -> FLAGS:
    """Units whose coarse answer is of another branch than their delivered code."""
    table = np.zeros((len(found.labels), len(given.labels)), dtype=bool)
    for row, answer in enumerate(found.labels):
        if answer in vague and answer != UNSAID:
            table[row] = [not is_under(code, answer) for code in given.labels]
    return table[found.index, given.index] if len(given.index) else np.zeros(0, dtype=bool)


def _joint(cover: View, use: View) -> View:
    """Pairs of classes; a pair is told where both are."""
    size = len(use.classes)
    said = cover.said & use.said
    given = cover.given * size + use.given
    found = np.where(said, cover.found * size + use.found, -1)
    mapped = cover.mapped * size + use.mapped
    kept = np.unique(np.concatenate([given, found[said], mapped]))
    classes = tuple(cover.classes[pair // size] + _BETWEEN + use.classes[pair % size] for pair in kept)
    wrong = _known_wrong(cover) | _known_wrong(use)
    return View(
        classes,
        np.searchsorted(kept, given),
        np.where(said, np.searchsorted(kept, found), -1),
        wrong & ~said,
        np.searchsorted(kept, mapped),
    )


def _known_wrong(view: View) -> FLAGS:
    return np.where(view.said, view.given != view.found, view.wrong)
