# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing

import numpy as np
import pyogrio
import pytest
import shapely
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.contracts.fingerprint import combined, row_fingerprint, to_text
from inference_backend.contracts.lot import INDEXES, LOT, TABLES, LotKey
from inference_backend.errors import OutputError
from inference_backend.grid import Grid
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions
from inference_backend.postprocess.lot.gpkg_tables import index_name
from inference_backend.postprocess.lot.lot_writer import write_lot
from inference_backend.postprocess.lot.reviewed_lot import ReviewedLotError
from inference_backend.postprocess.review.review_queue import build_queue
from inference_backend.postprocess.types import LandCover


@pytest.fixture
def cover():
    count = 4
    boxes = [shapely.box(600_000 + 50 * i, 6_700_000, 600_050 + 50 * i, 6_700_050) for i in range(count)]
    columns = {
        "id": np.array([f"OCSGE{i:010d}" for i in range(count)], dtype=object),
        "code_cs": np.array(["CS1.1.1.1", "CS2.2.1", "CS2.2.1", "CS1.2.2"], dtype=object),
        "code_us": np.array(["US5", "US5", "US1.1", "US6.3"], dtype=object),
        "millesime": np.array(["2022"] * count, dtype=object),
        "ossature": np.array([0, 0, 0, 1]),
        "confidence": np.array([0.9, np.nan, 0.2, 0.8]),
        "excuse": np.array([None, None, None, "skeleton"], dtype=object),
        "of_no_contract": np.zeros(count),
    }
    grid = Grid(10, 10, from_origin(0, 10, 1, 1), CRS.from_epsg(2154))
    return LandCover(np.array(boxes, dtype=object), columns, grid)


def zones():
    return np.array([shapely.box(600_000, 6_700_000, 600_100, 6_700_050)], dtype=object)


def write(path, cover, profile):
    queue = build_queue(cover, profile)
    write_lot(path, cover, zones(), queue, {LotKey.NAME: "essai", LotKey.MILLESIME.value: "2022"})
    return queue


def rows(path, sql):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def test_every_table_has_the_contract_s_columns(tmp_path, cover, profile):
    write(tmp_path / "lot.gpkg", cover, profile)

    for table in TABLES:
        found = [row[1] for row in rows(tmp_path / "lot.gpkg", f"PRAGMA table_info({table.name})")]
        wanted = ["fid", *(["geom"] if table.geometry else []), *table.column_names]
        assert found == wanted, table.name


def test_values_nulls_and_geometries_come_back(tmp_path, cover, profile):
    queue = write(tmp_path / "lot.gpkg", cover, profile)

    meta, _, wkb, data = pyogrio.raw.read(tmp_path / "lot.gpkg", layer="occupation_sol")
    columns = dict(zip(meta["fields"], data, strict=True))
    assert shapely.equals(shapely.from_wkb(wkb), cover.geometry).all()
    assert columns["excuse"].tolist() == [None, None, None, "skeleton"]
    assert np.isnan(columns["confidence"]).tolist() == [False, True, False, False]
    assert "of_no_contract" not in columns
    assert meta["crs"] == "EPSG:2154"
    assert rows(tmp_path / "lot.gpkg", "SELECT confidence FROM occupation_sol WHERE fid = 2") == [(None,)]
    described = dict(rows(tmp_path / "lot.gpkg", f"SELECT key, value FROM {LOT.name}"))
    assert (described.pop("name"), described.pop("millesime")) == ("essai", "2022")
    assert described.pop("last_polygon_id") == "OCSGE0000000003"
    assert list(described) == ["base_fingerprint"]
    assert len(queue) > 0
    assert rows(tmp_path / "lot.gpkg", "SELECT polygon_id, rank, decided_at FROM review_item") == [
        (row["polygon_id"], row["rank"], None) for row in queue
    ]


