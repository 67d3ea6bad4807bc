# SPDX-License-Identifier: GPL-2.0-or-later
"""The campaign's image: its grid and CRS, and whether the patches still fit it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal

from ocsge_annotator.adapters.gdal_calls import attempt, is_same_crs, spatial_reference
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import ImageError


@dataclass(frozen=True)
class Image:
    """An image that can be annotated.

    Attributes:
        path: its file.
        grid: its pixels.
        crs_wkt: its CRS.
    """

    path: Path
    grid: ImageGrid
    crs_wkt: str


def read_image(path: Path) -> Image:
    """Grid and CRS of a raster.

    Raises:
        ImageError: missing, unreadable, without CRS, or not north-up.
    """
    if not path.exists():
        raise ImageError(
            path=path,
            problem_en="the campaign's image is not there",
            problem_fr="l'image de la campagne est introuvable",
            remedy_en="Put the image back at that place, or give its new place with “Locate the image…”.",
            remedy_fr="Remettez l'image à cet endroit ou indiquez son nouvel emplacement par "
            "« Localiser l'image… ».",
        )
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None:
        raise _cannot_use(
            path, f"cannot be read: {reason}", f"lecture impossible : {reason}", *_ANOTHER_IMAGE
        )
    transform, crs_wkt = dataset.GetGeoTransform(can_return_null=True), dataset.GetProjection()
    if not crs_wkt or transform is None:
        raise _cannot_use(
            path,
            "has no coordinate system",
            "n'a pas de système de coordonnées",
            "Give it one (Raster > Projections > Assign projection), then start again.",
            "Attribuez-lui-en un (Raster > Projections > Assigner une projection), puis recommencez.",
        )
    left, pixel_x, skew_x, top, skew_y, pixel_y = transform
    if skew_x or skew_y or pixel_x <= 0 or pixel_y >= 0:
        raise _cannot_use(path, "is rotated or upside down", "est tournée ou inversée", *_WARP_IMAGE)
    grid = ImageGrid(dataset.RasterXSize, dataset.RasterYSize, left, top, pixel_x, -pixel_y)
    return Image(path, grid, crs_wkt)


def window_of_patch(image: Image, campaign: Campaign, patch: Patch) -> PixelWindow:
    """The patch's pixels in the image.

    Raises:
        ImageError: the image has another CRS, or was moved or resampled since the campaign was made.
    """
    if not is_same_crs(image.crs_wkt, campaign.crs_wkt):
        image_crs, campaign_crs = (
            spatial_reference(wkt).GetName() for wkt in (image.crs_wkt, campaign.crs_wkt)
        )
        raise _cannot_use(
            image.path,
            f"is in {image_crs}, the campaign in {campaign_crs}",
            f"est en {image_crs}, la campagne en {campaign_crs}",
            *_SAME_IMAGE,
        )
    window = image.grid.window_of(patch.bounds)
    size = campaign.patch_size_px
    if window is None or (window.height, window.width) != (size, size):
        raise _cannot_use(
            image.path,
            f"does not carry patch {patch.patch_id} on its pixels any more (moved, cropped or resampled)",
            f"ne porte plus la dalle {patch.patch_id} sur ses pixels (déplacée, rognée ou rééchantillonnée)",
            *_SAME_IMAGE,
        )
    return window


def require_fit(image: Image, campaign: Campaign) -> None:
    """Accept an image that carries every patch of a campaign.

    Raises:
        ImageError: see `window_of_patch`.
    """
    for patch in campaign.patches:
        window_of_patch(image, campaign, patch)


_ANOTHER_IMAGE = ("Choose another image.", "Choisissez une autre image.")
_WARP_IMAGE = (
    "Make it north-up first (Raster > Projections > Warp).",
    "Redressez-la d'abord (Raster > Projections > Projection).",
)
_SAME_IMAGE = (
    "Put the image back with which the campaign was made, or make a new campaign.",
    "Remettez l'image avec laquelle la campagne a été faite, ou créez une nouvelle campagne.",
)


def _cannot_use(path: Path, en: str, fr: str, remedy_en: str, remedy_fr: str) -> ImageError:
    return ImageError(
        path=path,
        problem_en=f"the image {en}",
        problem_fr=f"l'image {fr}",
        remedy_en=remedy_en,
        remedy_fr=remedy_fr,
    )
