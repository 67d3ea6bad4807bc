# SPDX-License-Identifier: GPL-2.0-or-later
"""Drawing the sample of a lot: what is drawn, what is written, what controllers get to see."""

from __future__ import annotations

import json
import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from inference_backend.cli.main import main
from inference_backend.contracts.control import (
    Allocation,
    ControlDesign,
    Draw,
    StrataBy,
    Unit,
)
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import LotStateError, state_of
from inference_backend.contracts.profile import Profile
from inference_backend.control.control_file import Handout
from inference_backend.control.draw import draw_controls
from inference_backend.control.errors import ControlDesignError, ControlError
from inference_backend.control.findings import units_of
from inference_backend.control.lot_source import open_tables
from inference_backend.control.population import population_fingerprint
from inference_backend.control.read import read_control
from inference_backend.control.sample_sizes import IsoSize
from inference_backend.postprocess.lot.gpkg_functions import blob_of, wkb_of
from tests.backend.lots.coverages import make_lot

from .control_sheets import OWN, change, deliver, delivered_codes, draw, drawn_ids, fill, select


@pytest.fixture
def lot(delivered_lot):
    """A delivered lot, to be changed."""
    return delivered_lot


def test_a_sample_stands_in_the_lot_with_its_whole_design(lot, tmp_path):
    done = draw(lot, tmp_path / "out", strata_by=StrataBy.COVER, size=40, seed=5)
    control = read_control(lot)
    assert (control.control_id, control.created_by, control.controllers) == (
        done.control_id, "Camille", ("Anne", "Benoît"))  # fmt: skip
    assert control.design == done.design
    assert control.design.surface == "projected"
    assert sum(stratum.units for stratum in control.strata) == OWN - 1  # not the road of the skeleton
    assert sum(stratum.drawn for stratum in control.strata) == len(control.units) == 40
    polygons = {
        row[0]: row[1:] for row in select(lot, "SELECT id, code_cs, code_us, area_m2 FROM occupation_sol")
    }
    by_name = {stratum.name: stratum for stratum in control.strata}
    for unit in control.units:
        assert (unit.map_cs, unit.map_us, unit.area_m2) == polygons[unit.polygon_id]
        assert unit.stratum == unit.map_cs
        stratum = by_name[unit.stratum]
        assert unit.probability == pytest.approx(stratum.drawn / stratum.units)
    with open_tables(lot) as tables:
        assert state_of(tables.metadata) is LotState.IN_CONTROL
    assert read_control(lot, check=True).changed == ()
    assert read_control(lot, check=True).population_changed is False


def test_the_same_seed_draws_the_same_sample_in_the_same_order(delivered, tmp_path):
    samples = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        copy = shutil.copy(delivered, tmp_path / f"{name}.gpkg")
        draw(copy, tmp_path / name, strata_by=StrataBy.COVER, seed=seed)
        samples.append(drawn_ids(copy))
    assert samples[0] == samples[1] != samples[2]


def test_the_order_of_work_tells_nothing_of_strata(lot, tmp_path):
    draw(lot, tmp_path / "out", strata_by=StrataBy.COVER, size=80, allocation=Allocation.EQUAL)
    names = [unit.stratum for unit in read_control(lot).units]
    changes = sum(a != b for a, b in pairwise(names))
    assert changes > 40  # sorted by stratum there would be three


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (StrataBy.USE, {"US1.1", "US1.2", "US6.6"}),
        (StrataBy.LOT, {"commune"}),
        (StrataBy.OPERATOR, {"-"}),
        (StrataBy.CONFIDENCE, {"0-0.3", "0.3-0.45", "0.45-0.62", "0.62-0.78", "0.78-0.9", "0.9-0.97"}),
    ],
)
def test_what_makes_strata(lot, tmp_path, by, names):
    done = draw(lot, tmp_path / "out", strata_by=by)
    assert {stratum.name for stratum in done.strata} <= names
    assert sum(stratum.units for stratum in done.strata) == OWN - 1


def test_codes_make_strata_at_a_level(lot, tmp_path):
    done = draw(lot, tmp_path / "out", strata_by=StrataBy.COVER_AND_USE, level=1)
    assert {stratum.name for stratum in done.strata} == {"CS1/US1", "CS1/US6", "CS2/US1", "CS2/US6"} & {
        stratum.name for stratum in done.strata
    }
    assert all(len(stratum.name) == 7 for stratum in done.strata)


