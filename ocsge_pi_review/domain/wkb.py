# SPDX-License-Identifier: GPL-2.0-or-later
"""Well-known binary of plain polygons, bit for bit."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ocsge_pi_review.domain.errors import WkbError
from ocsge_pi_review.domain.rings import Point, Polygon, Ring

POLYGON_TYPE = 3


def decode(data: bytes) -> Polygon:
    """The rings of a WKB polygon.

    Raises:
        WkbError: another type, several parts, a third dimension, or truncated data.
    """
    try:
        order = "<" if data[0] == 1 else ">"
        kind, ring_count = struct.unpack_from(order + "II", data, 1)
        if kind != POLYGON_TYPE or ring_count == 0:
            raise WkbError(reason=f"WKB type {kind}, {ring_count} rings")
        rings, offset = [], 9
        for _ in range(ring_count):
            ring, offset = _decode_ring(data, offset, order)
            rings.append(ring)
    except (struct.error, IndexError) as error:
        raise WkbError(reason=f"{len(data)} bytes, truncated") from error
    return tuple(rings)


def ring_arrays(data: bytes) -> list[NDArray[np.float64]]:
    """The rings of a WKB polygon that `decode` accepts, as (n, 2) arrays."""
    order = "<" if data[0] == 1 else ">"
    (ring_count,) = struct.unpack_from(order + "I", data, 5)
    arrays, offset = [], 9
    for _ in range(ring_count):
        (count,) = struct.unpack_from(order + "I", data, offset)
        flat = np.frombuffer(data, order + "f8", 2 * count, offset + 4)
        arrays.append(flat.reshape(-1, 2).astype(np.float64))
        offset += 4 + 16 * count
    return arrays


def _decode_ring(data: bytes, offset: int, order: str) -> tuple[Ring, int]:
    (count,) = struct.unpack_from(order + "I", data, offset)
    values = struct.unpack_from(f"{order}{2 * count}d", data, offset + 4)
    points: Iterator[Point] = zip(values[::2], values[1::2])
    return tuple(points), offset + 4 + 16 * count


def encode(polygon: Polygon) -> bytes:
    """Little-endian WKB, as GEOS and QGIS write it."""
    parts = [struct.pack("<BII", 1, POLYGON_TYPE, len(polygon))]
    for ring in polygon:
        flat = [value for point in ring for value in point]
        parts.append(struct.pack(f"<I{len(flat)}d", len(ring), *flat))
    return b"".join(parts)
