# SPDX-License-Identifier: GPL-2.0-or-later
from benchmarks.networks import parameters, write_null, write_unet24m
from inference_backend.cli.main import main
from inference_backend.models.reader import read_model


def test_the_large_network_costs_what_a_unet_on_a_resnet_34_costs(tmp_path):
    path = write_unet24m(tmp_path / "large.onnx")
    assert 24_400_000 < parameters(path) < 24_450_000
    model = read_model(path)
    assert (model.graph.channels, model.graph.tile, model.graph.outputs[0].classes) == (5, (512, 512), 19)
    assert model.card.output == "logits"


def test_the_null_network_is_a_model_like_any_other(tmp_path):
    path = write_null(tmp_path / "null.onnx")
    assert parameters(path) == 3 * 8 + 8
    assert main(["model", "check", str(path), "--engine", "onnxruntime"]) == 0
