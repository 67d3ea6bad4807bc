# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pyogrio
import pytest
import shapely

from inference_backend.contracts.lot import ItemState, LotState, Operation
from inference_backend.contracts.lot_states import LotStateError
from inference_backend.errors import OutputError
from inference_backend.lots.conflicts import conflict_files
from inference_backend.lots.cut import cut_lot
from inference_backend.lots.cut_options import CutOptions
from inference_backend.lots.delivery import require_journalled
from inference_backend.lots.errors import EditedPastJournalError, ForeignLotError, NotDeliveredError
from inference_backend.lots.handover import lot_status, set_state
from inference_backend.lots.lot_file import LotFileError, open_lot
from inference_backend.lots.merge import merge_lots
from ocsge_pi_review.domain.gestures.codes import keep
from ocsge_pi_review.domain.patch import Patch

from .coverages import make_lot
from .interpreter import at_work
from .reading import ask, faults, metadata, own, polygons

FREE_ITEMS = (
    "SELECT item_id, polygon_id FROM review_item JOIN occupation_sol ON id = polygon_id "
    "WHERE ossature = 0 ORDER BY rank"
)


NAMES_OF_SQUARES = ("c_600-6699.5.gpkg", "c_600-6699.gpkg")


def deliver(lot):
    """From prepared to delivered."""
    if lot_status(lot).state is LotState.PREPARED:
        set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
    return set_state(lot, LotState.DELIVERED, by="Anne")


def footprint(parent):
    return shapely.from_wkt(metadata(parent)["footprint_wkt"])


def content(path):
    """Everything that a merge may change."""
    tables = ("occupation_sol", "review_item", "edit_journal", "lot")
    return {table: ask(path, f"SELECT * FROM {table}") for table in tables}


def across(shape):
    """A line through a polygon and well beyond it."""
    xmin, _, xmax, _ = shape.bounds
    y = shape.representative_point().y
    return [(xmin - 5.0, y + 0.3), (xmax + 5.0, y - 0.4)]


def through(start, middle):
    """A line from just before one point through another and far beyond."""
    dx, dy = middle.x - start.x, middle.y - start.y
    return [(start.x - dx / 10, start.y - dy / 10), (start.x + 8 * dx, start.y + 8 * dy)]


def at_the_border(handout, side=0):
    """A polygon of one lot with a straight common border with a polygon of the other."""
    mine, theirs = own(handout.lots[side]), own(handout.lots[1 - side])
    for key, (shape, attributes) in mine.items():
        for other, (shape_2, attributes_2) in theirs.items():
            if attributes["ossature"] or attributes_2["ossature"]:
                continue
            common = shapely.intersection(shape, shape_2)
            if common.length > 20:
                return key, other, common
    raise AssertionError("the lots do not touch")


def test_gestures_come_back_with_who_when_and_how_long(handout):
    lot = handout.lots[0]
    with at_work(lot, "Anne") as anne:
        first, second = anne.own_ids()[:2]
        anne.cover(first, "CS1.2.2")
        anne.split(second, across(polygons(lot)[second][0]))
    deliver(lot)

    report = merge_lots(handout.parent, [lot])[0]

    assert report.counts == (2, 0, 0, 0)
    assert {k: shape for k, (shape, _) in own(lot).items()} == {
        k: shape for k, (shape, _) in polygons(handout.parent).items() if k in own(lot)
    }
    columns = "operator, time_utc, duration_s, operation, gesture_id, in_force"
    assert ask(handout.parent, f"SELECT {columns} FROM edit_journal ORDER BY seq") == ask(
        lot, f"SELECT {columns} FROM edit_journal ORDER BY seq"
    )
    decisions = (
        "SELECT item_id, state, decision_cs, operator FROM review_item WHERE polygon_id IN (?, ?) ORDER BY 1"
    )
    assert ask(handout.parent, decisions, first, second) == ask(lot, decisions, first, second)
    assert faults(handout.parent, footprint(handout.parent)) == []


