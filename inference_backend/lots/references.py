# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors that travel inside a lot, clipped to its ground."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.lot import REFERENCE
from inference_backend.contracts.tables import Column, GeometryType, Table
from inference_backend.lots.communes import moved
from inference_backend.lots.lot_file import LotFile
from inference_backend.postprocess.lot.gpkg_tables import write_spatial
from inference_backend.progress import Progress
from inference_backend.vector_reading import layers_with_fields, quiet, read_vector, vector_crs

PREFIX = "ref_"
SUFFIXES = (".gpkg", ".shp", ".geojson", ".json", ".fgb", ".parquet")
_LONGEST_NAME = 60
_KINDS: tuple[tuple[str, GeometryType], ...] = (("point", "Point"), ("line", "LineString"), ("", "Polygon"))
"""By dimension: what is added to a table's name, and the type of its geometries."""
Box = tuple[float, float, float, float]


def add_references(
    path: Path, sources: Sequence[Path], box: Box, crs: str, progress: Progress, *, layers: Sequence[str] = ()
) -> None:
    """Write what meets a box as tables of a lot, one per layer and dimension, and list them.

    Args:
        path: the lot, being written.
        sources: vector files, or folders that hold them.
        box: ground of the lot, in its CRS.
        crs: of the lot.
        progress: told the share of the files that is done.
        layers: names; all by default.

    Raises:
        VectorError: a file cannot be read, or does not say where it is.
    """
    files = list(_files(sources))
    for number, file in enumerate(files):
        progress.update(number / len(files), file.name)
        for layer, _ in layers_with_fields(file):
            if not layers or layer in layers:
                _add_layer(path, file, layer, box, crs)


def inherited_references(path: Path, parent: LotFile, box: Box, progress: Progress) -> None:
    """The same of the reference tables that the parent holds."""
    tables = parent.database.execute("SELECT layer, title, source FROM reference").fetchall()
    if tables:
        names = [str(row[0]) for row in tables]
        add_references(path, [parent.path], box, parent.crs, progress, layers=names)
        with closing(sqlite3.connect(path)) as database, database:
            # Where it comes from is not the parent.
            query = f'UPDATE "{REFERENCE.name}" SET title = ?, source = ? WHERE layer = ?'  # nosec B608
            database.executemany(query, [(title, source, layer) for layer, title, source in tables])


def _files(sources: Sequence[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_dir():
            yield from sorted(p for p in source.iterdir() if p.suffix.lower() in SUFFIXES)
        else:
            yield source


def _add_layer(path: Path, file: Path, layer: str, box: Box, crs: str) -> None:
    own_crs = vector_crs(file, layer)
    shapes, columns = read_vector(file, layer, bbox=_box_in(box, crs, own_crs))
    known = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    clipped, rows = _clipped(moved(shapes[known], own_crs, crs), box)
    texts = {name: values[known][rows] for name, values in columns.items()}
    dimensions = shapely.get_dimensions(clipped)
    for dimension, (suffix, kind) in enumerate(_KINDS):
        chosen = dimensions == dimension
        if chosen.any():
            some = {name: values[chosen] for name, values in texts.items()}
            _write(path, file, layer, suffix, kind, clipped[chosen], some, crs)


def _clipped(shapes: NDArray[np.object_], box: Box) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Single parts inside the box, and the row each comes from."""
    frame = shapely.box(*box)
    shapely.prepare(frame)
    outside = ~shapely.contains(frame, shapes)
    cut = shapes.copy()
    cut[outside] = shapely.intersection(shapely.make_valid(shapes[outside]), frame)
    parts, rows = shapely.get_parts(cut, return_index=True)
    whole = ~shapely.is_empty(parts)
    nested, place = shapely.get_parts(parts[whole], return_index=True)  # collections within collections
    return nested, rows[whole][place]


def _write(
    path: Path,
    file: Path,
    layer: str,
    suffix: str,
    kind: GeometryType,
    shapes: NDArray[np.object_],
    columns: dict[str, NDArray[Any]],
    crs: str,
) -> None:
    with quiet():
        taken = {str(name).lower() for name, _ in pyogrio.list_layers(path)}
    title = layer if layer.lower() == file.stem.lower() else f"{file.stem} {layer}"
    if layer.startswith(PREFIX):
        title = layer.removeprefix(PREFIX)
    name = _free_name(title, suffix, taken)
    kept = [column for column in columns if column.lower() not in ("fid", "geom", "ogc_fid")]
    table = Table(name, tuple(Column(column, "text") for column in kept), kind)
    write_spatial(path, table, shapes, {column: columns[column] for column in kept}, crs)
    with closing(sqlite3.connect(path)) as database, database:
        query = f'INSERT INTO "{REFERENCE.name}" (layer, title, source) VALUES (?, ?, ?)'  # nosec B608
        database.execute(query, (name, title, file.name))


def _free_name(title: str, suffix: str, taken: set[str]) -> str:
    words = re.sub(r"\W+", "_", title.lower()).strip("_")[:_LONGEST_NAME]
    base = PREFIX + "_".join(part for part in (words, suffix) if part and not words.endswith(f"_{part}"))
    name, number = base or PREFIX, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _box_in(box: Box, crs: str, target: pyproj.CRS) -> Box:
    source = pyproj.CRS.from_user_input(crs)
    if source == target:
        return box
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    xmin, ymin, xmax, ymax = transformer.transform_bounds(*box, densify_pts=21)
    return float(xmin), float(ymin), float(xmax), float(ymax)
