# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import argparse

import pytest

from inference_backend.cli import cmd_model_quantize, cmd_predict

PREDICT = (cmd_predict, ["predict", "ortho.tif", "-o", "prediction.tif"])
QUANTIZE = (cmd_model_quantize, ["quantize", "m.onnx", "--calibrate", "ortho.tif", "-o", "int8.onnx"])


@pytest.mark.parametrize(("command", "words"), [PREDICT, QUANTIZE])
@pytest.mark.parametrize("option", ["bands", "fill"])
def test_a_list_given_in_several_options_is_kept_whole(command, words, option):
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    parts = [text for part in ("a=1", "b=2,c=3", "d=4") for text in (f"--{option}", part)]
    assert getattr(parser.parse_args([*words, *parts]), option) == "a=1,b=2,c=3,d=4"
    assert getattr(parser.parse_args(words), option) == ""
