# SPDX-License-Identifier: GPL-2.0-or-later
"""The second look reads a journal in PostGIS as it reads one in a file."""

from __future__ import annotations

from datetime import UTC, datetime

from qgis.PyQt import sip

from inference_backend.contracts.lot import EDIT_JOURNAL, Operation, Reason
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.edits_corrections import corrections
from ocsge_pi_review.adapters.edits_undo import take_back
from ocsge_pi_review.domain.edits import EditFilter
from ocsge_pi_review.domain.item_filter import ItemFilter
from tests.qgis.postgis.gestures import set_cover


def recode(store, code):
    item = store.take_next(ItemFilter(), 0)
    row = store.row(item.polygon_id)
    store.perform(set_cover(store, item, code), 1.0)
    return row


def test_edits_of_a_team_are_found_exported_and_taken_back(opened):
    anne, paul = opened("anne d'ici"), opened("paul")
    rows = [recode(anne, "CS1.2.3"), recode(paul, "CS1.2.2")]
    layers = [paul.layer(EDIT_JOURNAL.name, name) for name in ("log", "shown")]
    log = EditLog(*layers)
    assert log.operators() == ["anne d'ici", "paul"]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for wanted, numbers in (
        (EditFilter(), [2, 1]),
        (EditFilter(operators=("anne d'ici",)), [1]),
        (EditFilter(operations=(Operation.MERGE,)), []),
        (EditFilter(since=now), []),
        (EditFilter(until=now, changes_only=True), [2, 1]),
        (EditFilter(reasons=tuple(Reason)), [2, 1]),
    ):
        log.choose(wanted)
        assert log.numbers() == numbers, wanted
    assert log.row(1).gesture == next(paul.journal()).gesture
    found = [correction for correction, _ in corrections(row.gesture.patch for row in log.rows())]
    assert {c.id_ocs: c.values["cs_corr"] for c in found} == {rows[0].id: "CS1.2.3", rows[1].id: "CS1.2.2"}
    take_back(paul, log, 1)
    assert paul.row(rows[0].id) == rows[0]
    for layer in layers:  # before QGIS ends
        sip.delete(layer)
