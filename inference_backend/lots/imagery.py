# SPDX-License-Identifier: GPL-2.0-or-later
"""Background images of a lot: clipped to its ground beside it, or linked where they are."""

from __future__ import annotations

import math
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.errors
import rasterio.shutil
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.lot import IMAGERY, ImageryRole
from inference_backend.contracts.prediction import TAG_CLASSES
from inference_backend.errors import OutputError, gdal_reason
from inference_backend.lots.errors import ImageryError
from inference_backend.lots.lot_file import LotFile
from inference_backend.progress import Progress, Span
from inference_backend.whole_file import check_whole

CONTEXT_M = 50.0
"""Image around the polygons, so that the last one is not looked at on the edge of nothing."""
BLOCK_PX = 512
_SERVICE_MARKS = ("url=", "contextualWMSLegend=")
_GTIFF = {"driver": "GTiff", "tiled": True, "blockxsize": BLOCK_PX, "blockysize": BLOCK_PX}
_COG = {"driver": "COG", "compress": "DEFLATE", "predictor": "YES", "blocksize": BLOCK_PX}
_LARGE = {"bigtiff": "IF_SAFER"}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Image:
    """An image that goes with lots.

    Attributes:
        role: what it shows.
        source: a file, or the source of a map service.
        is_linked: whether the lot points to it instead of holding a copy.
        bands: 1-based bands for red, green, blue: `4,1,2`; empty for the file's own.
        millesime: its year, empty where unknown.
    """

    role: ImageryRole
    source: str
    is_linked: bool = False
    bands: str = ""
    millesime: str = ""

    @classmethod
    def parse(cls, text: str, *, is_linked: bool = False) -> Image:
        """Read `ROLE[:BANDS][@YEAR]=SOURCE`.

        Raises:
            ImageryError: another form, or a role that there is not.
        """
        head, found, source = text.partition("=")
        head, _, millesime = head.partition("@")
        name, _, bands = head.partition(":")
        roles = [role.value for role in ImageryRole]
        if not found or not source or name not in roles:
            raise ImageryError(
                path=text,
                problem_en=f"not of the form ROLE=SOURCE with a role among {', '.join(roles)}",
                problem_fr=f"n'est pas de la forme ROLE=SOURCE avec un rôle parmi {', '.join(roles)}",
                remedy_en="For instance: infrared:4,1,2@2022=ortho.tif",
                remedy_fr="Par exemple : infrared:4,1,2@2022=ortho.tif",
            )
        return cls(ImageryRole(name), source, is_linked, bands, millesime)

    @property
    def provider(self) -> str:
        """QGIS provider that opens it."""
        return "wms" if any(mark in self.source for mark in _SERVICE_MARKS) else "gdal"


def add_imagery(
    lot: Path, target: Path, images: Sequence[Image], box: Box, crs: str, progress: Progress
) -> None:
    """List images in a lot; those that are not linked are clipped into files beside it.

    Args:
        lot: the lot, being written.
        target: what it will be called.
        images: what to add.
        box: ground of the lot, in its CRS.
        crs: of the lot.
        progress: told the share that is done.

    Raises:
        ImageryError: an image cannot be read, or shows other ground.
        OutputError: a clipped image cannot be written.
        Cancelled: the user asked to stop.
    """
    for number, image in enumerate(images):
        span = Span(progress, number / len(images), (number + 1) / len(images), image.role.value)
        uri = image.source
        if image.provider == "gdal" and not image.is_linked:
            year = f"_{image.millesime}" if image.millesime else ""
            clipped = _free(target.with_name(f"{target.stem}_{image.role.value}{year}.tif"), lot)
            _clip(Path(image.source), clipped, _around(box, CONTEXT_M), crs, span)
            uri = clipped.name
        elif image.provider == "gdal" and Path(image.source).exists():
            uri = str(Path(image.source).resolve())
        _list(lot, image, uri)


def inherited_imagery(lot: Path, parent: LotFile, folder: Path) -> None:
    """The parent's images, linked from where a lot cut from it will lie."""
    columns = ", ".join(IMAGERY.column_names)
    rows = parent.database.execute(f"SELECT {columns} FROM {IMAGERY.name}").fetchall()  # nosec B608 - the contract's names
    for role, uri, provider, title, millesime, bands in rows:
        place = uri
        if provider == "gdal" and (parent.path.parent / uri).exists():
            place = os.path.relpath((parent.path.parent / uri).resolve(), folder.resolve())
        _insert(lot, (role, place, provider, title, millesime, bands))


def _list(lot: Path, image: Image, uri: str) -> None:
    title = Path(image.source).stem if image.provider == "gdal" else image.role.value
    _insert(lot, (image.role.value, uri, image.provider, title, image.millesime or None, image.bands or None))


