# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures that change codes alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inference_backend.contracts.nomenclature import Dimension
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.errors import UnknownCodeError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import require_free

OPERATOR_RULE = "operator"
"""Value of `cs_rule` and `us_rule` once a person has decided."""


@dataclass(frozen=True)
class Codes:
    """Cover and use of a polygon that a gesture makes."""

    cs: str
    us: str

    def values(self, profile: Profile) -> dict[str, Any]:
        """The columns of a row that carry them.

        Raises:
            UnknownCodeError: one is not a leaf of its dimension.
        """
        return {**_values("cs", self.cs, profile), **_values("us", self.us, profile)}


def keep(*rows: PolygonRow) -> Patch:
    """Accept polygons as they are."""
    return Patch(rows, rows)


def set_code(row: PolygonRow, dimension: Dimension, code: str, profile: Profile) -> Patch:
    """Give a polygon another cover (`cs`) or use (`us`).

    Raises:
        LockedPolygonError, MarginPolygonError: it may not be changed.
        UnknownCodeError: not a leaf of that dimension.
    """
    return set_codes((row,), {dimension: code}, profile)


def set_codes(rows: Iterable[PolygonRow], codes: Mapping[Dimension, str], profile: Profile) -> Patch:
    """Give the same cover, use or both to several polygons.

    Raises:
        LockedPolygonError, MarginPolygonError: one may not be changed.
        UnknownCodeError: not a leaf of its dimension.
    """
    before = tuple(rows)
    require_free(*before)
    values: dict[str, Any] = {}
    for dimension, code in codes.items():
        values.update(_values(dimension, code, profile))
    return Patch(before, tuple(row.with_values(**values) for row in before))


def _values(dimension: Dimension, code: str, profile: Profile) -> dict[str, Any]:
    if not profile.nomenclature.is_leaf(code) or profile.nomenclature[code].dimension != dimension:
        raise UnknownCodeError(code=code, profile=profile.name)
    return {f"code_{dimension}": code, f"{dimension}_rule": OPERATOR_RULE}
