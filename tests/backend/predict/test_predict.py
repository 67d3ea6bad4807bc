# SPDX-License-Identifier: GPL-2.0-or-later
"""Predictions against what the network gives for the whole image at once."""

import time
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS

from inference_backend.contracts.prediction import (
    BAND_NAMES,
    NODATA,
    TAG_CLASSES,
    TAG_MODEL,
    TAG_SCHEMA,
    UNDECIDED,
    decode_classes,
)
from inference_backend.errors import Cancelled
from inference_backend.models.reader import read_model
from inference_backend.predict.blocks.block_work import open_worker, plan_work
from inference_backend.predict.blocks.scores import planes_of_scores
from inference_backend.predict.errors import UnexpectedScoresError
from inference_backend.predict.inputs.band_sources import BandChoice
from inference_backend.predict.inputs.raster_checks import same_crs
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .rasters import random_image, write_raster

RGB = ("red", "green", "blue")
LOOK_ALIKE = (
    'PROJCS["EPSG:2154",GEOGCS["unknown",DATUM["unnamed",SPHEROID["unretrievable - using WGS84",6378137,'
    '298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
    'PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],'
    'PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],PARAMETER["standard_parallel_2",44],'
    'PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000],UNIT["metre",1]]'
)


def read(path):
    with rasterio.open(path) as raster:
        return raster.read()


def test_each_pixel_gets_its_own_class(tmp_path, ortho, image, model):
    planes = read(predict([ortho], model, tmp_path / "p.tif"))
    ordered = np.argsort(image, axis=0, kind="stable")
    unique = (np.diff(np.sort(image, axis=0), axis=0) > 0).all(0)
    np.testing.assert_array_equal(planes[0][unique], ordered[-1][unique])
    np.testing.assert_array_equal(planes[2][unique], ordered[-2][unique])


@pytest.mark.parametrize(("side", "beyond"), [(140, "symmetric"), (150, "constant")])
def test_tiles_leave_no_seam(tmp_path, side, beyond, wide_model):
    """Equal to one pass over the whole image: what a tile cannot see never decides.

    The image is mirrored; or ends where the network's own padding begins, where that spares tiles.
    """
    image = random_image(side, side)
    ortho = write_raster(tmp_path / "square.tif", image, RGB)
    planes = read(predict([ortho], wide_model, tmp_path / "p.tif", PredictOptions(overlap_px=8)))
    whole = np.pad(image.astype(np.float32), ((0, 0), (4, 4), (4, 4)), mode=beyond)
    windows = np.lib.stride_tricks.sliding_window_view(whole, (9, 9), axis=(1, 2))
    weights = np.random.default_rng(1).normal(size=(3, 3, 9, 9)) / 1000
    scores = np.einsum("kcij,chwij->khw", weights.astype(np.float32), windows, optimize=True)
    expected = planes_of_scores(scores, np.ones(image.shape[1:], bool), "logits", 0.0)
    np.testing.assert_allclose(planes[1].astype(int), expected[1], atol=1)
    assert (planes[0] == expected[0]).mean() > 0.999


def test_a_smaller_overlap_gives_the_same_pixels(tmp_path, wide_model):
    """The network looks 4 px around a pixel, its card asks for 8; but for the rim, where the image ends."""
    ortho = write_raster(tmp_path / "o.tif", random_image(300, 400), RGB)
    own = read(predict([ortho], wide_model, tmp_path / "own.tif"))
    card = read(predict([ortho], wide_model, tmp_path / "card.tif", PredictOptions(overlap_px=8)))
    np.testing.assert_allclose(own[[1, 3], 4:-4, 4:-4].astype(int), card[[1, 3], 4:-4, 4:-4], atol=1)
    assert (own[0] == card[0])[4:-4, 4:-4].mean() > 0.999


def test_the_result_is_a_cog_that_says_what_it_holds(tmp_path, image, model):
    large = write_raster(tmp_path / "large.tif", random_image(700, 1300), RGB)
    path = predict([large], model, tmp_path / "new folder" / "p.tif")
    with rasterio.open(path) as raster, rasterio.open(large) as source:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.overviews(1)
        assert raster.descriptions == BAND_NAMES
        assert raster.dtypes == ("uint8",) * 4
        assert raster.nodata == NODATA
        assert (raster.crs, raster.transform, raster.shape) == (source.crs, source.transform, source.shape)
        tags = raster.tags()
        assert [c.name for c in decode_classes(tags[TAG_CLASSES])] == ["water", "building", "other"]
        assert (tags[TAG_MODEL], tags[TAG_SCHEMA]) == ("tiny 1", "1")
        first_overview = raster.read(1, out_shape=(350, 650))
        assert set(np.unique(first_overview)) <= {0, 1, 2}  # nearest: no class between two classes