def test_merging_twice_changes_nothing(handout):
    with at_work(handout.lots[0]) as anne:
        for polygon_id in anne.own_ids()[:3]:
            anne.cover(polygon_id, "CS1.2.2")
    deliver(handout.lots[0])
    merge_lots(handout.parent, handout.lots[:1])
    once = content(handout.parent)

    report = merge_lots(handout.parent, handout.lots[:1])[0]

    assert report.counts == (0, 0, 3, 0)
    assert content(handout.parent) == once


def test_vertices_that_both_sides_add_to_a_border_end_on_both_sides(handout):
    key, other, common = at_the_border(handout)
    for lot, polygon, share in ((handout.lots[0], key, 0.31), (handout.lots[1], other, 0.64)):
        with at_work(lot) as anne:
            on_border = common.interpolate(share, normalized=True)
            inside = polygons(lot)[polygon][0].representative_point()
            anne.split(polygon, through(on_border, inside))
        deliver(lot)

    reports = merge_lots(handout.parent, handout.lots)

    assert [report.counts[0] for report in reports] == [1, 1]
    assert [len(report.conflicts) for report in reports] == [0, 0]
    assert faults(handout.parent, footprint(handout.parent)) == []
    with open_lot(handout.parent) as parent:
        require_journalled(parent)


def test_a_polygon_that_the_parent_changed_meanwhile_is_a_conflict_and_stays(handout):
    lot = handout.lots[0]
    with at_work(lot, "Anne") as anne:
        changed, free = anne.own_ids()[:2]
        anne.cover(changed, "CS1.2.2")
        anne.cover(changed, "CS2.1.1.1")
        anne.cover(free, "CS1.2.2")
    with at_work(handout.parent, "Chef") as chief:
        chief.cover(changed, "CS2.1.3")
    deliver(lot)

    report = merge_lots(handout.parent, [lot])[0]

    assert report.counts == (1, 0, 0, 2)
    after = polygons(handout.parent)
    assert after[changed][1]["code_cs"] == "CS2.1.3"
    assert after[free][1]["code_cs"] == "CS1.2.2"
    layer, text = conflict_files(lot.parent / f"{lot.stem}-conflicts")
    meta, _, wkb, values = pyogrio.raw.read(layer, layer="conflict")
    row = dict(zip(meta["fields"], (column[0] for column in values), strict=True))
    assert (row["polygon_ids"], row["reason"]) == (changed, "changed_in_the_parent")
    assert row["codes_parent"].startswith("CS2.1.3/")
    assert shapely.equals(shapely.from_wkb(wkb[0]), own(lot)[changed][0])
    told = json.loads(text.read_text())
    assert [entry["lot"][0]["attributes"]["code_cs"] for entry in told] == ["CS1.2.2", "CS2.1.1.1"]
    assert told[0]["parent"][0]["attributes"]["code_cs"] == "CS2.1.3"

    again = content(handout.parent)
    assert merge_lots(handout.parent, [lot])[0].counts == (0, 0, 1, 2)
    assert content(handout.parent) == again


def test_lots_with_a_point_in_their_name_leave_each_other_alone(handout):
    lot, other = (path.parent / name for path, name in zip(handout.lots, NAMES_OF_SQUARES, strict=True))
    handout.lots[0].rename(lot)
    handout.lots[1].rename(other)
    deliver(lot)

    merge_lots(handout.parent, [lot])

    assert other.is_file()
    assert conflict_files(lot.parent / f"{lot.stem}-conflicts")[0].name == "c_600-6699.5-conflicts.gpkg"


