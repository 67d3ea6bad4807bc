# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrays as the live service takes and gives them, and the patch that they belong to."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.live import BandRole, LiveArray

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class LiveObject:
    """Something the service keeps for a while under the digest of its bytes.

    Attributes:
        key: SHA-256 of `body`, hexadecimal.
        body: an `.npz`.
    """

    key: str
    body: bytes


def live_patch(
    image: np.ndarray, valid: np.ndarray | None = None, bands: Sequence[BandRole | str] = ()
) -> LiveObject:
    """A patch, to be made once and used for every request about it; the same pixels have the same key.

    Args:
        image: (C, H, W) uint8, uint16 or float32; H and W up to 2,048 px.
        valid: (H, W) bool, False where there is no data.
        bands: what each band shows; red, green, blue, infrared, height where empty.
    """
    arrays = {LiveArray.IMAGE.value: np.ascontiguousarray(image)}
    if valid is not None:
        arrays[LiveArray.VALID.value] = np.asarray(valid, np.bool_)
    if bands:
        arrays[LiveArray.BANDS.value] = np.array([BandRole(band).value for band in bands])
    return live_object(arrays)


def live_memory(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> LiveObject:
    """What finished patches teach: their `rows` answers one after the other, those of one width together.

    Args:
        parts: (N, F) float32 and (N,) uint8 each; all of the same F.
    """
    return live_object(
        {
            LiveArray.ROWS.value: np.concatenate([rows for rows, _ in parts]),
            LiveArray.ROW_VALUES.value: np.concatenate([values for _, values in parts]),
        }
    )


def live_object(arrays: Arrays) -> LiveObject:
    """Pack arrays under the digest of the bytes."""
    body = pack(arrays)
    return LiveObject(hashlib.sha256(body).hexdigest(), body)


def pack(arrays: Arrays) -> bytes:
    """An `.npz` without compression: on loopback the processor is what is short."""
    file = io.BytesIO()
    np.savez(file, **dict(arrays))
    return file.getvalue()


def unpack(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of an `.npz`.

    Raises:
        ValueError: it is none.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, EOFError, KeyError, zipfile.BadZipFile, AttributeError) as error:
        raise ValueError(f"not an answer of arrays: {error}") from error
