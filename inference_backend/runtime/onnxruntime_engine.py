# SPDX-License-Identifier: GPL-2.0-or-later
"""The onnxruntime engine, on the processor or on an NVIDIA GPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.batches import in_batches, joined
from inference_backend.runtime.errors import engine_error
from inference_backend.runtime.onnxruntime_library import CPU, CUDA, FAILURES, load_cuda_libraries
from inference_backend.runtime.precision import is_quantised
from inference_backend.runtime.standardise import standardised
from inference_backend.runtime.threads import usable_threads
from inference_backend.runtime.unavailable import cuda_unavailable

_CUDA_WORKERS = 2
"""One thread prepares and copies while the other computes."""


class OnnxruntimeEngine:
    """One single-threaded session called from several threads.

    That is 3 to 16 % faster than one session with several threads of its own, and needs one copy of the
    weights only.

    Args:
        model: to load.
        workers: calls at the same time; as many as the machine allows where None.
        cuda: run on the GPU.

    Raises:
        EngineError: the model cannot be loaded.
        EngineUnavailableError: `cuda`, and it does not start here.
    """

    def __init__(self, model: ModelFile, workers: int | None = None, *, cuda: bool = False) -> None:
        self.name = "onnxruntime-cuda" if cuda else "onnxruntime"
        self.workers = workers or (_CUDA_WORKERS if cuda else usable_threads())
        self._model = model
        self._input = model.graph.input_name
        self._outputs = list(model.output_names)
        self._session: Any = self._open(cuda)
        self.precision = "int8" if is_quantised(model.path) else "f32"

    def infer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Run the network; see `Engine.infer`."""
        graph = self._model.graph
        try:
            batch = standardised(values, self._model.card, graph.input_dtype)
            scores = in_batches(batch, graph.batch, self._run)
        except FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error
        if scores.dtype.kind == "f":
            scores = scores.astype(np.float32, copy=False)
        return np.ascontiguousarray(scores)

    def close(self) -> None:
        """Give back the network and its memory."""
        self._session = None

    def _run(self, batch: NDArray[Any]) -> NDArray[Any]:
        return joined(self._session.run(self._outputs, {self._input: batch}))

    def _open(self, cuda: bool) -> Any:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4 if cuda else 3
        providers: list[Any] = [CPU]
        if cuda:
            load_cuda_libraries()
            # The exhaustive search takes another kernel now and then, and with it other last digits.
            providers = [(CUDA, {"cudnn_conv_algo_search": "HEURISTIC"}), CPU]
        try:
            session = ort.InferenceSession(str(self._model.path), options, providers=providers)
        except FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error
        # Without a usable GPU, onnxruntime goes on with the processor after no more than a warning.
        if cuda and CUDA not in session.get_providers():
            raise cuda_unavailable()
        session.disable_fallback()
        return session
