# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a job: by path where the backend sees those of this computer, else sent and fetched."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from osgeo import gdal
from qgis.core import QgsProcessingUtils

from ..errors import DamagedTransferError, NoSuchInputError, TaskCancelledError
from ..translation import tr
from .client import BackendClient
from .transport import LOOPBACK

PART_BYTES = 8 * 2**20
_ENCODING = "SHAPE_ENCODING"
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")
_NO_DIGITS = str.maketrans("0123456789", "ghijklmnop")
"""Four digits of a mark would look like the year of the image, which an import reads from a file's name."""
_LONGEST_STEM = 60
"""Characters of a file's own name that are kept in the name it is sent under."""


@dataclass(frozen=True)
class Band:
    """One band of a raster, counted from 1."""

    raster: Path | str
    number: int


class SharedFiles:
    """The backend opens and writes the same files."""

    sends = False

    def plain(self, value: Any) -> Any:
        """A value of an input as it goes over the wire: every `Path` and `Band` in it as text."""
        if isinstance(value, Band):
            raster = self.plain(value.raster)
            return f"{raster['href'] if isinstance(raster, dict) else raster}:{value.number}"
        if isinstance(value, Path):
            return self.place(value)
        if isinstance(value, dict):
            return {name: self.plain(entry) for name, entry in value.items()}
        return [self.plain(entry) for entry in value] if isinstance(value, list) else value

    def place(self, path: Path) -> Any:
        """How the backend names a file of this computer."""
        return str(path)

    def bring(self, value: str, target: Path) -> Path:
        """Have a file of the results at `target`."""
        return Path(value)


class SentFiles(SharedFiles):
    """The backend has a disk of its own: what it reads is sent there, what it writes is fetched.

    A file that was sent before and has not changed since is not sent again.

    Args:
        client: the backend.
        say: takes a text for the log.
        report: takes the share of the transfer in hand; raises `TaskCancelledError` to stop it.
    """

    sends = True

    def __init__(
        self, client: BackendClient, say: Callable[[str], None], report: Callable[[float], None]
    ) -> None:
        self._client, self._say, self._report = client, say, report
        self._kept = client.files()

    def place(self, path: Path) -> Any:
        """The address of a file, sent first where need be."""
        try:
            stat = path.stat()
        except OSError as error:
            raise NoSuchInputError(path=path) from error
        if path.suffix.lower() == ".shp":
            return self._place_shapefile(path)
        if path.suffix.lower() == ".vrt":
            return self._place_mosaic(path)
        name = sent_name(path, stat)
        if self._kept.get(name) != stat.st_size:
            self._report(0.0)
            self._say(tr("Sending {} ({} MB)").format(path.name, f"{stat.st_size / 1e6:.1f}"))
            if self._client.upload(path, name).get("sizeBytes", stat.st_size) != stat.st_size:
                raise DamagedTransferError(path=path)
            self._kept[name] = stat.st_size
        return {"href": f"{self._client.url}/files/{name}"}

    def _place_shapefile(self, path: Path) -> Any:
        """A shapefile is several files; it goes as one, its layer under the same name."""
        packed = Path(QgsProcessingUtils.generateTempFilename(f"{path.stem}.gpkg"))
        packed.parent.mkdir(parents=True, exist_ok=True)
        options = {"format": "GPKG", "layerName": path.stem, "geometryType": "PROMOTE_TO_MULTI"}
        # Let GDAL decode the texts of a shapefile: QGIS tells it not to, and decodes them itself.
        with _option(_ENCODING, None):
            if gdal.VectorTranslate(str(packed), str(path), **options) is None:
                raise DamagedTransferError(path=path)
        return self.place(packed)

    def _place_mosaic(self, path: Path) -> Any:
        """A virtual mosaic is nothing without its files; it goes as one."""
        packed = Path(QgsProcessingUtils.generateTempFilename(f"{path.stem}.tif"))
        packed.parent.mkdir(parents=True, exist_ok=True)
        options = ["COMPRESS=DEFLATE", "ZLEVEL=1", "TILED=YES", "SPARSE_OK=TRUE", "BIGTIFF=IF_SAFER"]
        with _option("GDAL_TIFF_INTERNAL_MASK", "YES"):
            made = gdal.Translate(str(packed), str(path), creationOptions=options, callback=self._go_on)
        self._report(0.0)  # raises where it was stopped
        if made is None:
            raise DamagedTransferError(path=path)
        made = None  # closes the file
        try:
            return self.place(packed)
        finally:
            packed.unlink()

    def _go_on(self, share: float, _text: str, _data: Any) -> int:
        """What GDAL asks; an exception would be lost in it."""
        try:
            self._report(share)
        except TaskCancelledError:
            return 0
        return 1

    def bring(self, value: str, target: Path) -> Path:
        """Fetch a file in parts; it appears whole or not at all."""
        address = f"{self._client.url}/jobs/{value.partition('/jobs/')[2]}"
        self._say(tr("Fetching {}").format(target.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.part{target.suffix}")
        try:
            with temporary.open("wb") as file:
                total = None
                while total is None or file.tell() < total:
                    first = file.tell()
                    content, announced = self._client.part(address, first, first + PART_BYTES - 1)
                    if not content or (total is not None and announced != total):
                        raise DamagedTransferError(path=target)
                    total = announced
                    file.write(content)
                    self._report(file.tell() / total)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        return target


@contextmanager
def _option(name: str, value: str | None) -> Iterator[None]:
    """An option of GDAL, for a while."""
    kept = gdal.GetConfigOption(name)
    gdal.SetConfigOption(name, value)
    try:
        yield
    finally:
        gdal.SetConfigOption(name, kept)


def sees_our_files(url: str) -> bool:
    """Whether the backend at an address runs on this computer."""
    return urlsplit(url).hostname in LOOPBACK


def sent_name(path: Path, stat: os.stat_result) -> str:
    """The name a file is sent under: its own, marked by place, size and time; a change is a new file."""
    mark = hashlib.sha256(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}".encode()).hexdigest()[:16]
    mark = mark.translate(_NO_DIGITS)
    stem = _ODD.sub("_", path.stem)[:_LONGEST_STEM].strip(".")
    return f"{mark}_{stem}{_ODD.sub('', path.suffix.lower())}"
