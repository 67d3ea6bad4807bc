# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots that are old, damaged, edited elsewhere, hostile, or on a disk that refuses."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProject

from inference_backend.contracts.fingerprint import combined, row_fingerprint, to_text
from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters import gpkg
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from ocsge_pi_review.adapters.layer_of_table import gpkg_layer
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.adapters.reviewed_lot import require_replaceable
from ocsge_pi_review.adapters.verify_lot import verify_lot
from ocsge_pi_review.domain.errors import DamagedLotError, JournalError, LotError
from ocsge_pi_review.domain.item_filter import ItemFilter
from tests.qgis.pi_review.gesture_moves import merge, set_cover, split
from tests.qgis.pi_review.layer_checks import assert_coverage, item_row, journal, rows_in_qgis, rows_on_disk
from tests.qgis.pi_review.lot_factory import make_lot
from tests.qgis.pi_review.old_schema import journal_old, make_old

ROOT = Path(__file__).resolve().parents[3]
WHOLE_M2 = (30 * 12.0) ** 2
PROJECT = QgsProject.instance


def refused(path: Path) -> str:
    """What a lot that does not open is refused with; nothing is left behind."""
    with pytest.raises(LotError) as caught:
        open_lot(path, "essai", PROJECT())
    assert path.name in caught.value.text("en")
    assert PROJECT().mapLayers() == {}
    assert not path.with_name(f".{path.name}.lock").exists()
    return caught.value.text("fr")


def execute(path: Path, *statements: str) -> None:
    with closing(gpkg.connect(path)) as database:
        database.set_authorizer(None)
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be read as one" * 9])
def test_what_is_no_lot_is_refused_with_its_name(tmp_path, content, qgis_new_project):
    path = tmp_path / "faux.gpkg"
    path.write_bytes(content)
    assert "illisible" in refused(path)


def test_a_lot_of_another_version_is_refused(lot_path, qgis_new_project):
    execute(lot_path, "UPDATE lot SET value = '9' WHERE key = 'schema_version'")
    assert "9" in refused(lot_path)


def test_a_lot_that_was_cut_short_is_refused_before_anything_is_written(lot_path, qgis_new_project):
    whole = lot_path.read_bytes()
    lot_path.write_bytes(whole[: len(whole) * 2 // 3])
    assert "tronqué" in refused(lot_path)
    assert lot_path.stat().st_size == len(whole) * 2 // 3


def test_a_page_that_is_damaged_is_told_in_our_words(lot_path, qgis_new_project):
    lot = open_lot(lot_path, "essai", PROJECT())
    root = lot.store._connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'occupation_sol'"
    ).fetchone()[0]
    assert lot.close(PROJECT())
    with lot_path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    again = open_lot(lot_path, "essai", PROJECT())
    again.review.next_todo()
    with pytest.raises(DamagedLotError) as caught:
        again.review.row()
    assert lot_path.name in caught.value.text("fr")
    again.close(PROJECT())


def test_a_damaged_lot_is_not_replaced_by_a_new_result(lot_path):
    with closing(gpkg.connect(lot_path)) as database:
        # The table and its indexes: rows are counted by any of them.
        statement = "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'edit_journal' AND rootpage > 0"
        roots = [row[0] for row in database.execute(statement)]
    with lot_path.open("r+b") as file:
        for root in roots:
            file.seek((root - 1) * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(LotError):
        require_replaceable(lot_path)
    lot_path.write_bytes(b"no database, but as long as a header of one" * 9)
    require_replaceable(lot_path)


def test_a_state_that_no_item_can_have_is_refused(lot_path, qgis_new_project):
    execute(lot_path, "UPDATE review_item SET state = 'lost' WHERE item_id = 1")
    assert "lost" in refused(lot_path)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("state", "vendu", "vendu"),
        ("state_history_json", "[", "historique"),
        ("state_history_json", "3", "historique"),
    ],
)
def test_a_lot_in_a_state_that_none_can_have_is_refused(lot_path, key, value, told, qgis_new_project):
    execute(lot_path, f"INSERT INTO lot (key, value) VALUES ('{key}', '{value}')")
    assert told in refused(lot_path)


