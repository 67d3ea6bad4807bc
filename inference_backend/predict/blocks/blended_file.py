# SPDX-License-Identifier: GPL-2.0-or-later
"""A block whose edges wait for its neighbours, as bytes: arrays of numpy, compressed, with a checksum."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard
from inference_backend.predict.blocks.blend import (
    Patch,
    finish_block,
    neighbourhood,
    patch_arrays,
    patches_of,
)
from inference_backend.predict.blocks.block_store import BlockStore
from inference_backend.predict.blocks.canvas import BlockResult
from inference_backend.predict.blocks.lattice import Block, Lattice

_CRC = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")
_KEPT_NEIGHBOURS = 9


def pack_result(result: BlockResult) -> bytes:
    """Bytes of a block that has image: length of the first part, strips along the edges, planes, CRC-32."""
    planes = {"planes": result.planes, "probabilities": result.probabilities}
    parts = [
        _packed(patch_arrays(result.patches)),
        _packed({name: values for name, values in planes.items() if values is not None}),
    ]
    whole = b"".join((_LENGTH.pack(len(parts[0])), *parts))
    return whole + _CRC.pack(isal_zlib.crc32(whole))


def finished_results(
    lattice: Lattice, card: ModelCard, store: BlockStore, files: dict[Block, Path]
) -> Iterator[BlockResult]:
    """Every block with its edges blended, row by row.

    Args:
        lattice: of the blocks.
        card: of the model.
        store: of the blocks.
        files: of the blocks that have image.
    """
    patches: Callable[[Block], tuple[Patch, ...]] = lru_cache(_KEPT_NEIGHBOURS)(
        lambda block: _read_patches(files[block]) if block in files else ()
    )
    for block in store.lattice:
        if block not in files:
            yield BlockResult(block)
            continue
        arrays = _read_planes(files[block])
        planes, probabilities = arrays["planes"], arrays.get("probabilities")
        around = [patch for near in neighbourhood(lattice, block) for patch in patches(near)]
        finish_block(lattice, block, card, around, planes, probabilities)
        yield BlockResult(block, planes, probabilities)


def _packed(arrays: dict[str, NDArray[Any]]) -> bytes:
    memory = io.BytesIO()
    np.savez(memory, allow_pickle=False, **arrays)
    return isal_zlib.compress(memory.getbuffer(), 1)


def _unpacked(data: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(isal_zlib.decompress(data)), allow_pickle=False) as arrays:
        return dict(arrays)


def _read_patches(path: Path) -> tuple[Patch, ...]:
    with path.open("rb") as file:
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
        return patches_of(_unpacked(file.read(length)))


def _read_planes(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as file:
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
        file.seek(_LENGTH.size + length)
        return _unpacked(file.read()[: -_CRC.size])
