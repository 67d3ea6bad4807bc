# SPDX-License-Identifier: GPL-2.0-or-later
"""Every kind of model that people bring runs on a raster, or is refused for the right reason."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import rasterio
from onnx import TensorProto
from rasterio.transform import from_origin

from inference_backend.contracts.model_card import InputBand
from inference_backend.contracts.prediction import UNDECIDED
from inference_backend.models.draft import merge
from inference_backend.models.errors import UnsupportedModelError
from inference_backend.models.graph import read_graph
from inference_backend.models.reader import finish, known_draft
from inference_backend.models.sidecars import write_sidecar
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict

from . import onnx_kinds as kinds

STRIPES = ("red", "green", "blue")
BYTES = tuple(InputBand(name, 1 / 255) for name in STRIPES)
RAW = tuple(InputBand(name) for name in STRIPES)
SIDE, STRIPE = 90, 30


@pytest.fixture(scope="module")
def stripes(tmp_path_factory):
    """Three vertical stripes: red, green, blue."""
    values = np.full((3, SIDE, SIDE), 20, np.uint8)
    for k in range(3):
        values[k, :, k * STRIPE : (k + 1) * STRIPE] = 230
    path = tmp_path_factory.mktemp("stripes") / "stripes.tif"
    place = {"crs": "EPSG:2154", "transform": from_origin(700000, 6600000, 0.2, 0.2)}
    shape = {"width": SIDE, "height": SIDE, "count": 3, "dtype": "uint8"}
    with rasterio.open(path, "w", driver="GTiff", photometric="MINISBLACK", **shape, **place) as raster:
        raster.descriptions = STRIPES
        raster.write(values)
    return path


def classes_by_stripe(model, raster, output, engine):
    predict([raster], model, output, PredictOptions(engine=engine))
    with rasterio.open(output) as prediction:
        classes = prediction.read(1)
    found = []
    for k in range(3):
        values = np.unique(classes[:, k * STRIPE : (k + 1) * STRIPE])
        assert len(values) == 1, f"stripe {k} has {values}"
        found.append(int(values[0]))
    return found


RUN = {
    "logits": (kinds.logits, {}, [0, 1, 2]),
    "one at a time": (partial(kinds.logits, batch=1), {}, [0, 1, 2]),
    "four at a time": (partial(kinds.logits, batch=4), {}, [0, 1, 2]),
    "any size": (partial(kinds.logits, tile="S"), {"tile_px": 48, "any_size": True}, [0, 1, 2]),
    "softmax": (kinds.softmax, {}, [0, 1, 2]),
    "independent classes": (kinds.sigmoids, {}, [0, 1, 2]),
    "one class": (kinds.one_sigmoid, {"classes": ("rest", "red")}, [1, 0, 0]),
    "one class, flat": (partial(kinds.one_sigmoid, flat=True), {"classes": ("rest", "red")}, [1, 0, 0]),
    "two outputs": (kinds.two_sigmoids, {"classes": ("red", "green")}, [0, 1, UNDECIDED]),
    "two flat outputs": (
        partial(kinds.two_sigmoids, flat=True),
        {"classes": ("red", "green")},
        [0, 1, UNDECIDED],
    ),
    "first of two questions": (kinds.two_softmaxes, {"classes": ("rest", "red")}, [1, 0, 0]),
    "second of two questions": (
        kinds.two_softmaxes,
        {"classes": ("rest", "green"), "output_tensors": ("output2",)},
        [0, 1, 0],
    ),
    "indices": (kinds.argmax, {}, [0, 1, 2]),
    "indices, 4-D": (partial(kinds.argmax, keep=True), {}, [0, 1, 2]),
    "indices, bytes": (partial(kinds.argmax, kind=TensorProto.UINT8), {}, [0, 1, 2]),
    "smaller output": (kinds.smaller, {}, [0, 1, 2]),
    "bytes in": (partial(kinds.integer_input, kind=TensorProto.UINT8), {"bands": RAW}, [0, 1, 2]),
    "16 bits in": (partial(kinds.integer_input, kind=TensorProto.UINT16), {"bands": RAW}, [0, 1, 2]),
    "half precision": (kinds.half, {}, [0, 1, 2]),
    "no class is sure": (
        kinds.sigmoids,
        {"min_confidence": 0.9999},
        [UNDECIDED, UNDECIDED, UNDECIDED],
    ),
}


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
@pytest.mark.parametrize("kind", RUN)
def test_a_segmentation_model_runs_and_is_read_as_it_is_meant(kind, engine, tmp_path, stripes):
    make, said, expected = RUN[kind]
    path = make(tmp_path / "model.onnx")
    graph = read_graph(path)
    draft = {"bands": BYTES, "classes": STRIPES, "resolution_m": 0.2, "overlap_px": 8, **said}
    write_sidecar(finish(path, graph, draft).card, graph, path)
    assert classes_by_stripe(path, stripes, tmp_path / "prediction.tif", engine) == expected


REFUSED = {
    "detection": (kinds.detection, "detection"),
    "super-resolution": (kinds.super_resolution, "super-resolution"),
    "recognition": (kinds.recognition, "not a map of pixels"),
    "regression": (kinds.regression, "regression"),
    "sums of integers": (kinds.add_and_subtract, "2 inputs"),
    "sums of bytes": (partial(kinds.add_and_subtract, kind=TensorProto.INT8), "2 inputs"),
    "text": (kinds.text_input, "string"),
    "bands last": (kinds.bands_last, "bands last"),
    "classes last": (kinds.classes_last, "classes last"),
    "coarse": (kinds.coarse, "4 times as large"),
    "off centre": (kinds.off_centre, "middle"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_another_kind_of_model_is_refused_with_the_reason(kind, tmp_path):
    make, reason = REFUSED[kind]
    path = make(tmp_path / "model.onnx")
    with pytest.raises(UnsupportedModelError) as caught:
        read_graph(path)
    assert reason in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.text("fr") != str(caught.value)


@pytest.mark.parametrize("flat", [False, True])
def test_deepness_two_outputs_of_one_class_are_classes_side_by_side(flat, tmp_path):
    props = {
        "model_type": '"Segmentor"',
        "class_names": '[{"0": "Coffee"}, {"0": "Juice"}]',
        "resolution": "3",
    }
    path = kinds.two_sigmoids(tmp_path / "m.onnx", flat=flat, props=props)
    graph = read_graph(path)
    card = finish(path, graph, known_draft(path, graph)).card
    assert card.classes == ("Coffee", "Juice")
    assert card.output_tensors == ("output", "output2")
    assert (card.output, card.min_confidence) == ("sigmoid", 0.5)


def test_deepness_two_softmax_outputs_are_two_questions_of_which_the_first_is_read(tmp_path):
    names = '[{"0": "Coffee", "1": "Tea"}, {"0": "Juice", "1": "Beer"}]'
    path = kinds.two_softmaxes(tmp_path / "m.onnx", props={"class_names": names, "resolution": "3"})
    graph = read_graph(path)
    known = known_draft(path, graph)
    first = finish(path, graph, known).card
    assert (first.classes, first.output_tensors) == (("Coffee", "Tea"), ("output",))
    other = {"output_tensors": ("output2",), "classes": ("Juice", "Beer")}
    assert finish(path, graph, merge(other, known)).card.output_tensors == ("output2",)