@pytest.mark.parametrize(
    "damage", ["before = '{'", "after = '[1]'", "operation = 'paint'", "item_after = '[3]'"]
)
def test_a_journal_that_says_nonsense_is_told_and_leaves_nothing_open(lot_path, damage, qgis_new_project):
    lot = open_lot(lot_path, "essai", PROJECT())
    lot.review.show_item(1)
    set_cover(lot.review)
    assert lot.close(PROJECT())
    execute(lot_path, f"UPDATE edit_journal SET {damage}")
    with pytest.raises(DamagedLotError) as caught:
        open_lot(lot_path, "essai", PROJECT())
    assert "journal" in caught.value.text("fr")
    assert PROJECT().mapLayers() == {}
    assert not lot_path.with_name(f".{lot_path.name}.lock").exists()


def test_an_older_lot_gets_what_it_lacks_and_nothing_else_changes(tmp_path, qgis_new_project):
    path = make_old(make_lot(tmp_path / "lot.gpkg"))
    before = rows_on_disk(path)
    lot = open_lot(path, "essai", PROJECT())
    rows = rows_in_qgis(lot.layers.occupation)
    for polygon_id, (wkb, attributes) in before.items():
        assert rows[polygon_id].wkb == wkb
        known = {name: rows[polygon_id].attributes[name] for name in attributes}
        assert known == attributes
    assert lot.store.counts(ItemFilter()).by_state == {ItemState.TODO: 24}
    lot.review.show_item(1)
    split(lot.review)
    lot.review.undo()
    assert lot.close(PROJECT())
    dataset = gdal.OpenEx(str(path))
    journal_layer = dataset.GetLayerByName("edit_journal")
    assert journal_layer.GetGeomType() == ogr.wkbMultiPolygon
    assert journal_layer.GetFeatureCount() == 2
    assert dataset.GetLayerByName("occupation_sol").GetFeatureCount() == len(before)
    assert all(layer is not None for layer in map(dataset.GetLayerByName, ("imagery", "reference")))


def test_what_a_killed_session_of_an_older_version_left_in_the_journal_is_applied(tmp_path, qgis_new_project):
    path = make_lot(tmp_path / "lot.gpkg")
    with closing(gpkg.connect(path)) as database:
        rows = [CoverageTable(database).row(f"OCSGE00000000{n}") for n in (30, 31, 32)]
    make_old(path)
    changed = [row.with_values(code_cs="CS1.2.3") for row in rows]
    items = [{"item_id": number} for number in (1, 2, 3)]
    journal_old(path, 1, "set_cover", (rows[0], changed[0]), "written", items[0])
    journal_old(path, 2, "set_cover", (rows[1], changed[1]), "written", items[1])
    journal_old(path, 3, "undo", (changed[1], rows[1]), "written", items[1])
    lot = open_lot(path, "essai", PROJECT())
    assert lot.warnings == []
    assert [lot.store.row(row.id).cs for row in rows[:2]] == ["CS1.2.3", rows[1].cs]
    assert [(r["state"], r["in_force"]) for r in journal(path)] == [
        ("applied", 1),
        ("applied", 0),
        ("applied", 0),
    ]
    assert lot.review.undo().gesture_id == "g1"
    assert lot.store.row(rows[0].id).cs == rows[0].cs
    assert item_row(path, 1)["state"] == "todo"
    assert lot.close(PROJECT())