def test_interpreters_make_strata_by_their_last_gesture(lot, tmp_path):
    rows = [
        ("g1", "Zoé", 1, json.dumps([{"id": "OCSGE0000000001"}, {"id": "OCSGE0000000002"}])),
        ("g2", "Yann", 1, json.dumps([{"id": "OCSGE0000000002"}])),
        ("g3", "Xavier", 0, json.dumps([{"id": "OCSGE0000000001"}])),
    ]
    for seq, (gesture, operator, in_force, after) in enumerate(rows, 1):
        change(
            lot,
            "INSERT INTO edit_journal (operation, before, state, seq, gesture_id, operator, in_force, after) "
            "VALUES ('accept', '[]', 'applied', ?, ?, ?, ?, ?)",
            (seq, gesture, operator, in_force, after),
        )
    done = draw(lot, tmp_path / "out", strata_by=StrataBy.OPERATOR, size=60)
    assert {s.name: s.units for s in done.strata} == {"-": OWN - 3, "Zoé": 1, "Yann": 1}
    assert {s.name: s.drawn for s in done.strata}["Zoé"] == 1  # small strata are whole


def test_communes_make_strata(lot, tmp_path):
    with open_tables(lot) as tables:
        west, south, east, north = tables.extent()
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    limits = tmp_path / "communes.gpkg"
    pyogrio.raw.write(limits, shapely.to_wkb(halves), [np.array(["33009", "33529"])], ["code_insee"],
                      geometry_type="Polygon", crs="EPSG:2154", layer="communes", driver="GPKG")  # fmt: skip
    done = draw(lot, tmp_path / "out", strata_by=StrataBy.COMMUNE, communes=limits)
    assert {s.name: s.units for s in done.strata} == {"33009": 50, "33529": 50}
    with pytest.raises(ControlDesignError, match="communes FILE"):
        draw(lot, tmp_path / "other", strata_by=StrataBy.COMMUNE, replace=True)


def test_polygons_are_left_out_on_wish(lot, tmp_path):
    done = draw(
        lot,
        tmp_path / "out",
        strata_by=StrataBy.COVER,
        size=20,
        exclude_above_m2=7000.0,
        exclude_covers=("CS2.1",),
    )
    covers, areas = zip(*select(lot, "SELECT map_cs, area_m2 FROM control_sample"), strict=True)
    assert not any(cover.startswith("CS2.1") for cover in covers)
    assert max(areas) <= 7000.0
    kept = select(lot, "SELECT count(*) FROM occupation_sol WHERE ossature = 0 AND area_m2 <= 7000 "
                  "AND code_cs NOT LIKE 'CS2.1%'")  # fmt: skip
    assert sum(s.units for s in done.strata) == kept[0][0]


def test_points_fall_on_the_polygons_that_they_name(lot, tmp_path):
    done = draw(lot, tmp_path / "out", unit=Unit.POINT, size=50, strata_by=StrataBy.COVER)
    assert done.units == 50
    control = read_control(lot)
    with open_tables(lot) as tables:
        shapes = {n: shapely.from_wkb(wkb) for n, wkb in tables.unit_shapes(control.control_id).items()}
    total = {stratum.name: stratum for stratum in control.strata}
    for unit in control.units:
        assert shapes[unit.sample_id].contains(shapely.Point(unit.x, unit.y))
        stratum = total[unit.stratum]
        assert unit.probability == pytest.approx(stratum.drawn * unit.area_m2 / stratum.area_m2)
    (path,) = (tmp_path / "out").glob("*Anne*.control.gpkg")
    assert select(path, "SELECT design_json FROM control") == [('{"unit": "point"}',)]


def test_a_grid_of_points_keeps_its_steps(lot, tmp_path):
    draw(lot, tmp_path / "out", unit=Unit.POINT, draw=Draw.SYSTEMATIC, size=40)
    control = read_control(lot)
    step = np.sqrt(control.strata[0].area_m2 / 40)
    x = np.array([unit.x for unit in control.units])
    assert np.allclose(np.round((x - x[0]) / step), (x - x[0]) / step, atol=1e-6)
    assert 30 <= len(control.units) <= 50
    assert sorted(unit.place for unit in control.units) != [None] * len(control.units)


