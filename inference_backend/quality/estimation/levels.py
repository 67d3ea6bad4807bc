# SPDX-License-Identifier: GPL-2.0-or-later
"""Codes cut to a level of the nomenclature, and whether a coarse answer says enough for it."""

from __future__ import annotations

from collections.abc import Iterable


def cut(code: str, level: int, leaves: tuple[str, ...] = ()) -> str:
    """The first `level` components of a code; with 0 the leaf that it belongs to, itself where none is known.

    Args:
        code: such as `CS1.1.2.1`.
        level: components to keep; a shorter code stays as it is.
        leaves: leaves of the nomenclature, which longer regional codes belong to.
    """
    parts = code.split(".")
    if level > 0:
        return ".".join(parts[:level])
    known = set(leaves)
    heads = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((head for head in heads if head in known), code)


def coarse(codes: Iterable[str], level: int, known: Iterable[str]) -> set[str]:
    """The codes that stop above the level although the nomenclature goes on: they cannot tell it."""
    inner = {
        ".".join(parts[:length]) for parts in (c.split(".") for c in known) for length in range(1, len(parts))
    }
    return {code for code in codes if code in inner and (level == 0 or len(code.split(".")) < level)}


def is_under(code: str, head: str) -> bool:
    """Whether `code` is `head` or below it."""
    return code == head or code.startswith(head + ".")