def test_the_fingerprint_is_that_of_the_rows_as_they_are_read(tmp_path, cover, profile):
    write(tmp_path / "lot.gpkg", cover, profile)
    meta, _, wkb, data = pyogrio.raw.read(tmp_path / "lot.gpkg", layer="occupation_sol")
    total = []
    for i, shape in enumerate(wkb):
        values = {name: column[i] for name, column in zip(meta["fields"], data, strict=True)}
        known = {k: v.item() if hasattr(v, "item") else v for k, v in values.items() if v == v}
        total.append(row_fingerprint(known.pop("id"), known, shape))

    (text,) = rows(tmp_path / "lot.gpkg", "SELECT value FROM lot WHERE key = 'base_fingerprint'")[0]

    assert text == to_text(combined(total))
    assert to_text(combined(total[:-1])) != text


def test_the_contract_s_indexes_serve_the_queue(tmp_path, cover, profile):
    write(tmp_path / "lot.gpkg", cover, profile)

    for table, columns in INDEXES:
        listed = rows(tmp_path / "lot.gpkg", f"PRAGMA index_info({index_name(table, columns)})")
        assert tuple(row[2] for row in listed) == columns
    plan = rows(
        tmp_path / "lot.gpkg",
        "EXPLAIN QUERY PLAN SELECT * FROM review_item WHERE state = 'todo' ORDER BY rank LIMIT 1",
    )
    assert "review_item_state_rank_idx" in plan[0][3]
    assert len(plan) == 1


def test_spatial_layers_are_indexed_and_styled_by_default(tmp_path, cover, profile):
    write(tmp_path / "lot.gpkg", cover, profile)

    indexed = {row[0] for row in rows(tmp_path / "lot.gpkg", "SELECT table_name FROM gpkg_extensions")}
    assert {t.name for t in TABLES if t.geometry} <= indexed
    styles = rows(
        tmp_path / "lot.gpkg", "SELECT f_table_name, styleName FROM layer_styles WHERE useAsDefault"
    )
    assert dict(styles)["occupation_sol"] == "couverture"
    assert len(styles) == len(dict(styles)), "one default style for each layer"


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="needs the system's GDAL")
def test_the_system_s_gdal_reads_it_without_a_word(tmp_path, cover, profile):
    write(tmp_path / "lot.gpkg", cover, profile)

    done = subprocess.run(
        ["ogrinfo", "-al", "-so", str(tmp_path / "lot.gpkg")], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    assert "Warning" not in done.stdout


def test_a_lot_that_was_there_is_replaced_whole(tmp_path, cover, profile):
    path = tmp_path / "lot.gpkg"
    write(path, cover, profile)
    write(path, cover, profile)

    assert rows(path, "SELECT count(*) FROM occupation_sol") == [(4,)]
    assert [p.name for p in tmp_path.iterdir()] == ["lot.gpkg"]


def test_a_lot_that_was_reviewed_while_the_new_one_was_made_stays(tmp_path, cover, profile):
    path = tmp_path / "lot.gpkg"
    write(path, cover, profile)
    with closing(sqlite3.connect(path)) as database, database:
        add_spatial_functions(database)
        database.execute("INSERT INTO edit_journal (seq, gesture_id) VALUES (1, 'g')")
    before = path.read_bytes()

    with pytest.raises(ReviewedLotError, match="1 review gestures"):
        write(path, cover, profile)

    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["lot.gpkg"]


def test_without_zone_nor_queue_the_tables_are_empty(tmp_path, cover):
    none = np.zeros(0, dtype=object)
    write_lot(tmp_path / "lot.gpkg", cover, none, [], {})

    for table in ("zone_construite", "review_item", "control_sample", "edit_journal", "imagery", "reference"):
        assert rows(tmp_path / "lot.gpkg", f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_folder_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path, cover, profile):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(OutputError) as error:
        write(blocked / "lot.gpkg", cover, profile)

    assert "lot.gpkg" in error.value.text("fr")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
