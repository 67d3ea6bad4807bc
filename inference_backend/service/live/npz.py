# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrays in `.npz` bodies; whatever arrives is taken for a lie until its sizes agree with each other.

NumPy's own reader trusts a header for the memory to take, and a zip for what it unpacks to.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from inference_backend.service.web.api_errors import BadArraysError

Arrays = dict[str, NDArray[Any]]
MOST_ARRAYS = 16
KINDS = "biufU"
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    ValueError,
    KeyError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


def unpack(content: bytes | bytearray, most_bytes: int) -> Arrays:
    """The arrays of a body by name, read-only.

    Args:
        content: of the request.
        most_bytes: that they may take together.

    Raises:
        BadArraysError: no `.npz`, or one of which a size does not hold.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if len(members) > MOST_ARRAYS or size > most_bytes:
                raise BadArraysError(reason=f"{len(members)} arrays, {size} bytes")
            return {member.filename.removesuffix(".npy"): _array(archive.read(member)) for member in members}
    except _BROKEN as error:
        raise BadArraysError(reason=str(error)[:200] or type(error).__name__) from error


def pack(arrays: Mapping[str, NDArray[Any]], *, is_compressed: bool = False) -> bytes:
    """A body of arrays."""
    file = io.BytesIO()
    save = np.savez_compressed if is_compressed else np.savez
    save(file, **dict(arrays))  # type: ignore[arg-type]  # any names
    return file.getvalue()


def _array(content: bytes) -> NDArray[Any]:
    stream = io.BytesIO(content)
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, is_fortran, dtype = read(stream)
    if dtype.kind not in KINDS or dtype.hasobject:
        raise ValueError(f"type {dtype}")
    start = stream.tell()
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(content) - start:
        raise ValueError(f"shape {shape} of {dtype} in {len(content) - start} bytes")
    flat = (
        np.frombuffer(content, dtype, offset=start) if dtype.itemsize else np.empty(math.prod(shape), dtype)
    )
    return flat.reshape(shape, order="F" if is_fortran else "C")
