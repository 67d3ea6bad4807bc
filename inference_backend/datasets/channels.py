# SPDX-License-Identifier: GPL-2.0-or-later
"""The images of a campaign as one stack of channels on the pixels of a patch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window, from_bounds

from inference_backend.contracts.campaign import SourceRole
from inference_backend.datasets.campaign import Campaign
from inference_backend.datasets.errors import DatasetError
from inference_backend.errors import RasterError
from inference_backend.grid import Grid

RGB = ("red", "green", "blue")
NIR = "infrared"
HEIGHT = "height"
GROUND = "ground"
ON_GRID = 1e-3
"""Share of a pixel by which an image may be off a patch and still count as being on its pixels."""


@dataclass(frozen=True)
class Channel:
    """One band to read.

    Attributes:
        name: `red`, `green`, `blue`, `infrared`, `height`, `ground`, or `band N`.
        path: the raster.
        band: from 1.
    """

    name: str
    path: Path
    band: int


def channels_of(campaign: Campaign) -> tuple[Channel, ...]:
    """What a campaign has: the bands of its image, then infrared and height of other files.

    The first three bands are red, green and blue; a fourth that is no transparency is infrared.

    Raises:
        RasterError: the image is missing or unreadable.
    """
    found = list(_of_image(campaign.image))
    names = {channel.name for channel in found}
    for source in campaign.sources:
        path = Path(source.uri)
        if source.role is SourceRole.INFRARED and NIR not in names and path.is_file():
            found.append(Channel(NIR, path, _first_band(source.options)))
            names.add(NIR)
        if source.role is SourceRole.HEIGHT and HEIGHT not in names and path.is_file():
            found.append(Channel(HEIGHT, path, _first_band(source.options)))
            names.add(HEIGHT)
    return tuple(found)


def _of_image(path: Path) -> Sequence[Channel]:
    with open_raster(path) as raster:
        bands = [
            band
            for band, meaning in enumerate(raster.colorinterp, start=1)
            if meaning is not ColorInterp.alpha
        ]
    if len(bands) < len(RGB):
        return [Channel(f"band {band}", path, band) for band in bands]
    names = [*RGB, NIR, *(f"band {band}" for band in bands[4:])]
    return [Channel(name, path, band) for name, band in zip(names, bands, strict=False)]


def _first_band(options: Any) -> int:
    bands = options.get("bands") or [1]
    return int(bands[0])


def open_raster(path: Path) -> Any:
    """An open raster.

    Raises:
        RasterError: missing or unreadable.
    """
    try:
        return rasterio.open(path)
    except RasterioError as error:
        raise RasterError(
            path=path,
            problem_en=f"cannot be read ({error})",
            problem_fr=f"lecture impossible ({error})",
            remedy_en="Put the file back, or locate it in the annotation panel.",
            remedy_fr="Remettez le fichier, ou localisez-le dans le panneau d'annotation.",
        ) from error


def read_channels(channels: Sequence[Channel], grid: Grid) -> NDArray[Any]:
    """The channels on the pixels of a patch.

    Args:
        channels: what to read, of the same kind of values (all integers, or all heights).
        grid: of the patch.

    Returns:
        (C, H, W), in the type of the first channel; what lies outside a raster is 0.

    Raises:
        RasterError: unreadable.
        DatasetError: a raster does not reach the patch.
    """
    bands = []
    for path in dict.fromkeys(channel.path for channel in channels):
        wanted = [channel for channel in channels if channel.path == path]
        bands += list(zip(wanted, _read(path, [channel.band for channel in wanted], grid), strict=True))
    by_channel = {(channel.path, channel.band): values for channel, values in bands}
    first = by_channel[channels[0].path, channels[0].band]
    stack = np.zeros((len(channels), *grid.shape), dtype=first.dtype)
    for index, channel in enumerate(channels):
        stack[index] = _cast(by_channel[channel.path, channel.band], first.dtype)
    return stack


def _read(path: Path, bands: list[int], grid: Grid) -> NDArray[Any]:
    try:
        with open_raster(path) as raster:
            window = window_on_grid(raster, grid)
            if window is not None:
                return np.asarray(raster.read(bands, window=window))
            with WarpedVRT(
                raster,
                crs=grid.crs,
                transform=grid.transform,
                height=grid.height_px,
                width=grid.width_px,
                resampling=Resampling.bilinear,
            ) as warped:
                return np.asarray(warped.read(bands))
    except RasterioError as error:
        raise RasterError(
            path=path,
            problem_en=f"is damaged or lacks a band ({error})",
            problem_fr=f"est endommagé ou manque d'une bande ({error})",
            remedy_en="Restore the file.",
            remedy_fr="Rétablissez le fichier.",
        ) from error


def window_on_grid(raster: Any, grid: Grid) -> Window | None:
    """The patch in a raster's own pixels, None where its pixels are others.

    Coordinate systems are not compared: the same pixels to a thousandth, in metres of another system, do
    not happen, while one system is written in many ways.
    """
    scale = abs(raster.transform.a - grid.transform.a) + abs(raster.transform.e - grid.transform.e)
    if scale * max(grid.shape) > ON_GRID * grid.pixel_m or raster.transform.b or raster.transform.d:
        return None
    window = from_bounds(*grid.bounds, transform=raster.transform)
    offsets = (window.col_off, window.row_off)
    if any(abs(offset - round(offset)) > ON_GRID for offset in offsets):
        return None
    column, row = (round(offset) for offset in offsets)
    inside = column >= 0 and row >= 0
    if inside and column + grid.width_px <= raster.width and row + grid.height_px <= raster.height:
        return Window(column, row, grid.width_px, grid.height_px)
    return None


def require_on_grid(path: Path, grid: Grid, patch_id: str) -> None:
    """Accept the campaign's image where it still carries the patch on its pixels.

    Raises:
        DatasetError: moved, cropped or resampled since the campaign was made.
    """
    with open_raster(path) as raster:
        if window_on_grid(raster, grid) is not None:
            return
    raise DatasetError(
        path=path,
        problem_en=f"does not carry patch {patch_id} on its pixels any more (moved, cropped or resampled)",
        problem_fr=f"ne porte plus la dalle {patch_id} sur ses pixels (déplacée, rognée ou rééchantillonnée)",
        remedy_en="Put the image back with which the campaign was made.",
        remedy_fr="Remettez l'image avec laquelle la campagne a été faite.",
    )


def pixel_fingerprint(path: Path, grid: Grid) -> str:
    """SHA-256 of a patch's pixels in the campaign's image, all bands, as the annotation panel writes it.

    Raises:
        RasterError: unreadable.
    """
    with open_raster(path) as raster:
        bands = list(raster.indexes)
    pixels = _read(path, bands, grid)
    if len(bands) == 1:
        pixels = pixels[0]
    digest = hashlib.sha256(f"{pixels.shape} {pixels.dtype.str}".encode())
    digest.update(np.ascontiguousarray(pixels).tobytes())
    return digest.hexdigest()


def _cast(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if values.dtype == dtype or not np.issubdtype(dtype, np.integer):
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    return np.asarray(np.clip(np.nan_to_num(np.rint(values)), limits.min, limits.max), dtype=dtype)
