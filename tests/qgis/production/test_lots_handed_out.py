# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot is cut, reviewed by two people with the plugin, and merged, on a real backend."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing

import pytest
from qgis.core import QgsGeometry, QgsProject, QgsVectorLayer

from inference_backend.contracts.lot import LotState, Operation
from ocsge_pi_review.adapters.lot_handover import change_state
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.domain.gestures.cutting import split_by
from tests.qgis.common.backends import COMMAND
from tests.qgis.production.test_production import Log, run


@pytest.fixture
def parent(scene, prediction, tmp_path):
    """The scene of 150 m as a lot."""
    path = tmp_path / "parent" / "commune.gpkg"
    files = [prediction, "--references", scene.references, "-o", path]
    subprocess.run([COMMAND, "postprocess", *files, "--millesime", "2022"], check=True, capture_output=True)
    return path


def ask(path, query):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def review(path, name):
    """Two decisions with the plugin, and a cut beside the neighbour's lot; then delivery."""
    lot = open_lot(path, name, QgsProject.instance())
    store = lot.store
    lot.review.next_todo()
    lot.review.accept()
    free = [
        row for row in store.rows_in(lot.layers.occupation.extent()) if not (row.is_locked or row.is_margin)
    ]
    row = max(free, key=lambda some: some.attributes["area_m2"])
    shape = QgsGeometry()
    shape.fromWkb(row.wkb)
    box, middle = shape.boundingBox(), shape.pointOnSurface().asPoint()
    line = [(box.xMinimum() - 5, middle.y()), (box.xMaximum() + 5, middle.y())]
    patch = split_by(row, line, lot.review.around(row), lambda: store.new_ids(1)[0])
    lot.review.perform(Operation.SPLIT, patch)
    change_state(store, LotState.DELIVERED)
    lot.close(QgsProject.instance())
    return row.id


def decide_first_item_of(lot, parent):
    """Somebody decides in the parent what was decided in the lot."""
    item = ask(lot, "SELECT item_id FROM edit_journal WHERE operation = 'accept'")[0][0]
    whole = open_lot(parent, "Chef", QgsProject.instance())
    whole.review.show_item(item)
    whole.review.accept()
    whole.close(QgsProject.instance())


def test_lots_go_out_are_reviewed_and_come_back(
    provider, local_backend, parent, scene, tmp_path, qgis_new_project
):
    folder = tmp_path / "lots"
    references = [str(scene.references / "bdtopo.gpkg")]
    values = {"LOT": str(parent), "COUNT": 2, "REFERENCES": references, "OUTPUT": str(folder)}
    answer, _, _ = run("cutlots", values)
    assert answer["MADE"] == 2
    lots = sorted(folder.glob("*.gpkg"))
    cut = [review(lot, name) for lot, name in zip(lots, ("Anne", "Paul"), strict=True)]

    decide_first_item_of(lots[0], parent)

    feedback = Log()
    merged, context, _ = run(
        "mergelots", {"PARENT": str(parent), "LOTS": [str(lot) for lot in lots]}, feedback
    )

    gestures = sum(ask(lot, "SELECT count(*) FROM edit_journal")[0][0] for lot in lots)
    assert (merged["APPLIED"], merged["REFUSED"]) == (gestures - 1, 1)
    (source,) = context.layersToLoadOnCompletion()
    shown = QgsVectorLayer(source, "conflicts", "ogr")
    assert [feature["reason"] for feature in shown.getFeatures()] == ["item_decided_meanwhile"]
    assert len(feedback.warnings) == 2
    whole = open_lot(parent, "essai", QgsProject.instance())
    assert whole.warnings == []
    assert {row.gesture.operation for row in whole.store.journal()} >= {Operation.SPLIT}
    assert all(polygon_id in whole.store.rows(cut) for polygon_id in cut)
    whole.close(QgsProject.instance())
    checked = subprocess.run([COMMAND, "check", parent], capture_output=True, text=True, check=False)
    assert "gap" in checked.stdout
    again, _, _ = run("mergelots", {"PARENT": str(parent), "LOTS": [str(lot) for lot in lots]})
    assert (again["APPLIED"], again["REFUSED"]) == (0, 1)
