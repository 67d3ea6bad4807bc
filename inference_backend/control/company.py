# SPDX-License-Identifier: GPL-2.0-or-later
"""Images and references that go along with a control file; never the prediction, which tells the codes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely

from inference_backend.contracts.lot import IMAGERY, REFERENCE, ImageryRole
from inference_backend.contracts.tables import Column, GeometryType, Table
from inference_backend.control.lot_source import Box, LotTables
from inference_backend.lots.imagery import Image, add_imagery
from inference_backend.postprocess.lot.gpkg_tables import write_spatial
from inference_backend.progress import Silent


def add_company(
    path: Path,
    target: Path,
    tables: LotTables,
    windows: Sequence[Box],
    images: Sequence[Image],
    copies_images: bool,
    with_references: bool,
) -> None:
    """Add images and references to a control file.

    Args:
        path: the file, being written.
        target: what it will be called.
        tables: the lot.
        windows: ground around its units.
        images: besides those of the lot.
        copies_images: whether images are clipped into files beside it rather than linked.
        with_references: whether the objects of reference layers that meet the windows are copied.

    Raises:
        ImageryError: an image cannot be read, or shows other ground.
    """
    shown = [image for image in images if image.role is not ImageryRole.PREDICTION]
    west, south = np.min(np.array(windows)[:, :2], axis=0)
    east, north = np.max(np.array(windows)[:, 2:], axis=0)
    box = (float(west), float(south), float(east), float(north))
    linked = _own_images(tables, target.parent)
    if copies_images:
        shown += [_copied(row, target.parent) for row in linked if _is_file(row, target.parent)]
        linked = [row for row in linked if not _is_file(row, target.parent)]
    add_imagery(path, target, shown, box, tables.crs, Silent())
    with closing(sqlite3.connect(path)) as database, database:
        marks = ", ".join("?" * len(IMAGERY.columns))
        names = ", ".join(IMAGERY.column_names)
        insert = f"INSERT INTO imagery ({names}) VALUES ({marks})"  # nosec B608 - the contract's names
        database.executemany(insert, [tuple(row[name] for name in IMAGERY.column_names) for row in linked])
    if with_references:
        _add_references(path, tables, windows)


def _own_images(tables: LotTables, folder: Path) -> list[dict[str, Any]]:
    """The lot's images but for predictions, as seen from the control file's folder."""
    query = f"SELECT {', '.join(IMAGERY.column_names)} FROM {{imagery}} ORDER BY fid"  # nosec B608
    found = []
    for values in tables.select(query):
        row = dict(zip(IMAGERY.column_names, values, strict=True))
        if row["role"] == ImageryRole.PREDICTION.value:
            continue
        beside = tables.folder / str(row["uri"]) if tables.folder else Path(str(row["uri"]))
        if row["provider"] == "gdal" and beside.exists():
            row["uri"] = os.path.relpath(beside.resolve(), folder.resolve())
        found.append(row)
    return found


def _is_file(row: dict[str, Any], folder: Path) -> bool:
    return row["provider"] == "gdal" and (folder / str(row["uri"])).is_file()


def _copied(row: dict[str, Any], folder: Path) -> Image:
    source = str((folder / str(row["uri"])).resolve())
    return Image(ImageryRole(row["role"]), source, False, row["bands"] or "", row["millesime"] or "")


def _add_references(path: Path, tables: LotTables, windows: Sequence[Box]) -> None:
    names = ", ".join(REFERENCE.column_names)
    listed = list(tables.select(f"SELECT {names} FROM {{reference}} ORDER BY fid"))  # nosec B608
    for layer, title, source in listed:
        known = [name for name in tables.columns(layer) if name not in ("fid", "geom")]
        found = list(tables.features(layer, windows))
        if not found:
            continue
        table = Table(layer, tuple(Column(name, "text") for name in known), cast("GeometryType", "Unknown"))
        shapes = shapely.from_wkb([wkb for _, _, wkb in found])
        columns = {name: [values[name] for _, values, _ in found] for name in known}
        write_spatial(path, table, shapes, columns, tables.crs)
        with closing(sqlite3.connect(path)) as database, database:
            insert = f"INSERT INTO reference ({names}) VALUES (?, ?, ?)"  # nosec B608 - the contract's names
            database.execute(insert, (layer, title, source))
