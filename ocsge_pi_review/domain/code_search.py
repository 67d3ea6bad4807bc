# SPDX-License-Identifier: GPL-2.0-or-later
"""Finding a code by what people call it: « prai » finds herbaceous vegetation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from inference_backend.contracts.nomenclature import Code, Dimension, Nomenclature

CODE, LABEL, WORD, BRANCH, NOWHERE = range(5)
"""Where a word was found, the best first."""


@dataclass(frozen=True)
class Found:
    """One answer.

    Attributes:
        code: a leaf.
        word: the everyday word that was meant, empty where code or label answer by themselves.
    """

    code: str
    word: str = ""


class _Place(NamedTuple):
    """Where a word was found: the kind of place, how far down in it, the everyday word."""

    where: int
    depth: int = 0
    name: str = ""


def fold(text: str) -> str:
    """Text without accents, ligatures and capitals."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(ch for ch in plain if not unicodedata.combining(ch)).casefold()


class CodeSearch:
    """The leaves of a nomenclature, ready to be searched.

    Args:
        nomenclature: codes and labels.
        words: by code, what people call it.
        language: of the labels looked at; French is always looked at as well.
    """

    def __init__(
        self, nomenclature: Nomenclature, words: Mapping[str, Iterable[str]], language: str = "fr"
    ) -> None:
        self._nomenclature = nomenclature
        self._languages = tuple(dict.fromkeys((language[:2], "fr")))
        self._words = {code: tuple(names) for code, names in words.items()}

    def find(self, text: str, dimensions: Iterable[Dimension] = ("cs", "us")) -> list[Found]:
        """Leaves of which every word of `text` begins a word of the code, a label or an everyday word.

        All leaves where `text` is empty, in the official order.
        """
        wanted = fold(text).split()
        leaves = [leaf for dimension in dimensions for leaf in self._nomenclature.leaves(dimension)]
        ranked = []
        for order, leaf in enumerate(leaves):
            places = [self._place(leaf, word) for word in wanted]
            where = max((place.where for place in places), default=CODE)
            if where < NOWHERE:
                deep = max((place.depth for place in places), default=0)
                meant = next((place.name for place in places if place.name), "")
                ranked.append(((where, deep, order), Found(leaf.code, meant)))
        return [found for _, found in sorted(ranked, key=lambda entry: entry[0])]

    def _place(self, leaf: Code, word: str) -> _Place:
        if fold(leaf.code).startswith(word) or fold(leaf.code)[2:].startswith(word):
            return _Place(CODE)
        depths = [_depth(leaf.label(language), word) for language in self._languages]
        if any(depth is not None for depth in depths):
            return _Place(LABEL, min(depth for depth in depths if depth is not None))
        for depth, name in enumerate(self._words.get(leaf.code, ())):
            if _depth(name, word) is not None:
                return _Place(WORD, depth, name)
        above = (self._nomenclature[code] for code in self._nomenclature.ancestors(leaf.code)[1:])
        if any(
            _depth(code.label(language), word) is not None for code in above for language in self._languages
        ):
            return _Place(BRANCH)
        return _Place(NOWHERE)


def _depth(text: str, word: str) -> int | None:
    """Which word of `text` begins with `word`, from 0; None where none does."""
    parts = re.split(r"[^0-9a-z]+", fold(text))
    return next((i for i, part in enumerate(parts) if part.startswith(word)), None)
