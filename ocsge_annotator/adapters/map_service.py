# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of a WMS or WMTS, fetched once into GeoTIFFs beside the campaign.

A map service changes without notice and needs a network; labels need pixels that stay. Each window becomes
one file of its own, written whole or not at all: fetching again after a stop takes up where it ended.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsDataProvider,
    QgsProviderRegistry,
    QgsRasterBlockFeedback,
    QgsRasterDataProvider,
    QgsRectangle,
)

from ocsge_annotator.adapters.gdal_calls import attempt, is_same_crs
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.image_grid import Bounds, ImageGrid
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import SourceError

PIECE_PX = 1024
"""Side of one request: below what services allow at most, large enough to be few."""
ATTEMPTS = 3
TAG_ORIGIN = "OCSGE_ORIGIN"
_OPTIONS = ["COMPRESS=DEFLATE", "PREDICTOR=2", "TILED=YES", "PHOTOMETRIC=RGB"]
_PROVIDER = "wms"


@dataclass(frozen=True)
class ServiceGrid:
    """A map service seen as an image of fixed pixels.

    Attributes:
        uri: of QGIS's provider `wms`, which serves WMS, WMTS and XYZ.
        grid: its pixels.
        crs_wkt: CRS in which it draws.
    """

    uri: str
    grid: ImageGrid
    crs_wkt: str


def open_service(uri: str, pixel_m: float, area: Bounds | None, area_name: str = "") -> ServiceGrid:
    """Lay pixels over a map service, their corners on multiples of their size.

    Args:
        uri: of the provider.
        pixel_m: size of a pixel in the unit of the service's CRS.
        area: part wanted, in that CRS; None for all that the service announces.
        area_name: of the area, for errors.

    Raises:
        SourceError: the service does not answer, or announces nothing in the area.
    """
    provider = _provider(uri)
    extent = provider.extent()
    left, bottom, right, top = extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
    if area is not None:
        left, bottom = max(left, area.xmin), max(bottom, area.ymin)
        right, top = min(right, area.xmax), min(top, area.ymax)
    if left >= right or bottom >= top:
        raise SourceError(
            path=area_name or _address(uri),
            problem_en="the map service shows nothing in this area",
            problem_fr="le service de cartes ne montre rien dans cette zone",
            remedy_en="Choose an area inside the service's extent.",
            remedy_fr="Choisissez une zone située dans l'emprise du service.",
        )
    first_col, first_row = np.floor(left / pixel_m + 1e-6), np.ceil(top / pixel_m - 1e-6)
    width = int(np.ceil(right / pixel_m - 1e-6) - first_col)
    height = int(first_row - np.floor(bottom / pixel_m + 1e-6))
    grid = ImageGrid(width, height, float(first_col * pixel_m), float(first_row * pixel_m), pixel_m, pixel_m)
    return ServiceGrid(uri, grid, provider.crs().toWkt(Qgis.CrsWktVariant.Preferred))


def fetch_windows(
    service: ServiceGrid, windows: Sequence[PixelWindow], folder: Path, report: Callable[[float], None]
) -> list[Path]:
    """Files of some windows of a service; those that are there already are not fetched again.

    Args:
        service: what to fetch.
        windows: of its grid; what leaves the grid is left out.
        folder: for the files.
        report: takes the share done; may raise to stop, and what is there by then stays.

    Returns:
        A file for each window: three bands uint8 and a mask of where the service drew something.

    Raises:
        SourceError: the service failed, even when asked again.
        WriteError: the system refuses.
    """
    provider = _provider(service.uri)
    origin = hashlib.sha256(service.uri.encode()).hexdigest()
    files = []
    for number, window in enumerate(windows_inside(windows, service.grid)):
        path = folder / f"{window.row}_{window.col}_{window.height}x{window.width}.tif"
        if not _is_there(path, service, window, origin):
            _write(path, _fetch(provider, service, window), service, window, origin)
        files.append(path)
        report((number + 1) / len(windows))
    return files


def windows_inside(windows: Sequence[PixelWindow], grid: ImageGrid) -> Iterator[PixelWindow]:
    """The parts of some windows that are on a grid."""
    for window in windows:
        row, col = max(window.row, 0), max(window.col, 0)
        bottom = min(window.row + window.height, grid.height_px)
        right = min(window.col + window.width, grid.width_px)
        yield PixelWindow(row, col, bottom - row, right - col)


def with_context(window: PixelWindow, share: float) -> PixelWindow:
    """A window and what is around it, by a share of its size on each side."""
    down, across = round(window.height * share), round(window.width * share)
    return PixelWindow(
        window.row - down, window.col - across, window.height + 2 * down, window.width + 2 * across
    )


def _provider(uri: str) -> QgsRasterDataProvider:
    options = QgsDataProvider.ProviderOptions()
    with _complaints(uri) as heard:
        provider = QgsProviderRegistry.instance().createProvider(_PROVIDER, uri, options)
    if provider is None or not provider.isValid():
        reason = heard[-1] if heard else provider.error().summary() if provider is not None else ""
        raise _unanswered(uri, reason)
    return provider


def host_of(uri: str) -> str:
    """Host and port of a service, empty where the URI names none."""
    return urlsplit(_address(uri)).netloc


