# SPDX-License-Identifier: GPL-2.0-or-later
"""Two people on one patch, an image that changed, and steps of others between two openings."""

import dataclasses
import json

import numpy as np
import pytest
from osgeo import gdal

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.campaign_update import write_patch_state, write_patches
from ocsge_annotator.adapters.fingerprint import image_fingerprint
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.adapters.patch_files import open_patch
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, myself, read_holder
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.errors import LockLostError


def lock_file(campaign_file, index=0):
    patch = read_campaign(campaign_file).patches[index]
    return campaign_file.parent / LOCK_FOLDER / f"{patch.patch_id}.lock"


def hold(path):
    holder = dataclasses.replace(myself("marie"), host="poste-12", pid=77)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(dataclasses.asdict(holder)))


def test_the_patch_in_hand_is_locked_until_it_is_left(work, campaign_file):
    assert read_holder(lock_file(campaign_file)) is not None
    work.session.next_patch()
    assert not lock_file(campaign_file).exists()
    assert lock_file(campaign_file, 1).exists()
    work.session.close_campaign()
    assert not lock_file(campaign_file, 1).exists()


def test_a_patch_of_somebody_else_is_shown_and_cannot_be_changed(work, campaign_file):
    hold(lock_file(campaign_file, 1))
    work.session.next_patch()
    assert work.session.lock.holder.user == "marie"
    assert work.session.is_locked
    work.mouse.drag((5, 5), (40, 40))
    assert (work.session.opened.editor.labels == UNLABELLED).all()
    work.session.submit()
    work.session.previous_patch()
    assert read_campaign(campaign_file).patches[1].state is PatchState.TODO
    assert read_holder(lock_file(campaign_file, 1)).user == "marie"


def test_two_who_share_a_folder_are_led_to_different_patches(work, campaign_file):
    work.session.close_campaign()
    for index in (0, 2):
        hold(lock_file(campaign_file, index))
    work.controller.open_campaign(campaign_file)
    assert work.session.index == 1
    work.session.next_open_patch()
    assert work.session.index == 3
    for index in range(6):
        hold(lock_file(campaign_file, index))
    work.session.close_campaign()
    work.controller.open_campaign(campaign_file)
    assert work.session.is_locked


def test_what_the_other_did_is_there_after_taking_over(work, campaign_file):
    """The journal of the other, whose program may have been killed, is neither lost nor cut meanwhile."""
    campaign = read_campaign(campaign_file)
    theirs = open_patch(campaign, read_image(campaign.image), campaign.patches[1]).editor
    theirs.begin()
    from ocsge_annotator.domain.brush import brush_segment

    theirs.paint(brush_segment(theirs.shape, PixelPoint(5, 5), PixelPoint(40, 40), 5), 3)
    theirs.commit("brush")
    theirs.close()
    journal = campaign.journal_file(campaign.patches[1])
    with journal.open("ab") as file:
        file.write(b"OCSJ torn")
    before = journal.read_bytes()
    hold(lock_file(campaign_file, 1))
    work.session.next_patch()
    work.session.previous_patch()
    assert journal.read_bytes() == before
    work.session.next_patch()
    work.session.take_over()
    assert not work.session.is_locked
    assert np.array_equal(work.session.opened.editor.labels, theirs.labels)
    assert read_holder(lock_file(campaign_file, 1)).host == myself().host
    work.mouse.drag((50, 50), (60, 60))
    work.session.previous_patch()
    assert not journal.exists()


def test_whose_lock_is_broken_stops_writing(work, campaign_file):
    work.mouse.drag((5, 5), (40, 40))
    hold(lock_file(campaign_file))
    work.session.save()
    assert work.session.is_locked
    assert not read_campaign(campaign_file).label_file(work.session.patch).exists()
    assert read_campaign(campaign_file).journal_file(work.session.patch).exists()


def test_a_gesture_after_the_lock_was_broken_is_not_written_into_the_others_journal(work, campaign_file):
    """At once, not only when the lock is renewed."""
    work.mouse.drag((5, 5), (40, 40))
    journal = read_campaign(campaign_file).journal_file(work.session.patch)
    before, labels = journal.read_bytes(), work.session.opened.editor.labels.copy()
    hold(lock_file(campaign_file))
    work.mouse.drag((5, 40), (40, 5))
    assert work.session.is_locked
    assert journal.read_bytes() == before
    assert np.array_equal(work.session.opened.editor.labels, labels)
    assert "marie" in LockLostError(path="a.tif", holder="marie (poste-12)").text("fr")


