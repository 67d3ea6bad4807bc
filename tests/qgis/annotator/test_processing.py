# SPDX-License-Identifier: GPL-2.0-or-later
"""Making and pre-labelling campaigns with the algorithms, as the toolbox calls them."""

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorLayer,
)

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from tests.qgis.annotator.conftest import LEFT, PATCH_PX, TOP, write_raster


class Listener(QgsProcessingFeedback):
    """Keeps the errors; can stop at the first progress."""

    def __init__(self, stop: bool = False) -> None:
        super().__init__(False)
        self.errors, self.shares = [], []
        if stop:
            self.cancel()
        self.progressChanged.connect(self.shares.append)

    def reportError(self, error, fatalError=False):  # noqa: N802, N803 - QGIS's names
        self.errors.append(error)


@pytest.fixture
def execute(plugin):
    def run(name, parameters, feedback=None):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ocsge_annotator:{name}")
        feedback = feedback or Listener()
        results, ok = algorithm.run(parameters, QgsProcessingContext(), feedback)
        return results if ok else None, feedback

    return run


def test_a_campaign_covers_the_image_with_whole_patches(execute, image_file, tmp_path):
    output = tmp_path / "made" / "c.gpkg"
    parameters = {"IMAGE": str(image_file), "PATCH_SIZE": 64, "OUTPUT": str(output), "NAME": "Commune"}
    results, feedback = execute("createcampaign", parameters)
    assert results["COUNT"] == 6, feedback.errors
    campaign = read_campaign(output)
    assert campaign.name == "Commune"
    assert campaign.image == image_file
    assert [p.rank for p in campaign.patches] == [1, 2, 3, 4, 5, 6]
    assert campaign.patches[0].bounds == pytest.approx((LEFT, TOP - 12.8, LEFT + 12.8, TOP))
    assert len(campaign.classes) == 15
    assert all(p.state is PatchState.TODO for p in campaign.patches)
    assert QgsVectorLayer(f"{output}|layername=patch").featureCount() == 6


def test_a_sample_in_an_area_of_interest(execute, image_file, tmp_path):
    area = QgsVectorLayer("Polygon?crs=EPSG:2154", "area", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(LEFT, TOP - 5, LEFT + 20, TOP)))
    area.dataProvider().addFeature(feature)
    parameters = {"IMAGE": str(image_file), "PATCH_SIZE": 64, "AREA": area, "CLASSES": 1}
    results, feedback = execute("createcampaign", {**parameters, "OUTPUT": str(tmp_path / "a" / "c.gpkg")})
    assert results, feedback.errors
    assert results["COUNT"] == 2
    sample = {**parameters, "SAMPLE": 1, "SEED": 5, "OUTPUT": str(tmp_path / "b" / "c.gpkg")}
    assert execute("createcampaign", sample)[0]["COUNT"] == 1
    campaign = read_campaign(tmp_path / "b" / "c.gpkg")
    assert campaign.patches[0].row == 0
    assert campaign.classes[0].name == "CS1.1.1.1"


def test_what_cannot_be_made_says_why_and_leaves_nothing(execute, image_file, tmp_path):
    bare = tmp_path / "bare.tif"
    write_raster(bare, np.zeros((1, 100, 100), dtype=np.uint8), epsg=None)
    for image, size, culprit in ((image_file, 512, "512"), (bare, 64, str(bare))):
        output = tmp_path / "none" / "c.gpkg"
        results, feedback = execute(
            "createcampaign", {"IMAGE": str(image), "PATCH_SIZE": size, "OUTPUT": str(output)}
        )
        assert results is None
        assert any(culprit in error for error in feedback.errors)
        assert not output.exists()


def test_a_second_campaign_never_shares_a_label_folder(execute, image_file, campaign_file):
    (campaign_file.parent / "labels" / "r0000_c0000.tif").write_bytes(b"work of days")
    output = campaign_file.with_name("second.gpkg")
    results, feedback = execute(
        "createcampaign", {"IMAGE": str(image_file), "PATCH_SIZE": 64, "OUTPUT": str(output)}
    )
    assert results is None
    assert not output.exists()
    assert any("labels" in error for error in feedback.errors)


