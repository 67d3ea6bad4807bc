# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model quantize` with the real NNCF, on a small network and raster."""

import sys

import numpy as np
import onnx
import pytest

from inference_backend.cli.main import main
from inference_backend.errors import Cancelled
from inference_backend.models.reader import read_model
from inference_backend.runtime.agreement import compare
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.quantise_errors import (
    AlreadyQuantisedError,
    NotQuantisableError,
    QuantiserMissingError,
)
from inference_backend.runtime.quantised_model import write_quantised
from tests.backend.models.onnx_files import card, write_conv_model
from tests.backend.predict.rasters import write_raster

from .networks import write_network

BANDS = ("red", "green", "blue")


def smooth_image(size, seed=0):
    """Values that look like a place: areas of a few tens of pixels, and noise."""
    random = np.random.default_rng(seed)
    areas = np.kron(random.integers(20, 230, (3, size // 16, size // 16)), np.ones((16, 16)))
    return np.clip(areas + random.normal(0, 8, areas.shape), 1, 250).astype(np.uint8)


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    weights = np.random.default_rng(2).normal(size=(3, 3, 5, 5)) / 100
    folder = tmp_path_factory.mktemp("model")
    about = {"licence": "etalab-2.0", "scores": {"mean_iou": 0.5}, "min_confidence": 0.3}
    return write_conv_model(folder / "m.onnx", weights, card(**about), last="Relu")


@pytest.fixture(scope="module")
def raster(tmp_path_factory):
    return write_raster(tmp_path_factory.mktemp("raster") / "ortho.tif", smooth_image(384), BANDS)


@pytest.fixture(scope="module")
def int8_path(model_path, raster, tmp_path_factory):
    output = tmp_path_factory.mktemp("int8") / "m8.onnx"
    assert main(["model", "quantize", str(model_path), "--calibrate", str(raster), "-o", str(output)]) == 0
    return output


def samples(count=6, seed=1):
    full = np.ones((64, 64), bool)
    return [(smooth_image(64, seed + i)[None], full) for i in range(count)]


def test_the_card_goes_along_and_says_how_far_results_move(model_path, int8_path):
    before, after = read_model(model_path).card, read_model(int8_path).card
    assert (after.name, after.version) == ("tiny", "1 int8")
    assert (after.bands, after.classes, after.output) == (before.bands, before.classes, before.output)
    assert (after.licence, after.min_confidence) == ("etalab-2.0", 0.3)
    assert after.scores["mean_iou"] == 0.5
    told = after.scores["quantisation"]
    assert told["calibration_tiles"] + told["comparison_tiles"] == 36
    assert told["pixels"] == told["comparison_tiles"] * 64 * 64
    assert 0.95 < told["argmax_agreement"] <= 1
    assert set(told["classes"]) <= set(before.classes)
    assert f"{100 * told['argmax_agreement']:.2f} %" in after.description


def test_both_engines_run_the_result_and_call_it_int8(model_path, int8_path):
    original, quantised = read_model(model_path), read_model(int8_path)
    reference = open_engine("onnxruntime", original)
    for name in ("onnxruntime", "openvino"):
        engine = open_engine(name, quantised)
        assert engine.precision == "int8"
        assert compare(reference, engine, samples(), original.card).argmax > 0.95


def test_weights_are_stored_in_bytes(int8_path):
    weights = [
        tensor for tensor in onnx.load(str(int8_path)).graph.initializer if tensor.dims == [3, 3, 5, 5]
    ]
    assert [tensor.data_type for tensor in weights] == [onnx.TensorProto.INT8]


def test_figures_in_the_card_are_those_of_a_comparison_by_hand(tmp_path, model_path):
    model = read_model(model_path)
    done = write_quantised(model, samples(4, 10), samples(2, 20), tmp_path / "o.onnx")
    one, two = open_engine("onnxruntime", model), open_engine("openvino", done.model)
    tiles = np.concatenate([values for values, _ in samples(2, 20)])
    winners = one.infer(tiles).argmax(1), two.infer(tiles).argmax(1)
    found = done.model.card.scores["quantisation"]
    assert found["argmax_agreement"] == pytest.approx((winners[0] == winners[1]).mean(), abs=1e-3)
    for k, name in enumerate(model.card.classes):
        both = ((winners[0] == k) & (winners[1] == k)).sum()
        either = ((winners[0] == k) | (winners[1] == k)).sum()
        assert found["classes"][name]["iou"] == pytest.approx(both / either, abs=5e-3)


def test_an_older_opset_is_brought_to_one_that_quantises_each_channel(tmp_path):
    nodes = [
        onnx.helper.make_node("Constant", [], ["w"], value=onnx.numpy_helper.from_array(weights())),
        onnx.helper.make_node("Conv", ["image", "w"], ["scores"]),
    ]
    old = write_network(tmp_path / "old.onnx", card(), nodes, {"scores": ["N", 3, 64, 64]}, opset=11)
    done = write_quantised(old, samples(4), samples(2, 9), tmp_path / "new.onnx")
    assert onnx.load(str(done.model.path)).opset_import[0].version >= 13
    assert done.agreement.argmax > 0.95


def weights():
    return (np.eye(3)[:, :, None, None] / 100).astype(np.float32)


def test_a_quantised_model_is_not_quantised_again(int8_path, tmp_path):
    with pytest.raises(AlreadyQuantisedError):
        write_quantised(read_model(int8_path), samples(4), samples(2), tmp_path / "o.onnx")


def test_a_network_that_cannot_be_treated_is_refused(tmp_path):
    nodes = [onnx.helper.make_node("Identity", ["image"], ["scores"])]
    model = write_network(tmp_path / "m.onnx", card(), nodes, {"scores": ["N", 3, 64, 64]})
    network = onnx.load(str(model.path))
    network.graph.node[0].op_type = "Confabulate"
    model.path.write_bytes(network.SerializeToString())
    with pytest.raises(NotQuantisableError, match="Run the model as it is"):
        write_quantised(model, samples(4), samples(2), tmp_path / "o.onnx")
    assert not (tmp_path / "o.onnx").exists()


def test_cancelling_leaves_nothing(model_path, tmp_path):
    class Stop:
        def update(self, share, message=""):
            if share > 0.2:
                raise Cancelled

    with pytest.raises(Cancelled):
        write_quantised(read_model(model_path), samples(4), samples(2), tmp_path / "o.onnx", Stop())
    assert list(tmp_path.iterdir()) == []


def test_without_nncf_the_remedy_is_named(model_path, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(QuantiserMissingError, match=r"pip install .ocsge-backend\[quantize\]"):
        write_quantised(read_model(model_path), samples(4), samples(2), tmp_path / "o.onnx")


def test_too_small_a_raster_is_refused(model_path, tmp_path, capsys):
    small = write_raster(tmp_path / "small.tif", smooth_image(96), BANDS)
    arguments = [
        "model",
        "quantize",
        str(model_path),
        "--calibrate",
        str(small),
        "-o",
        str(tmp_path / "o.onnx"),
    ]
    assert main(arguments) == 2
    assert "holds 1 whole tiles of 64 px" in capsys.readouterr().err


def test_the_original_is_not_replaced(model_path, raster, capsys):
    before = model_path.read_bytes()
    arguments = ["model", "quantize", str(model_path), "--calibrate", str(raster), "-o", str(model_path)]
    assert main(arguments) == 2
    assert model_path.read_bytes() == before
