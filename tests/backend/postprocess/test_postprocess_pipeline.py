# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction to lot, as a function and as a command: conforming, whole or not at all."""

import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from scipy import ndimage

from inference_backend.cli.main import main
from inference_backend.contracts.lot import OCCUPATION_SOL, REVIEW_ITEM
from inference_backend.contracts.prediction import (
    TAG_CLASSES,
    TAG_MODEL,
    PredictedClass,
    encode_classes,
)
from inference_backend.errors import OutputError
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions
from inference_backend.postprocess.lot.reviewed_lot import ReviewedLotError
from inference_backend.postprocess.pipeline import postprocess
from inference_backend.quality.conformity import check_layer

NAMES = ("building", "deciduous", "herbaceous vegetation", "water", "impervious surface")
SIDE_PX = 500


@pytest.fixture(scope="module")
def prediction(tmp_path_factory):
    """1 ha of blobs with scores, noise, undecided pixels and a corner outside the image."""
    rng = np.random.default_rng(11)
    fields = np.stack([ndimage.gaussian_filter(rng.standard_normal((SIDE_PX, SIDE_PX)), 18) for _ in NAMES])
    order = fields.argsort(axis=0)
    top, second = order[-1].astype(np.uint8), order[-2].astype(np.uint8)
    noise = rng.random(top.shape) < 0.03
    top[noise] = rng.integers(0, len(NAMES), int(noise.sum()))
    second[second == top] = (top[second == top] + 1) % len(NAMES)
    margin = np.clip((np.sort(fields, axis=0)[-1] - np.sort(fields, axis=0)[-2]) * 8000, 0, 254)
    confidence = 127 + margin / 2
    undecided = margin < 5
    second[undecided], top[undecided] = top[undecided], 254
    bands = np.stack([top, confidence, second, margin]).astype(np.uint8)
    bands[:, :100, :150] = 255
    path = tmp_path_factory.mktemp("prediction") / "p.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=SIDE_PX, width=SIDE_PX, count=4, dtype="uint8", crs="EPSG:2154",
        transform=from_origin(651_000, 6_860_000, 0.2, 0.2), photometric="MINISBLACK", ALPHA="NO",
        nodata=255,
    ) as raster:  # fmt: skip
        raster.write(bands)
        classes = tuple(PredictedClass(i, name) for i, name in enumerate(NAMES))
        raster.update_tags(**{TAG_CLASSES: encode_classes(classes), TAG_MODEL: "toy 1"})
    return path


@pytest.fixture(scope="module")
def lot(prediction, profile, tmp_path_factory):
    output = tmp_path_factory.mktemp("lot") / "lot.gpkg"
    return output, postprocess(prediction, (), output, profile=profile, millesime="2022", name="toy")


def test_a_reviewed_lot_is_not_replaced(lot, prediction, profile, tmp_path):
    reviewed = tmp_path / "lot.gpkg"
    shutil.copy(lot[0], reviewed)
    with closing(sqlite3.connect(reviewed)) as database, database:
        add_spatial_functions(database)
        database.execute("INSERT INTO edit_journal (seq, gesture_id) VALUES (1, 'g')")
    before = reviewed.read_bytes()
    with pytest.raises(ReviewedLotError, match="1 review gestures"):
        postprocess(prediction, (), reviewed, profile=profile, millesime="2022")
    assert reviewed.read_bytes() == before


def test_the_lot_passes_the_control(lot, profile):
    report = check_layer(lot[0], profile=profile)
    assert report.faults == ()
    assert report.edge_matched
    assert report.footprint == "lot"
    assert report.area_m2 == pytest.approx((SIDE_PX**2 - 100 * 150) * 0.04)


def test_every_row_is_filled_in(lot):
    meta, _, geometry, values = pyogrio.raw.read(lot[0], layer=OCCUPATION_SOL.name)
    columns = dict(zip(meta["fields"], values, strict=True))
    assert list(meta["fields"]) == list(OCCUPATION_SOL.column_names)
    assert len(geometry) == lot[1].polygons > 3
    assert columns["area_m2"] == pytest.approx(shapely.area(shapely.from_wkb(geometry)))
    assert ((columns["confidence"] > 0.5) & (columns["confidence"] <= 1.0)).all()
    assert ((columns["margin"] > 0) & (columns["margin"] < 1)).all()
    assert (columns["runner_up_cs"] != columns["code_cs"]).all()
    assert (columns["undecided_share"] < 0.5).all()
    assert set(columns["source"]) == {"calcul"}
    assert columns["id"].tolist() == [f"OCSGE{i:010d}" for i in range(1, len(geometry) + 1)]
    assert all(columns["us_rule"])
    assert ((columns["us_confidence"] > 0) & (columns["us_confidence"] <= 1)).all()


