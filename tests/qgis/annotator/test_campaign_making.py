# SPDX-License-Identifier: GPL-2.0-or-later
"""Choosing patches by lattice, strata and doubt, splits, sources, map services, later rounds, lots."""

import itertools

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

from inference_backend.contracts.campaign import SourceRole
from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.fingerprint import image_fingerprint
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.patch_files import open_patch
from tests.qgis.annotator.conftest import LEFT, PIXEL, TOP, write_raster
from tests.qgis.annotator.test_processing import execute  # noqa: F401 - a fixture
from tests.qgis.inputs.map_server import ORIGIN, map_server

SIDE = 640
CELLS = SIDE // 32


@pytest.fixture
def wide_image(tmp_path):
    """640 x 640 px: 20 x 20 places for patches of 32 px."""
    path = tmp_path / "wide.tif"
    write_raster(path, np.random.default_rng(1).integers(0, 255, (3, SIDE, SIDE), dtype=np.uint8))
    return path


@pytest.fixture
def make(execute, wide_image, tmp_path):  # noqa: F811 - a fixture
    """Makes a campaign of patches of 32 px; gives it back, or what was said instead."""
    numbers = itertools.count()

    def run(**parameters):
        output = tmp_path / f"made{next(numbers)}" / "c.gpkg"
        parameters = {"IMAGE": str(wide_image), "PATCH_SIZE": 32, "OUTPUT": str(output), **parameters}
        results, feedback = execute("createcampaign", parameters)
        return read_campaign(output) if results else " ".join(feedback.errors)

    return run


