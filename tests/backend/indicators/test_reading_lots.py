# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots that are missing, locked, damaged, old, copied or cut: listed, never fatal, never counted twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from inference_backend.contracts.lot import LotState
from inference_backend.indicators import collect as collecting
from inference_backend.indicators import gpkg_lots
from inference_backend.indicators.errors import Trouble, UnreadLotError
from inference_backend.indicators.summary_index import index_path

from .productions import KM2, change, lot, notices, report, rows, tile, write_production


@pytest.fixture
def two(tmp_path):
    """A production with two accepted lots."""
    return write_production(tmp_path, lots=[lot("32_1"), lot("32_2", west=610_000.0)])


def km2(document):
    return tile(document, "accepted").value


def test_a_lot_that_vanished_is_reported_until_it_is_forgotten(two):
    report(two)
    (two.parent / "32" / "32_2.gpkg").unlink()
    document = report(two)
    assert km2(document) == pytest.approx(KM2)
    assert document.lots_unread == 1
    assert "n'existe plus" in notices(document, "bad")[0].text["fr"]
    assert report(two, forget_missing=True).lots_unread == 0
    assert report(two).lots_unread == 0


def test_a_damaged_lot_and_a_stranger_leave_the_others_alone(two):
    (two.parent / "32" / "broken.gpkg").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    with closing(sqlite3.connect(two.parent / "32" / "roads.gpkg")) as database:
        database.execute("CREATE TABLE road (name TEXT)")
    document = report(two)
    assert km2(document) == pytest.approx(2 * KM2)
    assert [row["lot"].rpartition("/")[2] for row in rows(document, "unread")] == ["broken.gpkg"]
    assert any("roads.gpkg" in notice.text["en"] for notice in notices(document, "neutral"))


