# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots: cut, worked on elsewhere, merged back; whatever both sides did, nobody's work is lost."""

import dataclasses
import json
import shutil

import numpy as np
import pytest
from osgeo import gdal

from inference_backend.contracts.campaign import UNLABELLED, PatchState, SourceRole
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.campaign_update import add_sources, write_patches
from ocsge_annotator.adapters.conflict_choice import choose
from ocsge_annotator.adapters.conflicts import OURS, THEIRS, open_conflicts
from ocsge_annotator.adapters.fingerprint import image_fingerprint
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.lots_cut import CutPlan, cut_lots
from ocsge_annotator.adapters.lots_merge import merge_lot, second_annotator
from ocsge_annotator.adapters.patch_files import open_patch, save_patch
from ocsge_annotator.adapters.patch_labels import labels_at, labels_of
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.campaign import Source
from ocsge_annotator.domain.merge import Outcome
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, myself
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow
from ocsge_annotator.errors import LotError
from tests.qgis.annotator.conftest import LEFT, write_raster


def quiet(share):
    """Progress that nobody looks at."""


def paint(path, index, value, *, save=True, state=PatchState.SUBMITTED, x=30):
    """What an annotator does to a patch; without `save`, their program is killed before it saves."""
    campaign = read_campaign(path)
    image = read_image(campaign.image)
    opened = open_patch(campaign, image, campaign.patches[index])
    opened.editor.begin()
    opened.editor.paint(brush_segment(opened.editor.shape, PixelPoint(5, 5), PixelPoint(x, 20), 9), value)
    opened.editor.commit("brush")
    if save:
        save_patch(campaign, image, opened, f"annotator {value}", state)
    opened.editor.close()
    return opened.editor.labels.copy()


def cut(path, folder, *names, clips_images=True):
    return cut_lots(read_campaign(path), CutPlan(folder, names, clips_images), quiet)


def labels(path, patch_id):
    campaign = read_campaign(path)
    return labels_of(campaign, patch(path, patch_id))


def patch(path, patch_id):
    return next(patch for patch in read_campaign(path).patches if patch.patch_id == patch_id)


@pytest.fixture
def lots(campaign_file, tmp_path):
    """The campaign, whose first patch is begun, and two lots of three patches with their images."""
    paint(campaign_file, 0, 2, state=PatchState.IN_PROGRESS)
    return cut(campaign_file, tmp_path / "lots", "Nord", "Sud")


def test_a_lot_is_a_campaign_that_needs_nothing_else(lots, campaign_file, image_file, tmp_path):
    before = labels(campaign_file, "r0000_c0000")
    away = tmp_path / "usb"
    shutil.move(tmp_path / "lots" / "Nord", away)
    image_file.rename(tmp_path / "elsewhere.tif")
    lot = read_campaign(away / "Nord.gpkg")
    assert (lot.lot, len(lot.patches)) == ("Nord", 3)
    assert lot.name == "Essai – Nord"
    opened = open_patch(lot, read_image(lot.image), lot.patches[0])
    assert np.array_equal(opened.editor.labels, before)
    whole = gdal.Open(str(tmp_path / "elsewhere.tif")).ReadAsArray()
    for each in lot.patches:
        window = open_patch(lot, read_image(lot.image), each).window
        read = gdal.Open(str(lot.image)).ReadAsArray(window.col, window.row, window.width, window.height)
        np.testing.assert_array_equal(read, whole[(slice(None), *window.slices)])
    assert {p.lot for p in read_campaign(campaign_file).patches} == {"Nord", "Sud"}


def test_the_clipped_image_has_the_same_fingerprint(lots, campaign_file):
    lot = read_campaign(lots[1])
    window = PixelWindow(64, 64, 64, 64)
    original = read_image(read_campaign(campaign_file).image)
    assert image_fingerprint(read_image(lot.image), window) == image_fingerprint(original, window)


