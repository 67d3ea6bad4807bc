# SPDX-License-Identifier: GPL-2.0-or-later
"""A real map server on loopback: QGIS Server's, with one ortho-image in Lambert-93."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from osgeo import gdal, osr
from qgis.core import (
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRasterLayer,
)

ORIGIN = (700000.0, 6600000.0)
PIXEL_M = 0.2
SIDE_PX = 1500
FINEST_SCALE = PIXEL_M / 0.00028  # OGC's pixel of a screen
LEVELS = 4
ATTEMPTS = 4


def write_ortho(path: Path) -> np.ndarray:
    """Write (3, SIDE_PX, SIDE_PX) uint8, smooth with sharp edges; a black block is part of the image."""
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX]
    image = np.stack([(x * (1 + band) + y // 3 * (7 - band)) % 251 for band in range(3)]).astype(np.uint8)
    image[:, 300:340, 300:360] = 0
    driver = gdal.GetDriverByName("GTiff")
    raster = driver.Create(str(path), SIDE_PX, SIDE_PX, 3, gdal.GDT_Byte, ["TILED=YES", "PHOTOMETRIC=RGB"])
    raster.SetGeoTransform((ORIGIN[0], PIXEL_M, 0, ORIGIN[1], 0, -PIXEL_M))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(2154)
    raster.SetProjection(crs.ExportToWkt())
    for band in range(3):
        raster.GetRasterBand(band + 1).WriteArray(image[band])
    return image


def write_project(path: Path, ortho: Path) -> None:
    """Write the project that the server publishes: layer `ortho`, as WMS and as WMTS of five levels."""
    project = QgsProject()
    layer = QgsRasterLayer(str(ortho), "ortho")
    layer.setContrastEnhancement(QgsContrastEnhancement.NoEnhancement)
    project.addMapLayer(layer)
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    project.writeEntry("WMSCrsList", "/", ["EPSG:2154", "EPSG:3857"])
    project.writeEntry("WMTSLayers", "Layer", [layer.id()])
    project.writeEntry("WMTSPngLayers", "Layer", [layer.id()])
    project.writeEntry("WMTSGrids", "CRS", ["EPSG:2154"])
    coarsest = FINEST_SCALE * 2 ** (LEVELS - 1)  # one level finer than the image's pixel
    project.writeEntry("WMTSGrids", "Config", [f"EPSG:2154,{ORIGIN[1]},{ORIGIN[0]},{coarsest},{LEVELS}"])
    assert project.write(str(path))
    project.clear()


def free_port() -> int:
    """A port that nothing listens on, of those that the system gives to nobody by itself."""
    ports = range(20_000, 30_000)
    while True:
        port = random.choice(ports)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


class MapServer:
    """`qgis_mapserver`, running."""

    def __init__(self, project: Path, log: Path) -> None:
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}/"
        command = shutil.which("qgis_mapserver")
        assert command, "qgis_mapserver is missing: scripts/setup_qgis.sh installs qgis-server"
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QGIS_SERVER_LOG_STDERR": "1"}
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [command, "-p", str(project), address], env=environment, stdout=self._log, stderr=self._log
        )

    @property
    def pid(self) -> int:
        """Of the server's process."""
        return self._process.pid

    def answers(self, timeout_s: float = 90) -> bool:
        """Wait for its first answer; False where it ended, another program having taken its port meanwhile.

        The answer must be its own: whoever listens there may answer something, until it ends.
        """
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            with suppress(OSError):
                address = self.url + "?SERVICE=WMS&REQUEST=GetCapabilities"
                with urllib.request.urlopen(address, timeout=30) as answer:
                    if b"WMS_Capabilities" in answer.read() and self._process.poll() is None:
                        return True
            time.sleep(0.1)
        raise AssertionError(f"qgis_mapserver does not answer: {self._told()}")

    def stop(self, *, may_have_ended: bool = False) -> None:
        """End it at once; safe to call again.

        Args:
            may_have_ended: somebody may have killed it.

        Raises:
            AssertionError: it had ended by itself, which is why somebody was refused a connection.
        """
        if self._log.closed:
            return
        status = self._process.poll()
        self._process.kill()
        self._process.wait()
        self._log.close()
        assert may_have_ended or status is None, f"qgis_mapserver ended: {status}: {self._told()}"

    def _told(self) -> str:
        return Path(self._log.name).read_text(errors="replace")[-500:]


@contextmanager
def map_server(folder: Path):
    """The server with its image: (server, image)."""
    image = write_ortho(folder / "ortho.tif")
    write_project(folder / "project.qgs", folder / "ortho.tif")
    for _ in range(ATTEMPTS):
        server = MapServer(folder / "project.qgs", folder / "server.log")
        if server.answers():
            break
        with suppress(AssertionError):  # on another port, then
            server.stop()
    else:
        raise AssertionError(f"qgis_mapserver ended {ATTEMPTS} times")
    try:
        yield server, image
    finally:
        server.stop()
