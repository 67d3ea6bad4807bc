# SPDX-License-Identifier: GPL-2.0-or-later
"""Predictions and class rasters as files: what is read, and what each bad file is told."""

import json
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.prediction import prediction_errors as errors
from inference_backend.postprocess.prediction.class_tables import known_tables, read_class_table
from inference_backend.postprocess.prediction.prediction_reader import ReadOptions, open_prediction
from tests.backend.postprocess.vector_files import write_layer

CLASSES = (
    PredictedClass(0, "building"),
    PredictedClass(1, "deciduous"),
    PredictedClass(2, "herbaceous vegetation"),
    PredictedClass(3, "plowed land"),
    PredictedClass(4, "other"),
)
TRANSFORM = from_origin(651_000.0, 6_860_000.0, 0.2, 0.2)


@pytest.fixture
def write(tmp_path):
    def make(bands, classes=CLASSES, crs="EPSG:2154", transform=TRANSFORM, nodata=None, name="p.tif"):
        bands = np.asarray(bands)
        path = tmp_path / name
        options = {} if transform is None else {"transform": transform}
        with rasterio.open(
            path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands),
            dtype=bands.dtype, crs=crs, nodata=nodata, photometric="MINISBLACK", ALPHA="NO", **options,
        ) as raster:  # fmt: skip
            raster.write(bands)
            if classes:
                raster.update_tags(**{TAG_CLASSES: encode_classes(classes)})
        return path

    return make


def whole(path, profile, codes, options=None):
    with open_prediction(path, profile, codes, options) as prediction:
        window = Window(0, 0, *prediction.shape)
        prediction.check_values(prediction.read_classes(window)[1])
        return prediction.read(window)


@pytest.fixture
def read(profile, codes):
    def run(path, **options):
        return whole(path, profile, codes, ReadOptions(**options))

    return run


def _u8(*bands):
    return np.array(bands, np.uint8)


def test_classes_become_covers_by_name_and_scores_come_along(write, read, codes):
    path = write(_u8([[0, 1, 254, 255]], [[254, 200, 90, 255]], [[1, 0, 1, 255]], [[250, 60, 5, 255]]))
    planes = read(path)
    assert [codes.cs[i] for i in planes.cs[0]] == ["CS1.1.1.1", "CS2.1.1.1", "", ""]
    assert [codes.cs[i] for i in planes.runner_up[0]] == ["CS2.1.1.1", "CS1.1.1.1", "CS2.1.1.1", ""]
    assert planes.inside.tolist() == [[True, True, True, False]]
    assert planes.confidence.tolist() == [[254, 200, 90, 0]]
    assert planes.margin.tolist() == [[250, 60, 5, 0]]
    assert planes.grid.transform == TRANSFORM


def test_two_classes_of_one_cover_are_not_rivals(write, read):
    planes = read(write(_u8([[2]], [[100]], [[3]], [[2]])))
    assert planes.runner_up.tolist() == [[0]]


def test_a_class_without_cover_is_undecided_and_a_class_may_hint_at_a_use(write, read, codes):
    planes = read(write(_u8([[4, 3]])))
    assert planes.cs[0, 0] == 0
    assert codes.us[planes.us_hint[0, 1]] == "US1.1"
    assert planes.confidence is None


def test_declared_nodata_is_outside(write, read):
    planes = read(write(_u8([[0, 77]]), nodata=77))
    assert planes.inside.tolist() == [[True, False]]


def test_a_file_without_georeference_is_placed_by_options(write, read, codes):
    path = write(_u8([[0, 1], [1, 1]]), classes=None, crs=None, transform=None)
    planes = read(path, class_table="flair-1-argmax", crs="EPSG:2154", pixel_m=0.2)
    assert planes.grid.bounds == pytest.approx((0.0, 0.0, 0.4, 0.4))
    assert planes.grid.crs.to_epsg() == 2154
    assert codes.cs[planes.cs[0, 0]] == "CS1.1.1.1"


@pytest.mark.parametrize("table", known_tables())
def test_every_class_of_the_tables_that_come_along_is_known_to_the_profile(table, profile):
    classes = read_class_table(table)
    assert len(classes) >= 15
    assert [c.name for c in classes if not profile.knows_class(c.name)] == []


def test_the_two_numberings_of_flair_1_differ_by_one():
    values = {c.name: c.index for c in read_class_table("flair-1")}
    assert {c.name: c.index + 1 for c in read_class_table("flair-1-argmax")} == values


def test_a_class_table_may_be_a_file_with_cover_codes(write, read, codes, tmp_path):
    table = tmp_path / "mine.json"
    table.write_text(json.dumps([{"index": 9, "name": "dune", "code_cs": "CS1.2.1"}]), encoding="utf-8")
    planes = read(write(_u8([[9]]), classes=None), class_table=str(table))
    assert codes.cs[planes.cs[0, 0]] == "CS1.2.1"


def _refusal(read, path, error, *words, **options):
    with pytest.raises(error) as caught:
        read(path, **options)
    for language in ("en", "fr"):
        text = caught.value.text(language)
        assert str(path) in text or str(options.get("class_table")) in text
        for word in words:
            assert word in text
    assert caught.value.text("fr") != caught.value.text("en")


