# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows as PostgreSQL's COPY reads them, made as they are asked for."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SRID_FLAG = 0x20000000


class RowStream:
    """A file of rows, for `copy_expert`.

    Args:
        lines: complete lines.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: Iterator[bytes] = (line.encode() for line in lines)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        data = b"".join(parts)
        if size < 0:
            size = len(data)
        self._rest = data[size:]
        return data[:size]


def line_of(values: Sequence[Any], wkb: bytes | None, srid: int | None) -> str:
    """One line: the values, then the geometry where the table has one (`srid` is not None)."""
    fields = [_field(value) for value in values]
    if srid is not None:
        fields.append("\\N" if wkb is None else with_srid(wkb, srid).hex())
    return "\t".join(fields) + "\n"


def with_srid(wkb: bytes, srid: int) -> bytes:
    """Well-known binary as PostGIS extends it."""
    order = "<I" if wkb[0] == 1 else ">I"
    (kind,) = struct.unpack_from(order, wkb, 1)
    return wkb[:1] + struct.pack(order, kind | _SRID_FLAG) + struct.pack(order, srid) + wkb[5:]


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, float):
        return repr(value)
    return str(value).translate(_ESCAPES)
