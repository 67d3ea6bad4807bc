# SPDX-License-Identifier: GPL-2.0-or-later
"""Two annotators compared: figures, areas to arbitrate as polygons, a page."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.campaign_update import write_patches
from ocsge_annotator.adapters.comparison import compare_campaign
from ocsge_annotator.adapters.image import read_image, window_of_patch
from ocsge_annotator.adapters.label_raster import write_labels
from tests.qgis.annotator.conftest import PATCH_PX, PIXEL


@pytest.fixture
def labelled_twice(campaign_file):
    """Two patches that two people labelled: all grass, but a pool that one saw and a border drawn twice."""
    campaign = read_campaign(campaign_file)
    image = read_image(campaign.image)
    values = {c.name: c.value for c in campaign.classes}
    for patch in campaign.patches[:2]:
        window = window_of_patch(image, campaign, patch)
        first = np.full((PATCH_PX, PATCH_PX), values["herbaceous vegetation"], np.uint8)
        first[:, :20] = values["water"]
        second = first.copy()
        second[:, 20:22] = values["water"]
        second[40:50, 40:50] = values["swimming pool"]
        for path, labels in (
            (campaign.label_file(patch), first),
            (campaign.second_label_file(patch), second),
        ):
            path.parent.mkdir(exist_ok=True)
            write_labels(path, labels, image, window, campaign.classes, "")
        write_patches(campaign_file, [replace(patch, state=PatchState.ACCEPTED)], ("state",))
        say_who(campaign, patch, PatchState.SUBMITTED)
    return campaign_file


def say_who(campaign, patch, state):
    """What merging a lot leaves beside the labels of the second person."""
    path = campaign.second_label_file(patch).with_suffix(".json")
    path.write_text(json.dumps({"lot": "Sud", "annotator": "marie", "state": state.value}))


@pytest.fixture
def compare(plugin, tmp_path):
    """Runs the algorithm; its results, or None where it failed, and what it said."""

    def run(campaign, **parameters):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(
            "ocsge_annotator:compareannotators"
        )
        parameters = {
            "CAMPAIGN": str(campaign),
            "DISAGREEMENTS": str(tmp_path / "areas.gpkg"),
            "REPORT": str(tmp_path / "report.html"),
            **parameters,
        }
        feedback = QgsProcessingFeedback()
        results, ok = algorithm.run(parameters, QgsProcessingContext(), feedback)
        return (results if ok else None), feedback.textLog()

    return run


def test_figures_areas_and_page(compare, labelled_twice, tmp_path):
    results, _ = compare(labelled_twice)

    differing = (2 * PATCH_PX + 100) / PATCH_PX**2
    assert results["PATCHES"] == 2
    assert results["AGREEMENT"] == pytest.approx(1 - differing)
    assert 0.7 < results["KAPPA"] < 1
    layer = QgsVectorLayer(results["DISAGREEMENTS"], "areas", "ogr")
    rows = [(f["area_px"], bool(f["is_border"]), round(f.geometry().area(), 6)) for f in layer.getFeatures()]
    assert sorted(rows) == sorted(2 * [(100, False, round(100 * PIXEL**2, 6)), (128, True, 5.12)])
    assert layer.crs().authid() == "EPSG:2154"
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<tr>") > 5
    assert "r0000_c0000" in page


def test_what_is_still_being_painted_does_not_count(compare, labelled_twice):
    campaign = read_campaign(labelled_twice)
    say_who(campaign, campaign.patches[0], PatchState.IN_PROGRESS)
    (one,) = compare_campaign(campaign, 3, lambda share: None)
    assert one.patch.patch_id == campaign.patches[1].patch_id


def test_a_campaign_that_nobody_labelled_twice_is_refused_with_the_remedy(compare, campaign_file, tmp_path):
    results, said = compare(campaign_file)

    assert results is None
    assert str(campaign_file) in said
    assert not (tmp_path / "report.html").exists()