def _address(uri: str) -> str:
    """Address of a service, without the name and password that its URI may hold."""
    return str(QgsProviderRegistry.instance().decodeUri(_PROVIDER, uri).get("url", ""))


def _unanswered(uri: str, reason: str) -> SourceError:
    return SourceError(
        path=_address(uri) or uri,
        problem_en=f"the map service did not answer with an image: {reason or 'no answer'}",
        problem_fr=f"le service de cartes n'a pas répondu par une image : {reason or 'aucune réponse'}",
        remedy_en="Check the address, the layer and the network, then start again with the same settings: "
        "what was fetched is kept.",
        remedy_fr="Vérifiez l'adresse, la couche et le réseau, puis relancez avec les mêmes réglages : "
        "ce qui a été téléchargé est conservé.",
    )


@contextmanager
def _complaints(uri: str) -> Iterator[list[str]]:
    """What QGIS says of a service: its provider reports a failed request nowhere else, and draws nothing.

    The log is that of the whole of QGIS, whose map may ask other services meanwhile.
    """
    heard: list[str] = []
    host = host_of(uri)

    def listen(message: str, tag: str, level: Qgis.MessageLevel) -> None:
        is_grave = level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical)
        if tag == "WMS" and is_grave and (host in message or "://" not in message):
            heard.append(message)

    log = QgsApplication.messageLog()
    log.messageReceived.connect(listen)
    try:
        yield heard
    finally:
        log.messageReceived.disconnect(listen)


def _fetch(
    provider: QgsRasterDataProvider, service: ServiceGrid, window: PixelWindow
) -> npt.NDArray[np.uint8]:
    """(H, W, 4) uint8: red, green, blue, and 0 where the service drew nothing."""
    image = np.zeros((window.height, window.width, 4), dtype=np.uint8)
    for row in range(0, window.height, PIECE_PX):
        for col in range(0, window.width, PIECE_PX):
            height, width = min(PIECE_PX, window.height - row), min(PIECE_PX, window.width - col)
            piece = PixelWindow(window.row + row, window.col + col, height, width)
            image[row : row + height, col : col + width] = _ask(provider, service, piece)
    return image


def _ask(provider: QgsRasterDataProvider, service: ServiceGrid, piece: PixelWindow) -> npt.NDArray[np.uint8]:
    extent = QgsRectangle(*service.grid.bounds_of(piece))
    reason = ""
    for _ in range(ATTEMPTS):
        feedback = QgsRasterBlockFeedback()
        with _complaints(service.uri) as heard:
            block = provider.block(1, extent, piece.width, piece.height, feedback)
        if block.isValid() and not heard and not feedback.errors():
            pixels = np.frombuffer(bytes(block.data()), dtype=np.uint8)
            return pixels.reshape(piece.height, piece.width, 4)[..., [2, 1, 0, 3]]
        reason = heard[-1] if heard else " ".join(feedback.errors()) or block.error().summary()
        provider.reloadData()  # forgets the picture of the failed request
    raise _unanswered(service.uri, reason)


def _is_there(path: Path, service: ServiceGrid, window: PixelWindow, origin: str) -> bool:
    if not path.exists():
        return False
    dataset, _ = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None or dataset.GetMetadataItem(TAG_ORIGIN) != origin:
        return False
    expected = service.grid.geotransform_of(window)
    found = dataset.GetGeoTransform()
    same_place = max(abs(a - b) for a, b in zip(found, expected)) < service.grid.pixel_x * 1e-3
    return same_place and is_same_crs(dataset.GetProjection(), service.crs_wkt)


def _write(
    path: Path, image: npt.NDArray[np.uint8], service: ServiceGrid, window: PixelWindow, origin: str
) -> None:
    memory = f"/vsimem/{uuid.uuid4().hex}.tif"
    height, width = image.shape[:2]
    with mask_inside():
        dataset = gdal.GetDriverByName("GTiff").Create(memory, width, height, 3, gdal.GDT_Byte, _OPTIONS)
        dataset.SetGeoTransform(service.grid.geotransform_of(window))
        dataset.SetProjection(service.crs_wkt)
        dataset.SetMetadataItem(TAG_ORIGIN, origin)
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        for band in range(3):
            dataset.GetRasterBand(band + 1).WriteArray(image[..., band])
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(
            np.where(image[..., 3] > 0, 255, 0).astype(np.uint8)
        )
        dataset = None  # closes the file
    try:
        write_whole(path, file_content(memory))
    finally:
        gdal.Unlink(memory)


@contextmanager
def mask_inside() -> Iterator[None]:
    """Within it masks go into their GeoTIFF; GDAL has this choice as a global setting alone."""
    before = gdal.GetConfigOption("GDAL_TIFF_INTERNAL_MASK")
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    try:
        yield
    finally:
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", before)


def file_content(memory: str) -> bytes:
    """Bytes of a file of GDAL's memory."""
    size = gdal.VSIStatL(memory).size
    file = gdal.VSIFOpenL(memory, "rb")
    try:
        return bytes(gdal.VSIFReadL(1, size, file))
    finally:
        gdal.VSIFCloseL(file)
