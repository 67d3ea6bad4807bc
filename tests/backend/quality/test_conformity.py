# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from inference_backend.cli.main import main
from inference_backend.contracts.profile import Profile
from inference_backend.errors import VectorError
from inference_backend.quality.conformity import CheckOptions, check_layer
from inference_backend.quality.partition import measure_partition
from tests.backend.quality.layers import X0, Y0, board, square, write_ocsge


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


def array(*geometry):
    return np.array(geometry, dtype=object)


def test_a_clean_partition_is_conform(tmp_path, profile):
    report = check_layer(write_ocsge(tmp_path / "a.gpkg", board()), profile=profile)

    assert report.is_conform, report.faults
    assert report.area_m2 == 90_000
    assert report.edge_matched


def test_gap_of_known_size_is_measured(tmp_path, profile):
    hole = shapely.box(X0 + 120, Y0 + 130, X0 + 150, Y0 + 160)
    cells = board()
    cells[4] = cells[4].difference(hole)
    del cells[0]  # a missing corner is no gap within the outline

    report = check_layer(write_ocsge(tmp_path / "a.gpkg", cells), profile=profile)

    assert (report.gap_m2, report.gaps, report.overlap_m2) == (900.0, 1, 0.0)
    assert report.faults == ("gap_m2",)


def test_gap_counts_what_the_footprint_has_more(tmp_path, profile):
    path = write_ocsge(tmp_path / "a.gpkg", board()[1:])
    footprint = shapely.box(X0, Y0, X0 + 300, Y0 + 300)

    report = check_layer(path, profile=profile, options=CheckOptions(footprint=footprint))

    assert report.gap_m2 == 10_000.0
    assert report.footprint == "given"


def test_an_island_in_a_gap_is_no_gap():
    ring = square(0, 0, 300).difference(square(1, 1))
    island = shapely.box(X0 + 120, Y0 + 120, X0 + 180, Y0 + 180)

    measure = measure_partition(array(ring, island))

    assert measure.gap_m2 == pytest.approx(10_000 - 3_600)
    assert measure.gaps == 1


@pytest.mark.parametrize(
    ("extra", "overlap_m2", "pairs"),
    [
        (shapely.box(X0 + 110, Y0 + 110, X0 + 130, Y0 + 120), 200.0, 1),  # inside one cell
        (shapely.box(X0 + 90, Y0 + 10, X0 + 110, Y0 + 20), 200.0, 2),  # across a border
        (square(1, 1), 10_000.0, 1),  # the same again
    ],
)
def test_overlap_of_known_size_is_measured(extra, overlap_m2, pairs):
    measure = measure_partition(array(*board(), extra))

    assert measure.overlap_m2 == pytest.approx(overlap_m2)
    assert measure.overlaps == pairs
    assert measure.gap_m2 == pytest.approx(0)
    assert not measure.edge_matched


def test_an_area_covered_three_times_counts_once():
    assert measure_partition(array(square(0, 0), square(0, 0), square(0, 0))).overlap_m2 == 10_000


def test_unmatched_vertices_are_no_overlap_but_are_told():
    wide = shapely.box(X0, Y0 - 100, X0 + 300, Y0)  # its upper side lacks the vertices at 100 and 200

    measure = measure_partition(array(*board(3, 1), wide))

    assert measure.overlap_m2 == 0
    assert measure.gap_m2 == 0


def test_shapes_codes_and_identities_are_counted(tmp_path, profile):
    cells = board()
    bow_tie = shapely.Polygon([(X0 + 500, Y0), (X0 + 700, Y0 + 200), (X0 + 700, Y0), (X0 + 500, Y0 + 200)])
    pair = shapely.MultiPolygon([square(10, 0), square(12, 0)])
    cs = ["CS2.2.1"] * 11
    us = ["US1.1"] * 11
    cs[0], cs[1], us[1], us[2], us[3] = "CS2.1.1", None, "US6.4", "CS2.2.1", "INDETERMINE"
    ids = [f"i{i}" for i in range(11)]
    ids[4], ids[5], ids[6] = "same", "same", None

    path = write_ocsge(tmp_path / "a.gpkg", [*cells, bow_tie, pair], cs, us, ids)
    report = check_layer(path, profile=profile)

    assert (report.invalid, report.multipart, report.empty) == (1, 1, 0)
    assert report.non_leaf_codes == {"CS2.1.1": 1}
    assert report.unknown_codes == {"US6.4": 1, "CS2.2.1": 1, "INDETERMINE": 1}
    assert (report.null_codes, report.duplicate_ids, report.null_ids) == (1, 2, 1)


def test_duplicate_geometry_is_found_whatever_its_first_vertex(tmp_path, profile):
    turned = shapely.Polygon(np.roll(shapely.get_coordinates(square(0, 0))[:-1], 2, axis=0))

    report = check_layer(write_ocsge(tmp_path / "a.gpkg", [square(0, 0), turned]), profile=profile)

    assert report.duplicate_geometries == 1