def test_a_locked_lot_keeps_the_figures_of_the_report_before(two, monkeypatch):
    monkeypatch.setattr(gpkg_lots, "BUSY_TIMEOUT_S", 0.05)
    report(two)
    change(two.parent / "32" / "32_2.gpkg", ["UPDATE lot SET value = 'x' WHERE key = 'name'"])
    with closing(sqlite3.connect(two.parent / "32" / "32_2.gpkg", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        document = report(two)
        assert km2(document) == pytest.approx(2 * KM2)
        assert "tableau de bord précédent" in notices(document, "warning")[0].text["fr"]
        index_path(two).unlink()
        document = report(two)
    assert km2(document) == pytest.approx(KM2)
    assert document.lots_unread == 1


@pytest.mark.parametrize(("version", "told"), [("1", "older"), ("9", "newer")])
def test_a_lot_of_another_version_says_what_to_do(version, told, two):
    change(
        two.parent / "32" / "32_2.gpkg", ["UPDATE lot SET value = ? WHERE key = 'schema_version'", version]
    )
    document = report(two)
    assert km2(document) == pytest.approx(KM2)
    assert told in notices(document, "bad")[0].text["en"]


def test_a_lot_without_tables_of_controls_is_read(tmp_path):
    document = report(write_production(tmp_path, lots=[lot("32_1", schema="2", controls=())]))
    assert km2(document) == pytest.approx(KM2)
    assert tile(document, "cs_accuracy").value is None
    assert any("sans contrôles" in notice.text["fr"] for notice in notices(document))


def test_nonsense_in_a_lot_is_damage(two):
    change(two.parent / "32" / "32_2.gpkg", ["UPDATE lot SET value = '[3]' WHERE key = 'state_history_json'"])
    assert km2(report(two)) == pytest.approx(KM2)


def test_a_lot_is_read_again_only_when_it_changed_even_in_its_log_alone(two, monkeypatch):
    report(two)
    read = []
    monkeypatch.setattr(
        collecting, "read_gpkg", lambda path, limits: read.append(path.name) or _real(path, limits)
    )
    report(two)
    assert read == []
    with closing(sqlite3.connect(two.parent / "32" / "32_1.gpkg")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE lot SET value = 'in_control' WHERE key = 'state'")
        database.commit()
        # The change is in the log, the file itself is as it was.
        document = report(two)
    assert read == ["32_1.gpkg"]
    assert km2(document) == pytest.approx(KM2)


_real = collecting.read_gpkg


def test_a_damaged_index_is_made_again(two):
    report(two)
    index_path(two).write_bytes(b"no database at all" * 100)
    assert km2(report(two)) == pytest.approx(2 * KM2)
    with closing(sqlite3.connect(index_path(two))) as database:
        assert database.execute("SELECT count(*) FROM lot").fetchone() == (2,)


def test_a_copy_counts_once_and_the_one_with_more_work_speaks(two):
    folder = two.parent / "34"
    folder.mkdir()
    copy = folder / "returned.gpkg"
    shutil.copy(two.parent / "32" / "32_1.gpkg", copy)
    change(copy, ["DELETE FROM edit_journal"], ["UPDATE lot SET value = 'rejected' WHERE key = 'state'"])
    document = report(two)
    assert km2(document) == pytest.approx(2 * KM2)
    assert any("returned.gpkg" in notice.text["en"] for notice in notices(document, "neutral"))


def test_a_cut_lot_counts_through_its_parts_until_it_is_handed_in_itself(tmp_path):
    parent = lot("32_0", side_m=4_000.0, state=LotState.IN_INTERPRETATION, controls=())
    parts = [lot("32_1"), lot("32_2", west=602_000.0)]
    path = write_production(tmp_path, lots=[parent, *parts])
    place = tmp_path / "32" / "32_0.gpkg"
    children = [{"lot_uuid": part.lot_id} for part in parts] + [{"lot_uuid": "elsewhere"}]
    change(place, ["INSERT INTO lot (key, value) VALUES ('lots_json', ?)", json.dumps(children)])
    for part in parts:
        change(
            tmp_path / "32" / f"{part.name}.gpkg",
            ["INSERT INTO lot (key, value) VALUES ('parent_uuid', ?)", parent.lot_id],
        )
    document = report(path)
    assert km2(document) == pytest.approx(2 * KM2)
    assert document.lots == 2
    assert "absents de la production : 1" in notices(document, "bad")[0].text["fr"]
    change(place, ["UPDATE lot SET value = 'delivered' WHERE key = 'state'"])
    document = report(path)
    assert (km2(document), document.lots) == (0.0, 1)
    assert tile(document, "waiting").value == pytest.approx(4 * KM2)


def test_areas_that_a_projection_distorts_are_those_of_the_ellipsoid(tmp_path):
    # Web Mercator stretches areas at 45 degrees to twice their size.
    made = lot("32_1", crs="EPSG:3857", west=0.0, north=5_622_000.0)
    document = report(write_production(tmp_path, lots=[made]))
    assert km2(document) == pytest.approx(KM2 * 0.5, rel=0.02)
    assert any("ellipsoïde" in notice.text["fr"] for notice in notices(document, "warning"))


def test_two_departements_that_name_one_lot_count_it_once(tmp_path):
    listed = [{"code": code, "name": code, "area_km2": 10, "lots": ["32/*.gpkg"]} for code in ("32", "33")]
    document = report(write_production(tmp_path, departements=listed, lots=[lot("32_1")]))
    assert [row["accepted_km2"] for row in rows(document, "departements")] == [pytest.approx(KM2), 0]


def test_many_lots_are_read_by_several_processes(two, monkeypatch):
    monkeypatch.setattr(collecting, "_WORTH_PROCESSES", 2)
    (two.parent / "32" / "broken.gpkg").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    document = report(two)
    assert km2(document) == pytest.approx(2 * KM2)
    assert document.lots_unread == 1


def test_a_lot_named_outright_is_missed(tmp_path):
    listed = [{"code": "32", "name": "Gers", "area_km2": 10, "lots": ["32/none.gpkg"]}]
    document = report(write_production(tmp_path, departements=listed))
    assert document.lots_unread == 1


def test_the_kind_of_trouble_crosses_a_process_border():
    import pickle

    error = pickle.loads(pickle.dumps(UnreadLotError("a.gpkg", Trouble.LOCKED, "busy")))
    assert error.trouble is Trouble.LOCKED
    assert "busy" in error.text("fr")
