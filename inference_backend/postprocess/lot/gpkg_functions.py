# SPDX-License-Identifier: GPL-2.0-or-later
"""SQL functions that the triggers of a GeoPackage's spatial indexes call.

GDAL brings its own; Python's sqlite3 needs these as soon as it prepares a statement on a spatial table.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable

import shapely

ENVELOPE_BYTES = (0, 32, 48, 48, 64)
HEADER_BYTES = 8
_EMPTY_FLAG = 0x10
_CORNERS = {"ST_MinX": 0, "ST_MaxX": 1, "ST_MinY": 2, "ST_MaxY": 3}
_LITTLE_ENDIAN_WITH_BOX = 0x03


def add_spatial_functions(database: sqlite3.Connection) -> None:
    """Let a connection change rows of spatial tables, their spatial index included."""
    for name, corner in _CORNERS.items():
        database.create_function(name, 1, _corner(corner), deterministic=True)
    database.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)


def wkb_of(blob: bytes) -> bytes:
    """The well-known binary inside a GeoPackage geometry.

    Raises:
        ValueError: no GeoPackage geometry.
    """
    if len(blob) < HEADER_BYTES or blob[:2] != b"GP" or (blob[3] >> 1 & 7) >= len(ENVELOPE_BYTES):
        raise ValueError("not a GeoPackage geometry")
    return bytes(blob[HEADER_BYTES + ENVELOPE_BYTES[blob[3] >> 1 & 7] :])


def blob_of(wkb: bytes, srs_id: int) -> bytes:
    """A GeoPackage geometry, with its box, around well-known binary that is not empty."""
    xmin, ymin, xmax, ymax = shapely.from_wkb(wkb).bounds
    head = struct.pack("<2sBBi", b"GP", 0, _LITTLE_ENDIAN_WITH_BOX, srs_id)
    return head + struct.pack("<4d", xmin, xmax, ymin, ymax) + wkb


def _corner(index: int) -> Callable[[bytes | None], float | None]:
    def read(blob: bytes | None) -> float | None:
        if blob is None or blob[3] & _EMPTY_FLAG:
            return None
        if blob[3] >> 1 & 7:
            order = "<" if blob[3] & 1 else ">"
            return float(struct.unpack_from(f"{order}4d", blob, HEADER_BYTES)[index])
        xmin, ymin, xmax, ymax = shapely.from_wkb(wkb_of(blob)).bounds
        return float((xmin, xmax, ymin, ymax)[index])

    return read


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(bool(blob[3] & _EMPTY_FLAG))
