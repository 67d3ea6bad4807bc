# SPDX-License-Identifier: GPL-2.0-or-later
"""The year that a source speaks of: an attribute, else the names of its file and folders."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from inference_backend.postprocess.references.ragged import OBJECTS

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=(?:[01]\d[0-3]\d)?(?!\d))")
"""`2021`, `2021-03-15` and `20210315`, not `2154` nor a longer number."""


def years_of(known: OBJECTS | None, count: int, file: Path, root: Path) -> OBJECTS:
    """(count,) texts, the year of each object, None where nothing says it.

    Args:
        known: what an attribute says, None for no such attribute.
        count: number of objects.
        file: the file that they come from.
        root: file or folder that the user named; folders above it say nothing.
    """
    named = year_in_names(file, root)
    if known is None:
        return np.full(count, named, dtype=object)
    filled: OBJECTS = np.array([named if year is None else year for year in known.tolist()], dtype=object)
    return filled


def year_in_names(file: Path, root: Path) -> str | None:
    """The last year in the file's name, else in that of the nearest folder down from `root`."""
    folders = file.parents[: len(file.relative_to(root).parts)] if file != root else ()
    for name in (file.stem, *(folder.name for folder in folders)):
        years: list[str] = _YEAR.findall(name)
        if years:
            return years[-1]
    return None