def test_a_column_that_somebody_added_to_the_parent_stays(handout):
    lot = handout.lots[0]
    with open_lot(handout.parent, write=True) as parent:
        parent.database.execute("ALTER TABLE occupation_sol ADD COLUMN nature TEXT")
        parent.database.execute("UPDATE occupation_sol SET nature = 'à revoir'")
    with at_work(lot) as anne:
        coded, cut = anne.own_ids()[:2]
        anne.cover(coded, "CS1.2.2")
        anne.split(cut, across(own(lot)[cut][0]))
    deliver(lot)

    assert merge_lots(handout.parent, [lot])[0].counts == (2, 0, 0, 0)
    added = dict(ask(handout.parent, "SELECT nature, count(*) FROM occupation_sol GROUP BY 1"))
    assert added == {"à revoir": len(polygons(handout.parent)) - 1, None: 1}
    assert polygons(handout.parent)[coded][1]["code_cs"] == "CS1.2.2"


def test_a_decision_that_somebody_else_took_meanwhile_is_a_conflict(handout):
    lot = handout.lots[0]
    (item, polygon_id) = ask(lot, "SELECT item_id, polygon_id FROM review_item ORDER BY rank")[0]
    for path, name in ((lot, "Anne"), (handout.parent, "Chef")):
        with at_work(path, name) as somebody:
            accept(somebody, polygon_id)
    deliver(lot)

    report = merge_lots(handout.parent, [lot])[0]

    assert [conflict.reason.value for conflict in report.conflicts] == ["item_decided_meanwhile"]
    assert ask(handout.parent, "SELECT operator FROM review_item WHERE item_id = ?", item) == [("Chef",)]


def accept(somebody, polygon_id):
    return somebody.perform(Operation.ACCEPT, keep(somebody.row(polygon_id)), polygon_id)


def test_a_rejected_lot_comes_back_with_what_was_done_again(handout):
    lot = handout.lots[0]
    (item, polygon_id) = ask(lot, FREE_ITEMS)[0]
    with at_work(lot) as anne:
        wrong = anne.cover(polygon_id, "CS1.2.2")
    deliver(lot)
    merge_lots(handout.parent, [lot])
    set_state(lot, LotState.IN_CONTROL, by="Claude")

    set_state(lot, LotState.REJECTED, by="Claude", comment="c'est un pré", redo=[item])

    assert ask(lot, "SELECT state, answer FROM review_item WHERE item_id = ?", item) == [
        (ItemState.REDO.value, "c'est un pré")
    ]
    set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
    with at_work(lot) as anne:
        anne.undo(wrong)
        anne.cover(polygon_id, "CS2.2.1")
    set_state(lot, LotState.DELIVERED, by="Anne")
    assert merge_lots(handout.parent, [lot])[0].counts == (1, 1, 0, 0)
    assert polygons(handout.parent)[polygon_id][1]["code_cs"] == "CS2.2.1"
    states = ask(handout.parent, "SELECT operation, in_force FROM edit_journal ORDER BY seq")
    assert states == [("set_cover", 0), ("undo", 0), ("set_cover", 1)]
    with open_lot(handout.parent) as parent:
        require_journalled(parent)


def test_a_gesture_taken_back_in_the_parent_stays_taken_back(handout):
    lot = handout.lots[0]
    with at_work(lot) as anne:
        polygon_id = anne.own_ids()[0]
        gesture = anne.cover(polygon_id, "CS1.2.2")
    deliver(lot)
    merge_lots(handout.parent, [lot])
    with at_work(handout.parent, "Chef") as chief:
        chief.undo(gesture)

    assert merge_lots(handout.parent, [lot])[0].counts == (0, 0, 1, 0)
    assert polygons(handout.parent)[polygon_id][1]["code_cs"] == own_code(handout, polygon_id)


def own_code(handout, polygon_id):
    """Cover before any gesture."""
    text = ask(handout.lots[0], "SELECT before FROM edit_journal WHERE seq = 1")[0][0]
    return next(row for row in json.loads(text) if row["id"] == polygon_id)["attributes"]["code_cs"]


