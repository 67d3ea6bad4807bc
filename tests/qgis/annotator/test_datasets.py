# SPDX-License-Identifier: GPL-2.0-or-later
"""From a painted patch to a data set and back, by the algorithms and the real backend."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProcessingContext

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from tests.qgis.annotator.test_prelabel_run import COMMAND
from tests.qgis.annotator.test_processing import Listener


@pytest.fixture
def execute(monkeypatch):
    """Runs an algorithm with the project's own backend."""
    monkeypatch.setenv("OCSGE_BACKEND", str(COMMAND))

    def run(name, parameters):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ocsge_annotator:{name}")
        feedback = Listener()
        results, ok = algorithm.run(parameters, QgsProcessingContext(), feedback)
        return results if ok else None, feedback

    return run


def test_what_was_painted_is_exported_and_comes_back_to_the_pixel(
    work, campaign_file, execute, image_file, tmp_path
):
    blank = tmp_path / "blank"
    shutil.copytree(campaign_file.parent, blank, ignore=shutil.ignore_patterns("locks"))
    work.session.choose_class(0)
    work.mouse.drag((10, 10), (50, 30), (20, 50))
    work.session.choose_class(6)
    work.mouse.drag((40, 50), (60, 60))
    painted = work.session.opened.editor.labels.copy()
    work.session.submit()
    work.session.close_campaign()
    for index, name in ((0, "flair"), (4, "coco")):
        results, feedback = execute(
            "exportdataset",
            {"CAMPAIGN": str(campaign_file), "FORMAT": index, "OUTPUT": str(tmp_path / name)},
        )
        assert results, feedback.errors
    with (tmp_path / "flair" / "flair-1-paths-unsplit.csv").open() as file:
        ((image, mask),) = csv.reader(file)
    values = gdal.Open(str(tmp_path / "flair" / mask)).ReadAsArray()
    assert np.array_equal(values == 1, painted == 0)
    assert np.array_equal(values == 5, painted == 6)
    assert np.array_equal(values == 19, painted == UNLABELLED)
    pixels = gdal.Open(str(image_file)).ReadAsArray(0, 0, 64, 64)
    assert np.array_equal(gdal.Open(str(tmp_path / "flair" / image)).ReadAsArray(), pixels)
    target = blank / campaign_file.name
    results, feedback = execute("importdataset", {"FOLDER": str(tmp_path / "coco"), "CAMPAIGN": str(target)})
    assert results, feedback.errors
    campaign = read_campaign(target)
    first = campaign.patches[0]
    assert first.state is PatchState.IN_PROGRESS
    assert first.labelled_share == pytest.approx((painted != UNLABELLED).mean(), abs=1e-6)
    work.controller.open_campaign(target)
    assert np.array_equal(work.session.opened.editor.labels, painted)


def test_a_reason_of_the_backend_and_a_missing_backend_are_told(
    work, campaign_file, execute, tmp_path, monkeypatch
):
    work.session.close_campaign()
    parameters = {"CAMPAIGN": str(campaign_file), "FORMAT": 6, "OUTPUT": str(tmp_path / "set")}
    results, feedback = execute("exportdataset", parameters)
    assert results is None
    assert "submitted" in " ".join(feedback.errors)
    assert not Path(tmp_path / "set").exists() or not any((tmp_path / "set").iterdir())
    monkeypatch.setenv("OCSGE_BACKEND", "/nowhere/ocsge")
    results, feedback = execute("exportdataset", parameters)
    assert results is None
    assert "/nowhere/ocsge" in " ".join(feedback.errors)
