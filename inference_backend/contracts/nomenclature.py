# SPDX-License-Identifier: GPL-2.0-or-later
"""The codes of OCS GE: hierarchy, labels, colours and the artificialisation matrix of a profile."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from .errors import ProfileError

Dimension = Literal["cs", "us"]


@dataclass(frozen=True)
class Code:
    """One node of the nomenclature.

    Attributes:
        code: for instance `CS1.1.1.1`.
        parent: code of the node above, None at the root.
        leaf: whether a polygon may carry it.
        colour: `#RRGGBB`.
        labels: label per language (`fr`, `en`).
    """

    code: str
    parent: str | None
    leaf: bool
    colour: str
    labels: dict[str, str]

    @property
    def dimension(self) -> Dimension:
        """`cs` for cover, `us` for use."""
        return "cs" if self.code.startswith("CS") else "us"

    def label(self, language: str = "fr") -> str:
        """Label in `language`, French where that language is missing."""
        return self.labels.get(language[:2], self.labels["fr"])


@dataclass(frozen=True)
class Nomenclature:
    """All codes of one version of OCS GE, in the official order."""

    name: str
    version: str
    codes: tuple[Code, ...]
    artificialised_pairs: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> Nomenclature:
        """Read a `nomenclature.json`.

        Raises:
            ProfileError: the file is missing or malformed.
        """
        try:
            raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            codes = tuple(
                Code(
                    n["code"], n["parent"], n["leaf"], n["colour"], {"fr": n["label_fr"], "en": n["label_en"]}
                )
                for n in (*raw["land_cover"], *raw["land_use"])
            )
            pairs = frozenset((cs, us) for cs, uses in raw["artificialised"]["pairs"].items() for us in uses)
            return cls(raw["name"], raw["version"], codes, pairs)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ProfileError(path=path, reason=repr(error)) from error

    @cached_property
    def _by_code(self) -> dict[str, Code]:
        return {code.code: code for code in self.codes}

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Code:
        return self._by_code[code]

    def leaves(self, dimension: Dimension) -> tuple[Code, ...]:
        """The codes a polygon may carry: 14 for `cs`, 20 for `us`."""
        return tuple(c for c in self.codes if c.leaf and c.dimension == dimension)

    def is_leaf(self, code: str | None) -> bool:
        """Whether `code` is known and may be carried by a polygon."""
        return code is not None and code in self._by_code and self._by_code[code].leaf

    def truncate(self, code: str) -> str | None:
        """The national leaf that a longer regional code belongs to, itself for a leaf, else None."""
        parts = code.split(".")
        for length in range(len(parts), 0, -1):
            candidate = ".".join(parts[:length])
            if self.is_leaf(candidate):
                return candidate
        return None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """`code` and the nodes above it, lowest first."""
        chain: list[str] = []
        current: str | None = code
        while current is not None:
            chain.append(current)
            current = self._by_code[current].parent
        return tuple(chain)

    def distance(self, first: str, second: str) -> int:
        """Number of edges between two nodes of the same dimension in the tree, through a virtual root."""
        up_first, up_second = self.ancestors(first), self.ancestors(second)
        shared = len(set(up_first) & set(up_second))
        return len(up_first) + len(up_second) - 2 * shared

    def is_artificialised(self, cs: str, us: str) -> bool:
        """Status of a couple before any area threshold (annexe R. 101-1 of the code de l'urbanisme)."""
        return (cs, us) in self.artificialised_pairs
