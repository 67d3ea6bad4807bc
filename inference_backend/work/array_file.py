# SPDX-License-Identifier: GPL-2.0-or-later
"""A dataclass of arrays as bytes that end with a checksum.

Layout, little-endian: magic, length of the header, header, pieces, CRC-32 of everything before. The header is
JSON: the fields, with a number in place of each array, and dtype, shape, coding and length of each piece.
Planes of labels are long runs of one value; they are kept as runs, and everything is deflated.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Collection
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from inference_backend.work.runs import join_runs, split_runs

_MAGIC = b"OCSGEAR1"
_HEAD = struct.Struct("<8sI")
_CRC = struct.Struct("<I")
_LEVEL = 1
_PLANE_PX = 4096
"""From so many elements on, a 2D array of int32 is kept as runs."""
_RAW, _RUNS = "raw", "runs"
_ARRAY, _TUPLE, _DICT, _FIELDS = "array", "tuple", "dict", "fields"
T = TypeVar("T")
Array = NDArray[Any]


class DamagedPartError(ValueError):
    """Bytes that are no whole part; it is made again."""


def pack(value: Any) -> bytes:
    """Bytes of a dataclass of arrays, numbers, texts, None, tuples and dicts of these, and dataclasses."""
    arrays: list[Array] = []
    content = _plain(value, arrays)[_FIELDS]
    coded = [_encode(array) for array in arrays]
    table = [
        [array.dtype.str, array.shape, coding, len(piece)]
        for array, (coding, piece) in zip(arrays, coded, strict=True)
    ]
    header = json.dumps({"content": content, "arrays": table}).encode()
    whole = b"".join((_HEAD.pack(_MAGIC, len(header)), header, *(piece for _, piece in coded)))
    return whole + _CRC.pack(isal_zlib.crc32(whole))


def unpack(data: bytes | memoryview, kind: type[T], without: Collection[str] = ()) -> T:
    """Inverse of `pack`.

    Args:
        data: from `pack`.
        kind: the dataclass.
        without: fields whose arrays are left out; they become empty.

    Raises:
        DamagedPartError: other bytes.
    """
    view = memoryview(data)
    if len(view) < _HEAD.size or bytes(view[:8]) != _MAGIC:
        raise DamagedPartError(kind.__name__)
    length = _HEAD.unpack_from(view)[1]
    header = json.loads(bytes(view[_HEAD.size : _HEAD.size + length]))
    starts = np.cumsum([_HEAD.size + length, *(row[3] for row in header["arrays"])]).tolist()

    def array(index: int, *, skip: bool) -> Array:
        dtype, shape, coding, size = header["arrays"][index]
        if skip:
            return np.zeros([0] * len(shape), dtype)
        return _decode(view[starts[index] : starts[index] + size], dtype, shape, coding)

    def value(node: Any, hint: Any, *, skip: bool) -> Any:
        if not isinstance(node, dict):
            return node
        if _ARRAY in node:
            return array(node[_ARRAY], skip=skip)
        if _TUPLE in node:
            return tuple(value(item, None, skip=skip) for item in node[_TUPLE])
        if _DICT in node:
            return {key: value(item, None, skip=skip) for key, item in node[_DICT]}
        return whole(node[_FIELDS], hint, skip=skip)

    def whole(content: dict[str, Any], of: Any, *, skip: bool) -> Any:
        hints = get_type_hints(of)
        found = {name: value(v, hints[name], skip=skip or name in without) for name, v in content.items()}
        return of(**found)

    result: T = whole(header["content"], kind, skip=False)
    return result


def is_whole(path: Path) -> bool:
    """Whether a file is as `pack` made it."""
    data = path.read_bytes()
    if len(data) <= _HEAD.size + _CRC.size or not data.startswith(_MAGIC):
        return False
    (expected,) = _CRC.unpack_from(data, len(data) - _CRC.size)
    return bool(isal_zlib.crc32(memoryview(data)[: -_CRC.size]) == expected)


def _plain(value: Any, arrays: list[Array]) -> Any:
    if isinstance(value, np.ndarray):
        arrays.append(np.ascontiguousarray(value))
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, tuple):
        return {_TUPLE: [_plain(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {_DICT: [[key, _plain(item, arrays)] for key, item in value.items()]}
    if is_dataclass(value):
        return {_FIELDS: {field.name: _plain(getattr(value, field.name), arrays) for field in fields(value)}}
    return value.item() if isinstance(value, np.generic) else value


def _encode(array: Array) -> tuple[str, bytes]:
    if array.ndim == 2 and array.dtype == np.int32 and array.size >= _PLANE_PX:
        runs = split_runs(array.ravel())
        if 2 * len(runs) < array.size:
            return _RUNS, isal_zlib.compress(runs.tobytes(), _LEVEL)
    return _RAW, isal_zlib.compress(array.tobytes(), _LEVEL)


def _decode(piece: memoryview, dtype: str, shape: list[int], coding: str) -> Array:
    data = isal_zlib.decompress(piece)
    if coding == _RUNS:
        flat: Array = join_runs(np.frombuffer(data, np.int32).reshape(-1, 2), int(np.prod(shape)))
    else:
        flat = np.frombuffer(bytearray(data), dtype)
    return flat.reshape(shape)
