# SPDX-License-Identifier: GPL-2.0-or-later
"""Predict and pre-label, with the real backend as a child process."""

import numpy as np
import pytest
from osgeo import gdal

from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign, read_campaign
from ocsge_annotator.adapters.campaign_update import write_image_path
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.mosaic import write_mosaic
from ocsge_annotator.adapters.prelabel_run import PreLabelChoice, PreLabelRun
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from ocsge_annotator.gui.prelabel_dialog import PreLabelDialog
from ocsge_common.errors import BackendNotFoundError, JobFailedError
from tests.qgis.annotator.conftest import write_raster
from tests.qgis.common.backends import COMMAND, serving, use

needs_backend = pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")


@pytest.fixture
def grass_campaign(tmp_path, monkeypatch):
    """One patch of 256 px of even green at ground level, bands described as the model wants them."""
    monkeypatch.setenv("OCSGE_BACKEND", str(COMMAND))
    monkeypatch.setenv("OCSGE_DATA_DIR", str(tmp_path / "data"))
    rng = np.random.default_rng(0)
    colour = np.array([80, 105, 65, 160]).reshape(4, 1, 1)
    bands = np.clip(colour + rng.normal(0, 4, (4, 256, 256)), 0, 255).astype(np.uint8)
    dataset = write_raster(tmp_path / "ortho.tif", bands)
    for number, name in enumerate(("red", "green", "blue", "nir"), start=1):
        dataset.GetRasterBand(number).SetDescription(name)
    dataset = None
    image = read_image(tmp_path / "ortho.tif")
    path = tmp_path / "campaign" / "campaign.gpkg"
    cells = tuple(rank_cells(lay_cells(image.grid, 256, 256)))
    create_campaign(
        CampaignPlan(path, "Herbe", image, "ocsge-2.0", 256, physical_classes(Profile.load()), cells)
    )
    return path


@needs_backend
def test_the_backend_predicts_and_the_patch_in_hand_is_pre_labelled(
    plugin, grass_campaign, qtbot, monkeypatch
):
    plugin.controller.open_campaign(grass_campaign)
    monkeypatch.setattr(PreLabelDialog, "exec", lambda dialog: dialog.flat.setChecked(True) or 1)
    plugin.controller.do("predict")
    run = plugin.controller.run
    with qtbot.waitSignal(run.done, timeout=120_000) as done:
        pass
    qtbot.waitUntil(lambda: plugin.controller.run is None, timeout=5000)
    changed, share = done.args
    assert changed == 1
    assert share > 0.3
    assert run.prediction.exists()
    labels = plugin.session.opened.editor.labels  # taken in hand again
    assert (labels != 255).mean() == pytest.approx(share)
    values = [entry.name for entry in plugin.session.campaign.classes]
    vegetation = {
        values.index(n) for n in values if n in ("herbaceous vegetation", "agricultural land", "brushwood")
    }
    found = np.bincount(labels[labels != 255], minlength=15)
    assert int(found.argmax()) in vegetation
    saved = gdal.Open(str(read_campaign(grass_campaign).label_file(plugin.session.patch))).ReadAsArray()
    assert np.array_equal(saved, labels)


@needs_backend
def test_a_missing_band_is_told_in_words_and_the_work_goes_on(plugin, grass_campaign, qtbot, monkeypatch):
    plugin.controller.open_campaign(grass_campaign)
    monkeypatch.setattr(PreLabelDialog, "exec", lambda dialog: 1)
    plugin.controller.do("predict")
    with qtbot.waitSignal(plugin.controller.run.failed, timeout=60_000) as failed:
        pass
    assert isinstance(failed.args[0], JobFailedError)
    assert "height" in str(failed.args[0])
    qtbot.waitUntil(lambda: plugin.controller.run is None, timeout=5000)
    assert plugin.session.opened is not None


@needs_backend
def test_cancelling_leaves_the_campaign_as_it_was(plugin, grass_campaign, qtbot):
    run = PreLabelRun(read_campaign(grass_campaign), PreLabelChoice((), True, 0.5, False))
    with qtbot.waitSignal(run.ended, timeout=60_000):
        run.start()
        qtbot.waitUntil(lambda: run._task is not None, timeout=30_000)
        run.cancel()
    assert not list(grass_campaign.parent.rglob("*.tif"))
    assert run._backend is None


def test_without_backend_the_message_says_what_to_do_and_tools_still_work(plugin, campaign_file, monkeypatch):
    monkeypatch.setenv("OCSGE_BACKEND", "/nowhere/ocsge")
    plugin.controller.open_campaign(campaign_file)
    monkeypatch.setattr(PreLabelDialog, "exec", lambda dialog: 1)
    plugin.controller.do("predict")
    assert plugin.controller.run is None
    assert plugin.session.begin()
    with pytest.raises(BackendNotFoundError):
        PreLabelRun(plugin.session.campaign, PreLabelChoice((), False, 0.5, False)).start()


def test_a_backend_that_dies_under_its_job_ends_the_run_once(grass_campaign):
    """It fails by itself, then by the job's task, when the operator may have begun another run."""
    run = PreLabelRun(read_campaign(grass_campaign), PreLabelChoice((), flat=True, floor=0.5, replace=False))
    failed, ended = [], []
    run.failed.connect(failed.append)
    run.ended.connect(lambda: ended.append(True))
    for error in (BackendNotFoundError(tried="-"), JobFailedError(process_id="predict", message="-")):
        run._fail(error)
    assert (len(failed), len(ended)) == (1, 1)


@needs_backend
def test_a_prediction_from_elsewhere_may_only_be_proposed(
    plugin, grass_campaign, qtbot, monkeypatch, tmp_path
):
    """The backend sees no file of this computer; the image is a mosaic, of another pixel than the model's."""
    campaign = read_campaign(grass_campaign)
    write_mosaic(tmp_path / "mosaic.vrt", [campaign.image])
    write_image_path(grass_campaign, tmp_path / "mosaic.vrt")
    (tmp_path / "away").mkdir()
    with serving(tmp_path / "away", "127.0.0.2", "--allow", "none") as address:
        use(address)
        propose_only(plugin, grass_campaign, qtbot, monkeypatch)


def propose_only(plugin, grass_campaign, qtbot, monkeypatch):
    plugin.controller.open_campaign(grass_campaign)

    def choose(dialog):
        dialog.flat.setChecked(True)
        dialog.label_box.setChecked(False)
        assert not dialog.floor.isEnabled()
        return 1

    monkeypatch.setattr(PreLabelDialog, "exec", choose)
    plugin.controller.do("predict")
    failed = []
    plugin.controller.run.failed.connect(failed.append)
    with qtbot.waitSignal(plugin.controller.run.ended, timeout=120_000):
        pass
    assert failed == []
    assert (plugin.session.opened.editor.labels == 255).all()
    offered, _ = plugin.machine_bench.machine.proposals.shares
    assert offered > 0.3
    plugin.controller.do("grow")
    assert (plugin.session.opened.editor.labels != 255).mean() == pytest.approx(offered)
