# SPDX-License-Identifier: GPL-2.0-or-later
"""Several image files that lie on one lattice of pixels, as one image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from osgeo import gdal

from ocsge_annotator.adapters.gdal_calls import attempt, is_same_crs
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.domain.atomic_file import replace_when_done
from ocsge_annotator.domain.image_grid import ALIGNMENT_TOLERANCE_PX, ImageGrid
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import ImageError, WriteError


def require_one_lattice(files: Sequence[Path]) -> None:
    """Accept files that can be put together without touching a pixel.

    Raises:
        ImageError: one cannot be used, or differs from the first in CRS, pixels, bands or type.
    """
    first, first_bands = read_image(files[0]), _bands(files[0])
    for path in files[1:]:
        image = read_image(path)
        if not is_same_crs(image.crs_wkt, first.crs_wkt):
            raise _error(path, files[0], "coordinate system", "système de coordonnées")
        if not _is_aligned(image, first):
            raise _error(path, files[0], "pixel size or origin", "taille ou origine des pixels")
        if _bands(path) != first_bands:
            raise _error(path, files[0], "number or type of bands", "nombre ou type de bandes")


def _bands(path: Path) -> list[int]:
    dataset = gdal.OpenEx(str(path), gdal.OF_RASTER)
    return [dataset.GetRasterBand(band + 1).DataType for band in range(dataset.RasterCount)]


def _is_aligned(image: Image, first: Image) -> bool:
    ours, theirs = image.grid, first.grid
    size = max(abs(ours.pixel_x - theirs.pixel_x), abs(ours.pixel_y - theirs.pixel_y))
    if size * max(ours.width_px, ours.height_px) > ALIGNMENT_TOLERANCE_PX * theirs.pixel_x:
        return False
    steps = ((ours.left - theirs.left) / theirs.pixel_x, (ours.top - theirs.top) / theirs.pixel_y)
    return all(abs(step - round(step)) <= ALIGNMENT_TOLERANCE_PX for step in steps)


def _error(path: Path, first: Path, en: str, fr: str) -> ImageError:
    return ImageError(
        path=path,
        problem_en=f"its {en} is not that of {first.name}",
        problem_fr=f"{fr} : différent de celui de {first.name}",
        remedy_en="Put the files on the same pixels first (Raster > Projections > Warp).",
        remedy_fr="Ramenez d'abord les fichiers sur les mêmes pixels (Raster > Projections > Projection).",
    )


def write_mosaic(target: Path, files: Sequence[Path], grid: ImageGrid | None = None) -> None:
    """A virtual image over several files; it moves with them, paths inside being relative.

    Args:
        target: the VRT.
        files: of one pixel lattice, see `require_one_lattice`.
        grid: whole extent, also where no file is; None for that of the files.

    Raises:
        WriteError: the system refuses.
    """
    options: dict[str, object] = {"strict": True}
    if grid is not None:
        whole = PixelWindow(0, 0, grid.height_px, grid.width_px)
        options |= {
            "outputBounds": grid.bounds_of(whole),
            "resolution": "user",
            "xRes": grid.pixel_x,
            "yRes": grid.pixel_y,
        }
    with replace_when_done(target) as temporary:
        names = [str(file) for file in files]
        dataset, reason = attempt(gdal.BuildVRT, str(temporary), names, **options)
        if dataset is None:
            raise WriteError(path=target, reason=reason)
        _name_bands(dataset, files[0])
        dataset.FlushCache()
        dataset = None  # closes the file


def _name_bands(mosaic: gdal.Dataset, first: Path) -> None:
    """Give the mosaic the names that its files give to their bands: a model finds infrared by its name."""
    source = gdal.Open(str(first))
    for number in range(1, min(mosaic.RasterCount, source.RasterCount) + 1):
        name = source.GetRasterBand(number).GetDescription()
        if name:
            mosaic.GetRasterBand(number).SetDescription(name)
