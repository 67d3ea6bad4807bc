# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue of a lot that several people share: who has what, what the others did, nobody named unasked."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtTest import QTest

from ocsge_common.messages import MessageLog
from ocsge_pi_review.adapters.open_lot import open_store
from ocsge_pi_review.adapters.queue_facts import communes, decided_today
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_bench import QueueBench
from ocsge_pi_review.gui.queue_model import STATE


@pytest.fixture
def teams(opened, qgis_canvas, qgis_new_project, server, database):
    """Anne's window, and Luc's review without one."""
    server.sql("UPDATE lot_1.review_item SET commune = '33009' WHERE item_id < 5", database)
    project, panel = QgsProject.instance(), ReviewPanel()
    panel.resize(440, 950)
    panel.show()
    anne, luc = open_store(opened("anne"), project), open_store(opened("luc"), QgsProject())
    bench = QueueBench(panel, qgis_canvas, anne, ReviewSettings(), MessageLog("essai"), project)
    bench.next_todo()
    yield bench, panel, anne, luc
    bench.close()
    panel.close()
    anne.layers.remove(project)


def test_what_a_colleague_has_and_did_is_seen_without_a_name(teams):
    bench, panel, anne, luc = teams
    assert anne.review.item_id == 1
    luc.review.next_todo()
    assert luc.review.item_id == 2
    luc.review.accept()
    luc.review.next_todo()
    # The store keeps its counts for a moment: a colleague's work is seen then.
    for _ in range(100):
        bench.queue._on_colleagues()
        if panel.lot_progress.value():
            break
        QTest.qWait(50)
    assert panel.lot_progress.format().startswith("1 / 24")
    model, held = bench.queue.model, luc.review.item_id
    assert [model.index(row, STATE).data() for row in (0, 1, held - 1)] == ["To do", "Done", "Taken"]
    assert panel.pace_label.toolTip().startswith("The others today: 1 ")
    assert "luc" not in panel.pace_label.toolTip()
    assert [(day.name, day.count) for day in decided_today(anne.store)] == [("luc", 1)]
    anne.review.show_item(held)
    QgsApplication.processEvents()
    assert "luc" in panel.remark_label.text()


def test_names_are_shown_where_they_are_wanted(teams, qgis_canvas):
    bench, panel, anne, luc = teams
    luc.review.next_todo()
    luc.review.accept()
    bench.close()
    settings = ReviewSettings(show_names=True)
    named = QueueBench(panel, qgis_canvas, anne, settings, MessageLog("essai"), QgsProject.instance())
    assert panel.pace_label.toolTip().startswith("luc today: 1 ")
    named.close()


def test_the_communes_come_from_the_table(teams):
    _, _, anne, _ = teams
    assert communes(anne.store) == ("33009",)
