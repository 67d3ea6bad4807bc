# SPDX-License-Identifier: GPL-2.0-or-later
"""Class tables: what the indices of a class raster mean, from its metadata, by name or from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.prediction import PredictedClass, decode_classes
from inference_backend.contracts.profile import Profile, normalise_class_name
from inference_backend.postprocess.prediction.prediction_errors import BadClassTable, UnknownClass
from inference_backend.postprocess.types import U8, Codes


def known_tables() -> tuple[str, ...]:
    """Names of the tables that come with the project."""
    return tuple(sorted(path.stem for path in _folder().glob("*.json")))


def read_class_table(name_or_path: str) -> tuple[PredictedClass, ...]:
    """A table by name, or from a JSON file: a list of classes, or an object whose `classes` is one.

    Raises:
        BadClassTable: no such table, or a malformed file.
    """
    named = _folder() / f"{name_or_path}.json"
    path = named if name_or_path in known_tables() else Path(name_or_path)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        rows = raw["classes"] if isinstance(raw, dict) else raw
        return decode_classes(json.dumps(rows))
    except (OSError, ValueError, KeyError) as error:
        raise BadClassTable(path=name_or_path, reason=error, known=", ".join(known_tables())) from error


def cover_lookup(classes: tuple[PredictedClass, ...], profile: Profile, codes: Codes, path: Path) -> U8:
    """Cover index of each raster value.

    Args:
        classes: the table.
        profile: maps names to covers where the table fixes none.
        codes: the indices.
        path: named in errors.

    Returns:
        (256,) uint8, 0 for a value without cover.

    Raises:
        UnknownClass: a name unknown to the profile, or a `code_cs` that is no leaf.
    """
    lookup = np.zeros(256, np.uint8)
    for row in classes:
        code = row.code_cs if row.code_cs is not None else profile.cover_of_class(row.name)
        if code is None and profile.knows_class(row.name):
            continue
        leaf = profile.nomenclature.truncate(code) if code else None
        if leaf is None:
            raise UnknownClass(path=path, name=code or row.name, profile=profile.name)
        lookup[row.index] = codes.cs_index[leaf]
    return lookup


def use_hint_lookup(classes: tuple[PredictedClass, ...], profile: Profile, codes: Codes) -> U8:
    """Use index that each raster value suggests by the profile, (256,) uint8, 0 where none."""
    hints = {
        normalise_class_name(name): entry["code_us"]
        for name, entry in profile.section("class_to_cover").items()
        if entry.get("code_us")
    }
    lookup = np.zeros(256, np.uint8)
    for row in classes:
        code = hints.get(normalise_class_name(row.name))
        lookup[row.index] = codes.us_index[code] if code else 0
    return lookup


def _folder() -> Path:
    return resources_dir() / "models" / "class_tables"
