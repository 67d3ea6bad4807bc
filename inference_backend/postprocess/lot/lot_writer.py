# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a lot: one GeoPackage with every table of `contracts.lot`, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.errors
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.control import CONTROL, CONTROL_ANSWER, CONTROL_SAMPLE
from inference_backend.contracts.fingerprint import to_text
from inference_backend.contracts.lot import (
    EDIT_JOURNAL,
    IMAGERY,
    INDEXES,
    LOT,
    OCCUPATION_SOL,
    REFERENCE,
    REVIEW_ITEM,
    TABLES,
    ZONE_CONSTRUITE,
    LotKey,
)
from inference_backend.contracts.signalement import SIGNALEMENT
from inference_backend.errors import OutputError, gdal_reason
from inference_backend.postprocess.lot.gpkg_dressing import store_aliases, store_styles
from inference_backend.postprocess.lot.gpkg_tables import (
    GEOMETRY_COLUMN,
    create_indexes,
    write_attributes,
    write_spatial,
)
from inference_backend.postprocess.lot.lot_rows import lot_fingerprint
from inference_backend.postprocess.lot.polygon_ids import highest_id
from inference_backend.postprocess.lot.reviewed_lot import require_replaceable
from inference_backend.postprocess.types import LandCover
from inference_backend.progress import Progress, Silent, Span

DEFAULT_CRS = "EPSG:2154"
_FAILURES = (
    OSError,
    sqlite3.Error,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)


def write_lot(
    path: Path,
    cover: LandCover,
    zone_construite_polygons: NDArray[np.object_],
    queue: Sequence[Mapping[str, Any]],
    metadata: Mapping[str, str],
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> None:
    """Write `path` atomically; a file that was there is replaced, unless it was reviewed in the meantime.

    Args:
        path: the GeoPackage.
        cover: a valid coverage; columns that the contract lacks are not written.
        zone_construite_polygons: (k,) polygons.
        queue: rows of `review_queue.build_queue`.
        metadata: `LotKey` values to texts, for the table `lot`.
        progress: told the share that is written; may raise `Cancelled`, which leaves what was there.

    Raises:
        Cancelled: the user asked to stop.
        OutputError: the file cannot be written (full disk, no permission).
        ReviewedLotError, LotInUseError: the lot there must not be replaced.
    """
    try:
        with replace_when_done(path) as temporary:
            _write_tables(temporary, cover, zone_construite_polygons, queue, metadata, progress)
            _check_rows(temporary, len(cover.geometry), len(queue))
            require_replaceable(path)
            progress.update(1.0)
    except _FAILURES as error:
        raise OutputError(path=path, reason=gdal_reason(error)) from error


def _write_tables(
    path: Path,
    cover: LandCover,
    zones: NDArray[np.object_],
    queue: Sequence[Mapping[str, Any]],
    metadata: Mapping[str, str],
    progress: Progress,
) -> None:
    crs = _crs_text(cover.grid.crs)
    texts = {str(getattr(key, "value", key)): str(value) for key, value in metadata.items()}
    write_spatial(path, OCCUPATION_SOL, cover.geometry, cover.columns, crs, Span(progress, 0.0, 0.5))
    millesime = texts.get(LotKey.MILLESIME.value, "")
    write_spatial(path, ZONE_CONSTRUITE, zones, _zone_columns(zones, millesime), crs)
    items = {name: [row.get(name) for row in queue] for name in REVIEW_ITEM.column_names}
    points = _objects([row[GEOMETRY_COLUMN] for row in queue])
    write_spatial(path, REVIEW_ITEM, points, items, crs, Span(progress, 0.5, 0.8))
    for table in (EDIT_JOURNAL, CONTROL_SAMPLE, SIGNALEMENT):
        write_spatial(path, table, _objects([]), {}, crs)
    for table in (CONTROL, CONTROL_ANSWER, IMAGERY, REFERENCE):
        write_attributes(path, table, ())
    with closing(sqlite3.connect(path)) as database:
        # Said here, so that nobody has to look at every id to open the lot.
        texts[LotKey.LAST_ID.value] = highest_id(map(str, cover.columns["id"]))
        texts[LotKey.BASE_FINGERPRINT.value] = to_text(lot_fingerprint(database, Span(progress, 0.8, 1.0)))
    write_attributes(path, LOT, [{"key": key, "value": value} for key, value in texts.items()])
    create_indexes(path, INDEXES)
    store_styles(path)
    store_aliases(path, TABLES)


def _zone_columns(zones: NDArray[np.object_], millesime: str) -> dict[str, list[Any]]:
    return {
        "id": [f"ZC{number:07d}" for number in range(1, len(zones) + 1)],
        "millesime": [millesime] * len(zones),
        "area_m2": shapely.area(zones).tolist(),
    }


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _crs_text(crs: CRS | None) -> str:
    if crs is None:
        return DEFAULT_CRS
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def _check_rows(path: Path, polygons: int, items: int) -> None:
    """GDAL only logs some failures of a full disk, so count what arrived."""
    with closing(sqlite3.connect(path)) as database:
        for table, expected in ((OCCUPATION_SOL, polygons), (REVIEW_ITEM, items)):
            query = f'SELECT count(*) FROM "{table.name}"'  # nosec B608
            found = database.execute(query).fetchone()[0]
            if found != expected:
                raise OSError(f"{found} of {expected} rows in {table.name}")
