# SPDX-License-Identifier: GPL-2.0-or-later
"""A small image, a campaign on it, and the plugin on a real canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr

from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from tests.qgis.annotator.mouse import Mouse

LEFT, TOP, PIXEL = 651000.0, 6862100.0, 0.2
PATCH_PX = 64


def write_raster(
    path: Path, bands: np.ndarray, epsg: int | None = 2154, left: float = LEFT, pixel: float = PIXEL
):
    """(C, H, W) uint8 to a GeoTIFF."""
    count, height, width = bands.shape
    options = ["PHOTOMETRIC=MINISBLACK", "ALPHA=NO"] if count > 1 else []
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, count, gdal.GDT_Byte, options)
    dataset.SetGeoTransform((left, pixel, 0, TOP, 0, -pixel))
    if epsg is not None:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        dataset.SetProjection(reference.ExportToWkt())
    for band in range(count):
        dataset.GetRasterBand(band + 1).WriteArray(bands[band])
    return dataset


@pytest.fixture
def image_file(tmp_path) -> Path:
    """200 x 150 px, 4 bands: three patches by two."""
    rng = np.random.default_rng(3)
    path = tmp_path / "ortho.tif"
    write_raster(path, rng.integers(0, 255, (4, 150, 200), dtype=np.uint8))
    return path


@pytest.fixture
def campaign_file(image_file, tmp_path) -> Path:
    """A campaign of six patches."""
    path = tmp_path / "campaign" / "campaign.gpkg"
    image = read_image(image_file)
    cells = rank_cells(lay_cells(image.grid, PATCH_PX, PATCH_PX))
    classes = physical_classes(Profile.load())
    create_campaign(CampaignPlan(path, "Essai", image, "ocsge-2.0", PATCH_PX, classes, tuple(cells)))
    return path


@pytest.fixture
def prediction_file(tmp_path) -> Path:
    """Left half building (sure), right half water (unsure), column 10 undecided; its own order of classes."""
    path = tmp_path / "prediction.tif"
    bands = np.zeros((4, 150, 200), dtype=np.uint8)
    bands[0, :, :100], bands[0, :, 100:], bands[0, :, 10] = 1, 0, 254
    bands[1, :, :100], bands[1, :, 100:] = 230, 100
    dataset = write_raster(path, bands)
    table = encode_classes((PredictedClass(0, "water"), PredictedClass(1, "building")))
    dataset.SetMetadataItem(TAG_CLASSES, table)
    return path


@pytest.fixture
def plugin(qgis_iface, qgis_new_project, qgis_canvas, qgis_parent):
    """The plugin, loaded in a shown window."""
    from ocsge_annotator.plugin import AnnotatorPlugin

    qgis_parent.resize(900, 700)
    qgis_canvas.resize(600, 600)
    plugin = AnnotatorPlugin(qgis_iface)
    plugin.initGui()
    yield plugin
    plugin.unload()


@pytest.fixture
def work(plugin, campaign_file, qgis_canvas, qgis_parent, qtbot):
    """The plugin with the campaign open at its first patch, and a mouse; tool: brush of 5 px."""
    qgis_parent.show()
    qgis_canvas.show()
    plugin.dock.setUserVisible(True)
    plugin.controller.open_campaign(campaign_file)
    plugin.session.choose_brush(5)
    plugin.mouse = Mouse(plugin, qgis_canvas)
    return plugin
