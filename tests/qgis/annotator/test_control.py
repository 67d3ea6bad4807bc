# SPDX-License-Identifier: GPL-2.0-or-later
"""Control by a second person, and arbitration between two annotators."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.label_raster import write_labels
from ocsge_annotator.errors import PatchStateError


def paint(work, *spots: tuple[slice, slice]) -> np.ndarray:
    """Grass with pools; the labels."""
    values = {c.name: c.value for c in work.session.campaign.classes}
    labels = np.full(work.session.opened.editor.shape, values["herbaceous vegetation"], np.uint8)
    for spot in spots:
        labels[spot] = values["swimming pool"]
    work.session.replace(labels, "test")
    return labels


@pytest.fixture
def handed_in(work):
    """One patch handed in by an annotator; the controller has it in hand with another name."""
    work.session.use_settings(replace(work.session.settings, annotator="anna"))
    paint(work)
    work.controller.do("submit")
    work.session.use_settings(replace(work.session.settings, annotator="kim"))
    work.dock.panels["control"].fold(False)
    work.quality_bench.control.mode_box.click()
    work.controller.do("control_next")
    return work


def stored(work):
    """The first patch as it is on the disk."""
    return read_campaign(work.session.campaign.path).patches[0]


def test_accepting_takes_the_name_and_the_time_and_locks_the_patch(handed_in):
    handed_in.controller.do("accept_patch")

    patch = stored(handed_in)
    assert (patch.state, patch.annotator, patch.controller) == (PatchState.ACCEPTED, "anna", "kim")
    assert patch.controlled_at
    handed_in.session.go_to(0)
    assert handed_in.session.is_locked


def test_sending_back_needs_a_word_which_the_annotator_reads(handed_in):
    panel = handed_in.quality_bench.control
    with pytest.raises(PatchStateError):
        handed_in.quality_bench.desk.reject(" ")
    panel.comment_edit.setText("Le toit manque")

    handed_in.controller.do("reject_patch")

    assert (stored(handed_in).state, stored(handed_in).comment) == (PatchState.REJECTED, "Le toit manque")
    panel.mode_box.click()
    if handed_in.session.patch.patch_id != stored(handed_in).patch_id:
        handed_in.session.go_to(0)
    assert "Le toit manque" in panel.comment_label.text()
    assert not handed_in.session.is_locked


def test_what_the_controller_mends_stays_the_annotators(handed_in):
    gestures = stored(handed_in).gestures
    paint(handed_in, np.s_[10:20, 10:20])
    handed_in.session.save()

    patch = stored(handed_in)
    assert (patch.state, patch.annotator, patch.controller) == (PatchState.IN_CONTROL, "anna", "kim")
    assert patch.gestures == gestures


def test_nobody_controls_his_own_work(handed_in):
    handed_in.session.use_settings(replace(handed_in.session.settings, annotator="anna"))

    with pytest.raises(PatchStateError):
        handed_in.quality_bench.desk.accept()
    assert stored(handed_in).state is PatchState.SUBMITTED


def test_areas_on_which_two_differ_are_decided_one_by_one(handed_in):
    session, desk = handed_in.session, handed_in.quality_bench.desk
    second = session.opened.editor.labels.copy()
    pool = next(c.value for c in session.campaign.classes if c.name == "swimming pool")
    second[10:20, 10:20] = second[40:46, 40:46] = pool
    path = session.campaign.second_label_file(session.patch)
    path.parent.mkdir()
    write_labels(path, second, session.image, session.opened.window, session.campaign.classes, "")
    desk.turn(True)
    assert handed_in.quality_bench.control.area_list.count() == 2

    handed_in.controller.do("take_second")
    handed_in.controller.do("keep_first")

    assert desk.areas == []
    labels = session.opened.editor.labels
    assert (labels[10:20, 10:20] == pool).all()
    assert np.count_nonzero(labels == pool) == 100
    session.undo()
    assert np.count_nonzero(labels == pool) == 0
    assert len(desk.areas) == 1
