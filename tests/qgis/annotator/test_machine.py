# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments kept with a campaign and proposals from a prediction, by mouse and keys, without any backend."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.PyQt.QtCore import Qt

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.image import read_image, window_of_patch
from ocsge_annotator.adapters.patch_pixels import read_pixels
from ocsge_annotator.adapters.segment_store import read_segments, segment_file, write_segments
from ocsge_annotator.domain.proposal import Proposal, ProposalSource
from ocsge_annotator.domain.segments import Segments
from tests.qgis.annotator.mouse import RIGHT, Mouse

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def squares(size_px: int, patch_px: int = 64) -> np.ndarray:
    rows, cols = np.mgrid[:patch_px, :patch_px] // size_px
    return rows * (patch_px // size_px) + cols


@pytest.fixture
def kept_segments(campaign_file):
    """Squares of 8, 16 and 32 px for the first patch."""
    campaign = read_campaign(campaign_file)
    image, patch = read_image(campaign.image), campaign.patches[0]
    window = window_of_patch(image, campaign, patch)
    stack = np.stack([squares(8), squares(16), squares(32)]).astype(np.uint16)
    key = read_pixels(image, window).key
    write_segments(segment_file(campaign, patch), stack, key, image, window)
    assert read_segments(segment_file(campaign, patch), "of other pixels", window) is None
    return stack


@pytest.fixture
def segmented(plugin, kept_segments, campaign_file, qgis_canvas, qgis_parent, qtbot):
    """The campaign open at its first patch, segments there, tool: segments."""
    qgis_parent.show()
    qgis_canvas.show()
    plugin.dock.setUserVisible(True)
    plugin.controller.open_campaign(campaign_file)
    qtbot.waitUntil(lambda: plugin.session.segments is not None, timeout=5000)
    plugin.mouse = Mouse(plugin, qgis_canvas)
    plugin.mouse.key(Qt.Key.Key_S)
    plugin.session.choose_class(4)
    return plugin


def labels(plugin) -> np.ndarray:
    return plugin.session.opened.editor.labels


def test_a_click_gives_the_class_to_the_segment_as_one_gesture(segmented, kept_segments):
    segmented.mouse.click(20, 36)
    np.testing.assert_array_equal(labels(segmented) == 4, kept_segments[1] == kept_segments[1, 36, 20])
    segmented.mouse.key(Qt.Key.Key_Z, CONTROL)
    assert (labels(segmented) == UNLABELLED).all()
    assert not segmented.session.opened.editor.can_undo


def test_a_drag_gives_the_class_to_every_segment_on_the_way(segmented, kept_segments):
    segmented.mouse.drag((4, 4), (60, 4), (60, 60))
    way = {*kept_segments[1, 4], *kept_segments[1, :, 60]}
    np.testing.assert_array_equal(labels(segmented) == 4, np.isin(kept_segments[1], list(way)))
    assert segmented.session.opened.editor.gestures == 1


def test_right_click_during_a_drag_takes_it_back_and_else_picks_the_class(segmented):
    segmented.mouse.drag((4, 4), (60, 4), release=False)
    assert (labels(segmented) == 4).any()
    segmented.mouse.click(60, 4, button=RIGHT)
    assert (labels(segmented) == UNLABELLED).all()
    segmented.mouse.click(20, 20)
    segmented.session.choose_class(7)
    segmented.mouse.click(20, 20, button=RIGHT)
    assert segmented.session.value == 4


def test_plus_and_minus_change_the_scale_of_what_lights_up(segmented, kept_segments):
    tool = segmented.bench.tools["segment"]
    segmented.mouse.move(20, 36)
    assert tool.highlight.region.mask.shape == (16, 16)
    segmented.mouse.key(Qt.Key.Key_Plus)
    np.testing.assert_array_equal(segmented.session.segments, kept_segments[2])
    segmented.mouse.move(20, 37)
    assert tool.highlight.region.mask.shape == (32, 32)
    segmented.mouse.key(Qt.Key.Key_Minus)
    segmented.mouse.key(Qt.Key.Key_Minus)
    segmented.mouse.move(20, 36)
    assert tool.highlight.region.mask.shape == (8, 8)
    assert segmented.machine_bench.panel.scale_slider.value() == 0


def test_what_lights_up_goes_with_the_tool(segmented):
    segmented.mouse.move(20, 36)
    assert segmented.bench.tools["segment"].highlight.region is not None
    segmented.mouse.key(Qt.Key.Key_B)
    assert segmented.bench.tools["segment"].highlight.region is None


def test_a_patch_without_segments_says_so_and_its_clicks_do_nothing(segmented, qtbot):
    segmented.mouse.key(Qt.Key.Key_D)
    panel = segmented.machine_bench.panel
    qtbot.waitUntil(lambda: "backend" in panel.state_label.text(), timeout=5000)
    segmented.mouse.click(20, 36)
    assert (labels(segmented) == UNLABELLED).all()
    segmented.mouse.key(Qt.Key.Key_B)
    segmented.mouse.drag((10, 10), (30, 10))
    assert (labels(segmented) == 4).any()


@pytest.fixture
def proposed(segmented, campaign_file, prediction_file):
    """Building (0), surely, on the whole first patch, but for column 10."""
    prediction_file.rename(campaign_file.with_name("campaign_prediction.tif"))
    segmented.machine_bench.machine.choose_source(ProposalSource.PRELABEL)
    return segmented


def test_g_takes_the_whole_proposal_over_but_not_what_a_person_labelled(proposed):
    proposed.mouse.click(40, 36)
    by_hand = labels(proposed) == 4
    proposed.mouse.key(Qt.Key.Key_G)
    expected = np.where(by_hand, 4, 0)
    expected[:, 10] = np.where(by_hand[:, 10], 4, UNLABELLED)
    np.testing.assert_array_equal(labels(proposed), expected)
    proposed.mouse.key(Qt.Key.Key_Z, CONTROL)
    np.testing.assert_array_equal(labels(proposed) == 4, by_hand)
    assert (labels(proposed)[~by_hand] == UNLABELLED).all()


def test_only_what_is_sure_is_taken_over(proposed):
    panel = proposed.machine_bench.panel
    panel.floor_slider.setValue(95)
    assert "0 %" in panel.share_label.text()
    proposed.mouse.key(Qt.Key.Key_G, CONTROL)
    assert (labels(proposed) == UNLABELLED).all()
    panel.floor_slider.setValue(90)
    proposed.mouse.key(Qt.Key.Key_G, CONTROL)
    assert (labels(proposed) == 0).sum() == 64 * 63


def test_shift_and_the_segment_tool_take_over_segment_by_segment(proposed, kept_segments):
    proposed.mouse.drag((4, 4), (28, 4), modifiers=SHIFT)
    expected = np.isin(kept_segments[1], kept_segments[1, 4, :32])
    expected[:, 10] = False
    np.testing.assert_array_equal(labels(proposed) == 0, expected)
    assert proposed.session.opened.editor.gestures == 1


def test_a_rejected_proposal_changes_nothing(proposed):
    proposed.mouse.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert proposed.machine_bench.machine.proposals.proposal is None
    proposed.mouse.key(Qt.Key.Key_G)
    assert (labels(proposed) == UNLABELLED).all()


def test_the_next_patch_has_its_own_proposal(proposed):
    proposed.mouse.key(Qt.Key.Key_D)
    value = proposed.machine_bench.machine.proposals.proposal.value
    assert (value[:, :36] == 0).all()
    assert (value[:, 36:] == 6).all()  # water, by name


def test_labels_painted_over_an_accepted_proposal_are_a_persons(proposed):
    """Also in the same class, and after a drag that was given up."""
    desk, mouse = proposed.machine_bench.machine.proposals, proposed.mouse
    mouse.drag((4, 4), (60, 4), modifiers=SHIFT, release=False)
    mouse.click(60, 4, button=RIGHT)
    proposed.session.choose_class(0)
    mouse.click(4, 4)  # by hand, the class that the machine proposes
    mouse.drag((36, 36), (38, 36), modifiers=SHIFT)
    desk.accept()
    mouse.click(20, 36)  # by hand over the machine's
    other = np.full((64, 64), 9, np.uint8)
    desk.put(Proposal(ProposalSource.LEARNER, other, np.full_like(other, 255)))
    desk.accept()
    assert (labels(proposed)[:8, :8] == 0).all()
    assert (labels(proposed)[34:46, 18:30] == 0).all()
    assert (labels(proposed)[36:46, 36:46] == 9).all()


def test_what_the_machine_gave_is_known_when_the_patch_is_opened_again(proposed, campaign_file):
    proposed.mouse.click(40, 36)
    by_hand = labels(proposed) == 4
    proposed.mouse.key(Qt.Key.Key_G)
    proposed.session.close_campaign()
    proposed.controller.open_campaign(campaign_file)
    desk = proposed.machine_bench.machine.proposals
    np.testing.assert_array_equal(desk.labels_by_people != UNLABELLED, by_hand)
    proposed.session.close_campaign()
    raster = gdal.Open(str(next((campaign_file.parent / "labels").glob("r0000_c0000.tif"))), gdal.GA_Update)
    raster.GetRasterBand(1).WriteArray(np.zeros((1, 1), np.uint8), 40, 36)  # somebody else, elsewhere
    raster = None
    proposed.controller.open_campaign(campaign_file)
    assert (desk.labels_by_people != UNLABELLED).sum() > by_hand.sum()


def test_a_campaign_without_prediction_says_what_to_do(segmented):
    panel = segmented.machine_bench.panel
    panel.source_box.activated.emit(panel.source_box.findData(ProposalSource.PRELABEL))
    assert "campaign_prediction.tif" in panel.state_label.text()
    assert segmented.machine_bench.machine.source is None


def test_lessons_of_other_bands_and_torn_ones_are_left_out(plugin, campaign_file):
    """A raster was added to the campaign since: a row has other columns than the patch's."""
    folder = campaign_file.parent / "cache" / "rows"
    folder.mkdir(parents=True)
    (folder / "torn.npz").write_bytes(b"PK\x03\x04torn")
    rows = {"rows": np.zeros((2, 7), np.float32), "values": np.zeros(2, np.uint8)}
    np.savez(folder / "other.npz", bands=np.array("height:mnh.tif"), **rows)
    memory = plugin.machine_bench.machine.memory
    plugin.controller.open_campaign(campaign_file)
    assert memory.lesson is None
    np.savez(folder / "ours.npz", bands=np.array(""), **rows)
    plugin.controller.open_campaign(campaign_file)
    assert memory.lesson is not None


def test_segments_of_another_campaigns_patch_of_the_same_name_are_dropped(segmented, kept_segments):
    """They were asked for before the other campaign was opened, and come afterwards."""
    machine = segmented.machine_bench.machine
    desk, late, shown = machine.segments, machine.material, segmented.session.segments
    machine.materials.forget()
    desk._on_kept(late, Segments(np.zeros((1, 64, 64), np.uint16)))
    assert segmented.session.segments is shown
    file = segment_file(segmented.session.campaign, segmented.session.patch)
    before, reply = file.read_bytes(), object()
    desk._asked = (late, reply)
    desk._on_segments(reply, late, np.zeros((1, 64, 64), np.uint16))
    assert desk._asked is None
    assert file.read_bytes() == before
