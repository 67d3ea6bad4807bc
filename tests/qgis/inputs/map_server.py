# SPDX-License-Identifier: GPL-2.0-or-later
"""A real map server on loopback: QGIS Server's, with one ortho-image in Lambert-93."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
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


class MapServer:
    """`qgis_mapserver`, running."""

    def __init__(self, project: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
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

    def wait(self, timeout_s: float = 60) -> None:
        """Wait for its first answer."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + "?SERVICE=WMS&REQUEST=GetCapabilities", timeout=10):
                    return
            except OSError:
                assert self._process.poll() is None, "qgis_mapserver ended"
                time.sleep(0.1)
        raise AssertionError("qgis_mapserver does not answer")

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._log.close()


@contextmanager
def map_server(folder: Path):
    """The server with its image: (server, image)."""
    image = write_ortho(folder / "ortho.tif")
    write_project(folder / "project.qgs", folder / "ortho.tif")
    server = MapServer(folder / "project.qgs", folder / "server.log")
    try:
        server.wait()
        yield server, image
    finally:
        server.stop()