def test_what_the_annotator_did_comes_back_with_its_row(lots, campaign_file):
    done = paint(lots[0], 1, 4)
    merged = merge_lot(campaign_file, lots[0], quiet)
    assert merged.patches[Outcome.TAKE] == ["r0000_c0001"]
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), done)
    stored = patch(campaign_file, "r0000_c0001")
    assert (stored.state, stored.annotator, stored.gestures) == (PatchState.SUBMITTED, "annotator 4", 1)
    assert patch(campaign_file, "r0000_c0000").state is PatchState.IN_PROGRESS
    again = merge_lot(campaign_file, lots[0], quiet)
    assert again.count(Outcome.TAKE, Outcome.CONFLICT) == 0
    assert patch(campaign_file, "r0000_c0001") == stored
    # They go on, and it comes back once more.
    more = paint(lots[0], 1, 7, x=60)
    assert merge_lot(campaign_file, lots[0], quiet).patches[Outcome.TAKE] == ["r0000_c0001"]
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), more)


def test_gestures_of_a_program_that_was_killed_come_back_too(lots, campaign_file):
    done = paint(lots[0], 1, 4, save=False)
    journals = {path: path.read_bytes() for path in lots[0].parent.rglob("*.journal")}
    merge_lot(campaign_file, lots[0], quiet)
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), done)
    assert {path: path.read_bytes() for path in lots[0].parent.rglob("*.journal")} == journals != {}


def test_work_on_both_sides_is_a_conflict_that_overwrites_nothing(lots, campaign_file):
    theirs, ours = paint(lots[0], 1, 4), paint(campaign_file, 1, 5, x=50)
    merged = merge_lot(campaign_file, lots[0], quiet)
    assert merged.patches[Outcome.CONFLICT] == ["r0000_c0001"]
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), ours)
    assert patch(campaign_file, "r0000_c0001").annotator == "annotator 5"
    (conflict,) = open_conflicts(campaign_file)
    assert (conflict.lot, conflict.annotator) == ("Nord", "annotator 4")
    assert conflict.differing_px == (theirs != ours).sum()
    campaign = read_campaign(campaign_file)
    aside = labels_at(campaign, campaign.patches[1], campaign_file.parent / conflict.label_path)
    assert np.array_equal(aside, theirs)
    merge_lot(campaign_file, lots[0], quiet)
    assert len(open_conflicts(campaign_file)) == 1


@pytest.mark.parametrize("choice", [OURS, THEIRS])
def test_a_conflict_is_settled_once_and_the_other_labels_stay_in_a_file(lots, campaign_file, choice):
    theirs, ours = paint(lots[0], 1, 4), paint(campaign_file, 1, 5, x=50)
    merge_lot(campaign_file, lots[0], quiet)
    (conflict,) = open_conflicts(campaign_file)
    choose(campaign_file, conflict, choice, "contrôleur")
    assert open_conflicts(campaign_file) == []
    kept = ours if choice == OURS else theirs
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), kept)
    assert patch(campaign_file, "r0000_c0001").annotator == f"annotator {5 if choice == OURS else 4}"
    folder = campaign_file.parent / "conflicts" / "Nord"
    campaign = read_campaign(campaign_file)
    found = [labels_at(campaign, campaign.patches[1], path) for path in sorted(folder.glob("*.tif"))]
    assert any(np.array_equal(each, theirs) for each in found)
    assert choice == OURS or any(np.array_equal(each, ours) for each in found)
    merge_lot(campaign_file, lots[0], quiet)
    assert open_conflicts(campaign_file) == []
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), kept)


def test_a_conflict_with_a_lot_that_has_the_patch_no_more_is_settled_once_as_well(lots, campaign_file):
    paint(lots[0], 1, 4), paint(campaign_file, 1, 5, x=50)
    elsewhere = dataclasses.replace(patch(campaign_file, "r0000_c0001"), lot="Sud", base_labels="")
    write_patches(campaign_file, [elsewhere], ("lot", "base_labels"))
    merge_lot(campaign_file, lots[0], quiet)
    (conflict,) = open_conflicts(campaign_file)
    choose(campaign_file, conflict, OURS, "contrôleur")
    merge_lot(campaign_file, lots[0], quiet)
    assert open_conflicts(campaign_file) == []
    paint(lots[0], 1, 6, x=60)
    merge_lot(campaign_file, lots[0], quiet)
    assert len(open_conflicts(campaign_file)) == 1, "they went on: other labels than those refused"


