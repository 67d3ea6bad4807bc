# SPDX-License-Identifier: GPL-2.0-or-later
"""Communes side by side: pixels and vectors of each lie where they belong."""

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from benchmarks import mosaic
from benchmarks.quality_scenes import SIZE_M, QualityScene

SIDE_PX = 20


@pytest.fixture
def tiles(tmp_path):
    return [_commune(tmp_path / str(seed), seed) for seed in (1, 2)]


def _commune(folder, seed):
    (folder / "references").mkdir(parents=True)
    place = from_origin(652_000, 6_863_000, SIZE_M / SIDE_PX, SIZE_M / SIDE_PX)
    options = {"driver": "GTiff", "count": 4, "dtype": "uint8", "crs": "EPSG:2154", "nodata": 255}
    path = folder / "prediction.tif"
    with rasterio.open(path, "w", width=SIDE_PX, height=SIDE_PX, transform=place, **options) as raster:
        raster.write(np.full((4, SIDE_PX, SIDE_PX), seed, np.uint8))
        raster.update_tags(OCSGE_CLASSES='[{"index": 1, "name": "a & b"}]')
    house = np.array([shapely.to_wkb(shapely.box(652_000, 6_862_000, 652_010, 6_862_010))], object)
    names = np.array([f"house {seed}"], object)
    target = folder / "references" / "bdtopo.gpkg"
    options = {"layer": "batiment", "geometry_type": "Polygon", "crs": "EPSG:2154"}
    pyogrio.raw.write(target, house, [names], ["cleabs"], **options)
    return QualityScene(seed, path, folder / "references", folder / "restricted", folder / "truth.gpkg")


def test_the_virtual_raster_repeats_communes_and_keeps_their_tags(tiles, tmp_path):
    virtual = mosaic.write_prediction(tmp_path / "p.vrt", 2, tiles)
    copy = mosaic.write_copy(tmp_path / "p.tif", virtual, (1,))
    with rasterio.open(virtual) as raster, rasterio.open(copy) as copied:
        assert raster.bounds == (652_000, 6_862_000, 654_000, 6_864_000)
        assert raster.tags()["OCSGE_CLASSES"] == copied.tags()["OCSGE_CLASSES"]
        assert "a & b" in raster.tags()["OCSGE_CLASSES"]
        assert raster.nodata == 255
        assert raster.read(3)[::SIDE_PX, ::SIDE_PX].tolist() == [[1, 2], [1, 2]]
        np.testing.assert_array_equal(raster.read(1), copied.read(1))


def test_references_lie_in_their_communes_and_have_identifiers_of_their_own(tiles, tmp_path):
    folder = mosaic.write_references(tmp_path / "all", 2, tiles)
    _, _, geometry, (names,) = pyogrio.raw.read(folder / "bdtopo.gpkg", layer="batiment")
    corners = shapely.bounds(shapely.from_wkb(geometry))[:, :2].tolist()
    assert dict(zip(names, corners, strict=True)) == {
        "house 1-0-0": [652_000, 6_863_000],
        "house 2-0-1": [653_000, 6_863_000],
        "house 1-1-0": [652_000, 6_862_000],
        "house 2-1-1": [653_000, 6_862_000],
    }
