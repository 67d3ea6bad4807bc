# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks as the interpreter meets them: menu, card, map, answer, outbox."""

from __future__ import annotations

import csv
import json

import pytest
from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialog

from inference_backend.contracts.lot import ItemState
from inference_backend.contracts.signalement import Motive, Outbox, ReportStatus
from ocsge_pi_review.adapters import signalement_tasks
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from ocsge_pi_review.adapters.signalement_settings import SignalementSettings, signalement_settings
from ocsge_pi_review.gui.signalement_dialog import AnswerUse
from ocsge_pi_review.gui.signalement_fetch import FetchDialog
from ocsge_pi_review.gui.signalement_list import SignalementList
from tests.qgis.pi_review.hands import Hands
from tests.qgis.pi_review.plugin_fixture import loaded_plugin
from tests.qgis.pi_review.signalements.conftest import report_at
from tests.qgis.pi_review.signalements.test_import import ring

WAIT_MS = 15_000


@pytest.fixture
def plugin(qgis_iface, qgis_canvas, qgis_parent, qgis_new_project, monkeypatch, server, authcfg):
    """The plugin, whose remarks come from the server of the tests."""
    review_settings().save(ReviewSettings(operator="anne"))
    signalement_settings().save(SignalementSettings(server.url, authcfg))
    yield from loaded_plugin(qgis_iface, qgis_canvas, qgis_parent, monkeypatch)


@pytest.fixture
def opened(plugin, lot_path):
    plugin.controller.open(lot_path)
    QgsApplication.processEvents()
    return plugin


def wait_for(condition):
    for _ in range(WAIT_MS // 20):
        if condition():
            return
        QTest.qWait(20)
    raise AssertionError("it did not happen")


def fetched(opened):
    """The bench, once the remarks of the service are in the lot."""
    bench = opened.controller.view.remarks
    bench.fetch()
    wait_for(lambda: bench._task is None)
    return bench


def test_remarks_are_in_front_with_text_place_and_sketch(opened, server):
    server.service.add(
        report_at(
            90,
            75,
            75,
            "Hangar <img src=x onerror=alert(1)> & <script>alert(2)</script>",
            opening_date="2026-01-01T00:00:00Z",
            sketch=json.dumps(
                {
                    "objects": [
                        {"geometry": ring(60, 60, 30), "name": "<b>toit</b>", "attributes": {"h": "6 m"}}
                    ]
                }
            ),
        )
    )
    bench = fetched(opened)
    box, review = bench.box, opened.controller.lot.review
    assert box.isVisible()
    assert box.remark.remote_id == "90"
    assert review.item.reasons[0] == "signalement"
    text = box.browser.toPlainText()
    assert "Hangar <img src=x onerror=alert(1)> & <script>alert(2)</script>" in text
    assert "<b>toit</b> · h = 6 m" in text
    assert "<img" not in box.browser.toHtml()
    assert "★" in [opened.panel.queue_view.model().index(row, 0).data() for row in range(3)], (
        "no number is taken from another item"
    )
    assert box._band.lines.asGeometry().length() == pytest.approx(120, abs=1)
    assert box._band.marks.numberOfVertices() == 1
    review.show_item(20)
    assert not box.isVisible()
    assert box._band.marks.numberOfVertices() == 0


def test_an_answer_is_prepared_sent_and_not_sent_again(opened, server, qgis_canvas):
    bench = fetched(opened)
    review = opened.controller.lot.review
    item_id, number = review.item_id, int(bench.box.remark.remote_id)
    code = next(c for c in opened.controller.view.bench.palette.codes.values() if c != review.row().cs)
    qgis_canvas.setFocus()
    opened.controller.view.bench.choose_code(code)
    assert review.store.item(item_id).state is ItemState.DONE
    review.show_item(item_id)
    bench.box.answer_button.click()
    dialog = bench.dialog
    assert dialog.motive is Motive.CORRECTED, "a gesture was made while it was in front"
    assert dialog.status is ReportStatus.VALID
    assert code in dialog.text
    assert "2022" in dialog.text
    dialog.motive_box.setCurrentIndex(dialog.motive_box.findData(Motive.BELOW_THRESHOLD.value))
    assert dialog.status is ReportStatus.REJECT_SPECIFICATIONS
    assert "{" not in dialog.text
    assert "surface minimale" in dialog.text, "another motive, another text"
    dialog.editor.setPlainText("Mes mots à moi")
    dialog.motive_box.setCurrentIndex(dialog.motive_box.findData(Motive.CORRECTED.value))
    assert dialog.text == "Mes mots à moi", "what somebody wrote is not written over"
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: bench.box.remark is not None and bench.box.remark.outbox == Outbox.SENT.value)
    (reply,) = server.service.replies_of(number)
    assert reply["content"].startswith("Mes mots à moi")
    assert not bench.box.answer_button.isVisible()
    opened.remarks.fill()
    assert not opened.remarks.menu.findChild(QObject, "remarksSend").isEnabled()
    bench.sender.start()
    QTest.qWait(100)
    assert len(server.service.replies_of(number)) == 1


