# SPDX-License-Identifier: GPL-2.0-or-later
"""The images of a campaign: a file as it is, a mosaic of files, or a map service fetched beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import QgsRasterLayer

from inference_backend.contracts.campaign import IMAGE_FOLDER, SourceRole
from ocsge_annotator.adapters.gdal_calls import is_same_crs
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.adapters.layer_sources import file_of
from ocsge_annotator.adapters.map_service import ServiceGrid, fetch_windows, open_service, with_context
from ocsge_annotator.adapters.mosaic import require_one_lattice, write_mosaic
from ocsge_annotator.domain.campaign import Source
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.domain.pixels import PixelWindow

CONTEXT_SHARE = 0.25
"""What is fetched around a patch, in shares of its size: to see where a road comes from."""
SERVICE = "wms"
FETCHED_ROLES = (SourceRole.INFRARED, SourceRole.HEIGHT, SourceRole.OTHER_DATE)
Report = Callable[[float], None]


@dataclass(frozen=True)
class LaidImage:
    """An image on which patches can be laid.

    Attributes:
        image: its grid and CRS; of a service the file is there once `fetch_image` has run.
        service: where it is fetched from, None for files.
        title: of the service.
    """

    image: Image
    service: ServiceGrid | None = None
    title: str = ""


def lay_image(
    layer: QgsRasterLayer,
    more: Sequence[QgsRasterLayer],
    pixel_m: float,
    area: Bounds | None,
    folder: Path,
) -> LaidImage:
    """What the user chose as image.

    Args:
        layer: a file or a map service.
        more: other files of the same image.
        pixel_m: pixel of a service, in the unit of its CRS.
        area: part of a service that is wanted, in its CRS.
        folder: for a mosaic or for what is fetched.

    Raises:
        ImageError: a file cannot be used, or does not go with the others.
        SourceError: the service does not answer.
        WriteError: the mosaic cannot be written.
    """
    if layer.providerType() == SERVICE:
        service = open_service(layer.source(), pixel_m, area, layer.name())
        image = Image(folder / "image.vrt", service.grid, service.crs_wkt)
        return LaidImage(image, service, layer.name())
    files = [file_of(each) or Path(each.source()) for each in (layer, *more)]
    if len(files) == 1:
        return LaidImage(read_image(files[0]))
    require_one_lattice(files)
    write_mosaic(folder / "mosaic.vrt", files)
    return LaidImage(read_image(folder / "mosaic.vrt"))


def fetch_image(laid: LaidImage, cells: Sequence[GridCell], report: Report) -> list[Source]:
    """Fetch the image of some patches and what is around them, where it is that of a map service.

    Args:
        laid: the image.
        cells: the patches.
        report: takes the share done; may raise to stop, and what is there by then stays.

    Returns:
        The service as a source, to fetch more later; nothing for files.

    Raises:
        SourceError: the service failed.
        WriteError: the system refuses.
    """
    if laid.service is None:
        return []
    windows = [with_context(cell.window, CONTEXT_SHARE) for cell in cells]
    files = fetch_windows(laid.service, windows, laid.image.path.parent / "image", report)
    write_mosaic(laid.image.path, _with_earlier(files), laid.service.grid)
    return [Source(SourceRole.IMAGE_ORIGIN, laid.title, laid.service.uri, SERVICE)]


def fetch_sources(
    image: Image, sources: Sequence[Source], cells: Sequence[GridCell], folder: Path, report: Report
) -> list[Source]:
    """The sources, rasters of map services fetched onto the pixels of the image.

    A service that does not draw in the image's CRS stays a service.

    Args:
        image: gives the pixels.
        sources: of the campaign.
        cells: the patches.
        folder: of the campaign.
        report: takes the share done; may raise to stop.

    Raises:
        SourceError: a service failed.
        WriteError: the system refuses.
    """
    windows = [with_context(cell.window, CONTEXT_SHARE) for cell in cells]
    return [_fetched(image, source, windows, folder, report) for source in sources]


def _fetched(
    image: Image, source: Source, windows: Sequence[PixelWindow], folder: Path, report: Report
) -> Source:
    uri = source.uri if source.provider == SERVICE else str(source.options.get("origin", ""))
    if not uri or source.role not in FETCHED_ROLES:
        return source
    service = open_service(uri, image.grid.pixel_x, None, source.title)
    if not is_same_crs(service.crs_wkt, image.crs_wkt):
        return source
    name = source.role.value
    service = replace(service, grid=image.grid)
    files = fetch_windows(service, windows, folder / IMAGE_FOLDER / name, report)
    write_mosaic(folder / IMAGE_FOLDER / f"{name}.vrt", _with_earlier(files), image.grid)
    options = {**source.options, "origin": uri}
    return Source(source.role, source.title, f"{IMAGE_FOLDER}/{name}.vrt", "gdal", options)


def _with_earlier(files: Sequence[Path]) -> list[Path]:
    """Files of this fetching, and those of earlier rounds in the same folder."""
    folders = {file.parent for file in files}
    return sorted({*files, *(path for folder in folders for path in folder.glob("[0-9]*.tif"))})
