# SPDX-License-Identifier: GPL-2.0-or-later
"""onnxruntime and its CUDA provider: what is installed, and whether it starts."""

from __future__ import annotations

from functools import lru_cache

import onnxruntime as ort
from onnx import TensorProto, helper
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
FAILURES = (
    ort_errors.EPFail,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoModel,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
    MemoryError,
    ValueError,
)
"""What onnxruntime raises; the last one where a model lacks an input that it is given."""


def has_cuda() -> bool:
    """Whether the installed onnxruntime was built for CUDA."""
    return CUDA in ort.get_available_providers()


@lru_cache(maxsize=1)
def cuda_starts() -> bool:
    """Whether a session really runs on CUDA: without a GPU, a driver or a library it silently does not."""
    if not has_cuda():
        return False
    load_cuda_libraries()
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    other = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "probe", [value], [other])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(model.SerializeToString(), options, providers=[CUDA])
    except FAILURES:
        return False
    return CUDA in session.get_providers()


def load_cuda_libraries() -> None:
    """Load CUDA and cuDNN from Python packages where they are installed as such."""
    if hasattr(ort, "preload_dlls"):
        ort.preload_dlls()
