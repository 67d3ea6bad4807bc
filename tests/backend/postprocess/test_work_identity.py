# SPDX-License-Identifier: GPL-2.0-or-later
"""What makes a restart begin anew: everything that the blocks of a lot depend on."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely

from inference_backend.cluster.software import code_digest
from inference_backend.postprocess.blockwise import Tiling
from inference_backend.postprocess.prediction.prediction_reader import ReadOptions, open_prediction
from inference_backend.postprocess.stages.work_identity import work_identity
from inference_backend.postprocess.types import Codes
from tests.backend.postprocess.vector_files import write_layer

TABLE = [{"index": 0, "name": "water", "code_cs": "CS1.2.2"}]


@pytest.fixture
def asked(tmp_path):
    transform = rasterio.transform.from_origin(600_000, 6_700_000, 1.0, 1.0)
    shape = {"width": 9, "height": 9, "count": 1, "dtype": "uint8"}
    with rasterio.open(tmp_path / "p.tif", "w", crs="EPSG:2154", transform=transform, **shape) as raster:
        raster.write(np.zeros((1, 9, 9), np.uint8))
    (tmp_path / "table.json").write_text(json.dumps(TABLE))
    box = shapely.box(600_001, 6_699_992, 600_008, 6_699_999)
    for name in ("area.gpkg", "refs/below/BATIMENT.shp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write_layer(tmp_path / name, "BATIMENT", [box], {"ID": ["B1"]})
    return ReadOptions(str(tmp_path / "table.json"), aoi=tmp_path / "area.gpkg|layername=BATIMENT")


@pytest.fixture
def identity(asked, profile, tmp_path):
    def made(options=asked, side_px=4, millesime="2022"):
        with open_prediction(tmp_path / "p.tif", profile, Codes(profile.nomenclature), options) as opened:
            tiling = Tiling(opened.shape, side_px)
            return work_identity(opened, [tmp_path / "refs"], profile, tiling, options, millesime)

    return made


@pytest.mark.parametrize(
    "file", ["p.tif", "table.json", "area.gpkg", "refs/below/BATIMENT.shp", "refs/below/BATIMENT.dbf"]
)
def test_a_file_that_changes_makes_other_work(identity, tmp_path, file):
    before = identity()
    assert identity() == before == json.loads(json.dumps(before))
    os.utime(tmp_path / file, ns=(1, 1))
    assert identity() != before


def test_options_make_other_work(identity, asked):
    others = [
        identity(side_px=5),
        identity(millesime="2023"),
        identity(replace(asked, aoi=None)),
        identity(replace(asked, crs="EPSG:2154")),
    ]
    assert identity() not in others


def test_modules_beside_the_packages_count_too():
    assert code_digest(("work", "grid.py")) != code_digest(("work",))
