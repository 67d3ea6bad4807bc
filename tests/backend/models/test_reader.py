# SPDX-License-Identifier: GPL-2.0-or-later
import json

import numpy as np
import onnx
import pytest

from inference_backend.contracts.model_card import METADATA_KEY, ModelCard
from inference_backend.errors import ModelError
from inference_backend.models.deepness import deepness_metadata
from inference_backend.models.errors import (
    BadModelValueError,
    CardMismatchError,
    NoModelCardError,
    UnreadableModelError,
    UnsupportedModelError,
)
from inference_backend.models.reader import default_model_path, read_model

from .onnx_files import brightest_band, card, write_conv_model

DEEPNESS = {
    "model_type": '"Segmentor"',
    "class_names": '{"0": "water", "1": "building", "2": "other"}',
    "resolution": "20",
    "tiles_overlap": "25",
    "seg_thresh": "0.4",
}


def test_own_card_comes_back_whole(tmp_path):
    expected = card(min_confidence=0.3, description="été", scores={"a": 1})
    assert read_model(write_conv_model(tmp_path / "m.onnx", brightest_band(), expected)).card == expected


@pytest.mark.parametrize("spelling", ["tile_size", "tiles_size"])
def test_deepness_keys_in_percent_and_centimetres_become_pixels_and_metres(tmp_path, spelling):
    props = {**DEEPNESS, spelling: "64"}
    found = read_model(write_conv_model(tmp_path / "m.onnx", brightest_band(), None, props=props)).card
    assert (found.resolution_m, found.tile_px, found.overlap_px) == (0.2, 64, 8)
    assert found.classes == ("water", "building", "other")
    assert [band.name for band in found.bands] == ["red", "green", "blue"]
    assert found.min_confidence == 0.4
    assert found.output == "logits"


def test_deepness_statistics_apply_after_the_division_by_255(tmp_path):
    props = {
        **DEEPNESS,
        "tile_size": "64",
        "standardization_mean": "[0.4, 0.5, 0.6]",
        "standardization_std": "[0.1, 0.2, 0.3]",
    }
    band = read_model(write_conv_model(tmp_path / "m.onnx", brightest_band(), None, props=props)).card.bands[
        1
    ]
    assert (255 * band.scale - band.mean) / band.std == pytest.approx((1.0 - 0.5) / 0.2)


def test_statistics_written_for_bytes_are_not_divided_again(tmp_path):
    props = {
        **DEEPNESS,
        "tile_size": "64",
        "standardization_mean": "[105.08, 110.87, 101.82]",
        "standardization_std": "[52.17, 45.38, 44.0]",
    }
    band = read_model(write_conv_model(tmp_path / "m.onnx", brightest_band(), None, props=props)).card.bands[
        0
    ]
    assert (105.08 * band.scale - band.mean) / band.std == pytest.approx(0, abs=1e-6)


def test_class_names_may_be_a_list_of_dicts_and_one_channel_gains_a_background(tmp_path):
    props = {**DEEPNESS, "tile_size": "64", "class_names": '[{"0": "Coffee"}]'}
    weights = brightest_band()[:1]
    found = read_model(write_conv_model(tmp_path / "m.onnx", weights, None, last="Sigmoid", props=props)).card
    assert (found.classes, found.output) == (("background", "Coffee"), "sigmoid")


def test_what_we_write_for_deepness_reads_back_as_the_same_model(tmp_path):
    original = card(overlap_px=8)
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), None, props=deepness_metadata(original))
    found = read_model(path).card
    values = np.array([0.0, 128.0, 255.0])
    for ours, theirs in zip(original.bands, found.bands, strict=True):
        expected = (values * ours.scale - ours.mean) / ours.std
        np.testing.assert_allclose((values * theirs.scale - theirs.mean) / theirs.std, expected, atol=1e-9)
    assert (found.resolution_m, found.tile_px, found.overlap_px) == (0.2, 64, 8)


@pytest.mark.parametrize(
    ("last", "kind"), [("", "logits"), ("Softmax", "softmax"), ("Sigmoid", "sigmoid"), ("ArgMax", "argmax")]
)
def test_what_the_output_holds_is_told_from_its_operator(tmp_path, last, kind):
    props = {**DEEPNESS, "tile_size": "64"}
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), None, last=last, props=props)
    assert read_model(path).card.output == kind


def _without_card(path):
    return write_conv_model(path, brightest_band(), None)


def _other_channels(path):
    return write_conv_model(path, np.ones((3, 4, 1, 1)), card())


def _other_tile(path):
    return write_conv_model(path, brightest_band(), card(tile_px=128))


def _other_classes(path):
    return write_conv_model(path, np.ones((5, 3, 1, 1)), card())


def _broken_json(path):
    return write_conv_model(path, brightest_band(), None, props={METADATA_KEY: "{"})


def _overlap_over_half(path):
    return write_conv_model(path, brightest_band(), card(overlap_px=32))


def _hole_in_names(path):
    props = {**DEEPNESS, "tile_size": "64", "class_names": '{"0": "a", "2": "b"}'}
    return write_conv_model(path, brightest_band(), None, props=props)


def _truncated(path):
    whole = write_conv_model(path, brightest_band(), card()).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _not_onnx(path):
    path.write_text("<html>404</html>")
    return path


def _absent(path):
    return path


@pytest.mark.parametrize(
    ("make", "error", "named"),
    [
        (_without_card, NoModelCardError, "--resolution"),
        (_other_channels, CardMismatchError, "4"),
        (_other_tile, CardMismatchError, "128"),
        (_other_classes, CardMismatchError, "5"),
        (_broken_json, BadModelValueError, METADATA_KEY),
        (_overlap_over_half, BadModelValueError, "overlap_px"),
        (_hole_in_names, BadModelValueError, "class_names"),
        (_truncated, UnreadableModelError, "ONNX"),
        (_not_onnx, UnreadableModelError, "ONNX"),
        (_absent, UnreadableModelError, "ONNX"),
    ],
)
def test_an_unusable_model_is_refused_with_file_value_and_remedy(tmp_path, make, error, named):
    path = make(tmp_path / "model.onnx")
    with pytest.raises(error) as caught:
        read_model(path)
    assert isinstance(caught.value, ModelError)
    for language in ("en", "fr"):
        text = caught.value.text(language)
        assert str(path) in text
        assert named in text
    assert caught.value.text("fr") != caught.value.text("en")


def test_a_flat_network_is_refused(tmp_path):
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["x"], ["y"])],
        "flat",
        [onnx.helper.make_tensor_value_info("x", 1, [1, 8])],
        [onnx.helper.make_tensor_value_info("y", 1, [1, 8])],
    )
    path = tmp_path / "flat.onnx"
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, str(path))
    with pytest.raises(UnsupportedModelError, match=r"\[1, 8\] float"):
        read_model(path)


def test_the_embedded_model_is_small_complete_and_honest():
    path = default_model_path()
    model = read_model(path)
    assert path.stat().st_size <= 4_000_000
    assert [band.name for band in model.card.bands] == ["red", "green", "blue", "nir", "height"]
    assert model.card.resolution_m == 0.2
    assert "not a production model" in model.card.description
    assert set(model.card.scores["classes"]) <= set(model.card.classes)
    assert json.loads(model.graph.metadata["tile_size"]) == json.loads(model.graph.metadata["tiles_size"])
    assert ModelCard.from_dict(model.card.to_dict()) == model.card
