# SPDX-License-Identifier: GPL-2.0-or-later
"""Interactive models through real ONNX files of the signatures that SAM and SAM 2 are exported with."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from inference_backend.annotation.errors import BadLabelsError, InteractiveModelError, NoSuchModelError
from inference_backend.annotation.interactive_models import InteractiveModels, pairs_in
from inference_backend.annotation.types import make_patch
from scripts.interactive_models import write_models

HEIGHT, WIDTH = 96, 160
INSIDE = (slice(20, 70), slice(100, 150))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("interactive")
    write_models(folder)
    return folder


@pytest.fixture(scope="module")
def patch():
    """A bright roof on dark ground; wider than high, so that a wrong aspect would show."""
    image = np.random.default_rng(1).integers(20, 40, (3, HEIGHT, WIDTH)).astype(np.uint8)
    image[(slice(None), *INSIDE)] += 180
    return make_patch(image)


@pytest.fixture(scope="module", params=["toy-sam", "toy-sam2"])
def model(request, folder):
    return InteractiveModels(folder).model(request.param)


@pytest.fixture(scope="module")
def embedding(model, patch):
    return model.encode(patch)


def overlap(mask):
    roof = np.zeros((HEIGHT, WIDTH), bool)
    roof[INSIDE] = True
    return (mask & roof).sum() / (mask | roof).sum()


def test_a_point_gives_the_thing_under_it_where_it_is(model, embedding):
    masks, scores = model.masks(embedding, np.array([[125, 45]], np.float32), np.array([1], np.int8))
    assert masks.shape == (3, HEIGHT, WIDTH)
    assert masks.dtype == np.bool_
    assert max(overlap(mask) for mask in masks) > 0.75
    assert (np.diff(scores) <= 0).all()


def test_a_negative_point_takes_away(model, embedding):
    points = np.array([[20, 20], [20, 85]], np.float32)
    alone, _ = model.masks(embedding, points[:1], np.array([1], np.int8))
    both, _ = model.masks(embedding, points, np.array([1, 0], np.int8))
    assert alone.sum() > both.sum() > 0
    assert not both[:, 85, 20].any()


def test_a_box_keeps_the_mask_inside(model, embedding):
    corners = np.array([[95, 10], [155, 80]], np.float32)
    masks, _ = model.masks(embedding, corners, np.array([2, 3], np.int8))
    assert max(overlap(mask) for mask in masks) > 0.75
    assert not masks[:, :, :85].any()


def test_an_embedding_of_a_former_session_serves(folder, model, patch, embedding, tmp_path):
    np.savez(tmp_path / "kept.npz", **embedding)
    with np.load(tmp_path / "kept.npz") as kept:
        again = dict(kept)
    point, inside = np.array([[125, 45]], np.float32), np.array([1], np.int8)
    assert np.array_equal(model.masks(again, point, inside)[0], model.masks(embedding, point, inside)[0])


@pytest.mark.parametrize(
    ("points", "labels"),
    [
        (np.zeros((0, 2), np.float32), np.zeros(0, np.int8)),
        (np.zeros((1, 3), np.float32), np.ones(1, np.int8)),
        (np.full((1, 2), np.nan, np.float32), np.ones(1, np.int8)),
        (np.zeros((1, 2), np.float32), np.full(1, 7, np.int8)),
    ],
)
def test_points_that_mean_nothing_are_refused(model, embedding, points, labels):
    with pytest.raises(BadLabelsError):
        model.masks(embedding, points, labels)


def test_an_embedding_of_another_model_is_refused(model):
    with pytest.raises(BadLabelsError, match="embedding"):
        model.masks({"x": np.zeros(1)}, np.zeros((1, 2), np.float32), np.ones(1, np.int8))


def test_an_embedding_of_another_shape_is_refused(model, embedding):
    broken = {name: array[..., :5] for name, array in embedding.items()}
    with pytest.raises(InteractiveModelError):
        model.masks(broken, np.zeros((1, 2), np.float32), np.ones(1, np.int8))


def test_pairs_are_found_by_name_and_by_folder(folder, tmp_path):
    (tmp_path / "sam_vit_b").mkdir()
    for part in ("encoder", "decoder"):
        shutil.copy(folder / f"toy-sam.{part}.onnx", tmp_path / "sam_vit_b" / f"{part}.onnx")
        shutil.copy(folder / f"toy-sam2.{part}.onnx", tmp_path / f"sam2_tiny.{part}.onnx")
    (tmp_path / "alone.encoder.onnx").write_bytes(b"")
    assert sorted(pairs_in(tmp_path)) == ["sam2_tiny", "sam_vit_b"]


def test_a_broken_model_is_named_and_the_others_work(folder, tmp_path):
    for part in ("encoder", "decoder"):
        shutil.copy(folder / f"toy-sam.{part}.onnx", tmp_path / f"good.{part}.onnx")
        (tmp_path / f"bad.{part}.onnx").write_bytes(b"not a model")
        shutil.copy(folder / "toy-sam.encoder.onnx", tmp_path / f"odd.{part}.onnx")
    models = InteractiveModels(tmp_path)
    ready = {entry["name"]: entry["ready"] for entry in models.describe()}
    assert ready == {"bad": False, "good": True, "odd": False}
    with pytest.raises(InteractiveModelError, match=r"bad\.encoder"):
        models.model("bad")
    with pytest.raises(InteractiveModelError, match="input_image"):
        models.model("odd")
    with pytest.raises(NoSuchModelError, match="good"):
        models.model("none")


def test_another_model_under_the_same_name_is_another(folder, tmp_path):
    """Embeddings of the former one, kept anywhere, are of no use to it."""
    for part in ("encoder", "decoder"):
        shutil.copy(folder / f"toy-sam.{part}.onnx", tmp_path / f"mine.{part}.onnx")
    models = InteractiveModels(tmp_path)
    (before,), mark = models.describe(), models.mark("mine")
    for part in ("encoder", "decoder"):
        shutil.copy(folder / f"toy-sam2.{part}.onnx", tmp_path / f"mine.{part}.onnx")
    (after,) = models.describe()
    assert before["digest"] != after["digest"]
    assert before["kind"] != after["kind"]
    assert models.mark("mine") != mark