def test_what_did_not_leave_is_tried_again_by_itself(opened, server):
    bench = fetched(opened)
    bench.sender._settling_s = 0.0
    number = int(bench.box.remark.remote_id)
    bench.box.answer_button.click()
    bench.dialog.motive_box.setCurrentIndex(1)
    server.service.fail("POST", "/replies", "drop")
    bench.dialog.settled.emit(AnswerUse.SEND)
    wait_for(lambda: bench.box.remark.outbox == Outbox.SENT.value)
    assert len(server.service.replies_of(number)) == 1


def ready_to_leave(opened):
    """The bench with one answer in the outbox, and what is told from then on."""
    bench = fetched(opened)
    bench.sender._settling_s = 0.0
    bench.box.answer_button.click()
    bench.dialog.motive_box.setCurrentIndex(1)
    bench.dialog.settled.emit(AnswerUse.READY)
    told: list[str] = []
    opened.messages._say = lambda text, *_, **__: told.append(text)
    return bench, told


def test_what_the_user_stops_is_not_sent_by_itself_later(opened, server):
    bench, told = ready_to_leave(opened)
    number = int(bench.box.remark.remote_id)
    server.service.fail("GET", f"reports/{number}", "slow", delay_s=1.0)
    bench.sender.start()
    wait_for(lambda: bench.sender._task.status() == QgsTask.TaskStatus.Running)
    bench.sender._task.cancel()
    wait_for(lambda: not bench.sender.is_busy)
    assert not bench.sender._timer.isActive()
    assert "tries again" in told[-1], "whoever stopped it says when"
    bench.sender.start()
    wait_for(lambda: bench.box.remark.outbox == Outbox.SENT.value)
    assert len(server.service.replies_of(number)) == 1


def test_an_error_that_nobody_foresaw_leaves_the_answer_to_be_looked_for(opened, server, monkeypatch):
    bench, told = ready_to_leave(opened)
    with monkeypatch.context() as patch:
        patch.setattr(signalement_tasks, "deliver", lambda *_, **__: 1 / 0)
        bench.sender.start()
        wait_for(lambda: not bench.sender.is_busy)
    assert bench.box.remark.outbox == Outbox.SENDING.value
    assert told
    wait_for(lambda: bench.box.remark.outbox == Outbox.SENT.value)