def test_an_undo_that_the_parent_stands_against_is_told_at_every_merge(handout):
    lot = handout.lots[0]
    (item, polygon_id) = ask(lot, FREE_ITEMS)[0]
    with at_work(lot) as anne:
        accepted = accept(anne, polygon_id)
    deliver(lot)
    merge_lots(handout.parent, [lot])
    with at_work(handout.parent, "Chef") as chief:
        accept(chief, polygon_id)
    set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
    with at_work(lot) as anne:
        anne.undo(accepted)
    deliver(lot)

    for _ in range(2):
        report = merge_lots(handout.parent, [lot])[0]
        assert [conflict.reason.value for conflict in report.conflicts] == ["item_decided_meanwhile"]
        assert ask(handout.parent, "SELECT state, operator FROM review_item WHERE item_id = ?", item) == [
            (ItemState.DONE.value, "Chef")
        ]
    assert conflict_files(lot.parent / f"{lot.stem}-conflicts")[0].is_file()


def test_gestures_that_stand_on_each_other_are_taken_back_together(handout):
    lot = handout.lots[0]
    before = polygons(handout.parent)
    with at_work(lot) as anne:
        cut = anne.own_ids()[0]
        made = [anne.split(cut, across(own(lot)[cut][0])), anne.cover(cut, "CS1.2.2")]
    deliver(lot)
    merge_lots(handout.parent, [lot])
    set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
    with at_work(lot) as anne:
        for gesture in reversed(made):
            anne.undo(gesture)
    deliver(lot)

    assert merge_lots(handout.parent, [lot])[0].counts == (0, 2, 0, 0)
    after = polygons(handout.parent)
    assert after.keys() == before.keys()
    # Vertices that a neighbour got stay on both sides of the border, but for rounding.
    assert shapely.symmetric_difference(after[cut][0], before[cut][0]).area < 1e-6
    assert after[cut][1]["code_cs"] == before[cut][1]["code_cs"]


def test_an_edit_taken_back_alone_leaves_its_item_as_it_is(handout):
    lot = handout.lots[0]
    (item, polygon_id) = ask(lot, FREE_ITEMS)[0]
    with at_work(lot) as anne:
        wrong = anne.cover(polygon_id, "CS1.2.2")
    deliver(lot)
    merge_lots(handout.parent, [lot])
    set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
    with at_work(lot) as anne:
        anne.undo(wrong)
    # The second look takes an edit back without the decision that came after it.
    with open_lot(lot, write=True) as file:
        file.database.execute("UPDATE edit_journal SET item_before = NULL, item_after = NULL WHERE seq = 2")
    deliver(lot)

    assert merge_lots(handout.parent, [lot])[0].counts == (0, 1, 0, 0)
    assert polygons(handout.parent)[polygon_id][1]["code_cs"] == own_code(handout, polygon_id)
    assert ask(handout.parent, "SELECT state FROM review_item WHERE item_id = ?", item) == [("done",)]


def test_what_was_written_in_the_parent_meanwhile_stays(handout):
    lot = handout.lots[0]
    (item, polygon_id) = ask(lot, FREE_ITEMS)[0]
    with open_lot(handout.parent, write=True) as parent:
        words = "UPDATE review_item SET state = 'asked', comment = 'serre ?' WHERE item_id = ?"
        parent.database.execute(words, (item,))
    with at_work(lot) as anne:
        accept(anne, polygon_id)
    deliver(lot)

    assert merge_lots(handout.parent, [lot])[0].counts == (1, 0, 0, 0)
    assert ask(handout.parent, "SELECT state, comment FROM review_item WHERE item_id = ?", item) == [
        (ItemState.DONE.value, "serre ?")
    ]


