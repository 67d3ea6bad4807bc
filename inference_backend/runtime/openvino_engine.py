# SPDX-License-Identifier: GPL-2.0-or-later
"""The OpenVINO engine on the processor: the fastest one on Intel's, in bf16 where there are matrix units."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.batches import in_batches
from inference_backend.runtime.errors import engine_error
from inference_backend.runtime.openvino_graph import prepared_graph
from inference_backend.runtime.openvino_library import openvino
from inference_backend.runtime.precision import is_quantised
from inference_backend.runtime.threads import usable_threads

DEVICE = "CPU"
_KEPT_SHAPES = 4
_FAILURES = (RuntimeError, ValueError, TypeError, MemoryError)
"""What OpenVINO raises: its own exceptions arrive as RuntimeError, wrong arguments as the others."""


@dataclass
class _Compiled:
    """The network compiled for one shape and type, and its requests that nobody uses just now."""

    network: Any
    idle: list[Any] = field(default_factory=list)
    is_used: bool = False

    @contextmanager
    def request(self) -> Iterator[Any]:
        """A request of its own for the block; as many are made as are in use at once."""
        self.is_used = True
        try:
            request = self.idle.pop()
        except IndexError:
            request = self.network.create_infer_request()
        yield request
        self.idle.append(request)  # one that failed is not used again


class OpenvinoEngine:
    """As many streams of one thread each as there are workers.

    A stream runs the same code whatever their number, so that results do not depend on it.

    Args:
        model: to load.
        workers: streams; as many as the machine allows where None.
        precision: `bf16` or `f32`; the fastest one of the processor where None.
    """

    def __init__(self, model: ModelFile, workers: int | None = None, precision: str | None = None) -> None:
        self.name = "openvino-f32" if precision == "f32" else "openvino"
        self._model = model
        self._lock = threading.Lock()
        self._compiled: dict[tuple[str, tuple[int, ...]], _Compiled] = {}
        # One image at a time where the network leaves it open: more bring nothing and cost memory.
        self._batch = model.graph.batch or 1
        self.workers = workers or usable_threads()
        self._arithmetic = precision or fastest_precision()
        card = model.card
        # Compiled before the first tile arrives, so that a model that does not run is known at once.
        self._network(np.uint8, (self._batch, len(card.bands), card.tile_px, card.tile_px))
        self.precision = "int8" if is_quantised(model.path) else self._arithmetic

    def infer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Run the network; see `Engine.infer`."""
        if values.dtype != np.uint8:
            values = values.astype(np.float32, copy=False)
        values = np.ascontiguousarray(values)
        compiled = self._network(values.dtype, (self._batch, *values.shape[1:]))
        output = compiled.network.outputs[0]
        try:
            with compiled.request() as request:
                return in_batches(values, self._batch, lambda batch: _run(request, output, batch))
        except _FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error

    def close(self) -> None:
        """Give back the networks and their memory."""
        self._compiled.clear()

    def _network(self, dtype: Any, shape: tuple[int, ...]) -> _Compiled:
        key = (np.dtype(dtype).name, shape)
        with self._lock:
            if key not in self._compiled:
                self._forget()
                self._compiled[key] = _Compiled(self._compile(dtype, shape))
            return self._compiled[key]

    def _forget(self) -> None:
        """Drop what was compiled at the start for tiles that turn out to be others, and the oldest shape."""
        for key in [key for key, one in self._compiled.items() if not one.is_used]:
            del self._compiled[key]
        if len(self._compiled) >= _KEPT_SHAPES:
            del self._compiled[next(iter(self._compiled))]

    def _compile(self, dtype: Any, shape: tuple[int, ...]) -> Any:
        options = {
            "NUM_STREAMS": str(self.workers),
            "INFERENCE_NUM_THREADS": str(self.workers),
            "INFERENCE_PRECISION_HINT": self._arithmetic,
            # Two processes that pin their threads take the same processors.
            "ENABLE_CPU_PINNING": "NO",
        }
        try:
            graph = prepared_graph(self._model, dtype, (shape[0], shape[1], shape[2], shape[3]))
            return openvino().Core().compile_model(graph, DEVICE, options)
        except _FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error


def fastest_precision() -> str:
    """`bf16` where the processor computes in it, else `f32`: emulated, it is four times slower."""
    return "bf16" if "BF16" in openvino().Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES") else "f32"


def _run(request: Any, output: Any, batch: NDArray[Any]) -> NDArray[Any]:
    """Results of one batch, written by OpenVINO into the array that is returned.

    By default `infer` copies every output once more, for an answer that nobody reads.
    """
    ov = openvino()
    request.set_input_tensor(ov.Tensor(batch, shared_memory=True))
    if output.get_partial_shape().is_dynamic:
        request.infer(share_outputs=True)
        copied: NDArray[Any] = request.get_output_tensor().data.copy()
        return copied
    results = np.empty(tuple(output.shape), output.get_element_type().to_dtype())
    request.set_output_tensor(ov.Tensor(results, shared_memory=True))
    request.infer(share_outputs=True)
    return results
