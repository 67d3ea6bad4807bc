# SPDX-License-Identifier: GPL-2.0-or-later
"""All bands of a patch, those of further sources included: what the machine looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from inference_backend.contracts.campaign import SourceRole
from inference_backend.contracts.live import BandRole
from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import ImageError
from ocsge_common.backend.live_arrays import LiveObject, live_patch

Bands = npt.NDArray[np.generic]

_COLOURS = {
    gdal.GCI_RedBand: BandRole.RED,
    gdal.GCI_GreenBand: BandRole.GREEN,
    gdal.GCI_BlueBand: BandRole.BLUE,
}
_BY_POSITION = (BandRole.RED, BandRole.GREEN, BandRole.BLUE, BandRole.INFRARED, BandRole.HEIGHT)
"""What the bands of an image show that does not say."""
_SHOWN_BY = {SourceRole.INFRARED: BandRole.INFRARED, SourceRole.HEIGHT: BandRole.HEIGHT}


@dataclass(frozen=True)
class MoreBands:
    """A raster of the same place as the image, on any grid or CRS.

    Attributes:
        path: its file.
        role: what it shows. Of an infrared image the first band is taken, as in the usual IRC products.
    """

    path: Path
    role: SourceRole


def read_pixels(image: Image, window: PixelWindow, more: Sequence[MoreBands] = ()) -> LiveObject:
    """Read a patch, ready to be sent; the same pixels have the same key.

    Args:
        image: of the campaign.
        window: the patch's pixels in the image.
        more: further rasters, in a fixed order.

    Raises:
        ImageError: a raster cannot be read.
    """
    dataset = _open(image.path)
    area = (window.col, window.row, window.width, window.height)
    bands = [(_read(image.path, band, area), role) for band, role in _with_roles(dataset)]
    valid = np.ones((window.height, window.width), dtype=bool)
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        if not band.GetMaskFlags() & gdal.GMF_ALL_VALID:
            valid &= _read(image.path, band.GetMaskBand(), area) > 0
    for source in more:
        warped = _warp(source.path, image, window)
        role = _SHOWN_BY.get(source.role, BandRole.OTHER)
        planes = [band for band, _ in _with_roles(warped)]
        if source.role in _SHOWN_BY:
            planes = planes[:1]
        bands += [(_read(source.path, band), role) for band in planes]
    kind = _common_type([values for values, _ in bands])
    stack = np.stack([np.asarray(values, dtype=kind) for values, _ in bands])
    return live_patch(stack, valid, [role for _, role in bands])


def _with_roles(dataset: gdal.Dataset) -> list[tuple[gdal.Band, BandRole]]:
    """Every band that is not a mask, and what it shows."""
    found = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        meant = band.GetColorInterpretation()
        if meant != gdal.GCI_AlphaBand:
            guess = _BY_POSITION[number - 1] if number <= len(_BY_POSITION) else BandRole.OTHER
            found.append((band, _COLOURS.get(meant, guess)))
    return found


def _common_type(bands: Sequence[Bands]) -> np.dtype:
    """The smallest of the wire's types that holds every band."""
    kind = np.result_type(*bands)
    return kind if kind in (np.dtype(np.uint8), np.dtype(np.uint16)) else np.dtype(np.float32)


def _open(path: Path) -> gdal.Dataset:
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None:
        raise _error(path, reason)
    return dataset


def _read(path: Path, band: gdal.Band, area: tuple[int, int, int, int] | None = None) -> Bands:
    values, reason = attempt(band.ReadAsArray, *(area or ()))
    if values is None:
        raise _error(path, reason)
    return values


def _warp(source: Path, image: Image, window: PixelWindow) -> gdal.Dataset:
    """A raster of any grid on the pixels of the patch."""
    dataset = _open(source)
    warped, reason = attempt(
        gdal.Warp,
        "",
        dataset,
        format="MEM",
        outputBounds=tuple(image.grid.bounds_of(window)),
        width=window.width,
        height=window.height,
        dstSRS=image.crs_wkt,
        resampleAlg="bilinear",
    )
    if warped is None:
        raise _error(source, reason)
    return warped


def _error(path: Path, reason: str) -> ImageError:
    return ImageError(
        path=path,
        problem_en=f"this image cannot be read: {reason}",
        problem_fr=f"lecture de cette image impossible : {reason}",
        remedy_en="Put the image back at that place.",
        remedy_fr="Remettez l'image à cet endroit.",
    )