def test_what_control_accepted_is_not_replaced_silently(lots, campaign_file):
    paint(lots[0], 1, 4)
    merge_lot(campaign_file, lots[0], quiet)
    accepted = dataclasses.replace(patch(campaign_file, "r0000_c0001"), state=PatchState.ACCEPTED)
    write_patches(campaign_file, [accepted], ("state",))
    merge_lot(campaign_file, lots[0], quiet)
    assert patch(campaign_file, "r0000_c0001").state is PatchState.ACCEPTED
    paint(lots[0], 1, 7, x=60)
    assert merge_lot(campaign_file, lots[0], quiet).patches[Outcome.CONFLICT] == ["r0000_c0001"]


def test_a_lot_without_its_label_folder_erases_nothing(lots, campaign_file):
    before = labels(campaign_file, "r0000_c0000")
    paint(lots[0], 1, 4)
    shutil.rmtree(lots[0].parent / "labels")
    merged = merge_lot(campaign_file, lots[0], quiet)
    assert merged.patches[Outcome.MISSING] == ["r0000_c0000", "r0000_c0001"]
    assert np.array_equal(labels(campaign_file, "r0000_c0000"), before)


def test_a_patch_in_somebodys_hand_waits(lots, campaign_file):
    paint(lots[0], 1, 4)
    holder = dataclasses.replace(myself("marie"), host="poste-12", pid=77)
    lock = campaign_file.parent / LOCK_FOLDER / "r0000_c0001.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(json.dumps(dataclasses.asdict(holder)))
    assert merge_lot(campaign_file, lots[0], quiet).patches[Outcome.BUSY] == ["r0000_c0001"]
    assert (labels(campaign_file, "r0000_c0001") == UNLABELLED).all()
    lock.unlink()
    assert merge_lot(campaign_file, lots[0], quiet).patches[Outcome.TAKE] == ["r0000_c0001"]


def test_what_others_decide_while_a_lot_is_merged_stays(lots, campaign_file):
    paint(lots[0], 1, 4)
    merge_lot(campaign_file, lots[0], quiet)

    def accept(share):
        row = dataclasses.replace(patch(campaign_file, "r0000_c0001"), state=PatchState.ACCEPTED)
        write_patches(campaign_file, [row], ("state",))

    merge_lot(campaign_file, lots[0], accept)
    assert patch(campaign_file, "r0000_c0001").state is PatchState.ACCEPTED


def test_a_journal_left_here_does_not_come_back_over_what_is_taken(lots, campaign_file):
    """Somebody painted and undid it, then their program was killed: labels as before, and a journal."""
    theirs = paint(lots[0], 1, 4)
    campaign = read_campaign(campaign_file)
    opened = open_patch(campaign, read_image(campaign.image), campaign.patches[1])
    opened.editor.begin()
    opened.editor.paint(brush_segment(opened.editor.shape, PixelPoint(5, 5), PixelPoint(60, 60), 9), 7)
    opened.editor.commit("brush")
    opened.editor.undo()
    opened.editor.close()
    assert campaign.journal_file(campaign.patches[1]).exists()
    assert merge_lot(campaign_file, lots[0], quiet).patches[Outcome.TAKE] == ["r0000_c0001"]
    assert np.array_equal(labels(campaign_file, "r0000_c0001"), theirs)