def test_draws_by_area_and_at_equal_steps(lot, tmp_path):
    draw(lot, tmp_path / "a", draw=Draw.AREA, size=20)
    units = read_control(lot).units
    share = [unit.probability / unit.area_m2 for unit in units]
    assert min(share) == pytest.approx(max(share))
    draw(lot, tmp_path / "b", draw=Draw.SYSTEMATIC, size=20, replace=True)
    units = read_control(lot).units
    assert {unit.probability for unit in units} == {0.2}
    assert len({unit.place for unit in units}) == 20


def test_neighbours_of_a_systematic_draw_are_those_along_its_line(lot, tmp_path):
    draw(lot, tmp_path / "out", draw=Draw.SYSTEMATIC, exclude_covers=("CS1.1.1.1",), size=40)
    control = read_control(lot)
    along = [unit.sample_id for unit in sorted(control.units, key=lambda unit: unit.place)]
    rank = units_of(control).rank
    assert [control.units[row].sample_id for row in np.argsort(rank)] == along


def test_units_keep_a_distance_and_it_is_said_where_there_is_no_room(lot, tmp_path):
    done = draw(lot, tmp_path / "out", size=20, distance_m=150.0)
    units = read_control(lot).units
    with open_tables(lot) as tables:
        shapes = [shapely.from_wkb(w) for w in tables.unit_shapes(done.control_id).values()]
    boxes = shapely.bounds(shapes)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    gaps = np.hypot(*(centres[:, None] - centres).T)
    assert gaps[~np.eye(len(units), dtype=bool)].min() >= 150.0
    short = draw(lot, tmp_path / "other", size=90, distance_m=150.0, replace=True)
    assert short.units + short.short == 90
    assert short.short > 0
    weights = [1 / unit.probability for unit in read_control(lot).units]
    assert sum(weights) == pytest.approx(OWN - 1, rel=0.15)


def test_wrong_areas_are_measured_again_and_missing_ones_too(lot, tmp_path):
    right = {row[0]: row[1] for row in select(lot, "SELECT id, area_m2 FROM occupation_sol")}
    change(lot, "UPDATE occupation_sol SET area_m2 = area_m2 * 4 WHERE area_m2 > 0")
    change(lot, "UPDATE occupation_sol SET area_m2 = NULL WHERE id LIKE '%7'")
    draw(lot, tmp_path / "out", draw=Draw.AREA, size=20)
    control = read_control(lot)
    assert control.strata[0].area_m2 == pytest.approx(sum(right.values()) - right["OCSGE0000000031"])
    for unit in control.units:
        assert unit.area_m2 == pytest.approx(right[unit.polygon_id])


def test_areas_on_the_ellipsoid_are_those_of_geodesics(lot, tmp_path):
    change(lot, "UPDATE occupation_sol SET area_m2 = NULL WHERE area_m2 > 0")
    draw(lot, tmp_path / "out", size=10, surface="ellipsoid")
    control = read_control(lot)
    to_degrees = pyproj.Transformer.from_crs(2154, 4171, always_xy=True).transform
    geod = pyproj.Geod(ellps="GRS80")
    with open_tables(lot) as tables:
        shapes = {n: shapely.from_wkb(wkb) for n, wkb in tables.unit_shapes(control.control_id).items()}
    for unit in control.units:
        ring = shapely.segmentize(shapes[unit.sample_id], 5.0).exterior.coords
        area = abs(geod.polygon_area_perimeter(*to_degrees(*np.array(ring).T))[0])
        assert unit.area_m2 == pytest.approx(area, rel=1e-6)
    assert control.design.surface == "ellipsoid"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"size": 101}, "101 units are asked for, 100 can be drawn"),
        ({"size": None}, "neither size nor precision nor share"),
        ({"size": None, "precision": 2.0}, "precision 2 is not between"),
        ({"size": None, "share": 0.1, "unit": Unit.POINT}, "points have no number"),
        ({"exclude_covers": ("CS1", "CS2")}, "leave no polygon"),
        ({"exclude_covers": ("CS9",)}, "no cover CS9"),
        ({"oversampled": {"forêt": 2.0}}, "no stratum forêt"),
        ({"draw": Draw.AREA, "distance_m": 10.0}, "least distance goes with random"),
        ({"exclude_above_m2": 1.0}, "leave no polygon"),
    ],
)
def test_a_wish_that_cannot_be_followed_changes_nothing(lot, tmp_path, wish, words):
    before = Path(lot).read_bytes()
    with pytest.raises(ControlDesignError, match=words):
        draw(lot, tmp_path / "out", **wish)
    assert not (tmp_path / "out").exists()
    with pytest.raises(ControlError, match="no such control"):
        read_control(lot)
    assert Path(lot).read_bytes() == before


