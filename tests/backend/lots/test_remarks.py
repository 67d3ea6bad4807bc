# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks go out with the lots that are cut, and come back with their answers."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from inference_backend.contracts.lot import LotState
from inference_backend.contracts.signalement import SIGNALEMENT
from inference_backend.lots.cut import cut_lot
from inference_backend.lots.cut_options import CutOptions
from inference_backend.lots.handover import set_state
from inference_backend.lots.lot_file import LotFileError
from inference_backend.lots.merge import merge_lots
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions

from .conftest import Handout, copied
from .coverages import make_lot
from .reading import ask

SOURCE = "https://espace.example.org"
ANSWER = {
    "answer_status": "valid",
    "answer": "Corrigé",
    "motive": "corrected",
    "answered_by": "Anne",
    "answered_at": "2026-06-02T00:00:00.000Z",
    "outbox": "sent",
    "answer_id": "u-1",
    "sent_at": "2026-06-02T00:01:00.000Z",
}


def remark(path, number, item_id, **values):
    """Write a remark of an item, where the item lies."""
    row = {
        "source": SOURCE,
        "remote_id": str(number),
        "item_id": item_id,
        "status": "submit",
        "outbox": "none",
    }
    row |= {"updated_at": "2026-06-01T00:00:00.000Z", **values}
    marks = ", ".join("?" * len(row))
    with closing(sqlite3.connect(path)) as database, database:
        add_spatial_functions(database)
        database.execute(
            f"INSERT INTO signalement ({', '.join(row)}, geom) "
            f"VALUES ({marks}, (SELECT geom FROM review_item WHERE item_id = ?))",
            (*row.values(), item_id),
        )


def change(path, number, **values):
    sets = ", ".join(f"{name} = ?" for name in values)
    with closing(sqlite3.connect(path)) as database, database:
        add_spatial_functions(database)
        statement = f"UPDATE signalement SET {sets} WHERE remote_id = ?"
        assert database.execute(statement, (*values.values(), str(number))).rowcount == 1


def remarks(path, *names):
    return ask(path, f"SELECT remote_id, {', '.join(names)} FROM signalement ORDER BY remote_id")


def deliver(*lots):
    for lot in lots:
        set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
        set_state(lot, LotState.DELIVERED, by="Anne")


@pytest.fixture(scope="module")
def cut(tmp_path_factory, profile):
    """A parent with a remark on each of its first four items and one outside, cut in two."""
    folder = tmp_path_factory.mktemp("remarks")
    parent = make_lot(folder / "commune.gpkg", profile)
    items = [row[0] for row in ask(parent, "SELECT item_id FROM review_item ORDER BY rank LIMIT 4")]
    for number, item_id in enumerate(items, start=1):
        remark(parent, number, item_id)
    remark(parent, 9, None)
    return Handout(parent, [lot.path for lot in cut_lot(parent, folder / "lots", CutOptions(count=2))])


@pytest.fixture
def remarked(cut, tmp_path):
    """The same, to be changed."""
    handout = copied(cut, tmp_path)
    return handout.parent, handout.lots


def test_a_remark_goes_where_its_item_goes(remarked):
    _, lots = remarked
    found = [dict(remarks(lot, "item_id")) for lot in lots]
    assert sorted(number for some in found for number in some) == ["1", "2", "3", "4"]
    for lot, some in zip(lots, found, strict=True):
        items = {row[0] for row in ask(lot, "SELECT item_id FROM review_item")}
        assert set(some.values()) <= items
        assert ask(lot, "SELECT count(*) FROM rtree_signalement_geom") == [(len(some),)]


def test_answers_come_back_once_and_later_ones_stay(remarked):
    parent, lots = remarked
    numbers = [[number for number, _ in remarks(lot, "item_id")] for lot in lots]
    for lot, some in zip(lots, numbers, strict=True):
        for number in some:
            change(lot, number, **ANSWER, status="valid", updated_at="2026-06-02T00:01:00.000Z")
    late = numbers[0][0]
    change(parent, late, **{**ANSWER, "answer": "Plus tard", "answered_at": "2026-07-01T00:00:00.000Z"})
    deliver(*lots)
    first = merge_lots(parent, lots)
    assert sum(report.remarks for report in first) == 4
    answers = {number: (answer, outbox) for number, answer, outbox in remarks(parent, "answer", "outbox")}
    assert answers.pop("9") == (None, "none")
    assert answers.pop(late) == ("Plus tard", "sent")
    assert set(answers.values()) == {("Corrigé", "sent")}
    before = ask(parent, "SELECT * FROM signalement")
    assert [report.remarks for report in merge_lots(parent, lots)] == [0, 0]
    assert ask(parent, "SELECT * FROM signalement") == before


def test_a_remark_that_reached_the_lot_alone_comes_with_its_item(remarked):
    parent, lots = remarked
    lot = lots[0]
    (polygon,) = ask(
        lot,
        "SELECT id FROM occupation_sol WHERE margin_of IS NULL AND ossature = 0 "
        "AND id NOT IN (SELECT polygon_id FROM review_item) LIMIT 1",
    )[0]
    number = 1_500_000_000
    with closing(sqlite3.connect(lot)) as database, database:
        add_spatial_functions(database)
        database.execute(
            "INSERT INTO review_item (item_id, polygon_id, rank, reasons, state, decision_cs, geom) "
            "SELECT ?, ?, -1000000000, 'signalement', 'done', 'CS2.2.1', geom FROM review_item LIMIT 1",
            (number, polygon),
        )
    remark(lot, 50, number, **ANSWER)
    deliver(*lots)
    merge_lots(parent, lots)
    assert dict(remarks(parent, "item_id"))["50"] == number
    query = "SELECT polygon_id, rank, state, decision_cs FROM review_item WHERE item_id = ?"
    assert ask(parent, query, number) == [(polygon, -1_000_000_000, "todo", None)]


def test_a_parent_of_an_earlier_release_is_told_of(remarked):
    parent, lots = remarked
    deliver(*lots)
    with closing(sqlite3.connect(parent)) as database, database:
        database.execute(f"DROP TABLE {SIGNALEMENT.name}")
    with pytest.raises(LotFileError, match="OCS GE Review"):
        merge_lots(parent, lots)


@pytest.mark.parametrize("held_back", ["none", "sending", "refused"])
def test_an_answer_that_the_parent_held_back_does_not_leave_after_a_merge(remarked, held_back):
    parent, lots = remarked
    ((number, _), *_) = remarks(lots[0], "item_id")
    for path in (parent, lots[0]):
        change(path, number, **{**ANSWER, "outbox": "ready", "sent_at": None})
    change(parent, number, outbox=held_back)
    deliver(*lots)
    merge_lots(parent, lots)
    assert dict(remarks(parent, "outbox"))[number] == held_back