def test_a_lot_is_opened_only_where_it_can_be_written(made_lot):
    """By somebody without rights, where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="ocsge-"))
    try:
        path = Path(shutil.copy(made_lot, folder / "lot.gpkg"))
        path.chmod(0o444)
        folder.chmod(0o555)
        script = (
            "import sys; from pathlib import Path\n"
            "from ocsge_pi_review.adapters.gpkg_opening import open_gpkg\n"
            "from ocsge_pi_review.domain.errors import LotError\n"
            "try:\n    open_gpkg(Path(sys.argv[1]))\n"
            "except LotError as error:\n    print(error.text('fr'))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            user=65534 if os.getuid() == 0 else None,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "impossible d'y écrire" in done.stdout, done.stderr[-800:]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_full_disk_refuses_the_gesture_and_loses_nothing(lot):
    lot.review.show_item(1)
    set_cover(lot.review)
    lot.review.show_item(2)
    before = rows_on_disk(lot.path)
    log = lot.path.with_name("lot.gpkg-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 4096, hard))
    try:
        with pytest.raises(JournalError) as caught:
            split(lot.review)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "lot.gpkg" in caught.value.text("fr")
    assert rows_on_disk(lot.path) == before
    assert len(journal(lot.path)) == 1
    split(lot.review)
    assert len(journal(lot.path)) == 2
    assert_coverage(rows_in_qgis(lot.layers.occupation), WHOLE_M2)
    assert verify_lot(lot.path).is_sound


def with_fingerprint(path: Path) -> Path:
    """Say what the lot was made of, as whoever hands it out does."""
    with closing(gpkg.connect(path)) as database:
        rows = CoverageTable(database).every_row()
        base = to_text(combined(row_fingerprint(row.id, row.attributes, row.wkb) for row in rows))
        database.execute("INSERT INTO lot (key, value) VALUES ('base_fingerprint', ?)", (base,))
    return path


def reviewed(path: Path) -> Path:
    lot = open_lot(with_fingerprint(path), "essai", PROJECT())
    for item_id, gesture in ((1, set_cover), (2, merge), (4, split)):
        lot.review.show_item(item_id)
        gesture(lot.review)
    lot.review.undo()
    lot.review.redo()
    assert lot.close(PROJECT())
    return path


TAMPERED = {
    "nothing": ((), True, ""),
    "a polygon of the journal": (
        ("UPDATE occupation_sol SET code_cs = 'CS1.1.1.1' WHERE id = 'OCSGE0000000030'",),
        False,
        "OCSGE0000000030",
    ),
    "a polygon that no gesture touched": (
        ("UPDATE occupation_sol SET code_us = 'US6.3' WHERE id = 'OCSGE0000000001'",),
        False,
        "",
    ),
    "a row of the journal": (("DELETE FROM edit_journal WHERE seq = 2",), False, ""),
    "a polygon taken away": (
        ("DELETE FROM occupation_sol WHERE id = 'OCSGE0000000030'",),
        False,
        "OCSGE0000000030",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_an_edit_past_the_journal_is_found(lot_path, what, qgis_new_project):
    statements, is_sound, named = TAMPERED[what]
    path = reviewed(lot_path)
    with closing(gpkg.connect(path)) as database:
        # The first item's polygon is the one that the statements speak of.
        touched = database.execute("SELECT polygon_id FROM review_item WHERE item_id = 1").fetchone()[0]
    execute(path, *(statement.replace("OCSGE0000000030", touched) for statement in statements))
    verdict = verify_lot(path)
    assert verdict.is_sound == is_sound
    again = open_lot(path, "essai", PROJECT())
    assert bool(again.warnings) == bool(named), (
        "the newest rows of the journal are looked at when a lot is opened"
    )
    assert all(touched in text for text in again.warnings)
    again.close(PROJECT())


def test_a_clock_that_goes_back_is_told_and_the_order_stays(lot_path, qgis_new_project):
    path = reviewed(lot_path)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="milliseconds")
    execute(path, f"UPDATE edit_journal SET time_utc = '{tomorrow}'")
    lot = open_lot(path, "essai", PROJECT())
    assert len(lot.warnings) == 1
    assert tomorrow[:10] in lot.warnings[0]
    lot.review.show_item(6)
    set_cover(lot.review)
    assert lot.review.undo().item_id == 6, "the last by number, not by time"
    assert lot.close(PROJECT())
    assert verify_lot(path).is_sound


FORM = """<!DOCTYPE qgis><qgis version="3.40"><attributeactions><actionsetting type="1" name="x"
action="open(r'{mark}', 'w')" shortTitle="x" isEnabledOnlyWhenEditable="0"/></attributeactions>
<editforminit>go</editforminit><editforminitcodesource>2</editforminitcodesource>
<editforminitcode>open(r'{mark}', 'w')</editforminitcode>
<defaults><default field="code_cs" expression="eval('1')" applyOnUpdate="1"/></defaults></qgis>"""


def test_a_lot_from_outside_runs_no_code_of_its_own(lot_path, tmp_path, qgis_new_project):
    mark = tmp_path / "ran"
    style = FORM.format(mark=mark).replace("'", "''")
    execute(
        lot_path,
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, "
        "f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, "
        "useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)",
        *(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
            f"styleName, styleQML, useAsDefault) VALUES ('', '', '{table}', 'geom', 'x', '{style}', 1)"
            for table in ("occupation_sol", "zone_construite", "review_item", "edit_journal")
        ),
    )
    lot_path.with_suffix(".qml").write_text(FORM.format(mark=mark), encoding="utf-8")
    lot = open_lot(lot_path, "essai", PROJECT())
    for layer in lot.layers.from_store:
        form = layer.editFormConfig()
        assert form.initCode() == ""
        assert layer.actions().actions() == []
        index = layer.fields().indexOf("code_cs")
        assert index < 0 or not layer.defaultValueDefinition(index).isValid()
    lot.review.show_item(1)
    set_cover(lot.review)
    assert lot.close(PROJECT())
    log = EditLog.of_file(lot_path)
    assert log.layer.editFormConfig().initCode() == ""
    log.close()
    assert not mark.exists()


def test_triggers_of_a_lot_are_refused(lot_path, qgis_new_project):
    execute(lot_path, "CREATE TRIGGER sly AFTER INSERT ON edit_journal BEGIN DELETE FROM occupation_sol; END")
    assert "déclencheur sly" in refused(lot_path)


def test_a_view_in_place_of_a_table_is_refused(lot_path, qgis_new_project):
    execute(
        lot_path,
        "ALTER TABLE zone_construite RENAME TO hidden",
        "CREATE VIEW zone_construite AS SELECT * FROM hidden",
    )
    assert "zone_construite" in refused(lot_path)


@pytest.mark.parametrize("name", ["Zone_Construite", "imagery"])
def test_a_view_is_not_read_whatever_its_letters(lot_path, name, qgis_new_project):
    execute(
        lot_path,
        f"ALTER TABLE {name} RENAME TO hidden",
        f"CREATE VIEW {name} AS SELECT * FROM hidden",
    )
    if name == "imagery":
        with pytest.raises(LotError):
            gpkg_layer(lot_path, name, name)
    else:
        refused(lot_path)


def test_a_virtual_table_is_not_read(lot_path, qgis_new_project):
    execute(lot_path, "CREATE VIRTUAL TABLE bdtopo USING fts4(nom)")
    with pytest.raises(LotError):
        gpkg_layer(lot_path, "bdtopo", "bdtopo")


def test_a_trigger_under_a_known_name_does_nothing_but_index(lot_path, qgis_new_project):
    execute(
        lot_path,
        "CREATE TRIGGER rtree_sly AFTER INSERT ON edit_journal BEGIN DELETE FROM occupation_sol; END",
    )
    before = rows_on_disk(lot_path)
    lot = open_lot(lot_path, "essai", PROJECT())
    lot.review.show_item(1)
    with pytest.raises(JournalError):
        set_cover(lot.review)
    lot.close(PROJECT())
    assert rows_on_disk(lot_path) == before
    assert journal(lot_path) == []


@pytest.mark.parametrize("name", ["../../styles/../profiles/ocsge-2.0", "..", "ocsge-2.0/.."])
def test_a_profile_name_leads_to_no_other_folder(lot_path, name, qgis_new_project):
    execute(lot_path, f"UPDATE lot SET value = '{name}' WHERE key = 'profile'")
    lot = open_lot(lot_path, "essai", PROJECT())
    assert lot.profile.name == "ocsge-2.0"
    lot.close(PROJECT())


def test_the_index_and_the_count_stay_right(lot):
    for item_id, gesture in ((1, split), (2, merge), (3, split)):
        lot.review.show_item(item_id)
        gesture(lot.review)
    lot.review.undo()
    assert lot.close(PROJECT())
    with closing(sqlite3.connect(lot.path)) as database:
        count = database.execute("SELECT count(*) FROM occupation_sol").fetchone()
        told = database.execute(
            "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'occupation_sol'"
        ).fetchone()
        assert count == told
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("SELECT rtreecheck('rtree_occupation_sol_geom')").fetchone()[0] == "ok"
    dataset = ogr.Open(str(lot.path))
    layer = dataset.GetLayerByName("occupation_sol")
    for feature in list(layer):
        x1, x2, y1, y2 = feature.geometry().GetEnvelope()
        layer.SetSpatialFilterRect(x1 + 1, y1 + 1, x2 - 1, y2 - 1)
        assert feature.GetFID() in {found.GetFID() for found in layer}
