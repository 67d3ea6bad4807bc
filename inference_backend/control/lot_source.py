# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of a lot wherever they are: a GeoPackage, or a schema of PostGIS.

Queries are written once for both: `{table}` stands for a table of the lot, `?` for a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.tables import Table
from inference_backend.postgis.address import LotAddress

Box = tuple[float, float, float, float]
PolygonRow = tuple[str, dict[str, Any], bytes]
"""Id, other attributes, WKB: what `contracts.fingerprint.row_fingerprint` takes."""


class LotTables(Protocol):
    """An open lot.

    Attributes:
        label: what messages call it: a path, or an address without password.
        metadata: values of the table `lot`; read again when a transaction begins.
        folder: folder that relative paths of images start from, None for a database.
        shape_digest: SQL of a row of `occupation_sol`: SHA-256 of its id, a zero and its WKB.
    """

    label: str
    metadata: dict[str, str]
    folder: Path | None
    shape_digest: str

    @property
    def crs(self) -> str:
        """Coordinate system of the polygons, authority code or WKT."""

    @property
    def crs_is_geographic(self) -> bool:
        """Whether coordinates are degrees."""

    def profile(self) -> Profile:
        """The rules that the lot was made with."""

    def columns(self, table: str) -> tuple[str, ...]:
        """Columns of a table, empty where there is no such table."""

    def select(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query; times come as ISO 8601 texts."""

    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        """Number of rows that a statement changed, inside a transaction."""

    def insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows, inside a transaction; missing columns are null, `geom` is WKB."""

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`, inside a transaction."""

    def transaction(self) -> AbstractContextManager[None]:
        """All statements or none; no other control is written meanwhile."""

    def ensure_control_tables(self) -> None:
        """Add the tables and columns of a control that an older lot lacks, inside a transaction."""

    def extent(self) -> Box:
        """Box of all polygons."""

    def boxes(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """(n,) row ids of all polygons, in any order, and their (n, 4) boxes xmin, ymin, xmax, ymax."""

    def polygons(self, fids: NDArray[np.int64]) -> NDArray[np.object_]:
        """Geometries of rows of `occupation_sol`, in the order of `fids`."""

    def polygon_rows(self, fids: Iterable[int]) -> Iterator[PolygonRow]:
        """The same rows whole, in any order."""

    def fids_of(self, ids: Iterable[str]) -> list[int]:
        """Row ids of polygons that are there, of those with these ids, in any order."""

    def near(self, box: Box) -> NDArray[np.int64]:
        """Row ids of polygons whose box meets `box`."""

    def features(self, layer: str, boxes: Iterable[Box]) -> Iterator[tuple[int, dict[str, Any], bytes]]:
        """Row id, attributes and WKB of the objects of a reference layer that meet boxes, each once."""

    def unit_shapes(self, control_id: str) -> dict[int, bytes]:
        """WKB of each unit of a control by `sample_id`."""

    def last_operators(self) -> dict[str, str]:
        """Who last decided on a polygon by its id, gestures taken back left out."""


def own_condition(tables: LotTables) -> str:
    """The end of a query that leaves out the polygons of a lot's neighbours."""
    return " WHERE margin_of IS NULL" if "margin_of" in tables.columns("occupation_sol") else ""


@contextmanager
def open_tables(lot: str | Path | LotAddress, *, write: bool = False) -> Iterator[LotTables]:
    """Open a lot: a path, an address, or a text that is either.

    Raises:
        LotFileError: no lot, damaged, of another version, or in use.
        ConfigError: no connection, or no lot there.
        OutputError: the server refuses.
    """
    place = lot_place(lot)
    # Each is imported where it is used: most lots are files.
    if isinstance(place, LotAddress):
        from inference_backend.control.lot_source_postgis import postgis_tables

        with postgis_tables(place) as shared:
            yield shared
    else:
        from inference_backend.control.lot_source_gpkg import gpkg_tables

        with gpkg_tables(place, write=write) as own:
            yield own


def lot_place(lot: str | Path | LotAddress) -> Path | LotAddress:
    """A path where there is such a file or a GeoPackage is named, else an address.

    Raises:
        ConfigError: neither a path nor an address.
    """
    if isinstance(lot, LotAddress | Path):
        return lot
    path = Path(lot)
    looks_like_address = "=" in lot or "://" in lot or "/" in lot
    if path.exists() or path.suffix.lower() == ".gpkg" or not looks_like_address:
        return path
    return LotAddress.parse(lot)