def test_other_shapes_of_the_same_bounds_are_no_duplicates(tmp_path, profile):
    corners = shapely.get_coordinates(square(0, 0))
    halves = [shapely.Polygon(corners[[0, 1, 2]]), shapely.Polygon(corners[[0, 2, 3]])]

    report = check_layer(write_ocsge(tmp_path / "a.gpkg", [*halves, halves[0]]), profile=profile)

    assert report.duplicate_geometries == 1


def test_minimum_area_depends_on_cover_and_zone_and_excuses_are_counted_apart(tmp_path, profile):
    # Cells of 20 m: 400 m2, enough for a building, too small for grass anywhere.
    cells = board(5, 1, side_m=20)
    covers = ["CS1.1.1.1", "CS2.2.1", "CS2.2.1", "CS2.2.1", "CS2.2.1"]
    path = write_ocsge(
        tmp_path / "a.gpkg",
        cells,
        covers,
        excuse=[None, None, "lot_edge", None, "because"],
        ossature=["0", "0", "0", "1", "0"],
    )

    report = check_layer(path, profile=profile)

    assert (report.under_threshold, report.under_threshold_excused) == (2, 2)
    assert not report.zone_known


def test_zone_construite_lowers_the_minimum(tmp_path, profile):
    cells = board(2, 1, side_m=30)  # 900 m2: enough inside the zone, too small outside
    path = write_ocsge(tmp_path / "a.gpkg", cells)
    write_ocsge(path, [cells[0]], layer="zone_construite")

    report = check_layer(path, layer="occupation_sol", profile=profile)

    assert report.zone_known
    assert report.under_threshold == 1


@pytest.mark.parametrize("names", [("ID", "CODE_CS", "CODE_US"), ("id", "couverture", "usage")])
def test_other_spellings_are_read(tmp_path, profile, names):
    report = check_layer(write_ocsge(tmp_path / "OCCUPATION_SOL.shp", board(), names=names), profile=profile)

    assert report.is_conform


def test_columns_of_a_change_layer_are_named_by_the_caller(tmp_path, profile):
    path = write_ocsge(tmp_path / "d.shp", [square(0, 0, 1)], names=("N", "cs_2018", "us_2018"))

    with pytest.raises(VectorError, match="--cs-column"):
        check_layer(path, profile=profile)
    report = check_layer(path, profile=profile, options=CheckOptions("CS_2018", "us_2018", partial=True))

    assert report.is_conform


def test_a_hundred_thousand_polygons_take_seconds(profile):
    cells = array(*board(400, 250, side_m=50))

    start = time.perf_counter()
    measure = measure_partition(cells)

    assert (measure.gap_m2, measure.overlap_m2) == (0, 0)
    assert time.perf_counter() - start < 30


def test_command_prints_a_table_and_exits_1_where_the_layer_falls_short(tmp_path, capsys):
    good = write_ocsge(tmp_path / "good.gpkg", board())
    bad = write_ocsge(tmp_path / "bad.gpkg", [*board(), square(0, 0)])

    assert main(["--lang", "fr", "check", str(good)]) == 0
    assert "Verdict : CONFORME" in capsys.readouterr().out
    assert main(["--lang", "en", "check", str(bad)]) == 1
    assert "✗ overlap" in capsys.readouterr().out
    assert main(["check", str(bad), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["overlap_m2"] == 10_000


def test_bad_input_exits_2_and_names_file_and_remedy(tmp_path, capsys):
    text = Path(tmp_path / "notes.txt")
    text.write_text("no layer")
    shapefile = write_ocsge(tmp_path / "a.shp", board())
    shapefile.with_suffix(".prj").unlink()

    for path, word in ((tmp_path / "none.gpkg", "introuvable"), (text, "illisible"), (shapefile, ".prj")):
        assert main(["--lang", "fr", "check", str(path)]) == 2
        said = capsys.readouterr().err
        assert str(path) in said
        assert word in said


@pytest.mark.parametrize(
    ("polygons", "crs", "english", "french"),
    [
        ([], "EPSG:2154", "holds no polygon", "ne contient aucun polygone"),
        ([shapely.box(2, 48, 2.001, 48.001)], "EPSG:4326", "is in degrees", "est en degrés"),
    ],
)
def test_a_layer_that_cannot_be_measured_is_never_conform(tmp_path, capsys, polygons, crs, english, french):
    columns = {"code_cs": ["CS1.1.1.1"] * len(polygons), "code_us": ["US5"] * len(polygons)}
    wkb = np.array([shapely.to_wkb(polygon) for polygon in polygons], dtype=object)
    path, values = tmp_path / "a.gpkg", [np.array(column, dtype=object) for column in columns.values()]
    pyogrio.raw.write(
        path, wkb, values, list(columns), geometry_type="Polygon", crs=crs, layer="occupation_sol"
    )
    for language, expected in (("en", english), ("fr", french)):
        assert main(["--lang", language, "check", str(path)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert str(path) in said.err
        assert expected in said.err
