# SPDX-License-Identifier: GPL-2.0-or-later
"""What the demo writes beside the lot: project and campaign, read back by QGIS and by the contracts."""

from __future__ import annotations

import json
import os
import subprocess

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from inference_backend.contracts.campaign import LABEL_CLASS, PATCH, CampaignKey
from inference_backend.contracts.lot import OCCUPATION_SOL
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.lot.gpkg_tables import write_spatial
from scripts.demo import campaign, pictures, project

READ_PROJECT = """
import json, sys
from qgis.core import QgsApplication, QgsProject
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
assert project.read(sys.argv[1]), project.error()
nodes = project.layerTreeRoot().findLayers()
print(json.dumps({
    "crs": project.crs().authid(),
    "layers": [[n.name(), n.layer().isValid(), n.isVisible(), n.layer().renderer().type()] for n in nodes],
}))
application.exitQgis()
"""


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "image.tif"
    profile = {
        "driver": "GTiff",
        "count": 4,
        "dtype": "uint8",
        "width": 1200,
        "height": 1100,
        "crs": "EPSG:2154",
        "transform": from_origin(900000, 6500000, 0.2, 0.2),
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(np.full((4, 1100, 1200), 90, np.uint8))
    return path


def test_qgis_opens_the_project_with_every_layer_and_style(image, tmp_path, repository):
    lot = tmp_path / "lot.gpkg"
    square = np.array([shapely.box(900000, 6499800, 900200, 6500000)], dtype=object)
    columns = {"id": ["OCSGE0000000001"], "code_cs": ["CS2.2.1"], "code_us": ["US1.1"]}
    write_spatial(lot, OCCUPATION_SOL, square, columns, "EPSG:2154")
    style = repository / "resources" / "styles" / "cover.qml"
    layers = [
        project.Layer(
            "a", "Couverture", "lot.gpkg|layername=occupation_sol", "Polygon", style, visible=False
        ),
        project.Layer("b", "Image", "image.tif"),
    ]
    target = tmp_path / "demo.qgz"
    project.write_project(target, "Essai", layers, (900000, 6499780, 900240, 6500000), "EPSG:2154")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        ["/usr/bin/python3", "-I", "-c", READ_PROJECT, str(target)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "crs": "EPSG:2154",
        "layers": [
            ["Couverture", True, False, "categorizedSymbol"],
            ["Image", True, True, "multibandcolor"],
        ],
    }


def test_the_campaign_lies_on_the_pixels_of_the_image(image, tmp_path):
    target = tmp_path / "campaign" / "campaign.gpkg"
    assert campaign.write_campaign(target, image, Profile.load()) == 4
    meta, _, wkb, _ = pyogrio.raw.read(target, layer=PATCH.name)
    assert tuple(meta["fields"]) == PATCH.column_names
    corners = shapely.get_coordinates(shapely.from_wkb(wkb)) - (900000, 6500000)
    assert np.abs(corners / 0.2 - np.round(corners / 0.2)).max() < 1e-6
    described = dict(zip(*pyogrio.raw.read(target, layer="campaign")[3], strict=True))
    assert (target.parent / described[CampaignKey.IMAGE.value]).resolve() == image
    assert len(pyogrio.raw.read(target, layer=LABEL_CLASS.name)[3][0]) == 15


def test_a_picture_has_the_official_colour_of_each_code():
    nomenclature = Profile.load().nomenclature
    colours = pictures.code_colours(["CS1.1.1.1", "CS9"], nomenclature)
    box = shapely.box(0, 0, 5, 10)
    picture = pictures.paint(np.array([box], dtype=object), colours[:1], (0, 0, 10, 10), (10, 10))
    assert picture[5, 2].tolist() == [0xFF, 0x37, 0x7A]
    assert picture[5, 8].tolist() == [255, 255, 255]
    assert colours[1].tolist() == [128, 128, 128]
