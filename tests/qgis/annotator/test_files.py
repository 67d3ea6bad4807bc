# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the disk: alignment, saving, reopening, states."""

import dataclasses
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.PyQt.QtCore import Qt

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from inference_backend.contracts.prediction import TAG_CLASSES, decode_classes
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign, read_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.patch_files import open_patch, save_patch
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.errors import CampaignError, ImageError, LabelError, WriteError
from tests.qgis.annotator.conftest import LEFT, PATCH_PX, PIXEL, TOP, write_raster

REPOSITORY = Path(__file__).parents[3]


def read(path):
    dataset = gdal.Open(str(path))
    return dataset, dataset.GetRasterBand(1).ReadAsArray()


def stroke(session, start, end, value):
    session.begin()
    session.stroke(PixelPoint(*start), PixelPoint(*end), value)
    session.finish("brush")


def test_a_saved_label_raster_lies_on_the_pixels_of_the_image(work, campaign_file, image_file):
    session = work.session
    session.go_to(4)  # second row, middle
    stroke(session, (0.5, 0.5), (20, 3), 3)
    stroke(session, (63.5, 63.5), (63.5, 63.5), 6)
    session.save()
    dataset, labels = read(campaign_file.parent / session.patch.label_path)
    assert dataset.GetGeoTransform() == pytest.approx(
        (LEFT + 64 * PIXEL, PIXEL, 0, TOP - 64 * PIXEL, 0, -PIXEL), abs=1e-9
    )
    assert labels.shape == (PATCH_PX, PATCH_PX)
    assert labels[0, 0] == 3
    assert labels[63, 63] == 6
    assert gdal.Open(str(image_file)).GetSpatialRef().IsSame(dataset.GetSpatialRef())
    band = dataset.GetRasterBand(1)
    assert band.GetNoDataValue() == UNLABELLED
    assert band.GetColorTable().GetColorEntry(3)[:3] == session.campaign.classes[3].rgb
    classes = decode_classes(dataset.GetMetadataItem(TAG_CLASSES))
    assert [c.name for c in classes] == [c.name for c in session.campaign.classes]
    assert classes[0].code_cs == "CS1.1.1.1"
    assert not list(campaign_file.parent.rglob("*.part*"))


def test_labels_can_be_cut_out_of_the_image_by_their_own_extent(work, campaign_file, image_file):
    """The proof that a trainer needs: each label pixel has its image pixel."""
    stroke(work.session, (5, 5), (40, 40), 2)
    work.session.save()
    dataset, labels = read(campaign_file.parent / work.session.patch.label_path)
    left, pixel, _, top, _, step = dataset.GetGeoTransform()
    window = [left, top, left + labels.shape[1] * pixel, top + labels.shape[0] * step]
    cut = gdal.Translate("/vsimem/cut.tif", str(image_file), projWin=window)
    whole = gdal.Open(str(image_file)).ReadAsArray()
    assert np.array_equal(cut.ReadAsArray(), whole[:, 0:64, 0:64])


def test_switching_saves_and_coming_back_gives_the_same_labels(work, campaign_file):
    stroke(work.session, (5, 5), (40, 40), 2)
    before = work.session.opened.editor.labels.copy()
    work.mouse.key(Qt.Key.Key_D)
    assert work.session.index == 1
    assert (work.session.opened.editor.labels == UNLABELLED).all()
    assert not list(campaign_file.parent.rglob("*.journal"))
    work.mouse.key(Qt.Key.Key_A)
    assert np.array_equal(work.session.opened.editor.labels, before)


def test_a_new_session_finds_everything(work, campaign_file):
    stroke(work.session, (5, 5), (40, 40), 2)
    before = work.session.opened.editor.labels.copy()
    work.session.close_campaign()
    work.controller.open_campaign(campaign_file)
    assert np.array_equal(work.session.opened.editor.labels, before)
    patch = read_campaign(campaign_file).patches[0]
    assert patch.state is PatchState.IN_PROGRESS
    assert patch.gestures == 1
    assert patch.started_at
    assert patch.annotator
    assert patch.labelled_share == pytest.approx((before != UNLABELLED).mean(), abs=1e-5)


def test_submitting_a_full_patch_stores_its_state_and_takes_the_next(work, campaign_file):
    work.session.choose_class(1)
    work.mouse.key(Qt.Key.Key_F)
    work.mouse.click(30, 30)
    work.mouse.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert work.session.index == 1
    patch = read_campaign(campaign_file).patches[0]
    assert patch.state is PatchState.SUBMITTED
    assert patch.submitted_at
    assert patch.labelled_share == 1
    assert patch.duration_s > 0
    assert work.dock.campaign_bar.value() == 1


def test_submitting_with_holes_asks_once(work):
    stroke(work.session, (5, 5), (40, 40), 2)
    work.controller.do("submit")
    assert work.session.index == 0
    work.controller.do("submit")
    assert work.session.index == 1
    assert work.session.patches[0].state is PatchState.SUBMITTED


