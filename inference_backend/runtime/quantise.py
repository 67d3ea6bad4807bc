# SPDX-License-Identifier: GPL-2.0-or-later
"""A network computed in 8 bits instead of 32, its ranges taken from images like those it will see.

The result is an ONNX file whose layers stand between QuantizeLinear and DequantizeLinear, not OpenVINO's own
format: it is one file that carries its card, both local engines and any server read it, and OpenVINO runs it
nearly as fast as its own (docs/backend.md has the figures).
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import version_converter

from inference_backend.models.reader import ModelFile
from inference_backend.progress import Cancelled, Progress, Silent
from inference_backend.runtime.onnxruntime_library import FAILURES
from inference_backend.runtime.openvino_library import nncf
from inference_backend.runtime.precision import is_quantised
from inference_backend.runtime.quantise_errors import (
    AlreadyQuantisedError,
    NotQuantisableError,
    QuantiserMissingError,
)
from inference_backend.runtime.standardise import standardised

_FIRST_OPSET = 13
"""The first one that quantises each channel by itself."""
_FAILURES = (
    *FAILURES,
    onnx.checker.ValidationError,
    RuntimeError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
)
"""What NNCF lets through of its own code and of its libraries on a graph that it does not foresee."""
_READING_SHARE = 0.9  # of the progress; the rest is the correction of biases


def quantised(
    model: ModelFile, tiles: Sequence[NDArray[Any]], progress: Progress | None = None
) -> onnx.ModelProto:
    """The network of `model` in int8, without a card.

    Args:
        model: of 32 or 16 bits.
        tiles: (1, C, H, W) raster values each, like those the network will see; some tens.
        progress: told after each tile.

    Raises:
        QuantiserMissingError: NNCF is not installed.
        AlreadyQuantisedError: the network has 8 bits already.
        NotQuantisableError: NNCF cannot treat this network.
        Cancelled: the user stopped.
    """
    if is_quantised(model.path):
        raise AlreadyQuantisedError(path=model.path)
    library = _library()
    progress = progress or Silent()
    progress.update(0.0)
    try:
        graph = _of_late_opset(onnx.load(str(model.path)))
        data = library.Dataset(_Watched(tiles, progress), lambda tile: _feed(model, tile))
        # Its bars and remarks are for a person at a notebook; ours are told through `progress`.
        with contextlib.redirect_stdout(io.StringIO()):
            done: onnx.ModelProto = library.quantize(
                graph, data, preset=library.QuantizationPreset.MIXED, subset_size=len(tiles)
            )
        onnx.checker.check_model(done)
    except Cancelled:
        raise
    except (*_FAILURES, *_failures_of(library)) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise NotQuantisableError(path=model.path, reason=reason[0]) from error
    progress.update(1.0)
    return done


class _Watched:
    """Tiles whose passing is told; NNCF goes through them more than once."""

    def __init__(self, tiles: Sequence[NDArray[Any]], progress: Progress) -> None:
        self._tiles, self._progress = tiles, progress
        self._furthest = 0.0

    def __len__(self) -> int:
        return len(self._tiles)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        for number, tile in enumerate(self._tiles, start=1):
            yield tile
            self._furthest = max(self._furthest, _READING_SHARE * number / len(self._tiles))
            self._progress.update(self._furthest)


def _library() -> Any:
    try:
        library = nncf()
    except ImportError as error:
        raise QuantiserMissingError(reason=error) from error
    logging.getLogger("nncf").setLevel(logging.ERROR)
    return library


def _failures_of(library: Any) -> tuple[type[Exception], ...]:
    """NNCF's own errors, which have no base but Exception."""
    return (
        library.ValidationError,
        library.InternalError,
        library.UnsupportedModelError,
        library.UnsupportedDatasetError,
    )


def _of_late_opset(graph: onnx.ModelProto) -> onnx.ModelProto:
    opset = next((entry.version for entry in graph.opset_import if entry.domain in ("", "ai.onnx")), 1)
    return graph if opset >= _FIRST_OPSET else version_converter.convert_version(graph, _FIRST_OPSET)


def _feed(model: ModelFile, tile: NDArray[Any]) -> dict[str, NDArray[Any]]:
    values = standardised(tile, model.card, model.graph.input_dtype)
    return {model.graph.input_name: np.repeat(values, model.graph.batch or 1, axis=0)}