def test_a_lot_nobody_delivered_is_not_sampled(tmp_path):
    lot = make_lot(tmp_path / "lot.gpkg", Profile.load())
    with pytest.raises(LotStateError):
        draw(lot, tmp_path / "out", size=5)
    assert not list(tmp_path.glob("out/*"))


def test_one_control_runs_at_a_time(lot, tmp_path):
    first = draw(lot, tmp_path / "out")
    with pytest.raises(ControlError, match="runs already"):
        draw(lot, tmp_path / "other")
    second = draw(lot, tmp_path / "other", replace=True)
    assert read_control(lot).control_id == second.control_id
    assert read_control(lot, first.control_id).state.value == "cancelled"


def test_a_second_control_is_another_sample(lot, tmp_path, capsys):
    """With the seed of the first, a lot that was mended where errors were told would be all right."""
    draw(lot, tmp_path / "out", seed=4)
    change(lot, "UPDATE control SET state = 'decided', decided_utc = '2026-05-05T08:00:00.000Z'")
    change(lot, "UPDATE lot SET value = 'delivered' WHERE key = 'state'")
    with pytest.raises(ControlError, match="same polygons"):
        draw(lot, tmp_path / "again", seed=4)
    seeds = set()
    for name in ("b", "c"):
        copy = str(shutil.copy(lot, tmp_path / f"{name}.gpkg"))
        command = ["control", "sample", copy, "--size", "20", "--controllers", "Anne"]
        assert main([*command, "-o", str(tmp_path / name)]) == 0
        seeds.add(read_control(copy).design.seed)
    assert len(seeds) == 2


def test_lots_as_strata_share_one_sample(delivered, tmp_path):
    small = deliver(make_lot(tmp_path / "small.gpkg", Profile.load(), columns=5, rows=6, name="petit"))
    large = shutil.copy(delivered, tmp_path / "large.gpkg")
    design = ControlDesign(strata_by=StrataBy.LOT, size=50, surface="")
    done = draw_controls([small, large], design, Handout(("Anne",), tmp_path / "out"), by="Camille")
    assert [control.units for control in done] == [10, 40]  # 25 and 100 polygons
    assert [control.strata[0].name for control in done] == ["petit", "commune"]
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_of_several_lots_none_is_drawn_where_one_cannot_be(delivered, tmp_path):
    large = shutil.copy(delivered, tmp_path / "large.gpkg")
    small = deliver(make_lot(tmp_path / "small.gpkg", Profile.load(), columns=2, rows=2, name="petit"))
    raw = make_lot(tmp_path / "raw.gpkg", Profile.load(), columns=5, rows=6)
    who = Handout(("Anne",), tmp_path / "out")
    design = ControlDesign(strata_by=StrataBy.LOT, size=10, surface="")
    with pytest.raises(ControlDesignError, match="none of the 10 units"):
        draw_controls([large, small], design, who, by="Camille")
    with pytest.raises(LotStateError):
        draw_controls([large, raw], design, who, by="Camille")
    assert select(large, "SELECT count(*) FROM control") == [(0,)]
    assert not (tmp_path / "out").exists()


def test_an_older_lot_gets_the_tables_it_lacks(lot, tmp_path):
    for table in ("control", "control_answer"):
        change(lot, "DELETE FROM gpkg_contents WHERE table_name = ?", (table,))
    with sqlite3.connect(lot) as database:
        database.execute("DROP TABLE control")
        database.execute("DROP TABLE control_answer")
        database.execute("ALTER TABLE control_sample DROP COLUMN place")
        database.execute("UPDATE lot SET value = '2' WHERE key = 'schema_version'")
    draw(lot, tmp_path / "out")
    assert len(read_control(lot).units) == 30


def other_than_drawn(lot):
    """Id of a polygon that was not drawn."""
    drawn = {unit.polygon_id for unit in read_control(lot).units}
    return min({row[0] for row in select(lot, "SELECT id FROM occupation_sol")} - drawn)