def test_ctrl_right_skips_what_is_done(work):
    for patch in (1, 2):
        work.session.patches[patch] = dataclasses.replace(
            work.session.patches[patch], state=PatchState.SUBMITTED
        )
    work.mouse.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert work.session.index == 3


def test_a_patch_in_the_controllers_hands_cannot_be_painted(work):
    work.session.patches[0] = dataclasses.replace(work.session.patches[0], state=PatchState.ACCEPTED)
    work.mouse.drag((5, 5), (40, 40))
    assert (work.session.opened.editor.labels == UNLABELLED).all()


def test_the_timer_saves(work, campaign_file, qtbot):
    work.session.use_settings(dataclasses.replace(work.session.settings, autosave_s=1))
    stroke(work.session, (5, 5), (40, 40), 2)
    path = campaign_file.parent / work.session.patch.label_path
    qtbot.waitUntil(path.exists, timeout=4000)
    assert not work.session.opened.editor.is_unsaved


def test_a_full_disk_at_saving_keeps_the_journal_and_says_so(work, campaign_file):
    stroke(work.session, (5, 5), (40, 40), 2)
    path = campaign_file.parent / work.session.patch.label_path
    path.mkdir()  # the rename onto it fails, whoever runs the test
    with pytest.raises(WriteError) as caught:
        work.session.save()
    assert str(path) in caught.value.text("fr")
    assert path.with_suffix(".journal").exists()
    assert work.session.opened.editor.is_unsaved
    path.rmdir()
    work.session.save()
    assert not work.session.opened.editor.is_unsaved


@pytest.mark.parametrize("end", ["save", "submit"])
def test_a_campaign_that_cannot_be_written_gets_the_patchs_row_from_the_next_save(work, campaign_file, end):
    stroke(work.session, (5, 5), (40, 40), 2)
    elsewhere = campaign_file.rename(campaign_file.with_name("elsewhere.gpkg"))
    with pytest.raises(WriteError):
        getattr(work.session, end)()
    elsewhere.rename(campaign_file)
    work.session.save()
    stored = read_campaign(campaign_file).patches[0]
    assert (stored.state, stored.gestures) == (PatchState.IN_PROGRESS, 1)
    assert stored.labelled_share > 0
    assert not list(campaign_file.parent.rglob("*.journal"))


def test_a_folder_holds_one_campaign(campaign_file, image_file):
    image = read_image(image_file)
    cells = tuple(rank_cells(lay_cells(image.grid, PATCH_PX, PATCH_PX)))
    classes = physical_classes(Profile.load())
    second = campaign_file.with_name("second.gpkg")
    with pytest.raises(CampaignError) as caught:
        create_campaign(CampaignPlan(second, "Autre", image, "ocsge-2.0", PATCH_PX, classes, cells))
    assert "labels" in caught.value.text("fr")
    assert not second.exists()


@pytest.mark.parametrize("what", ["gone", "moved", "resampled", "other_crs", "no_crs", "garbage"])
def test_an_image_that_does_not_fit_is_named(campaign_file, image_file, what):
    bands = np.zeros((1, 150, 200), dtype=np.uint8)
    image_file.unlink()
    if what == "moved":
        write_raster(image_file, bands, left=LEFT + 0.07)
    elif what == "resampled":
        write_raster(image_file, bands, pixel=0.25)
    elif what == "other_crs":
        write_raster(image_file, bands, epsg=32631)
    elif what == "no_crs":
        write_raster(image_file, bands, epsg=None)
    elif what == "garbage":
        image_file.write_bytes(b"not a tiff")
    campaign = read_campaign(campaign_file)
    with pytest.raises(ImageError) as caught:
        open_patch(campaign, read_image(campaign.image), campaign.patches[0])
    assert str(image_file) in caught.value.text("en")
    assert caught.value.text("fr") != caught.value.text("en")


def test_no_patch_is_taken_while_another_hand_writes_them(work, campaign_file):
    stroke(work.session, (5, 5), (40, 40), 2)
    work.session.suspend()
    work.session.go_to(3)
    assert work.session.opened is None
    with pytest.raises(CampaignError):
        work.session.open_campaign(campaign_file)
    work.session.suspend("choice")  # of a conflict, meanwhile
    work.session.resume("choice")
    assert work.session.opened is None
    work.session.resume()
    assert work.session.index == 0
    assert (work.session.opened.editor.labels == 2).any()


def test_a_label_raster_of_another_place_is_refused(campaign_file, tmp_path):
    campaign = read_campaign(campaign_file)
    write_raster(
        campaign.label_file(campaign.patches[0]), np.zeros((1, 64, 64), dtype=np.uint8), left=LEFT + 5
    )
    with pytest.raises(LabelError):
        open_patch(campaign, read_image(campaign.image), campaign.patches[0])


