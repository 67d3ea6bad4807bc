# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from inference_backend.contracts.lot import INDEXES, TABLES
from inference_backend.errors import Cancelled, VectorError
from inference_backend.lots.cut import cut_lot
from inference_backend.lots.cut_options import CutOptions, Way
from inference_backend.lots.errors import CutError, ImageryError
from inference_backend.lots.imagery import Image
from inference_backend.lots.lot_file import LotFileError, open_lot
from inference_backend.postprocess.lot.reviewed_lot import ReviewedLotError
from inference_backend.quality.conformity import check_layer

from .coverages import COLUMNS, FIELD_M, NORTH, ROAD_ROW, WEST, make_lot
from .interpreter import at_work
from .reading import ask, metadata, own, polygons

ROAD = f"OCSGE{COLUMNS * ROAD_ROW + 1:010d}"


@pytest.fixture(scope="module")
def parent(tmp_path_factory, profile):
    return make_lot(tmp_path_factory.mktemp("parent") / "commune.gpkg", profile)


@pytest.fixture(scope="module")
def communes(tmp_path_factory):
    """Two communes, side by side in Lambert-93."""
    path = tmp_path_factory.mktemp("communes") / "communes.gpkg"
    middle = WEST + COLUMNS / 2 * FIELD_M
    boxes = [
        shapely.box(WEST - 50, NORTH - 900, middle, NORTH + 50),
        shapely.box(middle, NORTH - 900, WEST + 900, NORTH + 50),
    ]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(boxes),
        [np.array(["33001", "33002"], dtype=object)],
        ["INSEE_COM"],
        geometry_type="Polygon",
        crs="EPSG:2154",
        driver="GPKG",
    )
    return path


def ways(communes):
    return {
        "work": CutOptions(Way.WORK, 4),
        "grid": CutOptions(Way.GRID, side_m=300.0),
        "commune": CutOptions(Way.COMMUNE, communes=communes),
        "cells": CutOptions(Way.CELLS, 2),
        "hours": CutOptions(Way.WORK, hours=0.02),
    }


@pytest.mark.parametrize("way", ["work", "grid", "commune", "cells", "hours"])
def test_every_polygon_and_item_is_in_one_lot(parent, communes, tmp_path, way):
    made = cut_lot(parent, tmp_path, ways(communes)[way])

    assert len(made) > 1
    ids = [polygon_id for lot in made for polygon_id in own(lot.path)]
    assert sorted(ids) == sorted(polygons(parent))
    items = [row for lot in made for row in ask(lot.path, "SELECT item_id, polygon_id FROM review_item")]
    assert sorted(items) == ask(parent, "SELECT item_id, polygon_id FROM review_item ORDER BY item_id")
    for lot in made:
        ranks = [row[0] for row in ask(lot.path, "SELECT rank FROM review_item ORDER BY rank")]
        assert ranks == list(range(1, len(ranks) + 1))


def test_rows_are_bit_for_bit_those_of_the_parent(made):
    theirs = polygons(made.parent)
    for lot in made.lots:
        for polygon_id, (shape, attributes) in polygons(lot).items():
            assert shapely.to_wkb(shape) == shapely.to_wkb(theirs[polygon_id][0])
            attributes.pop("margin_of")
            assert {k: v for k, v in theirs[polygon_id][1].items() if k != "margin_of"} == pytest.approx(
                attributes, nan_ok=True
            )


def test_the_margin_is_what_touches_and_names_its_lot(made):
    for lot, other in (made.lots, made.lots[::-1]):
        mine = shapely.union_all([shape for shape, _ in own(lot).values()])
        touching = {key for key, (shape, _) in own(other).items() if shape.intersects(mine)}
        margin = {key: value[1]["margin_of"] for key, value in polygons(lot).items() if key not in own(lot)}
        assert set(margin) == touching
        assert set(margin.values()) == {metadata(other)["name"]}


def test_a_lot_answers_for_its_own_polygons_alone(made, profile):
    whole = check_layer(made.parent, profile=profile)

    parts = [check_layer(lot, profile=profile) for lot in made.lots]

    assert [(part.gap_m2, part.overlap_m2, part.edge_matched) for part in parts] == [(0.0, 0.0, True)] * 2
    assert sum(part.polygons for part in parts) == whole.polygons
    assert [part.footprint for part in parts] == ["lot", "lot"]


def test_work_is_equal_to_an_item(parent, tmp_path):
    made = cut_lot(parent, tmp_path, CutOptions(Way.WORK, 3))

    dearest = max(
        5 + 4 * (area / 1e4) ** 0.5 for (area,) in ask(parent, "SELECT area_m2 FROM occupation_sol")
    )
    hours = [lot.work_s for lot in made]
    assert max(hours) - min(hours) <= 2 * dearest


