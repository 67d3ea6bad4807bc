# SPDX-License-Identifier: GPL-2.0-or-later
"""Which code is under which key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from inference_backend.contracts.nomenclature import Dimension, Nomenclature

DIGIT_KEYS = tuple("1234567890")
DIRECT_USE_KEYS = tuple(f"Alt+{digit}" for digit in "123456")
"""Keys that give a use while covers are shown; Qt and QGIS have nothing under them."""
LETTER_KEYS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def by_context(
    nomenclature: Nomenclature,
    dimension: Dimension,
    current: str,
    runner_up: str | None,
    borders_m: Mapping[str, float],
    shares: Mapping[str, float],
    unlikely: Collection[str] = (),
) -> tuple[str, ...]:
    """All leaves, the most probable answer first.

    Args:
        nomenclature: the codes.
        dimension: cover or use.
        current: the polygon's code, put last: there is no point in giving it again.
        runner_up: the model's second choice, put first.
        borders_m: by code, length of border with neighbours that carry it, m; codes of the other dimension
            count for nothing.
        shares: by code, share of the lot's polygons that carry it.
        unlikely: codes that seldom go with the polygon's other one, put behind the rest.
    """
    leaves = [code.code for code in nomenclature.leaves(dimension)]
    whole = sum(borders_m.get(code, 0.0) for code in leaves) or 1.0

    def rank(code: str) -> tuple[bool, bool, bool, float]:
        near = borders_m.get(code, 0.0) / whole + shares.get(code, 0.0)
        return code == current, code != runner_up, code in unlikely, -near

    return tuple(sorted(leaves, key=rank))


def by_frequency(
    nomenclature: Nomenclature, dimension: Dimension, shares: Mapping[str, float]
) -> tuple[str, ...]:
    """All leaves, the lot's most frequent first: the same keys for every item."""
    leaves = [code.code for code in nomenclature.leaves(dimension)]
    return tuple(sorted(leaves, key=lambda code: -shares.get(code, 0.0)))


def keys_for(codes: Iterable[str], letters: bool = False) -> dict[str, str]:
    """Key to code: digits first, then letters where allowed (cover letters would hide other gestures)."""
    keys = DIGIT_KEYS + (LETTER_KEYS if letters else ())
    return dict(zip(keys, codes))