def test_undone_and_redone_gestures_arrive_as_they_stand(handout):
    lot = handout.lots[0]
    with at_work(lot) as anne:
        undone, redone = anne.own_ids()[:2]
        kept = polygons(lot)[undone][1]["code_cs"]
        anne.undo(anne.cover(undone, "CS1.2.2"))
        gesture = anne.cover(redone, "CS1.2.2")
        anne.undo(gesture)
        anne.redo(gesture)
    deliver(lot)

    assert merge_lots(handout.parent, [lot])[0].counts == (1, 0, 0, 0)
    after = polygons(handout.parent)
    assert (after[undone][1]["code_cs"], after[redone][1]["code_cs"]) == (kept, "CS1.2.2")


def test_edits_past_the_journal_are_named_and_nothing_is_merged(handout):
    lot = handout.lots[0]
    with at_work(lot) as anne:
        journalled, past, gone = anne.own_ids()[:3]
        anne.cover(journalled, "CS1.2.2")
    deliver(lot)
    with open_lot(lot, write=True) as opened:
        opened.database.execute("UPDATE occupation_sol SET code_us = 'US5' WHERE id = ?", (past,))
        opened.database.execute("DELETE FROM occupation_sol WHERE id = ?", (journalled,))
    before = content(handout.parent)

    with pytest.raises(EditedPastJournalError) as error:
        merge_lots(handout.parent, [lot])

    assert (error.value.values["count"], error.value.values["ids"]) == (2, f"{journalled}, {past}")
    assert gone not in error.value.text("fr")
    assert content(handout.parent) == before


def test_a_gesture_on_the_margin_is_refused(handout):
    lot = handout.lots[0]
    with at_work(lot) as anne:
        other = next(key for key in polygons(lot) if key not in own(lot))
        row = anne.row(other)
        anne.perform(Operation.SET_COVER, Patch((row,), (row.with_values(code_cs="CS1.2.2"),)), other)
    deliver(lot)

    report = merge_lots(handout.parent, [lot])[0]

    assert [conflict.reason.value for conflict in report.conflicts] == ["outside_the_lot"]


def test_only_delivered_lots_of_this_very_parent_are_merged(handout, profile, tmp_path):
    with pytest.raises(NotDeliveredError, match="prepared"):
        merge_lots(handout.parent, handout.lots[:1])
    deliver(handout.lots[0])
    stranger = make_lot(tmp_path / "autre.gpkg", profile, name="autre")
    with pytest.raises(ForeignLotError) as error:
        merge_lots(stranger, handout.lots[:1])
    assert "autre" in error.value.text("fr")
    assert "commune" in error.value.text("fr")


def test_a_truncated_lot_is_told_and_the_parent_stays(handout):
    lot = handout.lots[0]
    deliver(lot)
    lot.write_bytes(lot.read_bytes()[: lot.stat().st_size // 2])
    before = content(handout.parent)

    with pytest.raises(LotFileError) as error:
        merge_lots(handout.parent, [lot])

    assert lot.name in error.value.text("fr")
    assert content(handout.parent) == before


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE edit_journal SET after = '[{}'",
        'UPDATE edit_journal SET before = \'[{"id": "x"}]\'',
        "UPDATE lot SET value = 'lost' WHERE key = 'state'",
        "UPDATE lot SET value = '{' WHERE key = 'state_history_json'",
    ],
)
def test_a_lot_that_says_nonsense_is_named(handout, damage):
    lot = handout.lots[0]
    with at_work(lot) as anne:
        anne.cover(anne.own_ids()[0], "CS1.2.2")
    deliver(lot)
    with open_lot(lot, write=True) as opened:
        opened.database.execute(damage)
    before = content(handout.parent)

    with pytest.raises(LotFileError) as error:
        merge_lots(handout.parent, [lot])

    assert lot.name in error.value.text("fr")
    assert content(handout.parent) == before


