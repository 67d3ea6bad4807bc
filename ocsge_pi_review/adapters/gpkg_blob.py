# SPDX-License-Identifier: GPL-2.0-or-later
"""Geometries as a GeoPackage stores them: a header with the box, then well-known binary, bit for bit."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from osgeo import ogr

from ocsge_pi_review.domain.patch import PolygonRow

Box = tuple[float, float, float, float]
"""xmin, ymin, xmax, ymax."""

_ENVELOPE_SIZES = (0, 32, 48, 48, 64)
_EMPTY_FLAG = 0x10
_WITH_BOX = 0x03
_POINT_TYPE, _MULTI_POLYGON_TYPE = 1, 6


def wkb_of(blob: bytes) -> bytes:
    """The well-known binary inside."""
    return bytes(blob[8 + _ENVELOPE_SIZES[(blob[3] >> 1) & 7] :])


def box_of(blob: bytes | None) -> Box | None:
    """Box of a geometry; None for an empty one."""
    if blob is None or blob[3] & _EMPTY_FLAG:
        return None
    order = "<" if blob[3] & 1 else ">"
    if _ENVELOPE_SIZES[(blob[3] >> 1) & 7]:
        xmin, xmax, ymin, ymax = struct.unpack_from(order + "4d", blob, 8)
        return xmin, ymin, xmax, ymax
    kind, x, y = struct.unpack_from(("<" if blob[8] == 1 else ">") + "I2d", blob, 9)
    if kind == _POINT_TYPE:
        return x, y, x, y
    # Other programs may leave the box out.
    xmin, xmax, ymin, ymax = ogr.CreateGeometryFromWkb(wkb_of(blob)).GetEnvelope()
    return xmin, ymin, xmax, ymax


def is_empty(blob: bytes | None) -> int | None:
    """As `ST_IsEmpty` has it."""
    return None if blob is None else int(bool(blob[3] & _EMPTY_FLAG))


def polygon_blob(row: PolygonRow, srs_id: int) -> bytes:
    """A row's geometry with its box.

    Raises:
        WkbError: not one plain polygon.
    """
    return _header(box_of_row(row), srs_id) + row.wkb


def point_blob(x: float, y: float, srs_id: int) -> bytes:
    """A point with its box."""
    return _header((x, y, x, y), srs_id) + struct.pack("<BI2d", 1, _POINT_TYPE, x, y)


def multi_polygon_blob(rows: Iterable[PolygonRow], srs_id: int) -> bytes | None:
    """Several polygons side by side as one geometry; None without any."""
    some = list(rows)
    if not some:
        return None
    boxes = [box_of_row(row) for row in some]
    box = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    start = struct.pack("<BII", 1, _MULTI_POLYGON_TYPE, len(some))
    return _header(box, srs_id) + start + b"".join(row.wkb for row in some)


def box_of_row(row: PolygonRow) -> Box:
    """Box of a polygon."""
    xs, ys = zip(*row.polygon[0])
    return min(xs), min(ys), max(xs), max(ys)


def _header(box: Box, srs_id: int) -> bytes:
    xmin, ymin, xmax, ymax = box
    return struct.pack("<2sBBi4d", b"GP", 0, _WITH_BOX, srs_id, xmin, xmax, ymin, ymax)