def test_bands_come_from_several_files_in_the_models_order(tmp_path, image, model):
    blue = write_raster(tmp_path / "blue.tif", image[2:], ("BLUE",))
    others = write_raster(tmp_path / "others.tif", image[[1, 0]], ("Green", "red"))
    planes = read(predict([blue, others], model, tmp_path / "p.tif"))
    unique = (np.diff(np.sort(image, axis=0), axis=0) > 0).all(0)
    np.testing.assert_array_equal(planes[0][unique], image.argmax(0)[unique])


def test_bands_may_be_named_one_by_one_and_filled(tmp_path, image, model):
    plain = write_raster(tmp_path / "plain.tif", image)
    choice = BandChoice.parse(f"red={plain}:3,green={plain}:1", "blue=255")
    planes = read(predict([plain], model, tmp_path / "p.tif", PredictOptions(choice=choice)))
    assert (planes[0] == 2).all()


def test_scores_are_those_of_standardised_bands(tmp_path, image):
    scaled = tuple(replace(band, scale=1 / 255, mean=0.5, std=0.25) for band in card().bands)
    model = write_conv_model(tmp_path / "m.onnx", brightest_band(), replace(card(), bands=scaled))
    ortho = write_raster(tmp_path / "o.tif", image, RGB)
    planes = read(predict([ortho], model, tmp_path / "p.tif"))
    logits = ((image / 255 - 0.5) / 0.25).astype(np.float32)
    expected = planes_of_scores(logits, np.ones(image.shape[1:], bool), "logits", 0.0)
    np.testing.assert_allclose(planes[1].astype(int), expected[1], atol=1)


def test_pixels_no_class_wins_are_undecided(tmp_path, ortho):
    model = write_conv_model(tmp_path / "m.onnx", brightest_band() * 0, card(min_confidence=0.5))
    assert (read(predict([ortho], model, tmp_path / "p.tif"))[0] == UNDECIDED).all()


def test_outside_the_image_is_nodata_but_a_white_roof_is_not(tmp_path, image, model):
    image[:, :, 100:] = 255
    image[:, 40:46, 40:46] = 255
    ortho = write_raster(tmp_path / "o.tif", image, RGB, nodata=255)
    planes = read(predict([ortho], model, tmp_path / "p.tif"))
    assert (planes[:, :, 100:] == NODATA).all()
    assert (planes[:, :, :100] != NODATA).all()


def test_an_infrared_in_a_band_called_alpha_does_not_mask_the_image(tmp_path, image):
    four = np.concatenate([image, np.zeros_like(image[:1])])
    ortho = write_raster(tmp_path / "o.tif", four, (*RGB, "nir"), photometric="RGB", ALPHA="YES")
    model = write_conv_model(
        tmp_path / "m.onnx", brightest_band(4), card(bands=(*RGB, "nir"), classes="abcd")
    )
    assert (read(predict([ortho], model, tmp_path / "p.tif")) != NODATA).all()


def test_a_hole_in_the_heights_is_not_a_hole_in_the_result(tmp_path, image):
    height = np.full((1, 150, 170), 3, np.float32)
    height[:, :, 80:] = -9999
    ortho = write_raster(tmp_path / "o.tif", image, RGB)
    heights = write_raster(tmp_path / "h.tif", height, ("height",), nodata=-9999)
    weights = np.zeros((2, 4, 1, 1))
    weights[1, 3] = 1
    weights[0, 3] = -1
    model = write_conv_model(tmp_path / "m.onnx", weights, card(bands=(*RGB, "height"), classes="ab"))
    planes = read(predict([ortho, heights], model, tmp_path / "p.tif"))
    assert (planes[0, :, :80] == 1).all()
    assert (planes[1, :, 80:] == 128).all()  # as if on the ground, where both classes are equal


@pytest.mark.parametrize(("last", "valid"), [("Softmax", False), ("ArgMax", False), ("", True)])
def test_models_of_other_outputs_run(tmp_path, ortho, image, last, valid):
    props = {"class_names": '["a", "b", "c"]', "resolution": "20", "tile_size": "64", "tiles_overlap": "25"}
    weights = brightest_band()
    if valid:  # the network returns 62 px of 64
        weights = np.zeros((3, 3, 3, 3))
        weights[[0, 1, 2], [0, 1, 2], 1, 1] = 1
    model = write_conv_model(tmp_path / "m.onnx", weights, None, last=last, valid=valid, props=props)
    planes = read(predict([ortho], model, tmp_path / "p.tif"))
    unique = (np.diff(np.sort(image, axis=0), axis=0) > 0).all(0)
    np.testing.assert_array_equal(planes[0][unique], image.argmax(0)[unique])


