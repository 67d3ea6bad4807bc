# SPDX-License-Identifier: GPL-2.0-or-later
"""`auto` takes the engine that was fastest here, and measures once."""

import json
import sys
from dataclasses import replace

import pytest

from inference_backend.models.reader import read_model
from inference_backend.runtime import fastest
from inference_backend.runtime.choose import engine_names, open_engine, resolve_engine
from inference_backend.runtime.errors import EngineUnavailableError, NetworkElsewhereError, UnknownEngineError
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model


@pytest.fixture
def folder(tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setenv("OCSGE_CACHE", str(cache))
    monkeypatch.setattr(fastest, "MEASURING_S", 0.3)
    return cache


@pytest.fixture
def model(tmp_path):
    return read_model(write_conv_model(tmp_path / "m.onnx", brightest_band(), card()))


def choices(folder):
    return json.loads((folder / "engines.json").read_text())


def test_the_fastest_of_the_measured_engines_is_taken_and_remembered(folder, model):
    chosen = resolve_engine("auto", model)
    (kept,) = choices(folder).values()
    assert kept["engine"] == chosen
    assert set(kept["mpx_s"]) == {"openvino", "onnxruntime"}
    assert 1.1 * kept["mpx_s"][chosen] >= max(kept["mpx_s"].values())
    engine = open_engine("auto", model)
    assert engine.name == chosen


@pytest.mark.parametrize(("other", "expected"), [(1.08, "openvino"), (1.3, "onnxruntime")])
def test_only_a_clear_lead_overrules_the_order_of_the_table(folder, model, monkeypatch, other, expected):
    monkeypatch.setattr(fastest, "measure", lambda *_, **__: {"openvino": 1.0, "onnxruntime": other})
    assert resolve_engine("auto", model) == expected


def test_a_remembered_choice_is_followed(folder, model):
    chosen = resolve_engine("auto", model)
    other = {"openvino": "onnxruntime", "onnxruntime": "openvino"}[chosen]
    (key,) = choices(folder)
    (folder / "engines.json").write_text(json.dumps({key: {"engine": other, "mpx_s": {}}}))
    assert resolve_engine("auto", model) == other


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "\x00\xff", '{"KEY": 1}', '{"KEY": {"engine": "abacus"}}', '{"KEY": {"engine": []}}'],
)
def test_a_damaged_memory_is_ignored_and_replaced(text, folder, model):
    resolve_engine("auto", model)
    (key,) = choices(folder)
    (folder / "engines.json").write_text(text.replace("KEY", key), encoding="latin-1")
    chosen = resolve_engine("auto", model)
    assert choices(folder)[key]["engine"] == chosen


def test_another_model_threads_or_processor_is_measured_again(folder, model, tmp_path, monkeypatch):
    resolve_engine("auto", model)
    monkeypatch.setenv("OCSGE_THREADS", "1")
    resolve_engine("auto", model)
    monkeypatch.setattr(fastest, "processor_name", lambda: "another")
    resolve_engine("auto", model)
    darker = write_conv_model(tmp_path / "n.onnx", -brightest_band(), card())
    resolve_engine("auto", read_model(darker))
    assert len(choices(folder)) == 4


def test_no_time_to_measure_leaves_it_to_the_table(folder, model, monkeypatch):
    monkeypatch.setattr(fastest, "MEASURING_S", 0.0)
    assert resolve_engine("auto", model) == "openvino"
    assert [kept["mpx_s"] for kept in choices(folder).values()] == [{}]


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(model, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OCSGE_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(fastest, "MEASURING_S", 0.0)
    assert resolve_engine("auto", model) == "openvino"


def test_unknown_names_are_refused_with_the_known_ones(model):
    with pytest.raises(UnknownEngineError) as caught:
        open_engine("abacus", model)
    for name in engine_names():
        assert name in str(caught.value)


def test_cuda_is_refused_rather_than_replaced_by_the_processor(model):
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime knows CUDA")
    with pytest.raises(EngineUnavailableError, match=r"made for the processor alone.*onnxruntime-gpu"):
        open_engine("onnxruntime-cuda", model)


def test_auto_does_without_a_library_that_does_not_load(folder, model, monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert resolve_engine("auto", model) == "onnxruntime"
    with pytest.raises(EngineUnavailableError, match="pip install openvino") as caught:
        open_engine("openvino", model)
    assert "Visual C++" in caught.value.text("fr")


def test_a_description_without_a_network_leads_to_its_server(model, tmp_path):
    described = replace(model, path=tmp_path / "model.json")
    for name in ("auto", "openvino"):
        with pytest.raises(NetworkElsewhereError, match="v2:http"):
            resolve_engine(name, described)
    assert resolve_engine("v2:http://server:8000", described) == "v2:http://server:8000"