def test_steps_of_others_are_seen_when_a_patch_is_taken(work, campaign_file):
    second = read_campaign(campaign_file).patches[1]
    write_patch_state(
        campaign_file, dataclasses.replace(second, state=PatchState.REJECTED, gestures=41, comment="haie")
    )
    work.session.next_patch()
    assert work.session.patch.state is PatchState.REJECTED
    work.mouse.drag((5, 5), (40, 40))
    work.session.save()
    stored = read_campaign(campaign_file).patches[1]
    assert (stored.gestures, stored.comment) == (42, "haie")


def test_an_image_of_other_pixels_is_noticed_and_the_labels_stay(work, campaign_file, image_file):
    session = work.session
    marked = dataclasses.replace(
        session.patch, image_fingerprint=image_fingerprint(session.image, session.opened.window)
    )
    write_patches(campaign_file, [marked], ("image_fingerprint",))
    work.mouse.drag((5, 5), (40, 40))
    painted = session.opened.editor.labels.copy()
    session.close_campaign()
    campaign = read_campaign(campaign_file)
    assert not open_patch(campaign, read_image(campaign.image), campaign.patches[0]).is_image_changed
    dataset = gdal.Open(str(image_file), gdal.GA_Update)
    dataset.GetRasterBand(4).WriteArray(np.full((3, 3), 7, dtype=np.uint8), 10, 10)
    dataset = None
    opened = open_patch(campaign, read_image(campaign.image), campaign.patches[0])
    assert opened.is_image_changed
    assert np.array_equal(opened.editor.labels, painted)
    assert not open_patch(campaign, read_image(campaign.image), campaign.patches[1]).is_image_changed


@pytest.mark.parametrize("layout", [["COMPRESS=DEFLATE", "TILED=YES"], ["INTERLEAVE=BAND"]])
def test_the_same_pixels_in_another_layout_are_the_same_image(image_file, tmp_path, layout):
    image = read_image(image_file)
    copy = tmp_path / "copy.tif"
    gdal.Translate(str(copy), str(image_file), creationOptions=layout)
    from ocsge_annotator.domain.pixels import PixelWindow

    window = PixelWindow(3, 5, 64, 64)
    assert image_fingerprint(read_image(copy), window) == image_fingerprint(image, window)


def test_handing_in_writes_nothing_over_the_one_who_took_the_patch_over(work, campaign_file):
    work.mouse.drag((5, 5), (40, 40))
    work.session.save()
    path = read_campaign(campaign_file).label_file(work.session.patch)
    path.write_bytes(b"the other's")
    hold(lock_file(campaign_file))
    work.session.submit()
    assert path.read_bytes() == b"the other's"
    assert read_campaign(campaign_file).patches[0].state is PatchState.IN_PROGRESS


def test_pre_labelling_leaves_the_patches_in_hand_and_those_handed_in_meanwhile(
    work, campaign_file, prediction_file
):
    from ocsge_annotator.adapters.prelabel import PreLabeller

    labeller = PreLabeller.prepare(read_campaign(campaign_file), prediction_file, floor=0.0)
    hold(lock_file(campaign_file, 1))
    third = read_campaign(campaign_file).patches[2]
    write_patch_state(campaign_file, dataclasses.replace(third, state=PatchState.SUBMITTED))
    work.mouse.drag((5, 5), (40, 40))
    assert labeller.apply_to_all(lambda share: None)[0] == 3
    campaign = read_campaign(campaign_file)
    assert [campaign.label_file(p).exists() for p in campaign.patches] == [False] * 3 + [True] * 3
    assert campaign.patches[2].state is PatchState.SUBMITTED
    assert campaign.journal_file(campaign.patches[0]).exists()
    assert read_holder(lock_file(campaign_file)) is not None


@pytest.mark.parametrize("state", [PatchState.SUBMITTED, PatchState.IN_CONTROL, PatchState.ACCEPTED])
def test_gestures_found_in_a_journal_take_no_patch_back_from_control(work, campaign_file, state):
    """A controller's program was killed; afterwards somebody only looks at the patch."""
    work.mouse.drag((5, 5), (40, 40))
    journal = work.session.campaign.journal_file(work.session.patch)
    content = journal.read_bytes()
    work.session.next_patch()
    journal.write_bytes(content)
    first = dataclasses.replace(read_campaign(campaign_file).patches[0], state=state, annotator="anna")
    write_patch_state(campaign_file, first)
    work.session.previous_patch()
    work.session.save()
    work.session.next_patch()
    stored = read_campaign(campaign_file).patches[0]
    assert (stored.state, stored.annotator) == (state, "anna")
    assert journal.read_bytes() == content
