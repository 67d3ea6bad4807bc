# SPDX-License-Identifier: GPL-2.0-or-later
"""The images that travel with a lot: windows around its patches, pixel for pixel."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from osgeo import gdal

from inference_backend.contracts.campaign import IMAGE_FOLDER
from ocsge_annotator.adapters.campaign_images import CONTEXT_SHARE
from ocsge_annotator.adapters.gdal_calls import attempt, is_same_crs
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.adapters.map_service import file_content, mask_inside, windows_inside, with_context
from ocsge_annotator.adapters.mosaic import write_mosaic
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign, Patch, Source
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.relative_path import relative_path
from ocsge_annotator.errors import ImageError, WriteError

_OPTIONS = ["COMPRESS=DEFLATE", "TILED=YES"]


@dataclass(frozen=True)
class LotImages:
    """Image and sources of a lot.

    Attributes:
        image: its file.
        sources: as the lot's table has them.
    """

    image: Path
    sources: tuple[Source, ...]

    @classmethod
    def shared(cls, campaign: Campaign, folder: Path) -> LotImages:
        """Those of the campaign, where they are."""
        return cls(campaign.image, tuple(_moved(campaign, source, folder) for source in campaign.sources))


def clip_images(campaign: Campaign, patches: Sequence[Patch], folder: Path) -> LotImages:
    """Copy what patches show, and what is around them, into the folder of a lot.

    Rasters keep their pixels and their grid; vectors are cut at the rectangle around all patches. What is not
    a file, and rasters in another CRS than the image's, stay where they are.

    Args:
        campaign: whole.
        patches: of the lot.
        folder: of the lot.

    Raises:
        ImageError: an image cannot be read.
        WriteError: the system refuses.
    """
    images = folder / IMAGE_FOLDER
    image = _clip(read_image(campaign.image), patches, images / "image") or campaign.image
    sources = []
    for number, source in enumerate(campaign.sources):
        name = f"{source.role.value}_{number}"
        sources.append(_clipped_source(campaign, source, patches, images / name, folder))
    return LotImages(image, tuple(sources))


def _moved(campaign: Campaign, source: Source, folder: Path) -> Source:
    """A source seen from another folder."""
    if not source.is_file:
        return source
    path, bar, layer = campaign.place_of(source).partition("|")
    return replace(source, uri=relative_path(Path(path), folder) + bar + layer)


def _clipped_source(
    campaign: Campaign, source: Source, patches: Sequence[Patch], target: Path, folder: Path
) -> Source:
    place, _, layer = campaign.place_of(source).partition("|")
    if not source.is_file or not Path(place).exists():
        return _moved(campaign, source, folder)
    if source.provider == "ogr":
        made = _clip_vector(campaign, Path(place), layer, patches, target.with_suffix(".gpkg"))
        return replace(source, uri=f"{relative_path(made, folder)}|layername={made.stem}")
    try:
        raster = read_image(Path(place))
    except ImageError:
        return _moved(campaign, source, folder)
    if not is_same_crs(raster.crs_wkt, campaign.crs_wkt):
        return _moved(campaign, source, folder)
    clipped = _clip(raster, patches, target)
    if clipped is None:
        return _moved(campaign, source, folder)
    return replace(source, uri=relative_path(clipped, folder))


def _clip(image: Image, patches: Sequence[Patch], target: Path) -> Path | None:
    """Windows of an image as files in the folder `target`, and the virtual image `target`.vrt over them.

    None where the image has nothing of the patches.
    """
    windows = [with_context(_window(image, patch.bounds), CONTEXT_SHARE) for patch in patches]
    files = [
        _clip_window(image, window, target)
        for window in windows_inside(windows, image.grid)
        if window.height > 0 and window.width > 0
    ]
    if not files:
        return None
    mosaic = target.with_suffix(".vrt")
    write_mosaic(mosaic, files, image.grid)
    return mosaic


def _window(image: Image, bounds: Bounds) -> PixelWindow:
    """Whole pixels of an image that hold a rectangle; its own pixels may be coarser than the patches'."""
    grid = image.grid
    col, row = (
        int((bounds.xmin - grid.left) / grid.pixel_x + 1e-3),
        int((grid.top - bounds.ymax) / grid.pixel_y + 1e-3),
    )
    width = max(1, round((bounds.xmax - bounds.xmin) / grid.pixel_x))
    height = max(1, round((bounds.ymax - bounds.ymin) / grid.pixel_y))
    return PixelWindow(row, col, height, width)


def _clip_window(image: Image, window: PixelWindow, folder: Path) -> Path:
    path = folder / f"{window.row}_{window.col}_{window.height}x{window.width}.tif"
    memory = f"/vsimem/{uuid.uuid4().hex}.tif"
    box = [window.col, window.row, window.width, window.height]
    try:
        with mask_inside():
            made, reason = attempt(
                gdal.Translate, memory, str(image.path), srcWin=box, creationOptions=_OPTIONS
            )
            if made is None:
                raise ImageError(
                    path=image.path,
                    problem_en=f"the image cannot be read: {reason}",
                    problem_fr=f"l'image ne peut pas être lue : {reason}",
                    remedy_en="Restore the file from a copy.",
                    remedy_fr="Rétablissez le fichier à partir d'une copie.",
                )
            made = None  # closes the file
        write_whole(path, file_content(memory))
    finally:
        gdal.Unlink(memory)
    return path


def _clip_vector(
    campaign: Campaign, source: Path, layer: str, patches: Sequence[Patch], target: Path
) -> Path:
    """The features that touch the rectangle around all patches, as one layer named as its file."""
    boxes = [patch.bounds for patch in patches]
    around = (
        min(box.xmin for box in boxes),
        min(box.ymin for box in boxes),
        max(box.xmax for box in boxes),
        max(box.ymax for box in boxes),
    )
    margin = CONTEXT_SHARE * (boxes[0].xmax - boxes[0].xmin)
    around = (around[0] - margin, around[1] - margin, around[2] + margin, around[3] + margin)
    name = layer.partition("layername=")[2].partition("|")[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    made, reason = attempt(
        gdal.VectorTranslate,
        str(target),
        str(source),
        format="GPKG",
        layers=[name] if name else None,
        layerName=target.stem,
        spatFilter=around,
        spatSRS=campaign.crs_wkt,
    )
    if made is None:
        raise WriteError(path=target, reason=reason)
    made = None  # closes the file
    return target
