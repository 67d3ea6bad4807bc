# SPDX-License-Identifier: GPL-2.0-or-later
"""Real file forms to a lot that the control accepts: what is read, kept, guessed and told."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.pipeline import ImportOptions, import_layers
from inference_backend.ingest.repair import RepairOptions
from inference_backend.quality.conformity import check_layer
from inference_backend.vector_reading import read_vector
from tests.backend.quality.layers import X0, Y0, board, square, write_ocsge

PROFILE = Profile.load()


def write(path, geometry, crs="EPSG:2154", layer=None, geometry_type="Unknown", **columns):
    """A vector file of text columns."""
    wkb = [
        shape if shape is None or isinstance(shape, bytes) else shapely.to_wkb(shape) for shape in geometry
    ]
    pyogrio.raw.write(
        path,
        np.array(wkb, dtype=object),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        layer=layer or path.stem,
        geometry_type=geometry_type if path.suffix == ".gpkg" else "Polygon",
        crs=crs,
        encoding="UTF-8",
    )
    return path


@pytest.fixture
def run(tmp_path):
    """Import, check that the result conforms, and give back the report and the rows of the lot."""

    def import_and_check(*files, **options):
        lot, report = tmp_path / "out" / "lot.gpkg", tmp_path / "out" / "report.json"
        options.setdefault("millesime", "2022")
        import_layers(files, lot, [report], profile=PROFILE, options=ImportOptions(**options))
        conformity = check_layer(lot, profile=PROFILE)
        assert conformity.is_conform, conformity.faults
        assert conformity.edge_matched
        geometry, columns = read_vector(lot, "occupation_sol")
        return json.loads(report.read_text(encoding="utf-8")), geometry, columns

    return import_and_check


def test_a_healthy_layer_comes_out_as_it_went_in(tmp_path, run):
    shapes = [shapely.transform(shape, lambda c: c + 1 / 3) for shape in board()]
    path = write_ocsge(tmp_path / "published.gpkg", shapes, ossature=["0"] * 9, source=["ortho"] * 9)
    report, geometry, columns = run(path)
    assert shapely.equals_exact(geometry, np.array(shapes), 0.0).all()
    assert report["summary"]["untouched"] is True
    assert columns["id"].tolist() == [f"OCSGE{i:010d}" for i in range(9)]
    assert set(columns["source"]) == {"ortho"}
    assert set(columns["cs_rule"]) == {"import: given"}


def test_a_shapefile_with_names_in_capitals(tmp_path, run):
    path = write_ocsge(tmp_path / "OCCUPATION_SOL.shp", board(), names=("ID", "CODE_CS", "CODE_US"))
    report, geometry, _ = run(path)
    assert report["files"][0]["kind"] == "ocsge"
    assert len(geometry) == 9


def test_the_older_names_couverture_and_usage(tmp_path, run):
    path = write(
        tmp_path / "ancienne.gpkg",
        board(),
        couverture=["CS2.1.1.1"] * 9,
        usage=["US1.2"] * 9,
        cleabs=list("abcdefghi"),
    )
    _, _, columns = run(path)
    assert set(columns["code_cs"]) == {"CS2.1.1.1"}
    assert sorted(columns["id_origine"]) == list("abcdefghi")
    assert all(identifier.startswith("OCSGE") for identifier in columns["id"])


def test_longer_codes_are_cut_and_non_leaves_take_the_leaf_of_their_neighbours(tmp_path, run):
    cs = [
        "CS2.2.1.4",
        "CS2.1.1",
        "CS2.1.1.2",
        "CS9.9",
        "cs 2.2.1",
        "CS2.2.1 - prairie",
        None,
        "CS2.2.1",
        "CS2.2.1",
    ]
    us = ["US1.1"] * 8 + ["INDETERMINE"]
    path = write_ocsge(tmp_path / "regional.gpkg", board(), cs=cs, us=us)
    report, _, columns = run(path)
    by_id = dict(zip(columns["id"], zip(columns["code_cs"], columns["cs_rule"], strict=True), strict=True))
    assert by_id["OCSGE0000000000"] == ("CS2.2.1", "import: truncated")
    assert by_id["OCSGE0000000001"] == ("CS2.1.1.2", "import: neighbours")
    assert by_id["OCSGE0000000003"][1] == "import: neighbours"
    assert by_id["OCSGE0000000004"] == ("CS2.2.1", "import: spelled")
    assert by_id["OCSGE0000000005"] == ("CS2.2.1", "import: spelled")
    assert "CS2.1.1/US1.1" in columns["code_or"].tolist()
    facts = {(entry["text"], entry["saying"]) for entry in report["codes"]["texts"]["cs"]}
    assert {("CS2.1.1", "non_leaf"), ("CS9.9", "unknown"), (None, "missing")} <= facts
    assert [entry["text"] for entry in report["codes"]["texts"]["us"]] == ["INDETERMINE"]


def test_the_use_whose_code_has_no_dots_is_known_with_dots(tmp_path, run):
    us = ["US235", "US2.3.5", "us 2-3-5", "US2.3", "US 2", "US411", "US4.1.1.7", "US5", "US3"]
    _, _, columns = run(write_ocsge(tmp_path / "uses.gpkg", board(), us=us))
    found = dict(zip(columns["id"], columns["code_us"], strict=True))
    assert [found[f"OCSGE{i:010d}"] for i in range(9)] == [
        *["US235"] * 3,
        *["US2"] * 2,
        *["US4.1.1"] * 2,
        "US5",
        "US3",
    ]


def change_layer(tmp_path):
    shapes = [square(0, 0), square(1, 0), square(5, 5)]
    return write(
        tmp_path / "diff.shp",
        shapes,
        CS_2018=["CS1.1.1.1", "CS1.1.1.2", "CS1.1.1.1"],
        US_2018=["US5", "US3", "US2"],
        CS_2015=["CS2.2.1", "CS2.1.1", None],
        US_2015=["US1.1", "INDETERMINE", "US5"],
    )


def test_the_last_date_of_a_change_layer_by_default(tmp_path, run):
    report, _, columns = run(change_layer(tmp_path), millesime=None)
    assert report["files"][0]["dates"] == ["2015", "2018"]
    assert report["partition_expected"] is False
    assert sorted(columns["code_us"]) == ["US2", "US3", "US5"]
    assert set(columns["millesime"]) == {"2018"}


def test_another_date_of_a_change_layer(tmp_path, run):
    _, _, columns = run(change_layer(tmp_path), date="2015", millesime=None)
    rows = dict(
        zip(columns["code_or"], zip(columns["code_us"], columns["us_rule"], strict=True), strict=True)
    )
    assert rows["CS2.1.1/INDETERMINE"] == ("US3", "import: other date")
    assert set(columns["millesime"]) == {"2015"}


def test_cosia_blocks_with_a_border_of_two_departments(tmp_path, run):
    """Two files of one block that overlap along the border; uses come from the class or from rules."""
    first = write(
        tmp_path / "D012_2022_600_6700_vecto.gpkg",
        [square(0, 0), square(1, 0)],
        numero=["1", "11"],
        classe=["Bâtiment", "Vigne"],
    )
    overlapping = shapely.box(X0 + 195, Y0, X0 + 300, Y0 + 100)
    second = write(
        tmp_path / "D046_2022_600_6700_vecto.gpkg", [overlapping], numero=["12"], classe=["Pelouse"]
    )
    report, geometry, columns = run(first, second, millesime=None)
    assert sorted(columns["code_cs"]) == ["CS1.1.1.1", "CS2.1.3", "CS2.2.1"]
    assert columns["code_us"][list(columns["code_cs"]).index("CS2.1.3")] == "US1.1"
    assert set(columns["millesime"]) == {"2022"}
    assert report["summary"]["repairs"]["overlap"] == {"count": 1, "area_m2": 500.0}
    assert shapely.area(geometry).sum() == pytest.approx(30_000)


def test_a_layer_in_degrees_with_heights_is_brought_to_its_territory(tmp_path, run):
    shapes = [shapely.box(2.0 + i / 1000, 46.0, 2.001 + i / 1000, 46.001) for i in range(3)]
    deep = [shapely.force_3d(shape, 12.0) for shape in shapes]
    path = write(
        tmp_path / "wgs84.gpkg", deep, crs="EPSG:4326", code_cs=["CS2.2.1"] * 3, code_us=["US1.1"] * 3
    )
    report, geometry, _ = run(path)
    assert report["crs"] == "EPSG:2154"
    assert report["files"][0]["transformed"] is True
    assert not shapely.has_z(geometry).any()


def circle(x, y, radius):
    """A curve polygon as well-known binary."""
    points = [(x - radius, y), (x, y + radius), (x + radius, y), (x, y - radius), (x - radius, y)]
    arc = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *point) for point in points)
    return struct.pack("<BII", 1, 10, 1) + arc


def test_curves_are_drawn_in_segments(tmp_path, run):
    path = write(tmp_path / "curves.gpkg", [circle(X0, Y0, 50)], code_cs=["CS1.2.2"], code_us=["US6.3"])
    _, geometry, _ = run(path)
    assert shapely.area(geometry[0]) == pytest.approx(np.pi * 2500, rel=1e-3)


def test_multipolygons_duplicates_crossed_rings_and_what_is_no_polygon(tmp_path, run):
    bow = shapely.Polygon([(X0, Y0 + 300), (X0 + 100, Y0 + 400), (X0 + 100, Y0 + 300), (X0, Y0 + 400)])
    shapes = [
        shapely.MultiPolygon([square(0, 0), square(2, 0)]),
        square(1, 0),
        square(1, 0),
        bow,
        shapely.Point(X0, Y0),
        None,
    ]
    path = write_ocsge(tmp_path / "mixed.gpkg", shapes, cs=["CS2.2.1"] * 2 + ["CS1.2.2"] + ["CS2.2.1"] * 3)
    report, geometry, columns = run(path)
    counts = {kind: found["count"] for kind, found in report["summary"]["repairs"].items() if found["count"]}
    assert counts == {"unreadable": 1, "not_polygon": 1, "invalid": 1, "duplicate": 1}
    assert shapely.area(geometry).sum() == pytest.approx(30_000 + 5_000)
    assert len(set(columns["id"])) == len(columns["id"]) == 5
    duplicate = next(repair for repair in report["repairs"] if repair["repair"] == "duplicate")
    assert duplicate["note"] == "CS1.2.2/US1.1 ≠ CS2.2.1/US1.1"
    gone = next(account for account in report["accounts"] if account["fid"] == duplicate["from"]["fid"])
    assert gone["result_m2"] == 0
    assert gone["polygons"] == []


def test_a_vertex_that_is_nowhere_leaves_figures_that_are_numbers(tmp_path, run):
    nowhere = shapely.Polygon([(X0 + 300, Y0), (X0 + 310, Y0), (np.inf, Y0 + 10), (X0 + 300, Y0 + 10)])
    path = write_ocsge(tmp_path / "nowhere.gpkg", [*board(), nowhere])
    report, geometry, _ = run(path, partition=False)
    assert report["summary"]["repairs"]["invalid"]["count"] == 1
    json.dumps(report, allow_nan=False)
    assert report["balance"]["result_m2"] == pytest.approx(shapely.area(geometry).sum())


def test_the_skeleton_keeps_what_others_claim(tmp_path, run):
    road, field = shapely.box(X0, Y0 + 40, X0 + 300, Y0 + 50), shapely.box(X0, Y0, X0 + 300, Y0 + 100)
    path = write_ocsge(
        tmp_path / "road.gpkg",
        [field, road],
        cs=["CS2.2.1", "CS1.1.1.2"],
        us=["US1.1", "US4.1.1"],
        ossature=["0", "1"],
    )
    _, geometry, columns = run(path, repair=RepairOptions(overlaps="large"))
    areas = dict(zip(columns["code_cs"], shapely.area(geometry), strict=True))
    assert areas["CS1.1.1.2"] == pytest.approx(3_000)
    assert sorted(columns["code_cs"]) == ["CS1.1.1.2", "CS2.2.1", "CS2.2.1"]


def test_small_gaps_are_filled_and_large_ones_stay_outside(tmp_path, run):
    big = shapely.box(X0, Y0, X0 + 400, Y0 + 400)
    gaps = [
        shapely.box(X0 + 50, Y0 + 50, X0 + 60, Y0 + 60),
        shapely.box(X0 + 200, Y0 + 200, X0 + 300, Y0 + 300),
    ]
    path = write_ocsge(tmp_path / "gaps.gpkg", [shapely.difference(big, shapely.union_all(gaps))])
    report, geometry, _ = run(path)
    assert report["summary"]["repairs"]["gap_filled"] == {"count": 1, "area_m2": 100.0}
    assert report["summary"]["repairs"]["gap_left"] == {"count": 1, "area_m2": 10_000.0}
    assert shapely.area(geometry).sum() == pytest.approx(150_000)


def test_a_gap_inside_an_island_of_a_gap_is_told_and_filled_once(tmp_path, run):
    nested = [shapely.box(X0 + d, Y0 + d, X0 + 200 - d, Y0 + 200 - d) for d in (0, 20, 60, 90)]
    around, island = nested[0].difference(nested[1]), nested[2].difference(nested[3])
    report, geometry, _ = run(write_ocsge(tmp_path / "a.gpkg", [around, island]))
    repairs = report["summary"]["repairs"]
    assert repairs["gap_filled"] == {"count": 1, "area_m2": 400.0}
    assert repairs["gap_left"] == {"count": 1, "area_m2": 160.0**2 - 80.0**2}
    assert shapely.area(geometry).sum() == pytest.approx(around.area + 80**2)


def test_a_slit_goes_to_the_polygons_along_it_and_not_to_the_skeleton(tmp_path, run):
    """Three parcels and a road that misses them by 5 cm: the parcels share the slit, the road stays."""
    parcels = [shapely.box(X0 + 100 * i, Y0 + 0.05, X0 + 100 * (i + 1), Y0 + 100) for i in range(3)]
    road = shapely.box(X0 - 20, Y0 - 10, X0 + 320, Y0)
    sides = [shapely.box(X0 - 20, Y0, X0, Y0 + 100), shapely.box(X0 + 300, Y0, X0 + 320, Y0 + 100)]
    shapes = [*parcels, road, *sides]
    path = write_ocsge(tmp_path / "slit.gpkg", shapes, ossature=["0", "0", "0", "1", "0", "0"])
    report, geometry, columns = run(path)
    assert report["summary"]["repairs"]["gap_filled"]["area_m2"] == pytest.approx(15.0)
    areas = dict(zip(columns["id"], shapely.area(geometry), strict=True))
    for i in range(3):
        assert areas[f"OCSGE{i:010d}"] >= 9_997, "each has at least the triangle on its own side"
    assert areas["OCSGE0000000003"] == pytest.approx(3_400)


def test_a_mapping_file_for_another_nomenclature(tmp_path, run):
    mapping = tmp_path / "mapping.toml"
    forest, lake, void = '{ cs = "CS2.1.1.3", us = "US1.2" }', '"CS1.2.2"', "{ skip = true }"
    values = f"forest = {forest}\nlake = {lake}\nvoid = {void}\n"
    mapping.write_text(f'cs = "landuse"\n[values]\n{values}')
    path = write(
        tmp_path / "osm.gpkg", [square(0, 0), square(1, 0), square(2, 0)], landuse=["forest", "lake", "void"]
    )
    report, _, columns = run(path, mapping=mapping)
    assert sorted(columns["code_cs"]) == ["CS1.2.2", "CS2.1.1.3"]
    assert report["summary"]["repairs"]["excluded"] == {"count": 1, "area_m2": 10_000.0}


def test_the_zone_construite_comes_along(tmp_path, run):
    path = write_ocsge(tmp_path / "zoned.gpkg", board())
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([square(0, 0), square(0, 0)])),
        [np.array(["a", "b"], dtype=object)],
        ["ID"],
        layer="ZONE_CONSTRUITE",
        geometry_type="Polygon",
        crs="EPSG:2154",
        append=True,
    )
    run(path)
    zones, _ = read_vector(Path(tmp_path / "out" / "lot.gpkg"), "zone_construite")
    assert shapely.area(zones).sum() == pytest.approx(10_000)
