# SPDX-License-Identifier: GPL-2.0-or-later
"""A profile: nomenclature, thresholds and rules of one specification, as data.

Every number of a profile is an object `{"value", "unit", "status", "source"}`, so that a reader knows how
sure it is; `Profile.number` returns the value alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ProfileError
from .locate import resources_dir
from .nomenclature import Nomenclature

DEFAULT_PROFILE = "ocsge-2.0"


@dataclass(frozen=True)
class Profile:
    """One versioned folder under `resources/profiles`.

    Attributes:
        name: folder name, for instance `ocsge-2.0`.
        path: the `profile.json` that was read.
        nomenclature: the codes.
        rules: the whole content of `profile.json`.
    """

    name: str
    path: Path
    nomenclature: Nomenclature
    rules: dict[str, Any]

    @classmethod
    def load(cls, name_or_path: str | Path = DEFAULT_PROFILE) -> Profile:
        """Load a profile by name, or from a folder.

        Raises:
            ProfileError: no such profile, or a malformed file.
        """
        folder = Path(name_or_path)
        if not folder.is_dir():
            folder = resources_dir() / "profiles" / str(name_or_path)
        path = folder / "profile.json"
        try:
            rules = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ProfileError(path=path, reason=error) from error
        return cls(folder.name, path, Nomenclature.read(folder / "nomenclature.json"), rules)

    @property
    def version(self) -> str:
        """Version written in the lot beside the profile's name."""
        return str(self.rules["version"])

    def section(self, *keys: str) -> Any:
        """The part of the rules under `keys`.

        Raises:
            ProfileError: a key is missing.
        """
        node: Any = self.rules
        for depth, key in enumerate(keys):
            try:
                node = node[key]
            except (KeyError, TypeError) as error:
                raise ProfileError(
                    path=self.path, reason=f"no entry {'.'.join(keys[: depth + 1])}"
                ) from error
        return node

    def number(self, *keys: str) -> float:
        """The `value` of the sourced number under `keys`.

        Raises:
            ProfileError: missing, or not a number.
        """
        node = self.section(*keys)
        value = node.get("value") if isinstance(node, dict) else None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ProfileError(path=self.path, reason=f"{'.'.join(keys)} has no numeric value")
        return float(value)

    def cover_of_class(self, class_name: str) -> str | None:
        """Cover code of a model's class, by name without case, spaces, hyphens or underscores.

        None means that the class has no cover of its own: its pixels are undecided.
        """
        wanted = normalise_class_name(class_name)
        for name, entry in self.section("class_to_cover").items():
            if wanted == normalise_class_name(name):
                code: str | None = entry["code_cs"]
                return code
        return None

    def knows_class(self, class_name: str) -> bool:
        """Whether the profile has an entry for a model's class, be it without cover."""
        wanted = normalise_class_name(class_name)
        return any(wanted == normalise_class_name(name) for name in self.section("class_to_cover"))


def normalise_class_name(name: str) -> str:
    """`Swimming_Pool`, `swimming pool` and `swimming-pool` are the same class."""
    return "".join(ch for ch in name.casefold() if ch.isalnum())
