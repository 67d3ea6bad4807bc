# SPDX-License-Identifier: GPL-2.0-or-later
"""The server's first answer waits for no compiler."""

import json
import subprocess
import sys

CODE = """
import json, sys
from pathlib import Path
import numpy as np
from inference_backend.models.reader import read_model
from inference_backend.predict.blocks.score_kernels import fill_planes
from inference_backend.predict.blocks.scores import planes_of_scores
from inference_backend.runtime.choose import open_engine
from inference_backend.service.kserve.warm_up import compile_kernels
compile_kernels()
before = len(fill_planes.signatures)
model = read_model(Path(sys.argv[1]))
for name in ("onnxruntime", "openvino"):
    scores = open_engine(name, model).infer(np.zeros((1, 3, 64, 64), np.uint8))
    planes_of_scores(scores[0], np.ones(scores.shape[-2:], np.bool_), "softmax", 0.5)
print(json.dumps([before, len(fill_planes.signatures)]))
"""


def test_what_is_compiled_beforehand_is_what_requests_use(models):
    command = [sys.executable, "-c", CODE, str(models / "tiny.onnx")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    assert json.loads(done.stdout) == [1, 1]