def test_merging_that_was_stopped_is_finished_by_the_next(lots, campaign_file):
    done = [paint(lots[0], index, 4 + index) for index in (1, 2)]

    def stop(share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge_lot(campaign_file, lots[0], stop)
    assert patch(campaign_file, "r0000_c0001").state is PatchState.TODO
    merge_lot(campaign_file, lots[0], quiet)
    for name, expected in zip(("r0000_c0001", "r0000_c0002"), done, strict=True):
        assert np.array_equal(labels(campaign_file, name), expected)
        assert patch(campaign_file, name).state is PatchState.SUBMITTED
    assert open_conflicts(campaign_file) == []


def test_a_second_annotator_begins_blank_and_is_kept_apart(campaign_file, tmp_path):
    first = paint(campaign_file, 0, 2, state=PatchState.IN_PROGRESS)
    twice = dataclasses.replace(read_campaign(campaign_file).patches[0], twice=1)
    write_patches(campaign_file, [twice], ("twice",))
    cut(campaign_file, tmp_path / "lots", "A", "B")
    b = tmp_path / "lots" / "B" / "B.gpkg"
    again = next(n for n, p in enumerate(read_campaign(b).patches) if p.patch_id == twice.patch_id)
    assert (labels(b, twice.patch_id) == UNLABELLED).all()
    second = paint(b, again, 6, x=50)
    merged = merge_lot(campaign_file, b, quiet)
    assert merged.patches[Outcome.TAKE] == [twice.patch_id]
    campaign = read_campaign(campaign_file)
    assert np.array_equal(labels(campaign_file, twice.patch_id), first)
    assert np.array_equal(labels_at(campaign, twice, campaign.second_label_file(twice)), second)
    assert second_annotator(campaign, twice)["annotator"] == "annotator 6"


def test_sources_travel_with_their_pixels(campaign_file, image_file, tmp_path):
    height = tmp_path / "height.tif"
    gdal.Translate(str(height), str(image_file), bandList=[1], outputType=gdal.GDT_Float32)
    far, gone = tmp_path / "far.tif", Source(SourceRole.OTHER_DATE, "2016", "../gone.tif")
    write_raster(far, np.zeros((1, 9, 9), dtype=np.uint8), left=LEFT + 5000)
    sources = [Source(SourceRole.HEIGHT, "Hauteur", "../height.tif"), gone]
    add_sources(campaign_file, [*sources, Source(SourceRole.INFRARED, "IRC", "../far.tif")])
    (path,) = cut(campaign_file, tmp_path / "lots", "A")
    lot = read_campaign(path)
    place = lot.place_of(lot.sources[0])
    assert place.startswith(str(path.parent))
    np.testing.assert_array_equal(
        gdal.Open(place).ReadAsArray(0, 0, 64, 64), gdal.Open(str(height)).ReadAsArray(0, 0, 64, 64)
    )
    assert [lot.place_of(source) for source in lot.sources[1:]] == [str(tmp_path / "gone.tif"), str(far)]
    (shared,) = cut_shared(campaign_file, tmp_path)
    lot = read_campaign(shared)
    assert lot.image == image_file
    assert lot.place_of(lot.sources[0]) == str(height)


def cut_shared(campaign_file, tmp_path):
    """A lot that points to the campaign's images; the first one's patches are freed for it."""
    free = [dataclasses.replace(p, lot="") for p in read_campaign(campaign_file).patches]
    write_patches(campaign_file, free, ("lot",))
    return cut(campaign_file, tmp_path / "other", "B", clips_images=False)


def test_what_cannot_be_cut_or_merged_says_why(lots, campaign_file, tmp_path):
    with pytest.raises(LotError, match="0 patches"):
        cut(campaign_file, tmp_path / "more", "Est")
    with pytest.raises(LotError) as caught:
        cut(lots[0], tmp_path / "more", "Est")
    assert "est déjà un lot" in caught.value.text("fr")
    with pytest.raises(LotError, match="not a lot"):
        merge_lot(campaign_file, campaign_file, quiet)
    stranger = tmp_path / "stranger" / "s.gpkg"
    stranger.parent.mkdir()
    shutil.copy(lots[0], stranger)
    dataset = gdal.OpenEx(str(stranger), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL("UPDATE campaign SET value = 'x' WHERE key = 'campaign_id'")
    dataset = None  # closes the file
    with pytest.raises(LotError, match=str(stranger)):
        merge_lot(campaign_file, stranger, quiet)