def _insert(lot: Path, values: tuple[Any, ...]) -> None:
    names, marks = ", ".join(IMAGERY.column_names), ", ".join("?" * len(values))
    with closing(sqlite3.connect(lot)) as database, database:
        database.execute(f"INSERT INTO {IMAGERY.name} ({names}) VALUES ({marks})", values)  # nosec B608


def _free(path: Path, lot: Path) -> Path:
    """A name that no other image of this lot has."""
    with closing(sqlite3.connect(lot)) as database:
        taken = {row[0] for row in database.execute(f"SELECT uri FROM {IMAGERY.name}")}  # nosec B608
    name, number = path, 2
    while name.name in taken:
        name, number = path.with_stem(f"{path.stem}_{number}"), number + 1
    return name


def _clip(source: Path, target: Path, box: Box, crs: str, progress: Progress) -> None:
    try:
        with rasterio.open(source) as raster:
            if raster.crs is None:
                raise _unusable(source, "has no coordinate system", "n'a pas de système de coordonnées")
            window = _window(raster, box, crs)
            if window is None:
                raise _unusable(source, "shows no ground of this lot", "ne montre pas le terrain de ce lot")
            with replace_when_done(target) as temporary:
                _copy(raster, window, crs, temporary, progress)
    except rasterio.errors.RasterioIOError as error:
        reason = gdal_reason(error)
        raise _unusable(source, f"cannot be read ({reason})", f"illisible ({reason})") from error
    except OSError as error:
        raise OutputError(path=target, reason=gdal_reason(error)) from error


def _window(raster: Any, box: Box, crs: str) -> tuple[Affine, int, int] | None:
    """Transform, width and height of the part that shows the box, on the image's own pixels where it can."""
    with WarpedVRT(raster, crs=crs) as whole:
        transform, width, height = whole.transform, whole.width, whole.height
    if rasterio.crs.CRS.from_user_input(crs) == raster.crs:
        transform, width, height = raster.transform, raster.width, raster.height
    step_x, step_y = transform.a, -transform.e
    left = max(0, math.floor((box[0] - transform.c) / step_x))
    top = max(0, math.floor((transform.f - box[3]) / step_y))
    right = min(width, math.ceil((box[2] - transform.c) / step_x))
    bottom = min(height, math.ceil((transform.f - box[1]) / step_y))
    if right <= left or bottom <= top:
        return None
    return transform @ Affine.translation(left, top), right - left, bottom - top


def _copy(raster: Any, window: tuple[Affine, int, int], crs: str, target: Path, progress: Progress) -> None:
    transform, width, height = window
    is_classes = TAG_CLASSES in raster.tags()
    plain = target.with_name(f"{target.name}.plain.tif")
    profile = {
        **_GTIFF, **_LARGE, "crs": crs, "transform": transform, "width": width, "height": height,
        "count": raster.count, "dtype": raster.dtypes[0], "nodata": raster.nodata,
    }  # fmt: skip
    resampling = Resampling.nearest if is_classes else Resampling.bilinear
    with (
        WarpedVRT(
            raster, crs=crs, transform=transform, width=width, height=height, resampling=resampling
        ) as part,
        rasterio.open(plain, "w", **profile) as copy,
    ):
        _describe(raster, copy)
        blocks = [window for _, window in copy.block_windows(1)]
        for number, block in enumerate(blocks):
            progress.update(number / len(blocks))
            copy.write(_block(raster, part, transform, block), window=block)
    rasterio.shutil.copy(plain, target, **_COG, **_LARGE)
    check_whole(target)


def _block(raster: Any, part: WarpedVRT, transform: Affine, block: Window) -> np.ndarray[Any, Any]:
    """The image's own values where its pixels are kept; a warp would interpolate between them."""
    if part.crs != raster.crs:
        return np.asarray(part.read(window=block))
    col, row = ~raster.transform @ (transform.c, transform.f)
    own = Window(round(col) + block.col_off, round(row) + block.row_off, block.width, block.height)
    return np.asarray(raster.read(window=own))


def _describe(raster: Any, copy: Any) -> None:
    """What the classes of a prediction mean, and which band shows which colour."""
    tags = {key: value for key, value in raster.tags().items() if key != "AREA_OR_POINT"}
    copy.update_tags(**tags)
    copy.colorinterp = raster.colorinterp
    for band in range(1, raster.count + 1):
        copy.update_tags(band, **raster.tags(band))
        if raster.descriptions[band - 1]:
            copy.set_band_description(band, raster.descriptions[band - 1])


def _around(box: Box, distance: float) -> Box:
    return box[0] - distance, box[1] - distance, box[2] + distance, box[3] + distance


def _unusable(source: Path, en: str, fr: str) -> ImageryError:
    return ImageryError(
        path=source,
        problem_en=en,
        problem_fr=fr,
        remedy_en="Correct the file, or link it instead (--imagery-link).",
        remedy_fr="Corrigez le fichier, ou liez-le (--imagery-link).",
    )