def test_cells_end_at_the_skeleton(parent, tmp_path):
    made = cut_lot(parent, tmp_path, CutOptions(Way.CELLS, 2))

    sides = []
    for lot in made:
        centres = [shape.centroid.y for key, (shape, _) in own(lot.path).items() if key != ROAD]
        sides.append({y > NORTH - (ROAD_ROW + 0.5) * FIELD_M for y in centres})
    assert sorted(map(sorted, sides)) == [[False], [True]]


def test_lots_by_commune_carry_its_code_to_the_queue(parent, communes, tmp_path):
    made = cut_lot(parent, tmp_path, CutOptions(Way.COMMUNE, communes=communes))

    assert [lot.name for lot in made] == ["commune_33001", "commune_33002"]
    for lot in made:
        assert ask(lot.path, "SELECT DISTINCT commune FROM review_item") == [(lot.name[-5:],)]


def test_a_lot_has_the_schema_and_knows_its_parent(made):
    for path in made.lots:
        for table in TABLES:
            found = [row[1] for row in ask(path, f"PRAGMA table_info({table.name})")]
            assert found == ["fid", *(["geom"] if table.geometry else []), *table.column_names]
        indexes = {row[0] for row in ask(path, "SELECT name FROM sqlite_master WHERE type = 'index'")}
        assert {f"{table}_{'_'.join(columns)}_idx" for table, columns in INDEXES} <= indexes
        told, parent = metadata(path), metadata(made.parent)
        assert told["parent_uuid"] == parent["lot_uuid"] != told["lot_uuid"]
        assert told["profile_json"] == parent["profile_json"]
        area = shapely.area(shapely.from_wkt(told["footprint_wkt"]))
        assert area == pytest.approx(sum(shape.area for shape, _ in own(path).values()))
        (count,) = ask(
            path, "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'occupation_sol'"
        )[0]
        assert count == len(polygons(path))
    register = json.loads(metadata(made.parent)["lots_json"])
    assert [entry["lot_uuid"] for entry in register] == [metadata(path)["lot_uuid"] for path in made.lots]


def test_new_ids_of_lots_lie_apart_and_lots_of_lots_stay_within(handout, tmp_path):
    grandchildren = cut_lot(handout.lots[0], tmp_path / "again", CutOptions(count=2))

    def space(path):
        told = metadata(path)
        return int(told["last_polygon_id"][5:]), int(told.get("polygon_id_limit", "OCSGE9999999999")[5:])

    first, second = (space(path) for path in handout.lots)
    assert first[0] > len(polygons(handout.parent))
    assert second[0] > space(grandchildren[1].path)[1] > space(grandchildren[0].path)[1]
    assert space(handout.parent)[0] >= second[1]
    left, limit = space(handout.lots[0])
    assert limit - left > 10_000, "who has the lot goes on making polygons after it was cut"
    assert space(grandchildren[0].path)[0] > 0
    assert sorted(key for lot in grandchildren for key in own(lot.path)) == sorted(own(handout.lots[0]))


def test_references_and_images_come_along_clipped(parent, communes, tmp_path):
    image = tmp_path / "ortho.tif"
    values = np.random.default_rng(0).integers(0, 255, (4, 900, 900), dtype=np.uint8)
    with rasterio.open(
        image, "w", driver="GTiff", width=900, height=900, count=4, dtype="uint8", crs="EPSG:2154",
        transform=from_origin(WEST - 100, NORTH + 100, 1, 1),
    ) as raster:  # fmt: skip
        raster.write(values)
        raster.update_tags(OCSGE_CLASSES="[]")
    service = "crs=EPSG:2154&format=image/png&layers=ORTHO&styles&url=https://example.org/wms"
    options = CutOptions(
        count=2,
        references=[communes],
        imagery=[
            Image.parse(f"infrared:4,1,2@2022={image}"),
            Image.parse(f"ortho={service}", is_linked=True),
        ],
    )
    lot = cut_lot(parent, tmp_path / "lots", options)[0].path

    ((name, title),) = ask(lot, "SELECT layer, title FROM reference")
    _, _, wkb, _ = pyogrio.raw.read(lot, layer=name)
    frame = shapely.box(*shapely.total_bounds(shapely.from_wkb(wkb)))
    inside = [shape for key, (shape, _) in own(lot).items() if key != ROAD]
    assert title == "communes"
    assert frame.area == pytest.approx(shapely.box(*shapely.total_bounds(inside)).area, rel=0.01)
    (infrared, ortho) = ask(lot, "SELECT role, uri, provider, millesime, bands FROM imagery ORDER BY role")
    assert ortho == ("ortho", service, "wms", None, None)
    assert infrared[2:] == ("gdal", "2022", "4,1,2")
    with rasterio.open(lot.parent / infrared[1]) as clipped:
        window = rasterio.windows.from_bounds(*clipped.bounds, from_origin(WEST - 100, NORTH + 100, 1, 1))
        rows, columns = window.toslices()
        assert (clipped.read() == values[:, rows, columns]).all()
        assert clipped.tags()["OCSGE_CLASSES"] == "[]"
        assert clipped.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert shapely.box(*clipped.bounds).contains(frame)
    (again,) = cut_lot(lot, tmp_path / "again", CutOptions(count=1))
    listed = "SELECT layer, title, source FROM reference"
    assert ask(again.path, listed) == ask(lot, listed) == [(name, "communes", "communes.gpkg")]


