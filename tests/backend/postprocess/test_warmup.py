# SPDX-License-Identifier: GPL-2.0-or-later
"""What a warm-up compiles is what real work calls; each in a process of its own, as users run them."""

import json
import subprocess
import sys

import pytest

from .communes import make_commune

CALLED = """
import json, sys
from inference_backend.cli.kernel_warmup import called_kernels, warm_up
from inference_backend.progress import Silent
{work}
print(json.dumps({{name: kernel.signatures for name, kernel in called_kernels().items()}}))
"""
POSTPROCESS = """
from pathlib import Path
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.pipeline import postprocess
prediction, references, lot = map(Path, sys.argv[1:4])
for given in ([references], []):
    postprocess(prediction, given, lot, profile=Profile.load(), millesime="2022", block_px=500)
"""


def called(work, *arguments):
    command = [sys.executable, "-c", CALLED.format(work=work), *map(str, arguments)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {(name, signature) for name, found in json.loads(output).items() for signature in found}


@pytest.fixture(scope="module")
def warmed():
    return called("warm_up(Silent())")


def test_a_lot_calls_no_kernel_that_the_warm_up_has_not_called(warmed, tmp_path):
    commune = make_commune(tmp_path, seed=21, size_m=160.0)
    lot = called(POSTPROCESS, commune.prediction, commune.references, tmp_path / "lot.gpkg")
    assert len(lot) > 40
    assert lot - warmed == set()


def test_the_warm_up_predicts_with_and_without_blending(warmed):
    names = {name for name, _ in warmed}
    assert any(".predict.blocks.blend." in name for name in names)
    assert any(".predict.blocks.map_kernels." in name for name in names)
