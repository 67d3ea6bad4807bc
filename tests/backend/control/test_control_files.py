# SPDX-License-Identifier: GPL-2.0-or-later
"""What controllers get: their units, what surrounds them, and nothing that tells what was delivered."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from inference_backend.contracts.control import (
    BLIND_COLUMNS,
    CONTROL_FILE_LOT_KEYS,
    StrataBy,
)
from inference_backend.control.errors import ControlDesignError, ControlError, ControlFileError
from inference_backend.control.lot_source import open_tables
from inference_backend.control.read import read_control
from inference_backend.errors import OutputError
from inference_backend.lots.references import add_references
from inference_backend.progress import Silent

from .control_sheets import change, draw, drawn_ids, fill, select


@pytest.fixture
def lot(delivered_lot):
    """A delivered lot, to be changed."""
    return delivered_lot


def test_a_control_file_holds_nothing_that_tells_what_was_delivered(lot, tmp_path):
    draw(lot, tmp_path / "out", strata_by=StrataBy.COVER, seed=987_654_321)
    (path,) = (tmp_path / "out").glob("*Anne*.control.gpkg")
    listed = ", ".join(BLIND_COLUMNS)
    assert set(select(path, f"SELECT DISTINCT {listed} FROM control_sample")) == {
        (None,) * len(BLIND_COLUMNS)
    }
    assert select(path, "SELECT population_json, lot_fingerprint, design_json FROM control") == [
        (None, None, '{"unit": "polygon"}')
    ]
    assert {key for (key,) in select(path, "SELECT key FROM lot")} <= {
        *CONTROL_FILE_LOT_KEYS,
        "controller",
        "role",
    }
    assert not select(path, "SELECT 1 FROM sqlite_master WHERE name LIKE '%occupation_sol%'")
    content = path.read_bytes()
    for polygon_id in drawn_ids(lot):
        assert polygon_id.encode() not in content
    assert b"987654321" not in content
    assert [row[0] for row in select(path, "SELECT sample_id FROM control_sample")] == list(range(1, 31))


def test_outlines_are_the_borders_around_a_unit_and_nothing_else(lot, tmp_path):
    draw(lot, tmp_path / "out", size=5)
    (path,) = (tmp_path / "out").glob("*Anne*.control.gpkg")
    everything = pyogrio.raw.read(lot, layer="occupation_sol", columns=[])[2]
    borders = shapely.union_all(shapely.boundary(shapely.from_wkb(everything)))
    units = shapely.from_wkb(pyogrio.raw.read(path, layer="control_sample", columns=[])[2])
    meta, _, found, fields = pyogrio.raw.read(path, layer="control_outline")
    assert list(meta["fields"]) == ["sample_id"]
    assert fields[0].tolist() == [1, 2, 3, 4, 5]
    for unit, lines in zip(units, shapely.from_wkb(found), strict=True):
        assert lines.length > unit.length
        assert borders.buffer(1e-3).contains(lines)
        assert lines.buffer(1e-3).contains(unit.boundary)


def test_the_second_controller_gets_the_units_that_two_judge(lot, tmp_path):
    draw(lot, tmp_path / "out", size=30, second_share=0.2)
    control = read_control(lot)
    twice = {unit.sample_id for unit in control.units if unit.second_opinion}
    anne, benoit = ((tmp_path / "out") / f"commune_{name}.control.gpkg" for name in ("Anne", "Benoit"))
    units = "SELECT sample_id, second_opinion FROM control_sample"
    assert len(twice) == 6
    assert dict(select(benoit, units)) == dict.fromkeys(twice, 1)
    assert dict(select(anne, units)) == dict.fromkeys(range(1, 31), 0)


def test_work_can_be_divided(lot, tmp_path):
    draw(lot, tmp_path / "out", ("A", "B", "C"), size=30, second_share=0.5, handout={"divided": True})
    files = {p.name[8]: dict(select(p, "SELECT sample_id, second_opinion FROM control_sample"))
             for p in (tmp_path / "out").iterdir()}  # fmt: skip
    firsts = [unit for units in files.values() for unit, second in units.items() if not second]
    seconds = [unit for units in files.values() for unit, second in units.items() if second]
    assert sorted(firsts) == list(range(1, 31))
    assert len(seconds) == len(set(seconds)) == 15
    assert {len([s for s in units.values() if not s]) for units in files.values()} == {10}


def test_names_that_read_alike_as_files_get_a_file_each(lot, tmp_path):
    done = draw(
        lot, tmp_path / "out", controllers=("Benoît", "Benoit", "李", "王"), handout={"divided": True}
    )
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(files) == len(set(done.files)) == 4
    judged = [
        row for path in done.files for row in select(path, "SELECT value FROM lot WHERE key = 'controller'")
    ]
    assert sorted(judged) == [("Benoit",), ("Benoît",), ("李",), ("王",)]


@pytest.mark.parametrize("names", [("Anne", "anne "), ("Anne", " ")])
def test_controllers_are_people_apart(lot, tmp_path, names):
    with pytest.raises(ControlDesignError, match="controllers"):
        draw(lot, tmp_path / "out", controllers=names)
    assert not (tmp_path / "out").exists()


def test_files_that_cannot_be_written_leave_the_lot_alone(lot, tmp_path):
    """A file where the folder should be: the lot is as it was."""
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="out"):
        draw(lot, tmp_path / "out")
    with pytest.raises(ControlError):
        read_control(lot)


def test_a_file_with_answers_is_not_overwritten(lot, tmp_path):
    draw(lot, tmp_path / "out")
    fill(
        tmp_path / "out" / "commune_Anne.control.gpkg",
        dict.fromkeys(range(1, 31), ("CS2.2.1", "US1.1")),
        only={3},
    )
    with pytest.raises(ControlFileError, match="holds 1 answers"):
        draw(lot, tmp_path / "out", replace=True)
    assert read_control(lot).state.value == "drawn"


def test_images_and_references_go_along_but_for_the_prediction(lot, tmp_path):
    with open_tables(lot) as tables:
        west, south, east, north = tables.extent()
    for name in ("ortho.tif", "prediction.tif"):
        form = {"driver": "GTiff", "width": 90, "height": 90, "count": 3, "dtype": "uint8"}
        where = {"crs": "EPSG:2154", "transform": from_origin(west, north, 10, 10)}
        with rasterio.open(tmp_path / name, "w", **form, **where) as raster:
            raster.write(np.full((3, 90, 90), 7, np.uint8))
    for role, uri in (("ortho", "ortho.tif"), ("prediction", "prediction.tif")):
        change(
            lot, "INSERT INTO imagery (role, uri, provider, title) VALUES (?, ?, 'gdal', 'x')", (role, uri)
        )
    lanes = shapely.box([middle := (west + east) / 2, east - 1], south, [middle + 5, east], north)
    pyogrio.raw.write(tmp_path / "troncons.gpkg", shapely.to_wkb(lanes), [np.array(["Chemin", "Loin"])],
                      ["nature"], geometry_type="Polygon", crs="EPSG:2154", driver="GPKG")  # fmt: skip
    add_references(lot, [tmp_path / "troncons.gpkg"], (west, south, east, north), "EPSG:2154", Silent())
    draw(lot, tmp_path / "out", size=40, exclude_covers=("CS1",))
    (path,) = (tmp_path / "out").glob("*Anne*.control.gpkg")
    assert select(path, "SELECT role, uri FROM imagery") == [("ortho", "../ortho.tif")]
    assert select(path, "SELECT layer FROM reference") == [("ref_troncons",)]
    assert ("Chemin",) in select(path, "SELECT nature FROM ref_troncons")
    draw(lot, tmp_path / "copies", replace=True, handout={"copies_images": True, "with_references": False})
    (path,) = (tmp_path / "copies").glob("*Anne*.control.gpkg")
    ((role, uri),) = select(path, "SELECT role, uri FROM imagery")
    with rasterio.open(path.parent / uri) as raster:
        assert raster.read(1).max() == 7
    assert select(path, "SELECT layer FROM reference") == []