def test_any_other_file_is_not_a_campaign(image_file, tmp_path):
    for path in (image_file, tmp_path / "absent.gpkg"):
        with pytest.raises(CampaignError) as caught:
            read_campaign(path)
        assert str(path) in caught.value.text("fr")


READ_ONLY_WORK = """
import sys
from pathlib import Path
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.patch_files import open_patch
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.errors import WriteError

campaign = read_campaign(Path(sys.argv[1]))
editor = open_patch(campaign, read_image(campaign.image), campaign.patches[0]).editor
editor.begin()
editor.paint(brush_segment(editor.shape, PixelPoint(5, 5), PixelPoint(9, 9), 5), 1)
try:
    editor.commit("brush")
except WriteError as error:
    print("refused:", error.text("fr"), editor.unlabelled_px)
"""


def test_a_read_only_folder_refuses_the_gesture_and_takes_it_back(campaign_file, tmp_path):
    """Run as another user where the tests run as root, whom permissions do not stop."""
    temporary = Path(tempfile.gettempdir())
    for folder in [tmp_path, *(f for f in tmp_path.parents if temporary in f.parents)]:
        folder.chmod(0o755)
    for path in campaign_file.parent.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    campaign_file.parent.chmod(0o555)
    script = tmp_path / "work.py"
    script.write_text(READ_ONLY_WORK)
    import os

    user = {"user": 65534} if os.geteuid() == 0 else {}
    result = subprocess.run(
        [sys.executable, script, campaign_file],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        **user,
    )
    campaign_file.parent.chmod(0o755)
    assert "refused:" in result.stdout, result.stderr
    assert "écriture impossible" in result.stdout
    assert result.stdout.strip().endswith(str(PATCH_PX * PATCH_PX))


PAINTER = """
import sys
import numpy as np
from pathlib import Path
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.patch_files import open_patch, save_patch
from tests.qgis.annotator.test_files import paint_gesture

campaign = read_campaign(Path(sys.argv[1]))
image = read_image(campaign.image)
opened = open_patch(campaign, image, campaign.patches[0])
index = 0
while True:
    paint_gesture(opened.editor, index)
    index += 1
    print(index, flush=True)
    if index % 3 == 0:
        save_patch(campaign, image, opened, "annie")
"""


def paint_gesture(editor, index):
    rng = np.random.default_rng(index)
    start, end = PixelPoint(*rng.uniform(0, 64, 2)), PixelPoint(*rng.uniform(0, 64, 2))
    editor.begin()
    editor.paint(brush_segment(editor.shape, start, end, int(rng.integers(3, 20))), index % 250)
    editor.commit("brush")


@pytest.mark.parametrize("delay_s", [0.0, 0.013, 0.05, 0.11])
def test_killed_while_painting_and_saving_no_finished_gesture_is_lost(campaign_file, delay_s):
    """The label raster is saved at every third gesture, so that kills fall into every phase of a save."""
    process = subprocess.Popen(
        [sys.executable, "-c", PAINTER, campaign_file], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    )
    finished = 0
    while finished < 5:
        finished = int(process.stdout.readline())
    time.sleep(delay_s)
    process.kill()
    finished = max([finished, *(int(line) for line in process.stdout if line.endswith("\n"))])
    process.wait()
    campaign = read_campaign(campaign_file)
    recovered = open_patch(campaign, read_image(campaign.image), campaign.patches[0])
    blank = np.full((PATCH_PX, PATCH_PX), UNLABELLED, dtype=np.uint8)
    states = []
    for count in (finished, finished + 1):
        from ocsge_annotator.domain.active_clock import ActiveClock
        from ocsge_annotator.domain.journal import Journal
        from ocsge_annotator.domain.patch_editor import PatchEditor
        from ocsge_annotator.domain.pixels import Shape

        journal = Journal(campaign_file.parent / f"expected{count}.journal", "x", Shape(PATCH_PX, PATCH_PX))
        editor = PatchEditor(blank.copy(), journal, ActiveClock())
        for index in range(count):
            paint_gesture(editor, index)
        states.append(editor.labels)
    assert any(np.array_equal(recovered.editor.labels, state) for state in states)
    save_patch(campaign, read_image(campaign.image), recovered, "annie")
    _, saved = read(campaign.label_file(campaign.patches[0]))
    assert np.array_equal(saved, recovered.editor.labels)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("patch", "label_path = '../../elsewhere.tif'"),
        ("patch", "label_path = '/elsewhere/labels.tif'"),
        ("patch", "patch_id = '../elsewhere'"),
        ("campaign", "key = 'lot', value = '..'"),
    ],
)
def test_a_campaign_of_others_cannot_lead_out_of_its_folder(campaign_file, table, change):
    dataset = gdal.OpenEx(str(campaign_file), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL(f'UPDATE "{table}" SET {change} WHERE fid = 5')
    dataset = None
    with pytest.raises(CampaignError):
        read_campaign(campaign_file)
