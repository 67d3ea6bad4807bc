# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge engines`."""

import json

import pytest

from inference_backend.cli import cmd_engines
from inference_backend.cli.main import main
from tests.backend.models.onnx_files import brightest_band, card, write_conv_model
from tests.backend.service.server_process import TOKEN, ServerProcess


@pytest.fixture
def model_path(tmp_path, monkeypatch):
    monkeypatch.setenv("OCSGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cmd_engines, "MEASURING_S", 0.3)
    return write_conv_model(tmp_path / "m.onnx", brightest_band(), card())


def test_engines_are_listed_with_their_speed_for_programs(model_path, capsys):
    assert main(["engines", "--json", "--model", str(model_path)]) == 0
    report = json.loads(capsys.readouterr().out)
    speeds = {one["name"]: one["mpx_s"] for one in report["engines"] if one["usable"]}
    assert {"openvino", "onnxruntime"} <= set(speeds)
    assert report["auto"] == max(speeds, key=lambda name: speeds[name])
    assert all(one["problem"] for one in report["engines"] if not one["usable"])


def test_engines_are_listed_for_people_in_french(model_path, capsys):
    assert main(["--lang", "fr", "engines", "--model", str(model_path)]) == 0
    text = capsys.readouterr().out
    assert text.count("<- auto") == 1
    assert "moteur" in text
    assert "fils d'exécution" in text


def test_what_was_measured_is_what_auto_goes_by(model_path, tmp_path, capsys):
    main(["engines", "--json", "--model", str(model_path)])
    best = json.loads(capsys.readouterr().out)["auto"]
    (kept,) = json.loads((tmp_path / "cache" / "engines.json").read_text()).values()
    assert kept["engine"] == best


def test_a_model_that_no_engine_runs_ends_with_its_reasons(model_path, capsys):
    import onnx

    network = onnx.load(str(model_path))
    network.opset_import[0].version = 1  # its attributes are those of a later one
    network.graph.node[0].attribute.append(onnx.helper.make_attribute("strides", [0, 0]))
    onnx.save(network, str(model_path))
    assert main(["engines", "--model", str(model_path)]) != 0


def test_servers_are_measured_beside_them_and_never_taken_by_auto(model_path, tmp_path, monkeypatch, capsys):
    server = ServerProcess(tmp_path / "server", "--models", str(model_path.parent))
    monkeypatch.setenv("OCSGE_V2_TOKEN", TOKEN)
    nowhere = f"{server.url}/v2/models/nowhere"
    command = ["engines", "--json", "--model", str(model_path), "--server", server.url, "--server", nowhere]
    try:
        assert main(command) == 0
    finally:
        server.stop()
    report = json.loads(capsys.readouterr().out)
    found, missing = report["engines"][-2:]
    assert (found["name"], found["usable"]) == (f"v2:{server.url}", True)
    assert found["mpx_s"] > 0
    assert (missing["usable"], missing["mpx_s"]) == (False, None)
    assert "nowhere" in missing["problem"]
    assert report["auto"] in ("openvino", "onnxruntime")
