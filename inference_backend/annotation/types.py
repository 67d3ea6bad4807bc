# SPDX-License-Identifier: GPL-2.0-or-later
"""The arrays of a patch, what is known of its bands, and the files of an interactive model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.annotation.errors import BadPatchError
from inference_backend.contracts.live import MOST_SIDE_PX, BandRole

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
Mask = NDArray[np.bool_]

MOST_BANDS = 64
LEAST_SIDE_PX = 8
PHOTOGRAPH = (BandRole.RED, BandRole.GREEN, BandRole.BLUE, BandRole.INFRARED, BandRole.HEIGHT)
KINDS = (np.uint8, np.uint16, np.float32)


@dataclass(frozen=True)
class Patch:
    """Pixels to be labelled.

    Attributes:
        image: (C, H, W) uint8, uint16 or float32.
        valid: (H, W) bool, True where every band has a finite value.
        bands: what each band shows.
    """

    image: NDArray[Any]
    valid: Mask
    bands: tuple[BandRole, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, px."""
        return self.valid.shape[0], self.valid.shape[1]

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return int(self.image.nbytes + self.valid.nbytes)

    def number_of(self, role: BandRole) -> int | None:
        """The first band that shows `role`, from 0; None where none does."""
        return self.bands.index(role) if role in self.bands else None


def make_patch(
    image: NDArray[Any], valid: NDArray[Any] | None = None, bands: tuple[str, ...] | None = None
) -> Patch:
    """A patch of checked arrays.

    Raises:
        BadPatchError: a shape, a type or a band that cannot be used.
    """
    if image.ndim != 3 or image.dtype not in KINDS:
        raise BadPatchError(name="image", found=f"{image.dtype} {image.shape}")
    height, width = image.shape[1:]
    if not (
        1 <= image.shape[0] <= MOST_BANDS
        and min(height, width) >= LEAST_SIDE_PX
        and max(height, width) <= MOST_SIDE_PX
    ):
        raise BadPatchError(name="image", found=str(image.shape))
    known = (
        np.isfinite(image).all(axis=0) if image.dtype == np.float32 else np.ones((height, width), np.bool_)
    )
    if valid is not None:
        if valid.dtype != np.bool_ or valid.shape != known.shape:
            raise BadPatchError(name="valid", found=f"{valid.dtype} {valid.shape}")
        known &= valid
    return Patch(image, known, _roles(image.shape[0], bands))


def _roles(count: int, bands: tuple[str, ...] | None) -> tuple[BandRole, ...]:
    if bands is None:
        return (*PHOTOGRAPH, *[BandRole.OTHER] * count)[:count]
    try:
        roles = tuple(BandRole(band) for band in bands)
    except ValueError as error:
        raise BadPatchError(name="bands", found=str(error)) from error
    if len(roles) != count:
        raise BadPatchError(name="bands", found=f"{len(roles)} for {count}")
    return roles


@dataclass(frozen=True)
class Pair:
    """The files of a model.

    Attributes:
        name: by which it is asked for.
        encoder: path.
        decoder: path.
    """

    name: str
    encoder: Path
    decoder: Path
