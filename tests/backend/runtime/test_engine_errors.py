# SPDX-License-Identifier: GPL-2.0-or-later
"""What an engine cannot run is said in a sentence with a remedy, whatever library says it and however."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from inference_backend.models.reader import read_model
from inference_backend.runtime.choose import open_engine, resolve_engine
from inference_backend.runtime.errors import EngineError, EngineMemoryError, engine_error
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model

from .networks import write_network

LOCAL = pytest.mark.parametrize("name", ["onnxruntime", "openvino"])


@pytest.fixture
def model(tmp_path):
    return read_model(write_conv_model(tmp_path / "m.onnx", brightest_band(), card()))


def refused(name, model, values=None):
    """The error of loading the model and of running a tile of it."""
    with pytest.raises(EngineError) as caught:
        open_engine(name, model).infer(np.zeros((1, 3, 64, 64), np.uint8) if values is None else values)
    for language in ("en", "fr"):
        assert str(model.path) in caught.value.text(language)
        assert "--engine" in caught.value.text(language) or "OCSGE_THREADS" in caught.value.text(language)
    return caught.value


def changed(model, change):
    """The file as another program left it, after it was read."""
    network = onnx.load(str(model.path))
    change(network)
    model.path.write_bytes(network.SerializeToString())
    return model


@LOCAL
def test_an_operator_that_does_not_exist(name, model):
    def rename(network):
        network.graph.node[0].op_type = "Confabulate"

    error = refused(name, changed(model, rename))
    assert "Confabulate" in str(error)


@LOCAL
def test_an_operator_of_another_makers_domain(name, model):
    def move(network):
        network.graph.node[0].domain = "com.example"
        network.opset_import.append(helper.make_opsetid("com.example", 1))

    assert "com.example" in str(refused(name, changed(model, move)))


@LOCAL
def test_a_file_that_was_cut_short(name, model):
    model.path.write_bytes(model.path.read_bytes()[:40])
    refused(name, model)


@LOCAL
def test_a_file_that_has_gone(name, model):
    model.path.unlink()
    with pytest.raises((EngineError, OSError)):
        open_engine(name, model)


def test_a_file_of_a_later_onnx_names_the_version(model):
    def age(network):
        network.ir_version = 99

    assert "99" in str(refused("onnxruntime", changed(model, age)))


@LOCAL
def test_a_card_that_lies_about_the_number_of_bands(name, model):
    lying = replace(model, card=replace(model.card, bands=model.card.bands * 2))
    refused(name, lying, np.zeros((1, 6, 64, 64), np.uint8))


@LOCAL
def test_a_card_that_lies_about_the_outputs(name, model):
    refused(name, replace(model, card=replace(model.card, output_tensors=("nothing", "like", "it"))))


@LOCAL
def test_outputs_of_different_sizes(name, tmp_path):
    nodes = [
        helper.make_node("Identity", ["image"], ["large"]),
        helper.make_node("AveragePool", ["image"], ["small"], kernel_shape=[5, 5]),
    ]
    classes = tuple("abcdef")
    model = write_network(
        tmp_path / "m.onnx", card(classes=classes[:3]), nodes[:1], {"large": ["N", 3, 64, 64]}
    )
    graph = helper.make_graph(
        nodes,
        "two",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 64, 64])],
        [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, ["N", 3, s, s])
            for n, s in (("large", 64), ("small", 60))
        ],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(model.path)
    )
    refused(
        name, replace(model, card=replace(model.card, classes=classes, output_tensors=("large", "small")))
    )


@LOCAL
def test_a_tile_of_another_size_than_the_network_takes(name, tmp_path):
    nodes = [
        helper.make_node(
            "Constant", [], ["bias"], value=onnx.numpy_helper.from_array(np.ones((1, 3, 64, 64), "f4"))
        ),
        helper.make_node("Add", ["image", "bias"], ["scores"]),
    ]
    model = write_network(tmp_path / "m.onnx", card(), nodes, {"scores": ["N", 3, 64, 64]})
    refused(name, model, np.zeros((1, 3, 96, 96), np.uint8))


def test_auto_tells_why_no_engine_runs_a_model(model, tmp_path, monkeypatch):
    monkeypatch.setenv("OCSGE_CACHE", str(tmp_path / "cache"))

    def rename(network):
        network.graph.node[0].op_type = "Confabulate"

    with pytest.raises(EngineError, match="Confabulate"):
        resolve_engine("auto", changed(model, rename))


TOO_LARGE = """
import resource, sys
from pathlib import Path
import numpy as np
from inference_backend.models.reader import read_model
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.errors import EngineMemoryError
model = read_model(Path(sys.argv[2]))
engine = open_engine(sys.argv[1], model)
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 2**28, used + 2**28))
try:
    engine.infer(np.zeros((1, 3, 8192, 8192), np.uint8))
except EngineMemoryError as error:
    print(error)
"""


@LOCAL
def test_want_of_memory_is_said(name, tmp_path):
    weights = np.zeros((64, 3, 3, 3))
    wide = card(classes=[f"c{i}" for i in range(64)], any_size=True)
    path = write_conv_model(tmp_path / "wide.onnx", weights, wide, last="Relu")
    network = onnx.load(str(path))
    for value in (*network.graph.input, *network.graph.output):
        for axis, letter in ((2, "H"), (3, "W")):
            value.type.tensor_type.shape.dim[axis].dim_param = letter
    onnx.save(network, str(path))
    environment = {**os.environ, "OCSGE_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TOO_LARGE, name, str(path)], capture_output=True, text=True, env=environment
    )
    assert "has not enough memory" in done.stdout, done.stderr
    assert "OCSGE_THREADS=1" in done.stdout


@pytest.mark.parametrize("text", ["std::bad_alloc", "Failed to allocate memory for requested buffer", ""])
def test_words_for_want_of_memory(text, tmp_path):
    error = engine_error("any", tmp_path, MemoryError(text) if not text else RuntimeError(text))
    assert isinstance(error, EngineMemoryError)
