# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of drawing.

ValueError
└── SamplingError   a design that cannot be followed
"""

from __future__ import annotations


class SamplingError(ValueError):
    """A design that cannot be followed.

    Args:
        problem_en: what is wrong.
        problem_fr: the same in French.
        remedy_en: what to do.
        remedy_fr: the same in French.
    """

    def __init__(self, problem_en: str, problem_fr: str, remedy_en: str, remedy_fr: str) -> None:
        super().__init__(problem_en)
        self.problem_en, self.problem_fr = problem_en, problem_fr
        self.remedy_en, self.remedy_fr = remedy_en, remedy_fr