def test_a_lot_that_closes_while_an_answer_is_on_its_way(opened, server, lot_path):
    bench = fetched(opened)
    number = int(bench.box.remark.remote_id)
    bench.box.answer_button.click()
    bench.dialog.motive_box.setCurrentIndex(1)
    server.service.fail("POST", "/replies", "slow after", delay_s=1.0)
    bench.dialog.settled.emit(AnswerUse.SEND)
    wait_for(lambda: server.service.replies_of(number))
    opened.controller.close()
    QTest.qWait(50)
    opened.controller.open(lot_path)
    again = opened.controller.view.remarks
    again.sender.start()
    wait_for(lambda: not again.sender.is_busy)
    store = opened.controller.lot.store
    assert next(o for o in store.signalements.all() if o.remote_id == str(number)).outbox == "sent"
    assert len(server.service.replies_of(number)) == 1


def test_a_key_of_the_map_still_decides(opened, qgis_canvas):
    bench = fetched(opened)
    review = opened.controller.lot.review
    item_id = review.item_id
    Hands(qgis_canvas).press(Qt.Key.Key_Space)
    assert review.store.item(item_id).state is ItemState.DONE
    assert bench.box.remark.item_id == review.item_id != item_id


def test_settings_ask_the_service_for_communities(plugin, server, authcfg):
    dialog = FetchDialog(SignalementSettings(server.url, authcfg, ("81",)))
    dialog.since.setText("hier")
    dialog.ask_button.click()
    wait_for(lambda: dialog.communities.count() == 2)
    assert "anne" in dialog.said.text()
    dialog.communities.item(0).setCheckState(Qt.CheckState.Checked)
    assert dialog.settings == SignalementSettings(server.url, authcfg, ("80", "81"), "")
    server.service.fail("GET", "users/me", "401", times=2)
    dialog.ask_button.click()
    wait_for(lambda: "401" in dialog.said.text())
    dialog.reject()


@pytest.mark.parametrize(
    ("entered", "kept"),
    [("31/01/2026", "2026-01-31"), ("2026-01-31", "2026-01-31"), ("", ""), ("janvier", None)],
)
def test_a_date_is_understood_or_asked_for_again(qgis_parent, entered, kept):
    dialog = FetchDialog(SignalementSettings(), qgis_parent)
    dialog.since.setText(entered)
    dialog.accept()
    is_accepted = dialog.result() == QDialog.DialogCode.Accepted
    assert is_accepted == (kept is not None)
    assert ("janvier" in dialog.said.text()) == (kept is None)
    assert dialog.settings.opened_after == (kept or "")
    dialog.deleteLater()


def test_the_list_counts_by_motive_and_is_taken_away(opened, tmp_path, server):
    server.service.add(report_at(91, 60, 60, "=1+1", opening_date="2026-05-01T00:00:00Z"))
    bench = fetched(opened)
    bench.box.answer_button.click()
    bench.dialog.motive_box.setCurrentIndex(1)
    bench.dialog.settled.emit(AnswerUse.SEND)
    wait_for(lambda: bench.box.remark.outbox == Outbox.SENT.value)
    remarks = opened.controller.lot.store.signalements.all()
    shown = SignalementList(remarks, None, lambda name: str(tmp_path / name))
    assert shown.table.rowCount() == len(remarks) == 4
    assert [shown.motives.item(row, 6).text() for row in range(2)] == ["1", "3"]
    asked = []
    shown.answer_wanted.connect(asked.append)
    for row, one in enumerate(remarks):
        shown.table.setCurrentCell(row, 0)
        shown.answer_button.click()
        assert (asked[-1:] == [one]) is (one.outbox == Outbox.NONE.value), (
            "what has left is not answered again"
        )
    shown.statistics_button.click()
    shown.list_button.click()
    with (tmp_path / "signalements_motifs.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [(row["motive"], row["total"], row["sent"]) for row in rows] == [
        ("corrected", "1", "1"),
        ("", "3", "0"),
    ]
    with (tmp_path / "signalements.csv").open(encoding="utf-8-sig") as file:
        texts = {row["remote_id"]: row["text"] for row in csv.DictReader(file, delimiter=";")}
    assert texts["91"] == "'=1+1", "a spreadsheet computes nothing of it"