def move_a_vertex(lot, polygon_id):
    """Give a polygon a vertex more, a millimetre beside its edge; its columns stay."""
    ((blob,),) = select(lot, "SELECT geom FROM occupation_sol WHERE id = ?", (polygon_id,))
    shape = shapely.from_wkb(wkb_of(blob))
    (x0, y0), (x1, y1), *rest = shape.exterior.coords
    ring = [(x0, y0), ((x0 + x1) / 2 + 0.001, (y0 + y1) / 2), (x1, y1), *rest]
    moved = blob_of(shapely.Polygon(ring, shape.interiors).wkb, 2154)
    change(lot, "UPDATE occupation_sol SET geom = ? WHERE id = ?", (moved, polygon_id))


def test_a_shape_that_changes_outside_the_sample_is_found(lot, tmp_path):
    """Its id, codes and area stay as they are: whoever was not drawn could be redrawn unseen."""
    draw(lot, tmp_path / "out", size=50)
    move_a_vertex(lot, other_than_drawn(lot))
    found = read_control(lot, check=True)
    assert (found.changed, found.population_changed) == ((), True)


def test_a_control_drawn_before_shapes_were_known_is_still_decided(lot, tmp_path):
    draw(lot, tmp_path / "out", size=50)
    with open_tables(lot) as tables:
        of_columns = population_fingerprint(tables, "")
    change(lot, "UPDATE control SET lot_fingerprint = ?", (of_columns,))
    assert read_control(lot, check=True).population_changed is False
    change(lot, "UPDATE occupation_sol SET code_us = 'US3' WHERE id = ?", (other_than_drawn(lot),))
    assert read_control(lot, check=True).population_changed is True


def test_a_change_after_the_draw_is_found(lot, tmp_path):
    draw(lot, tmp_path / "out", size=50)
    control = read_control(lot)
    drawn = control.units[0].polygon_id
    others = {row[0] for row in select(lot, "SELECT id FROM occupation_sol")} - {
        u.polygon_id for u in control.units
    }
    change(lot, "UPDATE occupation_sol SET source = 'autre' WHERE id = ?", (drawn,))
    found = read_control(lot, check=True)
    assert (found.changed, found.population_changed) == ((drawn,), False)
    change(lot, "UPDATE occupation_sol SET code_us = 'US3' WHERE id = ?", (min(others),))
    assert read_control(lot, check=True).population_changed is True
    change(lot, "DELETE FROM occupation_sol WHERE id = ?", (drawn,))
    assert read_control(lot, check=True).changed == (drawn,)


def test_a_plan_of_the_standard_sizes_the_sample(lot, tmp_path):
    """ISO 2859-1, level II: a lot of 100 has the letter F, which judges 20 units."""
    design = ControlDesign(strata_by=StrataBy.NONE, surface="")
    (done,) = draw_controls([lot], design, Handout(("A",), tmp_path), by="Camille", iso=IsoSize(2.5))
    assert (done.units, done.design.size) == (20, 20)


@pytest.mark.parametrize(
    "wish",
    [
        {"strata_by": StrataBy.COVER},
        {"draw": Draw.AREA},
        {"unit": Unit.POINT, "draw": Draw.SYSTEMATIC},
        {"draw": Draw.RANDOM, "distance_m": 50.0},
    ],
)
def test_a_plan_of_the_standard_is_not_drawn_at_unequal_chances(lot, tmp_path, wish):
    before = Path(lot).read_bytes()
    design = ControlDesign(**{"strata_by": StrataBy.NONE, "surface": "", **wish})
    with pytest.raises(ControlDesignError, match="--unit point and --distance"):
        draw_controls([lot], design, Handout(("A",), tmp_path / "out"), by="Camille", iso=IsoSize(2.5))
    assert Path(lot).read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_the_command_draws_collects_and_says_what_it_did(lot, tmp_path, capsys):
    folder = tmp_path / "out"
    arguments = ["--lang", "fr", "control", "sample", str(lot), "--share", "0.1"]
    arguments += ["--controllers", "Anne", "Luc", "--seed", "0"]
    assert main([*arguments, "--more", "CS1=2", "-o", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "CS2.2.1" in told
    assert "graine 0" in told
    assert main([*arguments, "-o", str(folder)]) == 2
    assert "un contrôle est en cours" in capsys.readouterr().err
    files = [str(path) for path in folder.iterdir()]
    for path in files:
        fill(path, delivered_codes(lot))
    assert main(["control", "collect", str(lot), *files]) == 0
    told = capsys.readouterr().out
    units = len(drawn_ids(lot))
    assert f"{units} / {units}" in told
    with pytest.raises(SystemExit):
        main(["control", "collect", str(lot), "--arbiter", "Zoé"])
