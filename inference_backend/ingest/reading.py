# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the files of an import into one list of features, nothing repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.crs_choice import bounds_of, crs_text, transformed, working_crs
from inference_backend.ingest.errors import MissingFileError, NothingLeftError
from inference_backend.ingest.layouts import Layout, Wish, find_layout
from inference_backend.ingest.types import Geometries, Ints, Source, SourceFile, Texts
from inference_backend.progress import Progress
from inference_backend.vector_reading import layers_with_fields, read_features, vector_crs

_ENCODING = "UTF-8"
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")


@dataclass(frozen=True)
class _Content:
    file: SourceFile
    fid: Ints
    geometry: Geometries
    text: dict[str, Texts]


def read_source(
    paths: Sequence[Path],
    wish: Wish,
    profile: Profile,
    progress: Progress,
    *,
    crs: str | None = None,
    partition: bool | None = None,
) -> Source:
    """Every feature of every file, in one coordinate system.

    Args:
        paths: files of one kind or of several.
        wish: which layer, columns and date.
        profile: names the systems of delivery.
        progress: told after each file.
        crs: system of the result; by default the first file's own, or that of its territory.
        partition: whether the layer should cover its extent; by default all but change layers should.

    Raises:
        VectorError: a file, layer, column or coordinate system cannot be used.
        Cancelled: the user asked to stop.
    """
    target: pyproj.CRS | None = None
    contents = []
    for number, path in enumerate(paths):
        progress.update(number / len(paths), "reading")
        content, target = _read(path, wish, profile, crs, target)
        contents.append(content)
    rows = sum(len(content.fid) for content in contents)
    if not rows or target is None:
        raise NothingLeftError(path=paths[0], rows=rows)
    files = tuple(content.file for content in contents)
    roles = sorted({role for content in contents for role in content.text})
    return Source(
        files,
        crs_text(target),
        np.concatenate([np.full(len(c.fid), i, np.int64) for i, c in enumerate(contents)]),
        np.concatenate([c.fid for c in contents]),
        np.concatenate([c.geometry for c in contents]),
        {role: np.concatenate([_role(c, role) for c in contents]) for role in roles},
        partition if partition is not None else all(file.kind != "change" for file in files),
    )


def year_of(file: SourceFile) -> str | None:
    """Year that a file states besides a column: the date of a change layer, or its name."""
    if _YEAR.fullmatch(file.date):
        return file.date
    years = _YEAR.findall(file.path.stem)
    return str(years[-1]) if years and file.kind != "change" else None


def _read(
    path: Path, wish: Wish, profile: Profile, given: str | None, target: pyproj.CRS | None
) -> tuple[_Content, pyproj.CRS]:
    if not path.exists():
        raise MissingFileError(path=path)
    layout = find_layout(path, layers_with_fields(path), wish)
    own = vector_crs(path, layout.layer)
    fid, geometry, columns = read_features(path, layout.layer, encoding=_ENCODING)
    if target is None:
        target = working_crs(given, path, own, bounds_of(geometry), profile)
    geometry, moved = transformed(geometry, own, target, path)
    text = {role: columns[column] for role, column in layout.columns.items()}
    return _Content(_file(path, layout, own, len(fid), moved), fid, geometry, text), target


def _file(path: Path, layout: Layout, own: pyproj.CRS, rows: int, moved: bool) -> SourceFile:
    return SourceFile(
        path, layout.layer, layout.kind, rows, own.name, moved, layout.columns, layout.dates, layout.date
    )


def _role(content: _Content, role: str) -> Texts:
    return content.text.get(role, np.full(len(content.fid), None, dtype=object))