def test_an_engine_that_answers_with_less_than_its_network_promised_is_refused(tmp_path, wide_model):
    """Tiles end at the raster's edge because nothing of the answer is missing there."""
    ortho = write_raster(tmp_path / "o.tif", random_image(100, 100), RGB)

    class Short:
        name, precision, workers = "short", "f32", 1

        def infer(self, values):
            return np.zeros((1, 3, 62, 62), np.float32)

    work = plan_work([ortho], wide_model, PredictOptions(engine="onnxruntime", overlap_px=8))
    assert work.lattice.edge_px
    with open_worker(work, engine=Short()) as worker, pytest.raises(UnexpectedScoresError, match="62"):
        worker.compute(list(work.lattice), lambda *_: None, lambda _: None)


def test_a_raster_smaller_than_a_tile_is_mirrored(tmp_path, model):
    small = random_image(5, 9)
    ortho = write_raster(tmp_path / "o.tif", small, RGB)
    assert read(predict([ortho], model, tmp_path / "p.tif")).shape == (4, 5, 9)


def test_resample_brings_other_resolutions_and_grids_together(tmp_path, model):
    blocks = np.kron(random_image(30, 40), np.ones((1, 5, 5), np.uint8))
    coarse = write_raster(tmp_path / "coarse.tif", blocks[:, ::5, ::5][:2], ("red", "green"), pixel_m=1.0)
    fine = write_raster(tmp_path / "fine.tif", blocks[2:], ("blue",), pixel_m=0.2)
    planes = read(predict([coarse, fine], model, tmp_path / "p.tif", PredictOptions(resample=True)))
    assert planes.shape == (4, 150, 200)
    centres = (slice(2, None, 5), slice(2, None, 5))
    values = blocks[:, 2::5, 2::5]
    unique = (np.diff(np.sort(values, axis=0), axis=0) > 0).all(0)
    np.testing.assert_array_equal(planes[0][centres][unique], values.argmax(0)[unique])


def test_a_crs_with_an_unnamed_datum_is_kept_and_is_the_same_as_the_official_one(tmp_path, image, model):
    assert CRS.from_wkt(LOOK_ALIKE).to_epsg() is None
    assert same_crs(CRS.from_wkt(LOOK_ALIKE), CRS.from_epsg(2154))
    assert not same_crs(CRS.from_wkt(LOOK_ALIKE), CRS.from_epsg(27572))
    odd = write_raster(tmp_path / "odd.tif", image[:2], ("red", "green"), crs=LOOK_ALIKE)
    official = write_raster(tmp_path / "official.tif", image[2:], ("blue",))
    path = predict([odd, official], model, tmp_path / "p.tif")
    with rasterio.open(path) as raster:
        assert same_crs(raster.crs, CRS.from_epsg(2154))
    path = predict([odd, official], model, tmp_path / "p.tif", PredictOptions(crs="EPSG:2154"))
    with rasterio.open(path) as raster:
        assert raster.crs.to_epsg() == 2154


class Stop:
    """Cancels at the n-th report, as a user does."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.stopped_at = 0.0

    def update(self, share: float, message: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            self.stopped_at = time.monotonic()
            raise Cancelled


def test_cancelling_stops_within_a_second_and_leaves_nothing_that_looks_whole(tmp_path, model):
    ortho = write_raster(tmp_path / "o.tif", random_image(1500, 1500), RGB)
    stop = Stop(after=2)
    folder = tmp_path / "out"
    with pytest.raises(Cancelled):
        predict([ortho], model, folder / "p.tif", progress=stop)
    assert time.monotonic() - stop.stopped_at < 1
    assert not folder.exists()  # no block was finished


def test_progress_goes_from_nothing_to_all(tmp_path, ortho, model):
    shares = []

    class Keep:
        def update(self, share: float, message: str = "") -> None:
            shares.append(share)

    predict([ortho], model, tmp_path / "p.tif", progress=Keep())
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_the_classes_of_the_card_reach_the_table(tmp_path, ortho, model):
    path = predict([ortho], model, tmp_path / "p.tif")
    with rasterio.open(path) as raster:
        names = [c.name for c in decode_classes(raster.tags()[TAG_CLASSES])]
    assert tuple(names) == read_model(model).card.classes
