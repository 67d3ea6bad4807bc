# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model describe | check | export`, as a person and as a script use them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from inference_backend.cli.main import main
from inference_backend.models.reader import read_model
from inference_backend.models.sidecars import sidecar_path

from . import onnx_kinds as kinds
from .onnx_files import brightest_band, card, write_conv_model

OCSGE = str(Path(sys.executable).with_name("ocsge"))
BARE = ("--bands", "red,green,blue", "--divide", "255", "--resolution", "0.2", "--classes", "red,green,blue")


def test_what_a_bare_model_lacks_can_be_given_as_options(tmp_path, capsys):
    path = kinds.logits(tmp_path / "m.onnx")
    assert main(["model", "describe", str(path)]) == 2
    said = capsys.readouterr().err
    assert all(option in said for option in ("--bands", "--resolution", "--classes"))
    assert main(["model", "describe", str(path), *BARE, "--min-confidence", "0.3", "--overlap", "8"]) == 0
    found = read_model(path).card
    assert (found.classes, found.resolution_m, found.overlap_px) == (("red", "green", "blue"), 0.2, 8)
    assert found.min_confidence == 0.3
    assert main(["model", "check", str(path), "--engine", "onnxruntime"]) == 0


def test_answers_at_a_terminal_become_the_description(tmp_path):
    path = kinds.sigmoids(tmp_path / "m.onnx")
    answers = ["none", "nir,red", "nir,red,green", "255", "", "", "0.5", "8", "sigmoid", "a,b,c", "0.4"]
    keyboard, screen = pty.openpty()
    done = subprocess.Popen(
        [OCSGE, "--lang", "en", "model", "describe", str(path), "--ask"],
        stdin=screen,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    os.write(keyboard, "".join(f"{answer}\n" for answer in answers).encode())
    said = done.communicate(timeout=60)[0].decode()
    os.close(keyboard)
    os.close(screen)
    assert done.returncode == 0, said
    assert "2 given, 3 needed" in said
    found = read_model(path).card
    assert [band.name for band in found.bands] == ["nir", "red", "green"]
    assert (found.classes, found.resolution_m, found.overlap_px) == (("a", "b", "c"), 0.5, 8)
    assert (found.output, found.min_confidence) == ("sigmoid", 0.4)
    assert found.bands[0].mean == 0


def test_questions_without_a_terminal_are_refused(tmp_path):
    path = kinds.logits(tmp_path / "m.onnx")
    done = subprocess.run(
        [OCSGE, "model", "describe", str(path), "--ask"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "terminal" in done.stderr


def test_a_preset_fills_all_that_the_network_does_not_say(tmp_path):
    path = write_conv_model(tmp_path / "m.onnx", np.ones((19, 5, 1, 1)), None, tile=512)
    assert main(["model", "describe", str(path), "--preset", "flair-hub", "--overlap", "100"]) == 0
    found = read_model(path).card
    assert found.classes[0] == "building"
    assert found.overlap_px == 100
    assert (106.38 * found.bands[3].scale - found.bands[3].mean) == pytest.approx(0)


def test_a_preset_of_other_channels_is_a_clear_error(tmp_path, capsys):
    path = write_conv_model(tmp_path / "m.onnx", np.ones((19, 7, 1, 1)), None, tile=512)
    assert main(["model", "describe", str(path), "--preset", "flair-1"]) == 2
    assert "7, its card 5" in capsys.readouterr().err


def test_bands_can_be_renamed_and_keep_their_scaling(tmp_path):
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), card())
    assert main(["model", "describe", str(path), "--bands", "nir,red,green"]) == 0
    assert [band.name for band in read_model(path).card.bands] == ["nir", "red", "green"]


@pytest.mark.parametrize("content", ["water\nbuilding\nother land\n", '["water", "building", "other land"]'])
def test_class_names_can_come_from_a_file(content, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text(content)
    path = kinds.logits(tmp_path / "m.onnx")
    assert main(["model", "describe", str(path), *BARE[:-1], f"@{names}"]) == 0
    assert read_model(path).card.classes == ("water", "building", "other land")


def test_numbers_that_do_not_fit_the_bands_are_refused(tmp_path, capsys):
    path = kinds.logits(tmp_path / "m.onnx")
    assert main(["model", "describe", str(path), *BARE, "--mean", "1,2"]) == 2
    assert "--mean" in capsys.readouterr().err
    assert not sidecar_path(path).exists()


@pytest.mark.parametrize(
    ("make", "kind", "named"),
    [
        (kinds.logits, "softmax", "the wrong kind of output"),
        (kinds.softmax, "logits", "they are probabilities"),
        (kinds.sigmoids, "softmax", "no softmax"),
    ],
)
def test_check_says_where_the_card_is_wrong(make, kind, named, tmp_path, capsys):
    path = make(tmp_path / "m.onnx")
    assert main(["model", "describe", str(path), *BARE, "--output-kind", kind]) == 0
    assert main(["model", "check", str(path), "--engine", "onnxruntime"]) == 1
    said = capsys.readouterr().out
    assert named in said
    assert "FAULT" in said


def test_check_finds_scores_that_are_no_numbers(tmp_path, capsys):
    weights = brightest_band() * np.nan
    path = write_conv_model(tmp_path / "m.onnx", weights, card())
    assert main(["model", "check", str(path), "--engine", "onnxruntime"]) == 1
    assert "no numbers" in capsys.readouterr().out


def test_check_finds_a_network_that_is_not_of_any_size(tmp_path, capsys):
    """It calls its sizes free, but reshapes to those of one tile."""
    nodes = [kinds.conv("c"), onnx.helper.make_node("Reshape", ["c", "shape"], ["scores"])]
    constants = [kinds._identity(), kinds.weights(np.array([-1, 3, 60, 60]), "shape")]
    free = ["N", 3, "H", "W"]
    path = kinds.save(
        tmp_path / "m.onnx", nodes, [kinds.value("image", free)], [kinds.value("scores", free)], constants
    )
    assert main(["model", "describe", str(path), *BARE, "--tile", "60", "--overlap", "8", "--any-size"]) == 0
    assert main(["model", "check", str(path), "--engine", "onnxruntime"]) == 1
    assert "expected [1, 3, 120, 120]" in capsys.readouterr().out


def test_export_writes_one_file_that_runs_everywhere(tmp_path, capsys):
    path = kinds.logits(tmp_path / "bare.onnx")
    target = tmp_path / "out" / "mine.onnx"
    command = ["model", "export", str(path), *BARE, "--name", "mine", "--output", str(target), "--sidecar"]
    assert main(command) == 0
    assert capsys.readouterr().out.split() == [str(target), str(sidecar_path(target))]
    found = read_model(target)
    assert (found.card.name, found.graph.metadata["model_type"]) == ("mine", '"Segmentor"')
    assert (
        json.loads(found.graph.metadata["tile_size"]) == json.loads(found.graph.metadata["tiles_size"]) == 64
    )
    sidecar_path(target).unlink()
    assert read_model(target).card.classes == ("red", "green", "blue")
    assert main(["model", "export", str(target), "--output", str(target)]) == 2
    assert main(["model", "export", str(target)]) == 2


def test_scores_coarser_than_the_image_can_be_completed(tmp_path, capsys):
    path = kinds.coarse(tmp_path / "coarse.onnx")
    assert main(["model", "describe", str(path), *BARE]) == 2
    assert "--enlarge" in capsys.readouterr().err
    target = tmp_path / "large.onnx"
    assert main(["model", "export", str(path), *BARE, "--enlarge", "--output", str(target)]) == 0
    assert read_model(target).graph.outputs[0].size == (64, 64)
    assert main(["model", "check", str(target), "--engine", "onnxruntime"]) == 0