def test_what_cannot_be_followed_is_refused_before_anything_is_written(parent, tmp_path):
    for options in (CutOptions(Way.GRID), CutOptions(Way.COMMUNE), CutOptions(Way.WORK)):
        with pytest.raises(CutError) as error:
            cut_lot(parent, tmp_path, options)
        assert "commune.gpkg" in error.value.text("fr")
    with pytest.raises(ImageryError, match="ortho, infrared"):
        Image.parse("photo=ortho.tif")
    assert not list(tmp_path.iterdir())


def test_communes_without_any_are_named(parent, tmp_path):
    path = tmp_path / "rien.gpkg"
    none = [np.array([], dtype=object)]
    pyogrio.raw.write(
        path, none[0], none, ["INSEE_COM"], geometry_type="Polygon", crs="EPSG:2154", driver="GPKG"
    )
    with pytest.raises(VectorError, match=r"rien\.gpkg.*INSEE_COM"):
        cut_lot(parent, tmp_path / "lots", CutOptions(Way.COMMUNE, communes=path))


def test_lots_whose_names_would_meet_are_refused(parent, communes, tmp_path):
    table = pyogrio.raw.read(communes)
    path = tmp_path / "named.gpkg"
    names = [np.array(["L'Isle", "L Isle"], dtype=object)]
    pyogrio.raw.write(
        path, table[2], names, ["INSEE_COM"], geometry_type="Polygon", crs="EPSG:2154", driver="GPKG"
    )
    with pytest.raises(CutError, match="same name"):
        cut_lot(parent, tmp_path / "lots", CutOptions(Way.COMMUNE, communes=path))
    assert not (tmp_path / "lots").exists()


def test_a_lot_that_somebody_works_on_is_not_replaced(handout, tmp_path):
    folder = tmp_path / "lots"
    made = cut_lot(handout.parent, folder, CutOptions(count=2))
    with at_work(made[1].path) as anne:
        anne.cover(anne.own_ids()[0], "CS1.2.2")

    with pytest.raises(ReviewedLotError):
        cut_lot(handout.parent, folder, CutOptions(count=2))


def test_cancelling_leaves_no_unfinished_file_and_the_parent_unchanged(handout, tmp_path):
    class Impatient:
        def update(self, share, message=""):
            if share > 0.6:
                raise Cancelled

    before = metadata(handout.parent)
    with pytest.raises(Cancelled):
        cut_lot(handout.parent, tmp_path / "lots", CutOptions(count=2), Impatient())

    assert metadata(handout.parent) == before
    assert not [path for path in (tmp_path / "lots").iterdir() if ".part" in path.name]


def test_a_gesture_that_comes_in_between_is_told(handout, tmp_path):
    class Colleague:
        has_worked = False

        def update(self, share, message=""):
            if share > 0.6 and not self.has_worked:
                self.has_worked = True
                with at_work(handout.parent, "Chef") as chief:
                    chief.cover(chief.own_ids()[0], "CS1.2.2")

    before = metadata(handout.parent)
    with pytest.raises(LotFileError, match="in between"):
        cut_lot(handout.parent, tmp_path / "lots", CutOptions(count=2), Colleague())
    assert metadata(handout.parent) == before


@pytest.mark.parametrize("fault", ["missing", "truncated", "no lot", "newer"])
def test_a_file_that_is_no_usable_lot_is_named(handout, communes, fault):
    path = handout.parent
    if fault == "missing":
        path = path.with_name("nowhere.gpkg")
    elif fault == "truncated":
        path.write_bytes(path.read_bytes()[:30_000])
    elif fault == "no lot":
        path = communes
    else:
        ask_and_commit(path, "UPDATE lot SET value = '4' WHERE key = 'schema_version'")

    with pytest.raises(LotFileError) as error, open_lot(path) as lot:
        ask(lot.path, "SELECT 1")

    assert path.name in error.value.text("fr")


def ask_and_commit(path, query):
    with open_lot(path, write=True) as lot:
        lot.database.execute(query)