def test_pre_labelling_maps_by_name_and_keeps_unsure_pixels_open(execute, campaign_file, prediction_file):
    parameters = {"CAMPAIGN": str(campaign_file), "PREDICTION": str(prediction_file), "FLOOR": 0.5}
    results, feedback = execute("prelabelcampaign", parameters)
    assert results["COUNT"] == 4, feedback.errors  # the two patches of the unsure half stay blank
    campaign = read_campaign(campaign_file)
    labels = gdal.Open(str(campaign.label_file(campaign.patches[0]))).ReadAsArray()
    assert (np.delete(labels, 10, axis=1) == 0).all()  # building
    assert (labels[:, 10] == UNLABELLED).all()
    middle = gdal.Open(str(campaign.label_file(campaign.patches[1]))).ReadAsArray()
    assert (middle[:, :36] == 0).all()
    assert (middle[:, 36:] == UNLABELLED).all()
    assert campaign.patches[1].labelled_share == pytest.approx(36 / 64, abs=1e-4)
    assert campaign.patches[0].state is PatchState.TODO
    assert feedback.shares[-1] == 100


def test_a_lower_floor_takes_more_and_existing_labels_stay(execute, campaign_file, prediction_file, work):
    work.session.choose_class(5)
    work.mouse.drag((5, 5), (40, 5))
    painted = work.session.opened.editor.labels == 5
    work.session.close_campaign()
    parameters = {"CAMPAIGN": str(campaign_file), "PREDICTION": str(prediction_file), "FLOOR": 0.3}
    results, _ = execute("prelabelcampaign", parameters)
    assert results["COUNT"] == 6
    campaign = read_campaign(campaign_file)
    labels = gdal.Open(str(campaign.label_file(campaign.patches[0]))).ReadAsArray()
    assert np.array_equal(labels == 5, painted)
    right = gdal.Open(str(campaign.label_file(campaign.patches[2]))).ReadAsArray()
    assert (right == 6).all()  # water


def test_a_prediction_of_half_the_resolution_lands_in_place(execute, campaign_file, tmp_path):
    from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes

    path = tmp_path / "coarse.tif"
    bands = np.zeros((4, 75, 100), dtype=np.uint8)
    bands[0, 5:, 7:] = 1
    bands[1] = 255
    dataset = write_raster(path, bands, pixel=0.4)
    dataset.SetMetadataItem(
        TAG_CLASSES, encode_classes((PredictedClass(0, "water"), PredictedClass(1, "bare soil")))
    )
    dataset = None
    execute("prelabelcampaign", {"CAMPAIGN": str(campaign_file), "PREDICTION": str(path)})
    campaign = read_campaign(campaign_file)
    labels = gdal.Open(str(campaign.label_file(campaign.patches[0]))).ReadAsArray()
    assert (labels[10:, 14:] == 5).all()
    assert (labels[:10] == 6).all()
    assert (labels[:, :14] == 6).all()


@pytest.mark.parametrize("fault", ["no_table", "other_crs", "other_classes"])
def test_a_prediction_that_does_not_fit_is_named(execute, campaign_file, tmp_path, fault):
    from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes

    path = tmp_path / "wrong.tif"
    dataset = write_raster(
        path, np.zeros((4, 150, 200), dtype=np.uint8), epsg=32631 if fault == "other_crs" else 2154
    )
    if fault != "no_table":
        name = "volcano" if fault == "other_classes" else "water"
        dataset.SetMetadataItem(TAG_CLASSES, encode_classes((PredictedClass(0, name),)))
    dataset = None
    results, feedback = execute("prelabelcampaign", {"CAMPAIGN": str(campaign_file), "PREDICTION": str(path)})
    assert results is None
    assert any(str(path) in error for error in feedback.errors)
    assert not list(campaign_file.parent.rglob("*.tif"))


def test_cancelling_stops_between_patches(execute, campaign_file, prediction_file):
    parameters = {"CAMPAIGN": str(campaign_file), "PREDICTION": str(prediction_file)}
    results, _ = execute("prelabelcampaign", parameters, Listener(stop=True))
    assert results is None
    assert not list(campaign_file.parent.rglob("*.tif"))


def test_patch_size_is_that_of_the_labels(campaign_file):
    assert read_campaign(campaign_file).patch_size_px == PATCH_PX
