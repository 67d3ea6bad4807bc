# SPDX-License-Identifier: GPL-2.0-or-later
"""Which class of a campaign each value of somebody's masks is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.profile import Profile, normalise_class_name
from inference_backend.datasets.campaign import DatasetClass
from inference_backend.datasets.class_plan import (
    AS_CAMPAIGN,
    UNDECIDED_NAMES,
    class_table_names,
    read_class_table,
)
from inference_backend.datasets.errors import DatasetError, UnknownClassError

Names = dict[int, str | None]
"""Name of each value of a mask, None for "no label"."""


class Dictionary:
    """Values of masks to values of a campaign.

    Args:
        classes: of the campaign.
        profile: gives cover codes, by which a class is found where its name is another.
        mapping: what a person said: empty, `campaign`, a class table, or a JSON file with `{"classes":
            [{"value", "name"}]}` or `{"names": {name of the masks: name in the campaign or null}}`.

    Raises:
        DatasetError: no such table, or a malformed file.
    """

    def __init__(self, classes: Sequence[DatasetClass], profile: Profile, mapping: str | Path = "") -> None:
        self._classes, self._profile = tuple(classes), profile
        self._said_values: Names = {}
        self._said_names: dict[str, str | None] = {}
        if mapping:
            self._read(mapping)

    def _read(self, mapping: str | Path) -> None:
        if str(mapping) == AS_CAMPAIGN:
            self._said_values = {entry.value: entry.name for entry in self._classes}
            return
        if str(mapping) not in class_table_names():
            content = _content(Path(mapping))
            if "names" in content:
                self._said_names = {
                    normalise_class_name(str(name)): None if target is None else str(target)
                    for name, target in content["names"].items()
                }
                return
        self._said_values = {entry.value: entry.name for entry in read_class_table(mapping)[0]}

    def table(
        self, path: Path, counts: NDArray[np.int64], names: Names, unlabelled: int
    ) -> NDArray[np.uint8]:
        """(256,) uint8, value in the campaign of each value of the masks.

        Args:
            path: of the masks, for errors.
            counts: (256,) pixels of each value: classes that do not occur need no counterpart.
            names: what the masks themselves say of their values.
            unlabelled: value of the masks that is no class.

        Raises:
            UnknownClassError: a value that occurs has no name, or its name no counterpart.
        """
        told: Names = {**names, **self._said_values}
        table = np.full(256, UNLABELLED, dtype=np.uint8)
        unknown = []
        for value in np.flatnonzero(counts).tolist():
            if value == unlabelled and value not in self._said_values:
                continue
            name = told.get(value, "")
            target = self._target(name) if name != "" else None
            if target is not None:
                table[value] = target
            elif name is not None and not self._is_undecided(name):
                shown = f"{value} “{name}”" if name else str(value)
                unknown.append(f"{shown} ({counts[value]} px)")
        if unknown:
            raise UnknownClassError(path=path, unknown=unknown, known=[c.name for c in self._classes])
        return table

    def _target(self, name: str | None) -> int | None:
        """By name; failing that by cover code, where exactly one class of the campaign has it."""
        if name is None:
            return None
        wanted = normalise_class_name(self._said_names.get(normalise_class_name(name), name) or "")
        for entry in self._classes:
            if normalise_class_name(entry.name) == wanted:
                return entry.value
        cover = self._profile.cover_of_class(name) or name
        same = [
            entry.value
            for entry in self._classes
            if cover in (entry.name, self._profile.cover_of_class(entry.name))
        ]
        return same[0] if len(same) == 1 and wanted else None

    def _is_undecided(self, name: str) -> bool:
        key = normalise_class_name(name)
        said_so = key in self._said_names and self._said_names[key] is None
        return said_so or key in UNDECIDED_NAMES


def _content(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and isinstance(content.get("names", {}), dict):
            return content
        reason = "neither “classes” nor “names”"
    except (OSError, ValueError) as error:
        reason = str(error)
    raise DatasetError(
        path=path,
        problem_en=f"not a class mapping ({reason})",
        problem_fr=f"ce n'est pas une correspondance de classes ({reason})",
        remedy_en="Give JSON with “names”, or a table such as flair-1.",
        remedy_fr="Donnez un JSON avec « names », ou une table telle que flair-1.",
    )
