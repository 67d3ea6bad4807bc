# SPDX-License-Identifier: GPL-2.0-or-later
"""A network as OpenVINO compiles it: raster values in, one tensor of scores out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.openvino_library import openvino
from inference_backend.runtime.openvino_tail import Tail, cut_tail
from inference_backend.runtime.openvino_upsampling import merge_upsampling
from inference_backend.runtime.standardise import gain_and_offset


def prepared_graph(
    model: ModelFile, dtype: DTypeLike, shape: tuple[int, int, int, int], *, merge: bool = True
) -> Any:
    """An `openvino.Model` with standardisation inside, of one fixed input shape.

    Bytes go in as they are: a quarter of the memory traffic, and the conversion is fused into the first
    layers. Fixed shapes let OpenVINO plan its memory.

    Args:
        model: with its card.
        dtype: of the values that will be given, uint8 or float32.
        shape: (N, C, H, W) of them.
        merge: whether upsampling is left to the convolutions after it; see `merge_upsampling`.

    Raises:
        RuntimeError: OpenVINO cannot read the file, or not with this shape.
    """
    ov = openvino()
    graph = _one_output(ov, ov.Core().read_model(str(model.path)), model)
    return _prepared(ov, graph, model, dtype, shape, merge=merge)


def prepared_map(
    model: ModelFile, dtype: DTypeLike, shape: tuple[int, int, int, int], *, merge: bool = True
) -> tuple[Any, Tail] | None:
    """The same without the network's last steps, its result (N, h, w, channels); see `cut_tail`.

    Returns:
        The network and the steps; None where there is no such network.
    """
    ov = openvino()
    whole = _one_output(ov, ov.Core().read_model(str(model.path)), model)
    found = cut_tail(whole.get_results()[0].input_value(0), model.card)
    if found is None:
        return None
    source, tail = found
    graph = ov.Model([ov.opset13.result(source)], whole.get_parameters(), model.card.name)
    return _prepared(ov, graph, model, dtype, shape, "NHWC", merge=merge), tail


def _prepared(
    ov: Any,
    graph: Any,
    model: ModelFile,
    dtype: DTypeLike,
    shape: tuple[int, int, int, int],
    result_layout: str | None = None,
    *,
    merge: bool,
) -> Any:
    graph.reshape({graph.inputs[0]: list(shape)})
    if merge:
        merge_upsampling(graph)
    steps = ov.preprocess.PrePostProcessor(graph)
    image = steps.input()
    image.tensor().set_element_type(ov.Type(np.dtype(dtype))).set_layout(ov.Layout("NCHW"))
    image.model().set_layout(ov.Layout("NCHW"))
    gain, offset = gain_and_offset(model.card)
    wanted = graph.inputs[0].get_element_type()
    if np.any(gain != 1) or np.any(offset != 0):
        # OpenVINO subtracts first: x * gain - offset = (x - offset / gain) / (1 / gain).
        image.preprocess().convert_element_type(ov.Type.f32)
        image.preprocess().mean((offset / gain).tolist()).scale((1 / gain).tolist())
    image.preprocess().convert_element_type(wanted)
    if graph.outputs[0].get_element_type().is_real():
        steps.output().tensor().set_element_type(ov.Type.f32)
    if result_layout is not None:
        steps.output().model().set_layout(ov.Layout("NCHW"))
        steps.output().tensor().set_layout(ov.Layout(result_layout))
    return steps.build()


def _one_output(ov: Any, graph: Any, model: ModelFile) -> Any:
    """The graph cut down to the outputs that the card names, joined along the class axis."""
    sources = [graph.output(name).get_node().input_value(0) for name in model.output_names]
    if len(sources) > 1:
        axis = np.array([1])
        maps = [
            ov.opset13.unsqueeze(s, axis).output(0) if len(s.get_partial_shape()) == 3 else s for s in sources
        ]
        sources = [ov.opset13.concat(maps, axis=1).output(0)]
    return ov.Model([ov.opset13.result(sources[0])], graph.get_parameters(), model.card.name)
