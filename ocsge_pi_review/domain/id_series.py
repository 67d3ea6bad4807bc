# SPDX-License-Identifier: GPL-2.0-or-later
"""New polygon ids, above every id known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ocsge_pi_review.domain.lot_errors import NoIdLeftError

FIRST = "OCSGE0000000000"
_PARTS = re.compile(r"^(.*?)(\d+)$", re.DOTALL)


class IdSeries:
    """Counts upwards.

    Args:
        last: the highest id given so far; its prefix and number of digits are kept.
    """

    def __init__(self, last: str) -> None:
        match = _PARTS.match(last)
        self._prefix, digits = match.groups() if match else (last, "0" * 10)
        self._width, self._last = len(digits), int(digits)

    @property
    def last(self) -> str:
        """The last id given."""
        return self._text(self._last)

    def take(self, count: int) -> list[str]:
        """The next ids."""
        self._last += count
        return [self._text(number) for number in range(self._last - count + 1, self._last + 1)]

    def pass_by(self, last: str) -> None:
        """Go on after `last` where that is farther: somebody else gave ids, or a cut set a range apart."""
        self._last = max(self._last, _number_of(last))

    def _text(self, number: int) -> str:
        return f"{self._prefix}{number:0{self._width}d}"


def highest(polygon_ids: Iterable[str]) -> str:
    """The id with the greatest number at its end."""
    return max(polygon_ids, key=_number_of, default=FIRST)


def require_within(polygon_ids: Iterable[str], limit: str | None, label: str) -> None:
    """Accept ids that a lot may give: those after them belong to other lots of the same parent.

    Args:
        polygon_ids: new ones.
        limit: the highest that the lot may give; None or empty: no limit.
        label: what errors call the lot.

    Raises:
        NoIdLeftError: one is higher.
    """
    if limit and any(_number_of(polygon_id) > _number_of(limit) for polygon_id in polygon_ids):
        raise NoIdLeftError(label=label, limit=limit)


def _number_of(polygon_id: str) -> int:
    match = _PARTS.match(polygon_id)
    return int(match.group(2)) if match else 0
