# SPDX-License-Identifier: GPL-2.0-or-later
"""Which classes the operator has used lately, and most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


class ClassUse:
    """Classes of the gestures so far."""

    def __init__(self) -> None:
        self._recent: list[int] = []
        self._counts: Counter[int] = Counter()

    def count(self, values: Iterable[int]) -> None:
        """A gesture gave these classes."""
        for value in values:
            self._counts[value] += 1
            if value in self._recent:
                self._recent.remove(value)
            self._recent.insert(0, value)

    def recent(self) -> tuple[int, ...]:
        """Classes used, the last one first."""
        return tuple(self._recent)

    def frequent(self) -> tuple[int, ...]:
        """Classes used, the one of most gestures first."""
        return tuple(value for value, _ in self._counts.most_common())
