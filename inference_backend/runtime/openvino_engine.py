# SPDX-License-Identifier: GPL-2.0-or-later
"""The OpenVINO engine on the processor: the fastest one on Intel's, in bf16 where there are matrix units."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.batches import in_batches
from inference_backend.runtime.errors import EngineError, engine_error
from inference_backend.runtime.openvino_graph import prepared_graph, prepared_map
from inference_backend.runtime.openvino_library import openvino
from inference_backend.runtime.openvino_tail import Tail
from inference_backend.runtime.openvino_upsampling import lacks_kernels
from inference_backend.runtime.precision import is_quantised
from inference_backend.runtime.score_map import ScoreMap
from inference_backend.runtime.threads import usable_threads

DEVICE = "CPU"
_KEPT_SHAPES = 4
_Key = tuple[str, tuple[int, ...], bool]
_Graph = tuple[Any, Tail | None]
_FAILURES = (RuntimeError, ValueError, TypeError, MemoryError)
"""What OpenVINO raises: its own exceptions arrive as RuntimeError, wrong arguments as the others."""


@dataclass
class _Compiled:
    """The network compiled for one shape and type, and its requests that nobody uses just now."""

    network: Any
    tail: Tail | None = None
    idle: list[Any] = field(default_factory=list)

    @contextmanager
    def request(self) -> Iterator[Any]:
        """A request of its own for the block; as many are made as are in use at once."""
        try:
            request = self.idle.pop()
        except IndexError:
            request = self.network.create_infer_request()
        yield request
        self.idle.append(request)  # one that failed is not used again


class OpenvinoEngine:
    """As many streams of one thread each as there are workers.

    A stream runs the same code whatever their number, so that results do not depend on it. The network is
    compiled for the shape of the first tile that comes.

    Args:
        model: to load.
        workers: streams; as many as the machine allows where None.
        precision: `bf16` or `f32`; the fastest one of the processor where None.
        merge: whether to leave upsampling to the convolutions after it; see `openvino_upsampling`.
    """

    def __init__(
        self,
        model: ModelFile,
        workers: int | None = None,
        precision: str | None = None,
        *,
        merge: bool = True,
    ) -> None:
        self.name = "openvino-f32" if precision == "f32" else "openvino"
        self._model = model
        self._lock = threading.Lock()
        self._compiled: dict[_Key, _Compiled] = {}
        self._read: dict[_Key, _Graph] = {}
        # One image at a time where the network leaves it open: more bring nothing and cost memory.
        self._batch = model.graph.batch or 1
        self.workers = workers or usable_threads()
        self._arithmetic = precision or fastest_precision()
        self._merges = merge
        # Before the first tile arrives, so that a model that cannot be read is known at once.
        self.lends_maps = self._batch == 1 and self._is_cut()
        self.precision = "int8" if is_quantised(model.path) else self._arithmetic

    def infer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Run the network; see `Engine.infer`."""
        values = _as_taken(values)
        compiled = self._network(values.dtype, values.shape[1:], with_tail=True)
        output = compiled.network.outputs[0]
        try:
            with compiled.request() as request:
                return in_batches(values, self._batch, lambda batch: _run(request, output, batch))
        except _FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error

    @contextmanager
    def lend(self, values: NDArray[Any]) -> Iterator[ScoreMap]:
        """Scores in the memory of a request, which is free again after the block; see `MapEngine.lend`."""
        values = _as_taken(values)
        compiled = self._network(values.dtype, values.shape[1:], with_tail=False)
        with compiled.request() as request:
            try:
                request.set_input_tensor(openvino().Tensor(values, shared_memory=True))
                request.infer(share_outputs=True)
            except _FAILURES as error:
                raise engine_error(self.name, self._model.path, error) from error
            assert compiled.tail is not None  # only networks with one are asked for without it
            yield compiled.tail.map_of(request.get_output_tensor().data[0])

    def prepare(self, dtype: DTypeLike, shape: tuple[int, int, int]) -> None:
        """Compile for tiles to be lent, in a thread; see `MapEngine.prepare`."""
        if _key(np.dtype(dtype), shape, with_tail=False) not in self._compiled:
            # A daemon, so that a process ends without waiting for a network that takes long.
            work = threading.Thread(target=self._prepare, args=(np.dtype(dtype), shape), daemon=True)
            work.start()

    def _prepare(self, dtype: Any, shape: tuple[int, int, int]) -> None:
        with suppress(EngineError):  # raised again to whoever brings the first tile
            self._network(dtype, shape, with_tail=False)

    def close(self) -> None:
        """Give back the networks and their memory."""
        self._compiled.clear()
        self._read.clear()

    def _is_cut(self) -> bool:
        """Read the network once, and see whether its last steps can be left to us."""
        card = self._model.card
        shape = (self._batch, len(card.bands), card.tile_px, card.tile_px)
        try:
            found = prepared_map(self._model, np.uint8, shape, merge=self._merges)
            if found is None:
                prepared_graph(self._model, np.uint8, shape)
        except _FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error
        if found is not None:  # most tiles are of bytes
            self._read[_key(np.dtype(np.uint8), shape[1:], with_tail=False)] = found
        return found is not None

    def _network(self, dtype: Any, shape: tuple[int, ...], *, with_tail: bool) -> _Compiled:
        key = _key(dtype, shape, with_tail=with_tail)
        with self._lock:
            if key not in self._compiled:
                if len(self._compiled) >= _KEPT_SHAPES:
                    del self._compiled[next(iter(self._compiled))]
                self._compiled[key] = self._compile(
                    dtype, (self._batch, *shape), self._read.get(key), with_tail
                )
                self._read.clear()
            return self._compiled[key]

    def _compile(self, dtype: Any, shape: tuple[int, ...], read: _Graph | None, with_tail: bool) -> _Compiled:
        options = {
            "NUM_STREAMS": str(self.workers),
            "INFERENCE_NUM_THREADS": str(self.workers),
            "INFERENCE_PRECISION_HINT": self._arithmetic,
            # Two processes that pin their threads take the same processors.
            "ENABLE_CPU_PINNING": "NO",
        }
        whole = (shape[0], shape[1], shape[2], shape[3])
        try:
            if read is None and not with_tail:
                read = prepared_map(self._model, dtype, whole, merge=self._merges)
            graph, tail = read or (prepared_graph(self._model, dtype, whole, merge=self._merges), None)
            network = openvino().Core().compile_model(graph, DEVICE, options)
        except _FAILURES as error:
            raise engine_error(self.name, self._model.path, error) from error
        if self._merges and lacks_kernels(network):
            self._merges = False
            return self._compile(dtype, shape, None, with_tail)
        return _Compiled(network, tail)


def _key(dtype: Any, shape: tuple[int, ...], *, with_tail: bool) -> _Key:
    return dtype.name, tuple(shape), with_tail


def _as_taken(values: NDArray[Any]) -> NDArray[Any]:
    """Contiguous uint8 or float32."""
    return np.ascontiguousarray(values, None if values.dtype == np.uint8 else np.float32)


@cache
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
