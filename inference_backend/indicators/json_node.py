# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading a JSON document by hand: whatever is wrong is said with its key, its value and the remedy."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from inference_backend.indicators.errors import ProductionFileError


class Node:
    """An object of a document, with the place where it stands.

    Args:
        path: the document.
        value: what a JSON reader gave.
        key: place in the document, empty for its top.
    """

    def __init__(self, path: Path, value: Any, key: str = "") -> None:
        self.path, self.key = path, key
        if not isinstance(value, dict):
            raise self._bad(key or "{}", value, "an object", "un objet")
        self._values: dict[str, Any] = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def only(self, *names: str) -> None:
        """Refuse keys that nobody knows: a misspelt one would change figures in silence."""
        for name in self._values:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
                listed = ", ".join(names)
                raise ProductionFileError(
                    path=self.path,
                    key=self._place(name),
                    problem_en="nobody knows this key",
                    problem_fr="clé inconnue",
                    remedy_en=f"Did you mean “{near[0]}”?" if near else f"Known keys: {listed}.",
                    remedy_fr=f"Vouliez-vous dire « {near[0]} » ?" if near else f"Clés connues : {listed}.",
                )

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._get(name, default)
        if not isinstance(value, str) or not value.strip():
            raise self._bad(self._place(name), value, "a text", "un texte")
        return value.strip()

    def number(self, name: str, default: float | None = None, *, above: float = 0.0) -> float:
        """A finite number, larger than `above`, or equal to it where that is 0 and `name` may be free."""
        value = self._get(name, default)
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not good or value <= above:
            raise self._bad(
                self._place(name), value, f"a number above {above:g}", f"un nombre supérieur à {above:g}"
            )
        return float(value)

    def share(self, name: str) -> float:
        """A number in 0..1."""
        value = self.number(name)
        if value > 1:
            raise self._bad(
                self._place(name), value, "a share from 0 to 1", "une part, entre 0 et 1 (0.95 pour 95 %)"
            )
        return value

    def numbers(self, name: str, default: Sequence[float]) -> tuple[float, ...]:
        """A list of positive numbers."""
        found = self._list(name, list(default))
        return tuple(
            Node(self.path, {str(place): value}, self._place(name)).number(str(place))
            for place, value in enumerate(found)
        )

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, at least one."""
        found = self._list(name)
        if not found:
            raise self._bad(self._place(name), "[]", "at least one entry", "au moins une entrée")
        return tuple(
            Node(self.path, {str(place): value}, self._place(name)).text(str(place))
            for place, value in enumerate(found)
        )

    def day(self, name: str) -> date:
        """A date."""
        value = self._get(name, None)
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self._bad(
                self._place(name), value, "a date such as 2026-03-31", "une date comme 2026-03-31"
            ) from None

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of some texts."""
        value = self._get(name, None)
        if value not in choices:
            listed = ", ".join(choices)
            raise self._bad(self._place(name), value, f"one of {listed}", f"l'une des valeurs {listed}")
        return str(value)

    def node(self, name: str) -> Node:
        """An object inside this one."""
        return Node(self.path, self._get(name, None), self._place(name))

    def nodes(self, name: str) -> Iterator[Node]:
        """Objects of a list."""
        for place, value in enumerate(self._list(name, [])):
            yield Node(self.path, value, f"{self._place(name)}[{place}]")

    def names(self) -> tuple[str, ...]:
        """Keys of this object."""
        return tuple(self._values)

    def fault(self, name: str, value: object, expected_en: str, expected_fr: str) -> ProductionFileError:
        """The error that a value of this object is not what was expected."""
        return self._bad(self._place(name), value, expected_en, expected_fr)

    def _list(self, name: str, default: list[Any] | None = None) -> list[Any]:
        value = self._get(name, default)
        if not isinstance(value, list):
            raise self._bad(self._place(name), value, "a list", "une liste")
        return value

    def _get(self, name: str, default: Any) -> Any:
        if name in self._values:
            return self._values[name]
        if default is None:
            raise self._bad(self._place(name), "", "a value", "une valeur")
        return default

    def _place(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def _bad(self, key: str, value: object, expected_en: str, expected_fr: str) -> ProductionFileError:
        shown = repr(value) if isinstance(value, str) else str(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        missing = value in ("", None)
        return ProductionFileError(
            path=self.path,
            key=key,
            problem_en="is missing" if missing else f"{shown} does not fit",
            problem_fr="manque" if missing else f"{shown} ne convient pas",
            remedy_en=f"Give {expected_en}.",
            remedy_fr=f"Donnez {expected_fr}.",
        )