def test_a_full_disk_leaves_the_parent_as_it_was(handout, monkeypatch):
    lot = handout.lots[0]
    with at_work(lot) as anne:
        for polygon_id in anne.own_ids()[:10]:
            anne.cover(polygon_id, "CS1.2.2")
    deliver(lot)
    before = content(handout.parent)
    (pages,) = ask(handout.parent, "PRAGMA page_count")[0]
    opened = open_lot.__wrapped__

    def on_a_full_disk(path: Path, *, write: bool = False):
        for found in opened(path, write=write):
            if write:
                found.database.execute(f"PRAGMA max_page_count = {pages}")
            yield found

    monkeypatch.setattr("inference_backend.lots.merge.open_lot", contextmanager(on_a_full_disk))
    with pytest.raises(OutputError, match="full"):
        merge_lots(handout.parent, [lot])
    assert content(handout.parent) == before


def test_a_parent_that_somebody_writes_to_is_told(handout, monkeypatch):
    monkeypatch.setattr("inference_backend.lots.lot_file.BUSY_TIMEOUT_S", 0.1)
    deliver(handout.lots[0])
    with (
        open_lot(handout.parent, write=True) as busy,
        busy.transaction(),
        pytest.raises(LotFileError) as error,
    ):
        merge_lots(handout.parent, handout.lots[:1])
    assert "commune.gpkg" in error.value.text("fr")


def test_states_follow_each_other_with_a_history(handout):
    lot = handout.lots[0]
    with pytest.raises(LotStateError) as error:
        set_state(lot, LotState.ACCEPTED, by="Claude")
    assert "affecté, en interprétation" in error.value.text("fr")

    set_state(lot, LotState.ASSIGNED, by="Chef", assigned_to="Anne")
    deliver_status = set_state(lot, LotState.IN_INTERPRETATION, by="Anne")

    assert deliver_status.assigned_to == "Anne"
    assert [(line["state"], line["by"]) for line in deliver_status.history] == [
        ("prepared", ""), ("assigned", "Chef"), ("in_interpretation", "Anne")
    ]  # fmt: skip


def test_a_lot_edited_past_its_journal_cannot_be_delivered(handout):
    lot = handout.lots[0]
    set_state(lot, LotState.IN_INTERPRETATION, by="Anne")
    with open_lot(lot, write=True) as opened:
        opened.database.execute("UPDATE occupation_sol SET code_us = 'US5' WHERE ossature = 0")

    with pytest.raises(EditedPastJournalError):
        set_state(lot, LotState.DELIVERED, by="Anne")
    assert lot_status(lot).state is LotState.IN_INTERPRETATION


def test_items_to_redo_must_be_there(handout):
    lot = handout.lots[0]
    deliver(lot)
    set_state(lot, LotState.IN_CONTROL, by="Claude")
    with pytest.raises(LotFileError, match="item 99999"):
        set_state(lot, LotState.REJECTED, by="Claude", redo=[99999])
    assert lot_status(lot).state is LotState.IN_CONTROL


def test_a_lot_of_a_lot_goes_back_step_by_step(handout, tmp_path):
    child = handout.lots[0]
    grandchild = cut_lot(child, tmp_path / "again", CutOptions(count=2))[0].path
    with at_work(grandchild) as anne:
        polygon_id = anne.own_ids()[0]
        anne.split(polygon_id, across(polygons(grandchild)[polygon_id][0]))
    deliver(grandchild)
    assert merge_lots(child, [grandchild])[0].counts == (1, 0, 0, 0)
    deliver(child)
    assert merge_lots(handout.parent, [child])[0].counts == (1, 0, 0, 0)
    assert faults(handout.parent, footprint(handout.parent)) == []


def test_a_copy_of_the_parent_takes_the_lot_as_well(handout, tmp_path):
    with at_work(handout.lots[0]) as anne:
        anne.cover(anne.own_ids()[0], "CS1.2.2")
    deliver(handout.lots[0])
    copy = Path(shutil.copy(handout.parent, tmp_path / "copy.gpkg"))

    assert merge_lots(copy, handout.lots[:1])[0].applied == 1
