# SPDX-License-Identifier: GPL-2.0-or-later
"""The head of a Cloud Optimized GeoTIFF: everything before the pixels.

Source: TIFF 6.0; BigTIFF; the COG layout of GDAL's driver (https://gdal.org/drivers/raster/cog.html): all
directories first, each tile preceded by its length and followed by its last four bytes again.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.predict.blocks.block_file import ENDS_BYTES, LEADER_BYTES, bytes_with_ends

SHORT, LONG, LONG8 = 3, 4, 16
_TYPE_BYTES = {1: 1, 2: 1, SHORT: 2, LONG: 4, 12: 8, LONG8: 8}
_CLASSIC_LIMIT = 2**32 - 2**20

_LAYOUT = (
    "LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\n"
    "BLOCK_TRAILER=LAST_4_BYTES_REPEATED\nINTERLEAVE=TILE\nKNOWN_INCOMPATIBLE_EDITION=NO\n "
)
_GHOST = f"GDAL_STRUCTURAL_METADATA_SIZE={len(_LAYOUT):06d} bytes\n{_LAYOUT}".encode("ascii")

NODATA_TAG = 42113


@dataclass(frozen=True)
class Tag:
    """One entry of a directory: TIFF type, number of values, and the values as bytes."""

    kind: int
    count: int
    data: bytes


Directory = dict[int, Tag]


@dataclass(frozen=True)
class LevelTable:
    """One level of the image.

    Attributes:
        shape: (rows, columns), px.
        lengths: (tile rows, tile columns, bands) int64 bytes; 0 for a tile without data.
    """

    shape: tuple[int, int]
    lengths: NDArray[np.int64]


def make_header(levels: Sequence[LevelTable], tile_px: int, metadata: Directory, nodata: Tag) -> bytes:
    """Header and directories of a COG of uint8 bands, one plane after the other within each tile.

    Args:
        levels: the image, then its overviews, each half of the one before.
        tile_px: side of a tile.
        metadata: georeference and metadata tags of the image.
        nodata: tag of the no-data value, for every level.
    """
    total = sum(bytes_with_ends(level.lengths) for level in levels)
    index = (
        sum(16 * level.lengths.size for level in levels) + 2**16 + sum(len(t.data) for t in metadata.values())
    )
    big = total + index > _CLASSIC_LIMIT
    start = _layout(levels, tile_px, metadata, nodata, big, 0)[1]
    return _layout(levels, tile_px, metadata, nodata, big, start)[0]


def _layout(
    levels: Sequence[LevelTable],
    tile_px: int,
    metadata: Directory,
    nodata: Tag,
    big: bool,
    data_start: int,
) -> tuple[bytes, int]:
    """The head for data that begin at `data_start`, and its length, which does not depend on that."""
    places = [level.lengths for level in levels]
    starts: dict[int, int] = {}
    position = data_start
    for number in reversed(range(len(levels))):  # smallest overview first
        starts[number] = position
        position += bytes_with_ends(places[number])
    head = bytearray(_file_head(big) + _GHOST)
    link = 8 if big else 4  # where the address of the next directory is written
    for number, level in enumerate(levels):
        head += b"\0" * (-len(head) % 8)
        struct.pack_into("<Q" if big else "<I", head, link, len(head))
        tags = _image_tags(level, tile_px, number, big, starts[number])
        tags |= {NODATA_TAG: nodata} | (metadata if number == 0 else {})
        written, next_link = _directory(tags, len(head), big)
        link = len(head) + next_link
        head += written
    head += b"\0" * (-len(head) % 8)
    return bytes(head), len(head)


def _file_head(big: bool) -> bytes:
    return struct.pack("<2sHHHQ", b"II", 43, 8, 0, 0) if big else struct.pack("<2sHI", b"II", 42, 0)


def _image_tags(level: LevelTable, tile_px: int, number: int, big: bool, start: int) -> Directory:
    bands = level.lengths.shape[2]
    offsets = _offsets(level.lengths, start)
    # In the file the bands of a tile lie together; the index has one band after the other.
    by_band = (np.moveaxis(values, 2, 0).ravel() for values in (offsets, level.lengths))
    places, lengths = by_band
    kind, code = (LONG8, "<u8") if big else (LONG, "<u4")
    return {
        254: _numbers(LONG, "<u4", [1 if number else 0]),
        256: _numbers(LONG, "<u4", [level.shape[1]]),
        257: _numbers(LONG, "<u4", [level.shape[0]]),
        258: _numbers(SHORT, "<u2", [8] * bands),
        259: _numbers(SHORT, "<u2", [8]),  # deflate
        262: _numbers(SHORT, "<u2", [1]),  # zero is black
        277: _numbers(SHORT, "<u2", [bands]),
        284: _numbers(SHORT, "<u2", [2]),  # one plane per band
        322: _numbers(SHORT, "<u2", [tile_px]),
        323: _numbers(SHORT, "<u2", [tile_px]),
        324: _numbers(kind, code, places),
        325: _numbers(LONG, "<u4", lengths),
        **({338: _numbers(SHORT, "<u2", [0] * (bands - 1))} if bands > 1 else {}),
        339: _numbers(SHORT, "<u2", [1] * bands),
    }


def _offsets(lengths: NDArray[np.int64], start: int) -> NDArray[np.int64]:
    """Where each tile's bytes begin, after the four of its length; 0 for a tile without data."""
    taken = np.where(lengths > 0, lengths + ENDS_BYTES, 0).ravel()
    before = start + np.cumsum(taken) - taken + LEADER_BYTES
    return np.where(lengths.ravel() > 0, before, 0).reshape(lengths.shape)


def _numbers(kind: int, code: str, values: Sequence[int] | NDArray[np.int64]) -> Tag:
    array = np.asarray(values).astype(code)
    return Tag(kind, array.size, array.tobytes())


def _directory(tags: Directory, position: int, big: bool) -> tuple[bytes, int]:
    """A directory with its long values behind it, and where in it the next one's address goes."""
    entry, inline, count = ("<HHQ8s", 8, "<Q") if big else ("<HHI4s", 4, "<H")
    address = "<Q" if big else "<I"
    link = struct.calcsize(count) + len(tags) * struct.calcsize(entry)
    body = bytearray(struct.pack(count, len(tags)))
    behind = bytearray()
    first_value = position + link + struct.calcsize(address)
    for number in sorted(tags):
        tag = tags[number]
        value = tag.data
        if len(value) > inline:
            behind += b"\0" * (-(first_value + len(behind)) % 8)
            value = struct.pack(address, first_value + len(behind))
            behind += tag.data
        body += struct.pack(entry, number, tag.kind, tag.count, value.ljust(inline, b"\0"))
    return bytes(body + struct.pack(address, 0) + behind), link


def read_tags(data: bytes) -> Directory:
    """Tags of the first directory of a small classic little-endian TIFF, as GDAL wrote them."""
    (start,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    tags: Directory = {}
    for i in range(count):
        place = start + 2 + 12 * i
        number, kind, values = struct.unpack_from("<HHI", data, place)
        size = values * _TYPE_BYTES.get(kind, 1)
        where = place + 8 if size <= 4 else struct.unpack_from("<I", data, place + 8)[0]
        tags[number] = Tag(kind, values, data[where : where + size])
    return tags