def test_the_queue_and_the_tables_of_a_lot_are_there(lot):
    layers = {name for name, _ in pyogrio.list_layers(lot[0])}
    assert {"occupation_sol", "zone_construite", "review_item", "edit_journal", "lot"} <= layers
    items = pyogrio.raw.read(lot[0], layer=REVIEW_ITEM.name)[2]
    assert len(items) == lot[1].review_items
    values = pyogrio.raw.read(lot[0], layer="lot")[3]
    table = dict(zip(*values, strict=True))
    assert (table["name"], table["millesime"], table["model"]) == ("toy", "2022", "toy 1")


def test_the_same_prediction_gives_the_same_polygons(lot, prediction, profile, tmp_path):
    again = tmp_path / "again.gpkg"
    postprocess(prediction, (), again, profile=profile, millesime="2022")
    first, second = (pyogrio.raw.read(p, layer="occupation_sol") for p in (lot[0], again))
    assert (first[2] == second[2]).all()


def test_progress_grows_to_one(prediction, profile, tmp_path):
    shares = []

    class Record:
        def update(self, share, message=""):
            shares.append(share)

    postprocess(prediction, (), tmp_path / "lot.gpkg", profile=profile, millesime="2022", progress=Record())
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_lot_that_cannot_be_written_is_said_so_and_the_old_one_stays(lot, prediction, profile, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        postprocess(prediction, (), blocked / "lot.gpkg", profile=profile, millesime="2022")
    assert str(blocked) in caught.value.text("fr")
    assert blocked.read_text(encoding="utf-8") == "in the way"


def test_the_command_takes_a_class_raster_without_georeference(tmp_path, capsys):
    path, output = tmp_path / "c.tif", tmp_path / "lot.gpkg"
    classes = np.kron(np.array([[0, 9], [6, 10]], np.uint8), np.ones((300, 300), np.uint8))
    with rasterio.open(path, "w", driver="GTiff", height=600, width=600, count=1, dtype="uint8") as raster:
        raster.write(classes, 1)
    arguments = ["postprocess", str(path), "-o", str(output), "--millesime", "2020"]
    options = ["--class-table", "flair-1-argmax", "--crs", "EPSG:2154", "--pixel-size", "0.2"]
    assert main(["--lang", "fr", *arguments, *options]) == 0
    assert "polygones" in capsys.readouterr().out
    assert main(["check", str(output), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["polygons"] == 3  # lawn and field are one cover


def test_the_command_refuses_a_raster_without_crs_and_leaves_nothing(tmp_path, capsys):
    path, output = tmp_path / "c.tif", tmp_path / "lot.gpkg"
    with rasterio.open(path, "w", driver="GTiff", height=2, width=2, count=1, dtype="uint8") as raster:
        raster.write(np.zeros((1, 2, 2), np.uint8))
    arguments = ["postprocess", str(path), "-o", str(output), "--millesime", "2020"]
    assert main(["--lang", "fr", *arguments, "--class-table", "flair-hub"]) == 2
    message = capsys.readouterr().err
    assert str(path) in message
    assert "--crs EPSG:2154" in message
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.fixture
def area(tmp_path):
    """A slanted field over the middle of the prediction, or one far away, as a file in another system."""

    def write(dx_m=0.0):
        shape = shapely.Polygon([(20, 13), (81, 30.1), (70.3, 84.7), (30, 79)])
        there = shapely.transform(shape, lambda xy: xy + np.array([651_000 + dx_m, 6_859_900]))
        path = tmp_path / f"area{dx_m:.0f}.gpkg"
        pyogrio.raw.write(
            path, np.array([shapely.to_wkb(there)]), [], [], layer="area", geometry_type="Polygon",
            crs="EPSG:2154",
        )  # fmt: skip
        return path, there

    return write


def test_a_lot_of_an_area_covers_the_pixels_whose_centre_it_holds(prediction, profile, area, tmp_path):
    (file, shape), found = area(), []
    for name, block_px in (("one.gpkg", 1000), ("many.gpkg", 130)):
        postprocess(
            prediction, (), tmp_path / name, profile=profile, millesime="2022", aoi=file, block_px=block_px
        )
        found.append(pyogrio.raw.read(tmp_path / name, layer="occupation_sol")[2].tolist())
    assert found[0] == found[1]
    assert check_layer(tmp_path / "one.gpkg", profile=profile).faults == ()
    ground = shapely.union_all(shapely.from_wkb(found[0]))
    # Every pixel across the outline is in whole or not at all.
    assert ground.symmetric_difference(shape).area < 0.2 * shape.length
    assert shape.buffer(0.2).covers(ground)


def test_an_area_elsewhere_is_said_so_and_nothing_is_made(prediction, area, tmp_path, capsys):
    file, _ = area(dx_m=5000)
    arguments = ["postprocess", str(prediction), "-o", str(tmp_path / "out" / "lot.gpkg")]
    assert main(["--lang", "fr", *arguments, "--millesime", "2022", "--aoi", str(file)]) == 2
    message = capsys.readouterr().err
    assert f"{file} : la zone" in message
    assert "est hors du raster" in message
    assert not (tmp_path / "out").exists()