def polygons(*shapes):
    """(field value, xmin, ymin, xmax, ymax) in px of the image."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:2154&field=nature:string", "occupation", "memory")
    for value, left, top, right, bottom in shapes:
        feature = QgsFeature(layer.fields())
        feature["nature"] = value
        box = QgsRectangle(LEFT + left * PIXEL, TOP - bottom * PIXEL, LEFT + right * PIXEL, TOP - top * PIXEL)
        feature.setGeometry(QgsGeometry.fromRect(box))
        layer.dataProvider().addFeature(feature)
    return layer


def predict(path, margin, classes=None):
    """A prediction over the wide image, with the margin of each pixel."""
    bands = np.zeros((4, SIDE, SIDE), dtype=np.uint8)
    bands[0] = 0 if classes is None else classes
    bands[3] = margin
    dataset = write_raster(path, bands)
    dataset.SetMetadataItem(
        TAG_CLASSES, encode_classes((PredictedClass(0, "water"), PredictedClass(1, "building")))
    )
    return str(path)


def test_a_lattice_is_regular_and_every_patch_has_its_fingerprint(make):
    campaign = make(METHOD=1, SAMPLE=16)
    rows = sorted({patch.row for patch in campaign.patches})
    cols = sorted({patch.col for patch in campaign.patches})
    assert (len(campaign.patches), len(rows), len(cols)) == (16, 4, 4)
    assert set(np.diff(rows)) | set(np.diff(cols)) <= {5, 6}
    image = read_image(campaign.image)
    for patch in campaign.patches:
        assert patch.image_fingerprint == image_fingerprint(image, image.grid.window_of(patch.bounds))
        assert not open_patch(campaign, image, patch).is_image_changed


def test_strata_of_polygons_are_seen_as_often_as_each_other(make):
    strata = polygons(("bois", 0, 0, 640, 480), ("eau", 0, 480, 640, 640), ("bâti", 100, 100, 110, 110))
    campaign = make(METHOD=2, SAMPLE=9, STRATA=strata, STRATA_FIELD="nature")
    first = campaign.patches[0]
    assert (first.row, first.col) == (3, 3)  # the one patch that has the building
    water = sum(patch.row >= 15 for patch in campaign.patches)
    assert water == 4
    assert "nature" in make(METHOD=2, SAMPLE=9, STRATA=strata, STRATA_FIELD="absent")


def test_strata_of_a_raster_of_another_crs(make, tmp_path):
    classes = np.full((1, SIDE, SIDE), 3, dtype=np.uint8)
    classes[0, :, 320:] = 7
    write_raster(tmp_path / "ocs.tif", classes)
    gdal.Warp(str(tmp_path / "wgs.tif"), str(tmp_path / "ocs.tif"), dstSRS="EPSG:4326", dstNodata=255)
    campaign = make(METHOD=2, SAMPLE=10, STRATA=str(tmp_path / "wgs.tif"))
    assert sum(patch.col >= 10 for patch in campaign.patches) == 5


def test_the_model_learns_most_where_it_is_least_sure(make, tmp_path):
    margin = np.full((SIDE, SIDE), 250, dtype=np.uint8)
    margin[:160, :160] = 20
    prediction = predict(tmp_path / "p.tif", margin)
    campaign = make(METHOD=3, SAMPLE=8, PREDICTION=prediction, DIVERSITY=0.0)
    assert all(patch.row < 5 and patch.col < 5 for patch in campaign.patches)
    assert campaign.patches[0].uncertainty == pytest.approx(1 - 20 / 254, abs=1e-5)
    spread = make(METHOD=3, SAMPLE=8, PREDICTION=prediction, DIVERSITY=1.0)
    assert any(patch.row >= 5 and patch.col >= 5 for patch in spread.patches)


def test_the_entropy_is_taken_where_there_are_probabilities(make, tmp_path):
    prediction = predict(tmp_path / "p.tif", np.full((SIDE, SIDE), 100, dtype=np.uint8))
    scores = np.zeros((3, SIDE, SIDE), dtype=np.uint8)
    scores[0] = 255
    scores[:, 320:352, 320:352] = 85
    write_raster(tmp_path / "p_probabilities.tif", scores)
    campaign = make(METHOD=3, SAMPLE=2, PREDICTION=prediction, DIVERSITY=0.0)
    assert (campaign.patches[0].row, campaign.patches[0].col) == (10, 10)
    assert campaign.patches[0].uncertainty == pytest.approx(1.0, abs=1e-4)
    assert campaign.patches[1].uncertainty == pytest.approx(0.0, abs=1e-4)


def test_splits_keep_their_distance_and_the_second_labelling_its_share(make):
    campaign = make(VALIDATION=20, TEST=20, BUFFER=7.0, BLOCK=32.0, TWICE=10)
    assert sum(patch.twice for patch in campaign.patches) == 40
    sets = {name: [p for p in campaign.patches if p.split == name] for name in ("train", "val", "test")}
    assert all(sets.values())
    for first, second in itertools.combinations(sets, 2):
        for a, b in itertools.product(sets[first], sets[second]):
            gap = max(a.bounds.xmin - b.bounds.xmax, b.bounds.xmin - a.bounds.xmax, 0.0)
            rise = max(a.bounds.ymin - b.bounds.ymax, b.bounds.ymin - a.bounds.ymax, 0.0)
            assert np.hypot(gap, rise) >= 7.0 - 1e-6
    assert "60" in make(VALIDATION=60, TEST=50)


def test_what_a_method_lacks_is_asked_for(make):
    for parameters in ({"METHOD": 2, "SAMPLE": 3}, {"METHOD": 3, "SAMPLE": 3}, {"METHOD": 2}):
        assert isinstance(make(**parameters), str)
    temporary = polygons(("a", 0, 0, 9, 9))
    assert "occupation" in make(HINTS=[temporary])


def test_a_mosaic_with_sources_is_one_image(make, wide_image, tmp_path):
    right = tmp_path / "right.tif"
    write_raster(right, np.ones((3, SIDE, 64), dtype=np.uint8), left=LEFT + SIDE * PIXEL)
    campaign = make(
        MORE_IMAGES=[str(right)], HEIGHT=str(wide_image), OTHER_LABELS=str(right), LABEL_FIELD="code"
    )
    assert len(campaign.patches) == CELLS * (CELLS + 2)
    assert read_image(campaign.image).grid.width_px == SIDE + 64
    height, labels = campaign.sources
    assert (height.role, campaign.place_of(height)) == (SourceRole.HEIGHT, str(wide_image))
    assert (labels.role, labels.options) == (SourceRole.OTHER_LABELS, {"attribute": "code"})


def test_a_16_bit_image_keeps_its_patches_where_it_has_data(make, tmp_path):
    path = tmp_path / "deep.tif"
    deep = gdal.GetDriverByName("GTiff").Create(str(path), 128, 64, 2, gdal.GDT_UInt16)
    deep.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    deep.SetProjection(make().crs_wkt)
    bands = np.full((64, 128), 40_000, dtype=np.uint16)
    bands[:, :60] = 7  # one patch and most of the next are empty in the upper row, all of them in the lower
    bands[:32, 44:60] = 900
    for band in (1, 2):
        deep.GetRasterBand(band).SetNoDataValue(7)
        deep.GetRasterBand(band).WriteArray(bands)
    deep = None
    places = {(patch.row, patch.col) for patch in make(IMAGE=str(path)).patches}
    assert places == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)}
    assert len(make(IMAGE=str(path), COVER=0).patches) == 6
    campaign = make(IMAGE=str(path), COVER=100)
    assert len(campaign.patches) == 4
    image = read_image(campaign.image)
    assert not any(open_patch(campaign, image, patch).is_image_changed for patch in campaign.patches)


def test_a_later_round_goes_behind_the_first(make, execute, tmp_path):  # noqa: F811 - a fixture
    campaign = make(SAMPLE=40, VALIDATION=25, TEST=25, BUFFER=7.0, BLOCK=32.0, STEP=40, MARGIN=8)
    margin = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    prediction = predict(tmp_path / "p.tif", margin)
    parameters = {"CAMPAIGN": str(campaign.path), "METHOD": 3, "SAMPLE": 20, "PREDICTION": prediction}
    results, feedback = execute("drawmorepatches", {**parameters, "BUFFER": 7.0, "BLOCK": 32.0})
    assert results, feedback.errors
    more = read_campaign(campaign.path)
    assert more.patches[:40] == campaign.patches
    assert [patch.rank for patch in more.patches] == list(range(1, 61))
    assert len({patch.patch_id for patch in more.patches}) == 60
    image = read_image(campaign.image)
    for patch in more.patches[40:]:
        window = image.grid.window_of(patch.bounds)
        assert (window.row, window.col) == (8 + 40 * patch.row, 8 + 40 * patch.col)
        assert patch.uncertainty is not None
        assert patch.image_fingerprint
    assert {"train", "val", "test"} <= {patch.split for patch in more.patches[40:]} | {""}


def test_a_map_service_becomes_files_beside_the_campaign(execute, tmp_path):  # noqa: F811 - a fixture
    x, y = ORIGIN
    area = QgsVectorLayer("Polygon?crs=EPSG:2154", "zone", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x + 10, y - 60, x + 60, y - 10)))
    area.dataProvider().addFeature(feature)
    output = tmp_path / "campaign" / "c.gpkg"
    with map_server(tmp_path) as (server, image):
        uri = f"wms://crs=EPSG:2154&format=image/png&layers=ortho&styles=&url={server.url}"
        parameters = {"IMAGE": uri, "AREA": area, "PATCH_SIZE": 64, "SAMPLE": 2, "INFRARED": uri}
        results, feedback = execute("createcampaign", {**parameters, "OUTPUT": str(output)})
        assert results, feedback.errors
        more = {"CAMPAIGN": str(output), "SAMPLE": 1, "SEED": 3}
        assert execute("drawmorepatches", more)[0] == {"COUNT": 1}
    (tmp_path / "campaign").rename(tmp_path / "moved")
    campaign = read_campaign(tmp_path / "moved" / "c.gpkg")
    assert len(campaign.patches) == 3
    (infrared,) = campaign.sources_of(SourceRole.INFRARED)
    for path in (str(campaign.image), campaign.place_of(infrared)):
        dataset = gdal.Open(path)
        for patch in campaign.patches:
            window = open_patch(campaign, read_image(campaign.image), patch).window
            read = dataset.ReadAsArray(window.col, window.row, 64, 64)
            top, left = window.row + 50, window.col + 50
            # Where a row or column begins on a pixel's edge, the server takes now one, now the other.
            near = [
                read == image[:, top + down : top + down + 64, left + right : left + right + 64]
                for down, right in itertools.product((-1, 0, 1), repeat=2)
            ]
            assert np.any(near, axis=0).all()
            assert near[4].mean() > 0.4
    assert campaign.sources_of(SourceRole.IMAGE_ORIGIN)


def test_lots_go_out_and_come_back_through_the_toolbox(execute, campaign_file, tmp_path):  # noqa: F811
    out = {"CAMPAIGN": str(campaign_file), "NAMES": "Nord ; Sud", "OUTPUT": str(tmp_path / "lots")}
    assert execute("cutlots", out)[0]["COUNT"] == 2
    lot = tmp_path / "lots" / "Sud" / "Sud.gpkg"
    back, feedback = execute("mergelots", {"CAMPAIGN": str(campaign_file), "LOT": str(lot)})
    assert back == {"TAKEN": 0, "CONFLICTS": 0}, feedback.errors
    results, feedback = execute("cutlots", {**out, "NAMES": "a/b"})
    assert results is None
    assert "a/b" in feedback.errors[0]
