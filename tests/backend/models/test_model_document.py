# SPDX-License-Identifier: GPL-2.0-or-later
import re

import numpy as np
import pytest

from inference_backend.cli.main import main
from inference_backend.models.reader import default_model_path, read_model
from training.table import DOCUMENT, renewed

from .onnx_files import write_conv_model


def test_the_document_gives_the_embedded_models_figures():
    """Renew them with `python -m training.table`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text, read_model(default_model_path()).card) == text


def _printed_commands(text):
    blocks = re.sub(r"\\\n\s*", "", text)
    return [line.strip().split() for line in blocks.splitlines() if line.startswith("    ocsge model ")]


@pytest.mark.parametrize("part", [0, 1])
def test_the_commands_work_as_printed(part, tmp_path, monkeypatch, capsys):
    """French first, then English; what needs a terminal has its own test."""
    text = DOCUMENT.read_text(encoding="utf-8").split("\n# Models\n")[part]
    commands = [words[1:] for words in _printed_commands(text) if "--ask" not in words]
    assert len(commands) >= 6
    model = tmp_path / ("modele.onnx", "model.onnx")[part]
    write_conv_model(model, np.ones((19, 5, 1, 1)), None, tile=512)
    (tmp_path / "classes.txt").write_text("".join(f"class {k}\n" for k in range(19)))
    monkeypatch.chdir(tmp_path)
    outcomes = [main(command) for command in commands]
    # The second one is of a model that says nothing yet.
    assert outcomes == [0, 2, *[0] * (len(commands) - 2)]
    assert "--preset" in " ".join(commands[2])
