# SPDX-License-Identifier: GPL-2.0-or-later
"""Couples of cover and use that this controller gave last, each under a key that stays its own.

They follow from the controller's answers alone, so they say nothing of what was delivered.
"""

from __future__ import annotations

from collections.abc import Iterable

from ocsge_pi_review.domain.control import Judgement

Couple = tuple[str, str]
"""Cover and use, both said."""


class Favourites:
    """As many couples as there are places; a new one takes the place of that not used for longest.

    Args:
        places: how many.
    """

    def __init__(self, places: int) -> None:
        self.places: list[Couple | None] = [None] * places
        self._oldest: list[int] = list(range(places))

    @classmethod
    def of(cls, judgements: Iterable[Judgement], places: int) -> Favourites:
        """Those that a series of answers leaves, the oldest first."""
        made = cls(places)
        for judgement in judgements:
            made.use(judgement)
        return made

    def use(self, judgement: Judgement) -> None:
        """Remember an answer; one that leaves something open is no favourite."""
        if not judgement.cs or not judgement.us:
            return
        couple = judgement.cs, judgement.us
        place = self.places.index(couple) if couple in self.places else self._oldest[0]
        self.places[place] = couple
        self._oldest.remove(place)
        self._oldest.append(place)