def test_no_class_table(write, read):
    _refusal(read, write(_u8([[0]]), classes=None), errors.NoClassTable, "--class-table", "flair-hub")


def test_unknown_indices_are_listed(write, read):
    _refusal(read, write(_u8([[0, 19, 20]])), errors.UnknownIndices, "19, 20", "--class-table")


def test_unknown_runner_up_indices_are_refused_too(write, read):
    path = write(_u8([[0]], [[9]], [[42]], [[9]]))
    _refusal(read, path, errors.UnknownIndices, "42")


def test_unknown_class_name(write, read):
    path = write(_u8([[0]]), classes=(PredictedClass(0, "lava"),))
    _refusal(read, path, errors.UnknownClass, "lava", "class_to_cover")


def test_unknown_table_name(write, read):
    path = write(_u8([[0]]), classes=None)
    _refusal(read, path, errors.BadClassTable, "flair-7", "flair-1-argmax", class_table="flair-7")


def test_no_crs(write, read):
    _refusal(read, write(_u8([[0]]), crs=None), errors.NoGeoreference, "--crs EPSG:2154")


def test_no_place(write, read):
    path = write(_u8([[0, 0]]), crs=None, transform=None)
    _refusal(read, path, errors.NoGeoreference, "--pixel-size", crs="EPSG:2154")


def test_geographic_crs(write, read):
    path = write(_u8([[0]]), crs="EPSG:4326", transform=from_origin(2.0, 48.0, 1e-6, 1e-6))
    _refusal(read, path, errors.WrongCrs, "EPSG:4326", "gdalwarp")


def test_crs_in_feet(write, read):
    _refusal(read, write(_u8([[0]]), crs="EPSG:2225"), errors.WrongCrs, "EPSG:2225")


@pytest.mark.parametrize(
    "transform",
    [
        from_origin(0, 0, 0.2, 0.25),
        rasterio.Affine(0.2, 0.01, 0, 0.01, -0.2, 0),
        rasterio.Affine(0.2, 0, 0, 0, 0.2, 5),
    ],
    ids=["oblong", "rotated", "south-up"],
)
def test_pixels_that_are_not_square_and_north_up(write, read, transform):
    _refusal(read, write(_u8([[0]]), transform=transform), errors.WrongPixels, "gdalwarp")


@pytest.mark.parametrize("bands", [np.zeros((2, 1, 1), np.uint8), np.zeros((1, 1, 1), np.float32)])
def test_other_bands_than_a_prediction_has(write, read, bands):
    _refusal(read, write(bands), errors.WrongBands, "ocsge predict")


def test_truncated_file(write, read):
    noise = np.random.default_rng(0).integers(0, 4, (1, 300, 300)).astype(np.uint8)
    path = write(noise)
    path.write_bytes(path.read_bytes()[:40_000])
    _refusal(read, path, errors.UnreadablePrediction)


def test_missing_file(read, tmp_path):
    _refusal(read, tmp_path / "absent.tif", errors.UnreadablePrediction)


def test_nothing_but_outside(write, read):
    _refusal(read, write(_u8([[255, 255]])), errors.NothingInside)


def test_an_area_beside_the_image(write, read, tmp_path):
    path = write(_u8([[255, 0]]))
    with rasterio.open(path) as raster:
        left, bottom, right, top = raster.bounds
    half = shapely.box(left, bottom, (left + right) / 2, top)
    area = write_layer(tmp_path / "area.gpkg", "area", [half])
    _refusal(read, path, errors.NothingInArea, str(area), aoi=area)
    assert read(write(_u8([[0, 255]])), aoi=area).inside.tolist() == [[True, False]]


@pytest.mark.parametrize("bands", [1, 4])
def test_windows_read_by_several_threads_are_parts_of_the_whole(write, profile, codes, bands):
    values = np.random.default_rng(1).choice([0, 1, 2, 3, 4, 254, 255], (bands, 90, 70)).astype(np.uint8)
    path = write(values)
    all_of_it = whole(path, profile, codes)
    windows = [Window(row, col, min(40, 90 - row), 35) for row in (0, 40, 80) for col in (0, 35)]
    with open_prediction(path, profile, codes) as prediction, ThreadPoolExecutor(3) as pool:
        parts = list(pool.map(pickle.loads(pickle.dumps(prediction)).read, windows))
    names = ("cs", "runner_up", "inside", "us_hint", *(("confidence", "margin") if bands == 4 else ()))
    for window, part in zip(windows, parts, strict=True):
        assert part.grid == window.grid(all_of_it.grid)
        for name in names:
            np.testing.assert_array_equal(getattr(part, name), getattr(all_of_it, name)[window.slices])


def test_a_first_look_counts_values_and_gives_the_same_covers(write, profile, codes):
    values = np.random.default_rng(2).choice([0, 1, 2, 255], (4, 50, 60)).astype(np.uint8)
    with open_prediction(write(values), profile, codes) as prediction:
        window = Window(10, 0, 30, 60)
        planes, counts = prediction.read_classes(window)
        np.testing.assert_array_equal(planes.cs, prediction.read(window).cs)
    first, second = values[0, 10:40], values[2, 10:40]
    expected = np.bincount(first.ravel(), minlength=256) + np.bincount(second[first < 255], minlength=256)
    assert counts.tolist() == expected.tolist()
