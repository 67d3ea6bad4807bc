# SPDX-License-Identifier: GPL-2.0-or-later
"""Descriptions beside a model: STAC MLM both ways, GeoAI's file, presets."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from inference_backend.contracts.model_card import InputBand
from inference_backend.models.errors import (
    BadSidecarError,
    CardMismatchError,
    NoModelCardError,
    UnknownPresetError,
    UnsupportedModelError,
)
from inference_backend.models.presets import draft_from_preset, preset_names
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.models.sidecars import sidecar_path, write_sidecar
from inference_backend.models.stac_write import stac_item

from . import onnx_kinds as kinds
from .onnx_files import brightest_band, card, write_conv_model

MLM = "https://stac-extensions.github.io/mlm/v1.5.2/schema.json"
CLASS_NAME = re.compile(r"^[0-9A-Za-z-_]+$")


def standardised(band: InputBand) -> np.ndarray:
    return (np.array([0.0, 100.0, 255.0]) * band.scale - band.mean) / band.std


def described(folder, change=lambda item: None, **card_changes):
    """A model that says nothing itself, and its item."""
    path = write_conv_model(folder / "m.onnx", brightest_band(), replace(card(), **card_changes))
    model = read_model(path)
    item = stac_item(model.card, model.graph, path)
    write_conv_model(path, brightest_band(), None)
    item["assets"]["model"].pop("file:size")
    change(item)
    sidecar_path(path).write_text(json.dumps(item))
    return path


def test_a_card_comes_back_from_its_stac_item(tmp_path):
    bands = (
        InputBand("red", 1 / 255, 0.4, 0.2),
        InputBand("nir", 1, 106.38, 39.69),
        InputBand("height", 5, 3, 2),
    )
    values = {
        "name": "mine",
        "version": "3",
        "resolution_m": 0.25,
        "overlap_px": 11,
        "classes": ("swimming pool", "été", "a_b"),
        "output": "softmax",
        "min_confidence": 0.35,
        "description": "Forêts d'été",
        "licence": "etalab-2.0",
        "scores": {"miou": 0.67},
        "bands": bands,
    }
    found = read_model(described(tmp_path, **values)).card
    for field, value in values.items():
        if field != "bands":
            assert getattr(found, field) == value, field
    assert [band.name for band in found.bands] == [band.name for band in bands]
    for ours, theirs in zip(bands, found.bands, strict=True):
        np.testing.assert_allclose(standardised(theirs), standardised(ours), rtol=1e-12)


def test_the_embedded_model_has_what_the_extension_requires(tmp_path):
    model = read_model(default_model_path())
    item = stac_item(model.card, model.graph, model.path)
    properties, asset = item["properties"], item["assets"]["model"]
    assert MLM in item["stac_extensions"]
    assert (item["type"], item["stac_version"], item["links"]) == ("Feature", "1.1.0", [])
    required = ("mlm:name", "mlm:architecture", "mlm:tasks", "mlm:input", "mlm:output", "datetime")
    assert all(properties[key] for key in required)
    assert "mlm:model" in asset["roles"]
    assert asset["mlm:artifact_type"]
    assert asset["file:size"] == model.path.stat().st_size
    assert asset["file:checksum"].startswith("1220")
    image, scores = properties["mlm:input"][0], properties["mlm:output"][0]
    assert image["input"]["shape"] == [-1, 5, -1, -1]
    assert len(image["value_scaling"]) == len(image["bands"]) == len(properties["bands"]) == 5
    assert image["input"]["dim_order"] == ["batch", "bands", "height", "width"]
    names = [row["name"] for row in scores["classification:classes"]]
    assert all(CLASS_NAME.match(name) for name in names)
    assert [row["value"] for row in scores["classification:classes"]] == list(range(15))
    assert all(re.match(r"^[0-9a-zA-Z_.-]+$", key) for key in properties["mlm:hyperparameters"])


def test_an_item_alone_stands_for_a_model_that_a_server_has(tmp_path):
    path = write_sidecar(*_parts(read_model(default_model_path())), path=tmp_path / "remote.stac.json")
    model = read_model(path)
    assert (model.graph.input_name, model.graph.output_name) == ("image", "logits")
    assert (model.graph.channels, model.graph.tile, model.card.any_size) == (5, (None, None), True)
    assert len(model.card.classes) == 15


def _parts(model):
    return model.card, model.graph, model.path


def _scaling(rules):
    return lambda item: item["properties"]["mlm:input"][0].update(value_scaling=rules)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (None, [0, 100, 255]),
        ([{"type": None}], [0, 100, 255]),
        ([{"type": "scale", "value": 255}], [0, 100 / 255, 1]),
        ([{"type": "offset", "value": 100}], [-100, 0, 155]),
        ([{"type": "min-max", "minimum": 50, "maximum": 150}], [-0.5, 0.5, 2.05]),
        ([{"type": "z-score", "mean": 100, "stddev": 50}], [-2, 0, 3.1]),
        (
            [{"type": "scale", "value": 255}, {"type": "z-score", "mean": 0.5, "stddev": 0.25}],
            [-2, -0.4314, 2],
        ),
    ],
)
def test_value_scaling_becomes_bands(rules, expected, tmp_path):
    found = read_model(described(tmp_path, _scaling(rules))).card
    for band in found.bands:
        np.testing.assert_allclose(standardised(band), expected, atol=1e-4)


def test_value_scaling_may_differ_from_band_to_band(tmp_path):
    rules = [{"type": "scale", "value": 255}, None, {"type": "z-score", "mean": 10, "stddev": 5}]
    found = read_model(described(tmp_path, _scaling(rules))).card
    np.testing.assert_allclose([standardised(band)[1] for band in found.bands], [100 / 255, 100, 18])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_scaling([{"type": "clip", "minimum": 0, "maximum": 1}]), "clip"),
        (_scaling([{"type": "processing", "format": "gdal-calc", "expression": "A*2"}]), "processing"),
        (_scaling([{"type": "magic"}]), "magic"),
        (_scaling([{"type": "z-score", "mean": 1}]), "stddev"),
        (_scaling([{"type": "z-score", "mean": 1, "stddev": 0}]), "not above 0"),
        (_scaling([{"type": "scale", "value": 255}] * 2), "2 rules for 3 bands"),
        (_scaling("scale"), "value_scaling"),
        (lambda i: i["properties"].update({"mlm:tasks": ["object-detection"]}), "object-detection"),
        (lambda i: i["properties"]["mlm:input"].append({}), "2 inputs"),
        (lambda i: i["properties"]["mlm:input"][0].update(resize_type="interpolation-linear"), "resize_type"),
        (
            lambda i: i["properties"]["mlm:input"][0].update(pre_processing_function={"format": "python"}),
            "pre_processing_function",
        ),
        (lambda i: i["properties"]["mlm:input"][0].update(bands=[]), "no bands"),
        (
            lambda i: i["properties"]["mlm:input"][0].update(bands=[{"name": "ndvi", "expression": "a-b"}]),
            "expression",
        ),
        (
            lambda i: i["properties"]["mlm:output"][0]["classification:classes"][0].pop("value"),
            "KeyError 'value'",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_reason(change, named, tmp_path):
    with pytest.raises(BadSidecarError, match=named) as caught:
        read_model(described(tmp_path, change))
    assert "m.stac.json" in str(caught.value)
    assert caught.value.text("fr") != str(caught.value)


def test_an_item_of_others_is_read_by_its_common_names_and_its_bands_resolution(tmp_path):
    def change(item):
        properties = item["properties"]
        for key in ("mlm:hyperparameters", "bands", "gsd"):
            del properties[key]
        properties["mlm:input"][0]["bands"] = ["B4", "B8", "elev"]
        properties["mlm:output"][0]["name"] = "model_output"
        rows = properties["mlm:output"][0]["classification:classes"]
        for row, name in zip(rows, ("bare_soil", "water", "snow"), strict=True):
            row.update(value=row["value"] + 1, name=name)
            del row["title"]
        item["assets"]["model"]["eo:bands"] = [
            {"name": "B4", "eo:common_name": "red"},
            {"name": "B8", "common_name": "nir"},
            {"name": "elev", "common_name": "elevation", "gsd": 0.5},
        ]

    found = read_model(described(tmp_path, change)).card
    assert [band.name for band in found.bands] == ["red", "nir", "height"]
    assert found.classes == ("bare soil", "water", "snow")
    assert (found.resolution_m, found.overlap_px, found.output) == (0.5, 5, "logits")


def test_indices_keep_their_values_where_an_item_starts_at_1(tmp_path):
    path = kinds.argmax(tmp_path / "m.onnx")
    base = described(tmp_path / "other") if (tmp_path / "other").mkdir() is None else None
    item = json.loads(sidecar_path(base).read_text())
    output = item["properties"]["mlm:output"][0]
    output["result"].update(shape=[-1, 64, 64], data_type="int64")
    del item["properties"]["mlm:hyperparameters"]
    for row in output["classification:classes"]:
        row["value"] += 1
    sidecar_path(path).write_text(json.dumps(item))
    found = read_model(path).card
    assert (found.output, found.classes) == ("argmax", ("undefined", "water", "building", "other"))


def test_geoai_s_file_is_read_and_the_missing_resolution_is_asked_for(tmp_path):
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), None)
    said = {
        "task": "semantic-segmentation",
        "input_height": 64,
        "input_width": 64,
        "input_channels": 3,
        "id2label": {"0": "water", "1": "building", "2": "other"},
    }
    sidecar = tmp_path / "m.onnx.json"
    sidecar.write_text(json.dumps(said))
    with pytest.raises(NoModelCardError, match="--resolution") as caught:
        read_model(path)
    assert "--classes" not in str(caught.value)
    for change, error, named in (
        ({"task": "object-detection"}, UnsupportedModelError, "object-detection"),
        ({"id2label": {"0": "a", "2": "b"}}, BadSidecarError, r"\[0, 2\]"),
        ({"id2label": ["a"]}, BadSidecarError, "items"),
    ):
        sidecar.write_text(json.dumps({**said, **change}))
        with pytest.raises(error, match=named):
            read_model(path)


def test_a_model_that_says_all_itself_is_not_changed_by_geoai_s_file(tmp_path):
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), card())
    (tmp_path / "m.onnx.json").write_text('{"id2label": {"0": "x", "1": "y", "2": "z"}, "input_channels": 3}')
    assert read_model(path).card == card()


def test_an_item_beats_what_the_model_says_itself(tmp_path):
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), card())
    model = read_model(path)
    item = stac_item(model.card, model.graph, path)
    item["properties"]["mlm:hyperparameters"]["min_confidence"] = 0.6
    sidecar_path(path).write_text(json.dumps(item))
    assert read_model(path).card.min_confidence == 0.6


def test_an_item_that_contradicts_the_network_is_refused(tmp_path):
    def change(item):
        item["properties"]["mlm:output"][0]["classification:classes"].pop()

    with pytest.raises(CardMismatchError, match="3, its card 2"):
        read_model(described(tmp_path, change))


def test_presets_know_channels_classes_and_statistics_of_bytes():
    assert {"flair-1", "flair-hub"} <= set(preset_names())
    flair_1, flair_hub = (draft_from_preset(name, 5) for name in ("flair-1", "flair-hub"))
    assert [band.name for band in flair_1["bands"]] == ["red", "green", "blue", "nir", "height"]
    assert [band.mean for band in flair_1["bands"]] == [105.08, 110.87, 101.82, 106.38, 53.26]
    assert [band.name for band in draft_from_preset("flair-hub", 3)["bands"]] == ["nir", "red", "green"]
    # The same names stand for other channels in the two families.
    assert flair_1["classes"][1:3] == ("pervious surface", "impervious surface")
    assert flair_hub["classes"][3:5] == ("impervious surface", "pervious surface")
    assert len(flair_1["classes"]) == len(flair_hub["classes"]) == 19
    with pytest.raises(UnknownPresetError, match="flair-1, flair-hub"):
        draft_from_preset("flair-9", 5)
