# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel of the campaign: notices, taking over, conflicts, further rounds."""

import dataclasses
import json

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtWidgets import QMessageBox

from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.campaign_update import write_patches
from ocsge_annotator.adapters.conflicts import open_conflicts
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, myself
from ocsge_annotator.gui.panels.campaign import STEPS
from tests.qgis.annotator.test_lots import cut, labels, merge_lot, paint, patch, quiet

SECOND = "r0000_c0001"


@pytest.fixture
def conflict(campaign_file, tmp_path):
    """Both sides labelled the second patch: (theirs, ours)."""
    (lot,) = cut(campaign_file, tmp_path / "lots", "Nord")
    both = paint(lot, 1, 4), paint(campaign_file, 1, 5, x=50)
    merge_lot(campaign_file, lot, quiet)
    return both


def test_a_patch_of_somebody_else_says_whose_it_is_and_can_be_taken_over(work, campaign_file, monkeypatch):
    panel = work.campaign_panel
    assert panel.notice_label.isHidden()
    lock = campaign_file.parent / LOCK_FOLDER / f"{SECOND}.lock"
    holder = dataclasses.replace(myself("marie"), host="poste-12", pid=77)
    lock.write_text(json.dumps(dataclasses.asdict(holder)))
    work.session.next_patch()
    assert "marie (poste-12)" in panel.notice_label.text()
    assert not panel.take_over_button.isHidden()
    answers = iter([QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes])
    monkeypatch.setattr(QMessageBox, "question", lambda *_: next(answers))
    panel.take_over_button.click()
    assert work.session.is_locked
    panel.take_over_button.click()
    assert not work.session.is_locked
    assert panel.notice_label.isHidden()


def test_a_folder_that_takes_no_lock_can_be_looked_at_alone(work, campaign_file):
    locks = campaign_file.parent / LOCK_FOLDER
    work.session.close_campaign()
    locks.rmdir()
    locks.write_text("no folder")  # no file can be made in it, whoever runs the test
    work.controller.open_campaign(campaign_file)
    assert work.session.is_locked
    assert not work.campaign_panel.notice_label.isHidden()
    work.mouse.drag((5, 5), (40, 40))
    assert (work.session.opened.editor.labels == 255).all()
    work.session.next_patch()
    assert work.session.index == 1


def test_a_changed_image_is_said_once_it_is_accepted_no_more(work, campaign_file):
    wrong = dataclasses.replace(patch(campaign_file, SECOND), image_fingerprint="0" * 64)
    write_patches(campaign_file, [wrong], ("image_fingerprint",))
    work.session.next_patch()
    assert not work.campaign_panel.notice_label.isHidden()
    work.mouse.drag((5, 5), (40, 40))
    work.campaign_panel.accept_image_button.click()
    assert work.campaign_panel.notice_label.isHidden()
    work.session.previous_patch()
    work.session.next_patch()
    assert work.campaign_panel.notice_label.isHidden()
    assert (work.session.opened.editor.labels != 255).any()


@pytest.mark.parametrize("take_theirs", [False, True])
def test_a_conflict_is_listed_shown_and_settled(conflict, work, campaign_file, take_theirs):
    theirs, ours = conflict
    panel = work.campaign_panel
    assert panel.conflict_list.count() == 1
    assert "Nord" in panel.conflict_list.item(0).text()
    panel.show_button.click()
    assert work.session.patch.patch_id == SECOND
    shown = [layer.source() for layer in QgsProject.instance().mapLayers().values()]
    assert sum("conflicts" in source for source in shown) == 1
    (panel.theirs_button if take_theirs else panel.ours_button).click()
    assert panel.conflict_list.isHidden()
    assert open_conflicts(campaign_file) == []
    expected = theirs if take_theirs else ours
    assert np.array_equal(work.session.opened.editor.labels, expected)
    assert np.array_equal(labels(campaign_file, SECOND), expected)


def test_reading_again_finds_what_others_added(work, campaign_file, execute_more):
    work.session.next_patch()
    work.mouse.drag((5, 5), (40, 40))
    painted = work.session.opened.editor.labels.copy()
    execute_more()
    work.campaign_panel.reload_button.click()
    assert work.session.patch.patch_id == SECOND
    assert np.array_equal(work.session.opened.editor.labels, painted)
    assert work.session.patches[0].comment == "par un autre"
    assert work.session.patches[1].gestures == 1


@pytest.fixture
def execute_more(campaign_file):
    """Another program writes into the campaign."""

    def write():
        first = dataclasses.replace(read_campaign(campaign_file).patches[0], comment="par un autre")
        write_patches(campaign_file, [first], ("comment",))

    return write


def test_the_steps_of_a_campaign_open_their_forms_with_the_campaign_filled_in(
    work, campaign_file, monkeypatch
):
    opened = {}
    monkeypatch.setattr(work.host, "open_algorithm", opened.__setitem__)
    for button in work.campaign_panel.step_buttons.values():
        button.click()
    work.controller.do("create")
    registry = QgsApplication.processingRegistry()
    assert opened.pop("ocsge_annotator:createcampaign") == {}
    assert set(opened) == {f"ocsge_annotator:{name}" for name in STEPS}
    for name, values in opened.items():
        assert values == {"CAMPAIGN": str(campaign_file)}
        assert registry.algorithmById(name).parameterDefinition("CAMPAIGN") is not None
